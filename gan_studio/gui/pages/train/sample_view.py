"""The sample grids of a step, averaged and raw, and the grid of real pictures: any of them, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout

from gan_studio.gui.pages.train.grid_canvas import GridCanvas
from gan_studio.gui.theme import SPACING

AVERAGED, RAW, REAL = "averaged", "raw", "reals"
NOTHING_YET = "Nothing is trained yet. Choose pictures, then press Train."
WAITING = "The first grid appears as soon as the networks are built."
NO_RAW = (
    "This step has no raw grid. A training makes them while its generator is averaged "
    "and “Raw grids as well”, among the settings of the output, is on."
)
NO_REALS = "This run has no grid of real pictures."
_CAPTIONS = {AVERAGED: "Averaged", RAW: "Raw", REAL: "Real"}


class SampleView(QFrame):
    """Shows the averaged grid alone at first; `show_kinds` puts others beside it, each under its caption."""

    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sample_view")
        self.setAccessibleName("Sample grid")
        self.samples = GridCanvas("Generated pictures, averaged generator", NOTHING_YET)
        self.raw = GridCanvas("Generated pictures, raw generator", NOTHING_YET)
        self.reals = GridCanvas("Real pictures", NO_REALS)
        self._canvases = {AVERAGED: self.samples, RAW: self.raw, REAL: self.reals}
        self._shown: tuple[str, ...] = ()
        self._arranged: tuple[tuple[str, ...], int] = ((), 0)
        self._empty_text = NOTHING_YET
        self._build_layout()
        self.show_kinds((AVERAGED,))

    def set_waiting(self, waiting: bool) -> None:
        """What is said while there is no grid: that one is coming, or what to do."""
        self._empty_text = WAITING if waiting else NOTHING_YET
        self._say_what_is_missing()

    def set_samples(self, averaged: QPixmap | None, raw: QPixmap | None) -> None:
        """The grids of the step on show."""
        self.samples.set_pixmap(averaged)
        self.raw.set_pixmap(raw)
        self._say_what_is_missing()

    def set_reals(self, pixmap: QPixmap | None) -> None:
        self.reals.set_pixmap(pixmap)

    @Slot(object)
    def show_kinds(self, kinds: Sequence[str]) -> None:
        """Show these grids: some of `AVERAGED`, `RAW` and `REAL`, at least one."""
        self._shown = tuple(kinds)
        for kind, canvas in self._canvases.items():
            canvas.setVisible(kind in kinds)
            canvas.set_caption(_CAPTIONS[kind] if len(kinds) > 1 else "")
        self.setFocusProxy(self._canvases[self._shown[0]])
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _build_layout(self) -> None:
        self._places = QGridLayout(self)
        self._places.setContentsMargins(0, 0, 0, 0)
        self._places.setSpacing(SPACING.m)
        for kind, canvas in self._canvases.items():
            canvas.setObjectName(f"{kind}_view")
            self._places.addWidget(canvas, 0, self._places.count())
            canvas.moved.connect(self.moved)

    def _say_what_is_missing(self) -> None:
        self.samples.set_empty_text(self._empty_text)
        self.raw.set_empty_text(NO_RAW if self.samples.pixmap is not None else self._empty_text)

    def _arrange(self) -> None:
        """Put the grids into as many columns as leave each the most room; squares are assumed."""
        count = len(self._shown)
        width, height = max(1, self.width()), max(1, self.height())
        columns = max(range(1, count + 1), key=lambda columns: min(width / columns, height / -(-count // columns)))
        if self._arranged == (self._shown, columns):
            return
        self._arranged = (self._shown, columns)
        for place, kind in enumerate(self._shown):
            self._places.addWidget(self._canvases[kind], place // columns, place % columns)
        for at in range(len(self._canvases)):
            self._places.setColumnStretch(at, int(at < columns))
            self._places.setRowStretch(at, int(at < -(-count // columns)))
