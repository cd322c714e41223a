"""Any number of pictures in a grid that fills the width: to look at, to select, and to do something with them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from gan_studio.gui.theme import theme_changed
from gan_studio.gui.widgets.sheet_delegate import SheetDelegate
from gan_studio.gui.widgets.sheet_model import KEPT_THUMBNAILS, NUMBER_ROLE, SheetModel

_TARGETS = (168, 128, 96)
"""Cells come out about this wide, in device-independent pixels: the largest at which all pictures are in sight."""
_AHEAD = 3
"""So many screens' worth of thumbnails are wished for at most: what is in sight, then what comes next."""
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ContactSheet(QListView):
    """Rubber band, Shift, Ctrl and the arrow keys select. Thumbnails are wished for when they come into sight."""

    key_help = (
        ("Enter", "Pictures: look at one large"),
        ("Delete / Insert", "Pictures: take out, or put back"),
    )

    wanted = Signal(list)
    """Numbers of pictures whose thumbnails are missing, most urgent first; takes the place of earlier wishes."""
    opened = Signal(int)
    """A picture shall be shown large."""
    take_out_requested = Signal()
    put_back_requested = Signal()
    selection_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet = SheetModel(self)
        self._wished: tuple[int, ...] = ()
        self._build_view()
        self.doubleClicked.connect(self._open)
        self.sheet.modelReset.connect(self._after_reset)
        theme_changed.connect(self.viewport().update)

    def _build_view(self) -> None:
        self.setAccessibleName("Pictures")
        self.setItemDelegate(SheetDelegate(self))
        self.setModel(self.sheet)
        self.selectionModel().selectionChanged.connect(self._tell_selection)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSpacing(0)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there: were it to come and go with the grid's height, that would flicker.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)

    # --- what is selected ---

    def selected(self) -> list[int]:
        """Numbers of the selected pictures, rising."""
        return sorted(index.data(NUMBER_ROLE) for index in self.selectionModel().selectedIndexes())

    def selected_count(self) -> int:
        """How many are selected; cheap, also where that is all of a hundred thousand."""
        selection = self.selectionModel().selection()
        return sum(selection.at(place).height() for place in range(selection.size()))

    def select(self, numbers: Iterable[int]) -> None:
        """Select these pictures as far as they are shown, and go to the first."""
        rows = sorted(row for row in map(self.sheet.row_of, numbers) if row >= 0)
        selection = QItemSelection()
        for row in rows:
            selection.select(self.sheet.index(row), self.sheet.index(row))
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, flags.ClearAndSelect)
        if rows:
            self.selectionModel().setCurrentIndex(self.sheet.index(rows[0]), flags.NoUpdate)
            self.scrollTo(self.sheet.index(rows[0]))

    # --- Qt's own events ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPENING and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.take_out_requested.emit()
        elif event.key() == Qt.Key.Key_Insert:
            self.put_back_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_cells()
        super().resizeEvent(event)

    def _fit_cells(self) -> None:
        width, height = self.viewport().width(), self.viewport().height()
        side = 16
        for target in _TARGETS:
            columns = max(1, width // target)
            # One pixel less than would fill it: Qt breaks a line that fills the width exactly.
            side = max(16, (width - 1) // columns)
            if columns * (height // side) >= self.sheet.rowCount():
                break
        if self.gridSize() != QSize(side, side):
            self.setGridSize(QSize(side, side))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._wish()

    def _wish(self) -> None:
        """Ask for what is in sight and not there yet, then for the next screen; once, not at every paint."""
        first, last = self.rows_in_sight()
        if last < first:
            return
        ahead = min(self.sheet.rowCount(), last + 1 + (_AHEAD - 1) * (last - first + 1))
        # Never more than are kept, or the last ones would drive out the first.
        missing = self.sheet.missing(range(first, ahead))[: KEPT_THUMBNAILS // 2]
        if missing and tuple(missing) != self._wished:
            self._wished = tuple(missing)
            self.wanted.emit(missing)

    def rows_in_sight(self) -> tuple[int, int]:
        """First and last row of which something can be seen; (0, -1) where there is none."""
        side, count = self.gridSize().height(), self.sheet.rowCount()
        if not count or side <= 0:
            return 0, -1
        columns = max(1, self.viewport().width() // side)
        top = self.verticalScrollBar().value()
        first = top // side * columns
        last = ((top + self.viewport().height() - 1) // side + 1) * columns - 1
        return min(first, count - 1), min(last, count - 1)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(NUMBER_ROLE))

    @Slot()
    def _after_reset(self) -> None:
        self._wished = ()
        self._fit_cells()
        self.selection_changed.emit()

    @Slot()
    def _tell_selection(self) -> None:
        self.selection_changed.emit()
