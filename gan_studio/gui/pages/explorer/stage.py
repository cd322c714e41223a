"""The picture, large, with what is to be said about it above and below."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gan_studio.gui.pages.explorer.open_menu import OpenMenu
from gan_studio.gui.pages.explorer.welcome import Welcome
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import Picture
from gan_studio.gui.widgets.banner import Banner
from gan_studio.gui.widgets.elided_label import ElidedLabel
from gan_studio.gui.widgets.image_canvas import ImageCanvas

HINT = "Drag the picture to walk · Shift for small steps"


class Stage(QWidget):
    """`explorer_canvas`, or a welcome while there is nothing to show."""

    model_provided = Signal(object)
    """Path of the model that a picture's recipe asked for."""

    def __init__(self, example: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.welcome = Welcome(example)
        self._build_canvas()
        self._build_finder()
        self._build_footer()
        self._build_layout()

    def _build_canvas(self) -> None:
        self.canvas = ImageCanvas()
        self.canvas.setObjectName("explorer_canvas")
        self.canvas.setAccessibleName("Generated picture")
        self.canvas.setAccessibleDescription("Drag, or use the arrow keys, to walk through the latent space")
        self._pages = QStackedWidget()
        self._pages.addWidget(self.welcome)
        self._pages.addWidget(self.canvas)

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
        footer = QHBoxLayout()
        footer.setContentsMargins(SPACING.xs, 0, SPACING.xs, 0)
        footer.addWidget(self._hint, 1)
        footer.addWidget(self._numbers)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.s)
        column.addWidget(self.banner)
        column.addWidget(self._finder, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._pages, 1)
        column.addLayout(footer)

    def show_picture(self, picture: Picture) -> bool:
        """False when a newer one is shown already."""
        if not self.canvas.set_picture(picture.stamp, picture.pixels):
            return False
        if self._pages.currentWidget() is not self.canvas:
            self._pages.setCurrentWidget(self.canvas)
        self._hint.setText(HINT)
        height, width = picture.pixels.shape[:2]
        zoom = f"{self.canvas.zoom():.3g}"
        self._numbers.setText(f"{width} × {height} px · zoom {zoom} · {picture.seconds * 1000:.0f} ms")
        return True

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
