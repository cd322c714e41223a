"""One step large: the grid or one of its cells, the timeline below, and what can be done with it above."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gan_studio.engine.grid_layout import GridLayout
from gan_studio.gui.icons import icon
from gan_studio.gui.pages.gallery.stage import PictureStage
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.elided_label import ElidedLabel
from gan_studio.gui.widgets.grid_pictures import GridPictures
from gan_studio.gui.widgets.timeline import Timeline

HINT_GRID = "Click a picture to fill the view with it · ←/→ step · +/− zoom, 0 fits · Esc all grids"
HINT_CELL = "Arrow keys: other pictures · Page Up/Down or the timeline: other steps · Esc whole grid"


class Viewer(QWidget):
    """Keeps the stage and its timeline at the same step."""

    key_help = (
        ("PgUp / PgDn", "Viewer: one grid back or on"),
        ("Enter", "Viewer: look at the first picture alone"),
    )

    left = Signal()
    """The user is done here."""
    step_shown = Signal(int)
    save_wanted = Signal()
    compare_wanted = Signal()
    train_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grids: Mapping[int, Path] = {}
        self._picture_size = 0
        self.pictures = GridPictures(parent=self)
        self._build_widgets()
        self._build_layout()
        self._connect()

    @property
    def step(self) -> int | None:
        return self.timeline.current_step

    @property
    def cell(self) -> int | None:
        return self.stage.cell

    # --- what the page calls ---

    def set_grids(self, grids: Mapping[int, Path], picture_size: int) -> None:
        """The grids of another run, or those that are left of this one."""
        self._grids, self._picture_size = dict(grids), picture_size
        self.pictures.clear()
        self.timeline.set_steps(self._grids)

    def add_grid(self, step: int, path: Path) -> None:
        self._grids = {**self._grids, step: path}
        self.timeline.add_step(step)

    def set_picture_size(self, size: int) -> None:
        """Side of a cell, in pixels; 0 where it is not known."""
        self._picture_size = size
        if self.step is not None:
            self._show(self.step)

    def show_step(self, step: int, cell: int | None = None) -> None:
        """Go to a step; nothing is played any more."""
        self.timeline.set_playing(False)
        self.timeline.go_to(step)
        self._show(step)
        self.show_cell(cell)
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def show_cell(self, cell: int | None) -> None:
        """Fill the view with a cell, or with the grid."""
        self.stage.show_cell(cell)
        self._refresh()

    def leave_one(self) -> None:
        """Escape: from the cell to the grid, from the grid to all of them."""
        if self.stage.cell is not None:
            self.show_cell(None)
        else:
            self.timeline.set_playing(False)
            self.left.emit()

    @Slot()
    def copy(self) -> None:
        """Put what is shown on the clipboard, at the zoom it is shown in where that is a whole number."""
        picture = self.stage.picture()
        if picture is None:
            return
        zoom = max(1, int(self.stage.zoom()))
        QGuiApplication.clipboard().setPixmap(picture.scaled(picture.size() * zoom))

    def copy_file(self, path: Path) -> None:
        """Put a whole grid on the clipboard, pixel for pixel."""
        picture = self.pictures.load(path)
        if picture is not None:
            QGuiApplication.clipboard().setPixmap(picture)

    # --- building ---

    def _build_widgets(self) -> None:
        self.back = _button("gallery_back", "All gri&ds", "arrow-left", "Back to all grids (Esc)", "quiet")
        self.title = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.title.setObjectName("gallery_title")
        self.title.setProperty("role", "heading")
        self.whole = _button("gallery_whole", "&Whole grid", "squares-four", "Show the whole grid again (Esc)", "quiet")
        self.zoom_out = _tool("gallery_zoom_out", "magnifying-glass-minus", "Zoom out (−)")
        self.zoom_in = _tool("gallery_zoom_in", "magnifying-glass-plus", "Zoom in (+)")
        self.zoom_fit = _tool("gallery_zoom_fit", "frame-corners", "As large as the room allows (0)")
        self.zoom_label = QLabel()
        self.zoom_label.setObjectName("gallery_zoom")
        self.zoom_label.setProperty("role", "muted")
        self.zoom_label.setMinimumWidth(self.zoom_label.fontMetrics().horizontalAdvance("100 %"))
        self.zoom_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.compare = _button("viewer_compare", "&Compare", "columns", "Compare this step with another one")
        self.train = _button(
            "viewer_train", "&Plots", "chart-line-up", "Show this step beside the plots of its training"
        )
        self.copy_button = _button("viewer_copy", "Cop&y", "copy", "Copy what is shown (Ctrl+C)")
        self.save = _button("viewer_save", "&Save…", "floppy-disk", "Save what is shown as PNG")
        self.stage, self.timeline = PictureStage(), Timeline()
        self.hint = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.hint.setProperty("role", "small")

    def _build_layout(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(SPACING.s)
        bar.addWidget(self.back)
        bar.addWidget(self.whole)
        bar.addWidget(self.title, 1)
        for widget in (self.zoom_out, self.zoom_label, self.zoom_in, self.zoom_fit):
            bar.addWidget(widget)
        bar.addSpacing(SPACING.s)
        for button in (self.train, self.compare, self.copy_button, self.save):
            bar.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.s)
        column.addLayout(bar)
        column.addWidget(self.stage, 1)
        column.addWidget(self.timeline)
        column.addWidget(self.hint)

    def _connect(self) -> None:
        self.back.clicked.connect(self._leave)
        self.whole.clicked.connect(self._show_whole)
        self.zoom_in.clicked.connect(self.stage.zoom_in)
        self.zoom_out.clicked.connect(self.stage.zoom_out)
        self.zoom_fit.clicked.connect(self.stage.fit)
        self.copy_button.clicked.connect(self.copy)
        self.save.clicked.connect(self.save_wanted)
        self.compare.clicked.connect(self.compare_wanted)
        self.train.clicked.connect(self.train_wanted)
        self.stage.cell_clicked.connect(self._toggle_cell)
        self.stage.arrow_pressed.connect(self._go)
        self.stage.zoom_changed.connect(self._refresh)
        self.timeline.step_changed.connect(self._show)

    # --- reacting ---

    @Slot()
    def _leave(self) -> None:
        self.timeline.set_playing(False)
        self.left.emit()

    @Slot()
    def _show_whole(self) -> None:
        self.show_cell(None)
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _toggle_cell(self, cell: int) -> None:
        self.show_cell(None if self.stage.cell is not None else cell)

    @Slot(int, int)
    def _go(self, right: int, down: int) -> None:
        """Over time while the grid is shown, over the cells while one of them is."""
        if self.stage.cell is None:
            self.timeline.move_by(right)
        else:
            self.show_cell(self.layout_of_shown().moved(self.stage.cell, right, down))

    def layout_of_shown(self) -> GridLayout:
        """Where the cells of the grid on show lie."""
        step = self.step
        pixmap = self.pictures.load(self._grids[step]) if step is not None and step in self._grids else None
        if pixmap is None:
            return GridLayout(1, 1, 1, 1)
        return GridLayout.of(pixmap.width(), pixmap.height(), self._picture_size)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        places = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()))
        if places is not None:
            self.timeline.move_by(places)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.stage.cell is None:
            self.show_cell(0)
        else:
            super().keyPressEvent(event)

    @Slot(int)
    def _show(self, step: int) -> None:
        if step not in self._grids:
            return
        pixmap = self.pictures.load(self._grids[step]) if self.isVisible() else None
        if pixmap is not None:
            self.stage.set_picture(pixmap, GridLayout.of(pixmap.width(), pixmap.height(), self._picture_size))
            self.pictures.prepare(self._grids[next_step] for next_step in self.timeline.next_steps())
        self._refresh()
        self.step_shown.emit(step)

    def showEvent(self, event: object) -> None:
        """Nothing is read from disk while somebody looks at another page."""
        if self.step is not None:
            self._show(self.step)

    def hideEvent(self, event: object) -> None:
        self.timeline.set_playing(False)

    @Slot()
    def _refresh(self) -> None:
        cell = self.stage.cell
        self.whole.setVisible(cell is not None)
        self.back.setVisible(cell is None)
        layout = self.layout_of_shown() if self.isVisible() else GridLayout(1, 1, 1, 1)
        self.title.setText("" if cell is None else f"Picture {cell + 1} of {layout.cells}")
        zoom = self.stage.zoom()
        self.zoom_label.setText(f"{zoom:g}×" if zoom >= 1 else f"{zoom:.0%}")
        self.hint.setText(HINT_GRID if cell is None else HINT_CELL)


def _button(name: str, text: str, symbol: str, tip: str, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setIcon(icon(symbol))
    button.setToolTip(tip)
    if role:
        button.setProperty("role", role)
    return button


def _tool(name: str, symbol: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setIcon(icon(symbol))
    button.setToolTip(tip)
    button.setAccessibleName(tip.split(" (")[0])
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
