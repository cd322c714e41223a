"""Every grid as a thumbnail: sizes, marks, selection, and what can be done with what is selected."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gan_studio.gui.icons import icon, icon_pixmap
from gan_studio.gui.pages.gallery.model import STEP, FavouritesFilter, GridModel
from gan_studio.gui.pages.gallery.thumbnails import ThumbnailDelegate
from gan_studio.gui.quantities import whole
from gan_studio.gui.theme import SPACING, theme_changed
from gan_studio.gui.widgets.elided_label import ElidedLabel
from gan_studio.gui.widgets.empty_state import EmptyState
from gan_studio.gui.widgets.wheel_guard import WheelGuard

SMALLEST, LARGEST = 96, 400


class ThumbnailView(QListView):
    """Enter opens on every platform; `activated` alone is a double click on most of them."""

    key_help = (("Enter", "Overview: open the grid"),)

    opened = Signal(int)

    def fit_cards(self) -> None:
        """Lay the cards out anew, over the whole width."""
        delegate = self.itemDelegate()
        if isinstance(delegate, ThumbnailDelegate):
            bar = self.verticalScrollBar().sizeHint().width()
            delegate.fit(self.width() - 2 * self.frameWidth() - bar, self.spacing())
        self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit_cards()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().data(STEP))
        else:
            super().keyPressEvent(event)


class Overview(QWidget):
    """Shows the model; says what is to be opened, marked, or made of the selection."""

    step_opened = Signal(int)
    favourite_wanted = Signal(int, bool)
    selection_changed = Signal()
    size_changed = Signal(int)

    def __init__(self, model: GridModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.filter = FavouritesFilter(model)
        self._guard = WheelGuard(self)
        self._build_view()
        self._build_bar()
        self._build_layout()
        self._connect()
        self._refresh()

    def selected_steps(self) -> list[int]:
        """In their order."""
        return sorted(index.data(STEP) for index in self.view.selectionModel().selectedIndexes())

    def set_side(self, side: int) -> None:
        """Size of the thumbnails, in pixels of the layout."""
        self.size_slider.setValue(side)

    @Slot(bool)
    def show_only_favourites(self, only: bool) -> None:
        self.only.setChecked(only)
        self.filter.set_only_favourites(only)
        self._refresh()

    def show_step(self, step: int) -> None:
        """Bring a thumbnail into sight and select it."""
        index = self.filter.mapFromSource(self._model.index_of(step))
        if index.isValid():
            self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.view.scrollTo(index)

    # --- building ---

    def _build_view(self) -> None:
        self.view = ThumbnailView()
        self.view.setObjectName("gallery_view")
        self.view.setAccessibleName("Sample grids by step")
        self.view.setViewMode(QListView.ViewMode.IconMode)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setMovement(QListView.Movement.Static)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setDragEnabled(True)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.view.setMouseTracking(True)
        self.view.setSpacing(SPACING.xs)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setModel(self.filter)
        self.delegate = ThumbnailDelegate(self.view)
        self.view.setItemDelegate(self.delegate)
        self.view.setUniformItemSizes(True)
        self.no_favourites = EmptyState(
            "star",
            "No favourites yet",
            "Click the star of a thumbnail, or press B, and the step is marked here and on the timeline.",
            "Show all grids",
        )

    def _build_bar(self) -> None:
        self.counts = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.counts.setObjectName("gallery_counts")
        self.counts.setProperty("role", "muted")
        self.only = QPushButton("&Only favourites")
        self.only.setObjectName("gallery_only_favourites")
        self.only.setIcon(icon("star"))
        self.only.setCheckable(True)
        self.only.setToolTip("Show the marked grids alone")
        self.open = _button("gallery_open", "Op&en", "magnifying-glass-plus", "Look at the selected grid (Enter)")
        self.compare = _button("gallery_compare", "&Compare", "columns", "Look at two steps side by side, or by a wipe")
        self.save = _button("gallery_save", "&Save…", "floppy-disk", "Save the selected grids as PNG")
        self.film = _button("gallery_film", "Make a fil&m…", "film-strip", "Make a film of how this run learned")
        self._small, self._big = QLabel(), QLabel()
        self.size_slider = QSlider(Qt.Orientation.Horizontal)
        self.size_slider.setObjectName("gallery_size")
        self.size_slider.setAccessibleName("Size of the thumbnails")
        self.size_slider.setToolTip("Size of the thumbnails")
        self.size_slider.setRange(SMALLEST, LARGEST)
        self.size_slider.setPageStep(48)
        self.size_slider.setFixedWidth(110)
        self._guard.guard(self.size_slider)

    def _build_layout(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(SPACING.s)
        bar.addWidget(self.counts, 1)
        for widget in (
            self._small,
            self.size_slider,
            self._big,
            self.only,
            self.open,
            self.compare,
            self.save,
            self.film,
        ):
            bar.addWidget(widget)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.no_favourites)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.s)
        column.addLayout(bar)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.view.doubleClicked.connect(self._open)
        self.view.opened.connect(self.step_opened)
        self.open.clicked.connect(self._open_current)
        self.view.selectionModel().selectionChanged.connect(self._refresh)
        self.view.selectionModel().selectionChanged.connect(self.selection_changed)
        self.delegate.star_clicked.connect(self.favourite_wanted)
        self.only.toggled.connect(self.show_only_favourites)
        self.size_slider.valueChanged.connect(self._resize)
        self.no_favourites.action_triggered.connect(self._show_all)
        for signal in (self._model.modelReset, self._model.rowsInserted, self._model.dataChanged):
            signal.connect(self._refresh)
        theme_changed.connect(self._paint_icons)
        self._paint_icons()
        self.size_slider.setValue(self.delegate.side)

    # --- reacting ---

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.step_opened.emit(index.data(STEP))

    @Slot()
    def _open_current(self) -> None:
        steps = self.selected_steps()
        if steps:
            self.step_opened.emit(steps[0])

    @Slot()
    def _show_all(self) -> None:
        self.only.setChecked(False)

    @Slot(int)
    def _resize(self, side: int) -> None:
        self.delegate.side = side
        self._model.set_side(round(side * self.devicePixelRatioF()))
        self.view.fit_cards()
        self.size_changed.emit(side)

    @Slot()
    def _refresh(self) -> None:
        grids, marked = self._model.rowCount(), len(self._model.favourites)
        selected = len(self.view.selectionModel().selectedIndexes())
        words = [f"{whole(grids)} {'grid' if grids == 1 else 'grids'}"]
        if marked:
            words.append(f"{whole(marked)} {'favourite' if marked == 1 else 'favourites'}")
        if selected:
            words.append(f"{whole(selected)} selected")
        self.counts.setText(" · ".join(words))
        self.open.setEnabled(selected > 0)
        self.save.setEnabled(selected > 0)
        self.compare.setEnabled(grids > 1)
        nothing = self.filter.only_favourites and not marked
        self._stack.setCurrentWidget(self.no_favourites if nothing else self.view)

    @Slot()
    def _paint_icons(self) -> None:
        ratio = self.devicePixelRatioF()
        self._small.setPixmap(icon_pixmap("squares-four", "muted", 14, ratio))
        self._big.setPixmap(icon_pixmap("square", "muted", 18, ratio))

    def sizeHint(self) -> QSize:
        return QSize(900, 600)


def _button(name: str, text: str, symbol: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setIcon(icon(symbol))
    button.setToolTip(tip)
    return button
