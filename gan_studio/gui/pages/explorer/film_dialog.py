"""What a film of a path is to be like: pictures a second, length, size, kind of file."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from gan_studio.engine.film_formats import FILM_FORMATS, LONGEST_SIDE, FilmFormat
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.number_edits import FloatSpinBox, IntSpinBox

ZOOMS = (1, 2, 4, 8, 16)
GOOD_SIDE = 512
"""Small pictures are enlarged to about this at first: a film of 32 pixels is a stamp on any screen."""
MOST_FRAMES = 100_000


@dataclass(frozen=True)
class FilmSettings:
    """What was chosen."""

    kind: FilmFormat
    frames: int
    fps: int
    zoom: int


class FilmDialog(QDialog):
    """`film_dialog`; `settings` says what was chosen once it was accepted.

    Args:
        stages: from favourite to favourite.
        seconds: of each stage, as the path is played.
        side: of the model's pictures, in pixels.
    """

    def __init__(self, stages: int, seconds: float, side: int, loop: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stages, self._side, self._loop = stages, side, loop
        self.setObjectName("film_dialog")
        self.setWindowTitle("Film of the path")
        self._build_editors(seconds)
        self._build_layout()
        self._show_sum()

    def _build_editors(self, seconds: float) -> None:
        self.seconds = FloatSpinBox(0.2, 600.0, step=0.5)
        self.seconds.setObjectName("film_seconds")
        self.seconds.setValue(seconds)
        self.seconds.setSuffix(" s")
        self.seconds.valueChanged.connect(self._show_sum)
        self.fps = IntSpinBox(1, 120)
        self.fps.setObjectName("film_fps")
        self.fps.setValue(30)
        self.fps.valueChanged.connect(self._show_sum)
        self.zoom = QComboBox()
        self.zoom.setObjectName("film_zoom")
        for zoom in (zoom for zoom in ZOOMS if zoom == 1 or zoom * self._side <= min(4096, LONGEST_SIDE)):
            self.zoom.addItem(f"{zoom * self._side} px" + (f" · each pixel × {zoom}" if zoom > 1 else ""), zoom)
        fitting = [place for place in range(self.zoom.count()) if self.zoom.itemData(place) * self._side <= GOOD_SIDE]
        self.zoom.setCurrentIndex(max(fitting, default=0))
        self.zoom.currentIndexChanged.connect(self._show_sum)
        self.kind = QComboBox()
        self.kind.setObjectName("film_format")
        self.kind.addItems([kind.title for kind in FILM_FORMATS])
        self.kind.currentIndexChanged.connect(self._show_sum)

    def _build_layout(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(SPACING.m)
        form.setVerticalSpacing(SPACING.s)
        for text, editor in (
            ("&Each stage", self.seconds),
            ("&Pictures a second", self.fps),
            ("&Size", self.zoom),
            ("&Kind of file", self.kind),
        ):
            label = QLabel(text)
            label.setBuddy(editor)
            form.addRow(label, editor)
        self._good_for = QLabel()
        self._good_for.setProperty("role", "muted")
        self._good_for.setWordWrap(True)
        self._sum = QLabel()
        self._sum.setObjectName("film_sum")
        self._sum.setProperty("role", "heading")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._accept = buttons.addButton("&Write film…", QDialogButtonBox.ButtonRole.AcceptRole)
        self._accept.setObjectName("film_accept")
        self._accept.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.l, SPACING.l, SPACING.l, SPACING.l)
        column.setSpacing(SPACING.m)
        column.addLayout(form)
        column.addWidget(self._good_for)
        column.addWidget(self._sum)
        column.addWidget(buttons)
        self.setMinimumWidth(380)

    def settings(self) -> FilmSettings:
        kind = FILM_FORMATS[self.kind.currentIndex()]
        return FilmSettings(kind, self._frames(), self._fps(), int(self.zoom.currentData()))

    def _fps(self) -> int:
        return min(self.fps.value(), int(FILM_FORMATS[self.kind.currentIndex()].most_fps))

    def _frames(self) -> int:
        frames = round(self._stages * self.seconds.value() * self._fps()) + (not self._loop)
        return min(max(2, frames), MOST_FRAMES)

    @Slot()
    def _show_sum(self) -> None:
        side = int(self.zoom.currentData()) * self._side
        seconds = self._frames() / self._fps()
        self._sum.setText(f"{self._frames():,} pictures · {seconds:.1f} s · {side} × {side} px")
        self._good_for.setText(FILM_FORMATS[self.kind.currentIndex()].good_for)
