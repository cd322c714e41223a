"""The sample grid of a step, alone or beside the grid of real pictures."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gan_studio.gui.pages.train.grid_canvas import GridCanvas
from gan_studio.gui.theme import SPACING

NOTHING_YET = "Nothing is trained yet. Choose pictures, then press Train."
WAITING = "The first grid appears as soon as the networks are built."
NO_REALS = "This run has no grid of real pictures."


class SampleView(QFrame):
    """Generated pictures; `show_reals` puts the real ones next to them under captions."""

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sample_view")
        self.setAccessibleName("Sample grid")
        self.samples = GridCanvas("Generated pictures", NOTHING_YET)
        self.reals = GridCanvas("Real pictures", NO_REALS)
        self.reals.setObjectName("reals_view")
        self._build_layout()
        self._connect_signals()
        self.show_reals(False)

    def set_waiting(self, waiting: bool) -> None:
        """What is said while there is no grid: that one is coming, or what to do."""
        self.samples.set_empty_text(WAITING if waiting else NOTHING_YET)

    def set_samples(self, pixmap: QPixmap | None) -> None:
        self.samples.set_pixmap(pixmap)

    def set_reals(self, pixmap: QPixmap | None) -> None:
        self.reals.set_pixmap(pixmap)

    @Slot(bool)
    def show_reals(self, shown: bool) -> None:
        self.reals.setVisible(shown)
        self.samples.set_caption("Generated" if shown else "")
        self.reals.set_caption("Real" if shown else "")

    def _build_layout(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING.m)
        row.addWidget(self.samples, 1)
        row.addWidget(self.reals, 1)
        self.setFocusProxy(self.samples)

    def _connect_signals(self) -> None:
        self.samples.moved.connect(self.moved)
        self.reals.moved.connect(self.moved)
