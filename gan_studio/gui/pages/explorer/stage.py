"""The picture, large, or many; with what is to be said about it above and below, and the favourites at its foot."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gan_studio.gui.icons import icon
from gan_studio.gui.pages.explorer.favourites_bar import FavouritesBar
from gan_studio.gui.pages.explorer.open_menu import OpenMenu
from gan_studio.gui.pages.explorer.path_bar import PathBar
from gan_studio.gui.pages.explorer.picture_bar import PictureBar
from gan_studio.gui.pages.explorer.seed_grid import FIRST_SIZE, SIZES, SeedGrid
from gan_studio.gui.pages.explorer.welcome import Welcome
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import Picture
from gan_studio.gui.widgets.banner import Banner
from gan_studio.gui.widgets.elided_label import ElidedLabel
from gan_studio.gui.widgets.empty_state import EmptyState
from gan_studio.gui.widgets.image_canvas import ImageCanvas
from gan_studio.gui.widgets.segmented import SegmentedControl
from gan_studio.gui.widgets.wheel_guard import WheelGuard

SINGLE, GRID, PATH = range(3)
"""The ways to look."""
HINTS = (
    "Drag the picture to walk · Shift for small steps · Ctrl and the wheel zoom",
    "Click a seed to go there · double-click to see it alone · arrow keys lead on",
    "Select some favourites with Ctrl or Shift and a click to walk along those alone",
)

PICTURE_HINT = "Drop another picture here · Ctrl and the wheel zoom · hold Before to compare"
DROP = "Drop a picture here, or open one"


class Stage(QWidget):
    """`explorer_canvas` or `seed_grid`, or a welcome while there is nothing to show."""

    model_provided = Signal(object)
    """Path of the model that a picture's recipe asked for."""
    mode_changed = Signal(int)

    def __init__(self, example: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.welcome = Welcome(example)
        self.grid, self.path, self.favourites = SeedGrid(), PathBar(), FavouritesBar()
        self.pictures = PictureBar()
        self.picture_empty = EmptyState(
            "image", DROP, "It may have any size. What becomes of it is shown here and saved at its full size.",
            action="Open picture…", names="picture_empty",
        )  # fmt: skip
        self._takes_pictures = False
        self._numbers_of_picture = ""
        self._build_canvas()
        self._build_bar()
        self._build_finder()
        self._build_footer()
        self._build_layout()
        self._connect()
        self._show_parts()

    def _build_canvas(self) -> None:
        self.canvas = ImageCanvas()
        self.canvas.setObjectName("explorer_canvas")
        self.canvas.setAccessibleName("Generated picture")
        self.canvas.setAccessibleDescription("Drag, or use the arrow keys, to walk through the latent space")
        self._pages = QStackedWidget()
        for page in (self.welcome, self.picture_empty, self.canvas, self.grid):
            self._pages.addWidget(page)

    def _build_bar(self) -> None:
        self.modes = SegmentedControl(("Single", "Grid", "Path"))
        self.modes.setObjectName("view_mode")
        for index, tip in enumerate(
            ("One picture, large (S)", "Many seeds at a glance (G)", "A walk along your favourites (P)")
        ):
            self.modes.button(index).setToolTip(tip)
        self.grid_size = QComboBox()
        self.grid_size.setObjectName("grid_size")
        self.grid_size.setAccessibleName("Size of the grid")
        self.grid_size.setToolTip("How large the pictures of the grid are; as many as fill the room are shown")
        for name, about in SIZES.items():
            self.grid_size.addItem(f"{name} pictures", about)
        self.grid_size.setCurrentIndex(FIRST_SIZE)
        self._guard = WheelGuard(self)
        self._guard.guard(self.grid_size)
        self._zoom_out = _tool("zoom_out", "magnifying-glass-minus", "Smaller (−)")
        self._zoom_in = _tool("zoom_in", "magnifying-glass-plus", "Larger (+)")
        self._fit = _tool("zoom_fit", "corners-out", "As large as the room allows (0)")
        self._actual = QToolButton()
        self._actual.setObjectName("zoom_actual")
        self._actual.setText("100 %")
        self._actual.setToolTip("One pixel of the screen for each of the picture")
        self._actual.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _build_finder(self) -> None:
        self._finder = QPushButton("Find the &model")
        self._finder.setObjectName("model_find")
        self._menu = OpenMenu(self._finder, pictures=False)
        self._menu.chosen.connect(self.model_provided)
        self._finder.setMenu(self._menu)
        self._finder.hide()
        self.banner.closed.connect(self._finder.hide)

    def _build_footer(self) -> None:
        self._hint = ElidedLabel("", Qt.TextElideMode.ElideMiddle)
        self._numbers = QLabel()
        self._numbers.setObjectName("picture_numbers")
        for label in (self._hint, self._numbers):
            label.setProperty("role", "small")

    def _build_layout(self) -> None:
        self._bar = QWidget()
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(SPACING.xs)
        bar.addWidget(self.modes)
        bar.addSpacing(SPACING.s)
        bar.addWidget(self.grid_size)
        bar.addStretch(1)
        for button in (self._zoom_out, self._zoom_in, self._actual, self._fit):
            bar.addWidget(button)
        self._footer = QWidget()
        footer = QHBoxLayout(self._footer)
        footer.setContentsMargins(SPACING.xs, 0, SPACING.xs, 0)
        footer.addWidget(self._hint, 1)
        footer.addWidget(self._numbers)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.s)
        column.addWidget(self.banner)
        column.addWidget(self._finder, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._bar)
        column.addWidget(self.pictures)
        column.addWidget(self._pages, 1)
        column.addWidget(self._footer)
        column.addWidget(self.path)
        column.addWidget(self.favourites)

    def _connect(self) -> None:
        self.modes.changed.connect(self._change_mode)
        self.grid_size.activated.connect(self._resize_grid)
        self.canvas.zoom_changed.connect(self._show_numbers)
        for button, slot in (
            (self._zoom_out, self.canvas.zoom_out),
            (self._zoom_in, self.canvas.zoom_in),
            (self._actual, self.canvas.show_actual_size),
            (self._fit, self.canvas.fit),
        ):
            button.clicked.connect(slot)

    # --- ways to look ---

    @property
    def mode(self) -> int:
        return self.modes.current()

    @property
    def has_picture(self) -> bool:
        return self._pages.currentWidget() not in (self.welcome, self.picture_empty)

    def set_taking_pictures(self, takes: bool) -> None:
        """Whether the model makes a picture from one that the user gives: without that there is nothing to show."""
        changed, self._takes_pictures = takes != self._takes_pictures, takes
        if takes and (changed or not self.has_picture):
            self.set_mode(SINGLE)
            self.canvas.clear()
            self._pages.setCurrentWidget(self.picture_empty)
        elif changed:
            self.canvas.clear()
            self._pages.setCurrentWidget(self.canvas)
        self._show_parts()

    def set_mode(self, mode: int) -> None:
        self.modes.set_current(mode)

    def show_grid_of(self, columns: int, rows: int) -> None:
        """A grid of this size, as it was saved."""
        while self.grid_size.count() > len(SIZES):
            self.grid_size.removeItem(len(SIZES))
        self.grid_size.addItem(f"{columns} × {rows} seeds", (columns, rows))
        self.grid_size.setCurrentIndex(len(SIZES))
        self.grid.set_size_in_cells(columns, rows)
        self.set_mode(GRID)

    @Slot(int)
    def _resize_grid(self, place: int) -> None:
        wanted = self.grid_size.itemData(place)
        if isinstance(wanted, int):
            self.grid.set_size_of_pictures(wanted)
        else:
            self.grid.set_size_in_cells(*wanted)

    @Slot(int)
    def _change_mode(self, mode: int) -> None:
        if mode != PATH:
            self.path.stop()
        self._show_parts()
        self.mode_changed.emit(mode)
        if mode != GRID:
            self.grid.hide_and_stop()

    def _show_parts(self) -> None:
        shown, mode = self.has_picture, self.mode
        for part in (self._bar, self._footer):
            part.setVisible(shown)
        self.favourites.setVisible(shown and not self._takes_pictures)
        self.modes.setVisible(not self._takes_pictures)
        self.pictures.setVisible(self._takes_pictures)
        self.path.setVisible(shown and mode == PATH)
        self.grid_size.setVisible(mode == GRID)
        for button in (self._zoom_out, self._zoom_in, self._actual, self._fit):
            button.setVisible(mode != GRID)
        if shown:
            self._pages.setCurrentWidget(self.grid if mode == GRID else self.canvas)
        self._hint.setText(self._hint_of(mode))
        self._show_numbers()

    def _hint_of(self, mode: int) -> str:
        return PICTURE_HINT if self._takes_pictures else HINTS[mode]

    # --- pictures and words ---

    def show_picture(self, picture: Picture) -> bool:
        """False when a newer one is shown already."""
        if not self.canvas.set_picture(picture.stamp, picture.pixels):
            return False
        if not self.has_picture:
            self._pages.setCurrentWidget(self.canvas)
            self.favourites.setEnabled(True)
            self._show_parts()
        height, width = picture.pixels.shape[:2]
        self._numbers_of_picture = f"{width} × {height} px · {picture.seconds * 1000:.0f} ms"
        self._hint.setText(self._hint_of(self.mode))
        self._show_numbers()
        return True

    @Slot()
    def _show_numbers(self) -> None:
        zoom = "" if self.mode == GRID else f" · zoom {self.canvas.zoom():.3g}"
        self._numbers.setText(self._numbers_of_picture + zoom if self._numbers_of_picture else "")
        self._fit.setEnabled(not self.canvas.fits)

    def say(self, text: str) -> None:
        """A quiet line below the picture."""
        self._hint.setText(text)

    def show_failure(self, message: str, advice: str) -> None:
        self.banner.show_message(message, advice, "error")

    def ask_for_model(self, message: str) -> None:
        """A picture's model was not found: say which, and let the user point at it."""
        self.banner.show_message(message, kind="warning")
        self._finder.show()

    @Slot()
    def clear_messages(self) -> None:
        self.banner.dismiss()
        self._finder.hide()


def _tool(name: str, symbol: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setIcon(icon(symbol))
    button.setIconSize(QSize(18, 18))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
