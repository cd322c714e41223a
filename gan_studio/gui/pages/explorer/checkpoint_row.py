"""The kept checkpoints of a run as one slider, and a word when there is a newer one than is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.quantities import whole
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import ModelView
from gan_studio.gui.views.explorer import Checkpoints


class CheckpointRow(QWidget):
    """`checkpoint_slider` and `open_newest`; hidden where there is nothing to choose."""

    step_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: Path | None = None
        self._live = False
        self._step = 0
        self._steps: tuple[int, ...] = ()
        self._build_slider()
        self._build_news()
        self._build_layout()
        self.hide()

    def _build_slider(self) -> None:
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("checkpoint_slider")
        self.slider.setAccessibleName("Checkpoint of the run")
        self.slider.setToolTip("See how the model learned: the same place, in each checkpoint that was kept")
        self.slider.setPageStep(1)
        self.slider.valueChanged.connect(self._choose)
        self._label = QLabel("Chec&kpoint")
        self._label.setBuddy(self.slider)
        self._at = QLabel()
        self._at.setObjectName("checkpoint_step")
        self._at.setProperty("role", "small")
        self._at.setMinimumWidth(48)
        self._at.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _build_news(self) -> None:
        self._news = QWidget()
        self._newer = QLabel()
        self._newer.setObjectName("newer_checkpoint")
        self._newer.setProperty("role", "success")
        self.newest = QPushButton("Open ne&west")
        self.newest.setObjectName("open_newest")
        self.newest.setIcon(icon("arrow-right"))
        self.newest.setToolTip("Show the same place in the newest checkpoint")
        self.newest.clicked.connect(self._open_newest)
        row = QHBoxLayout(self._news)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._newer, 1)
        row.addWidget(self.newest)

    def _build_layout(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACING.s)
        row.addWidget(self._label)
        row.addWidget(self.slider, 1)
        row.addWidget(self._at)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.xs)
        column.addLayout(row)
        column.addWidget(self._news)

    def show_model(self, view: ModelView) -> None:
        """Another model, or another checkpoint of the same run."""
        if view.run != self._run:
            self._steps = ()
        self._run, self._step, self._live = view.run, view.step, view.live
        self._refresh()

    def show_checkpoints(self, found: Checkpoints) -> None:
        """What the run has now."""
        if found.run == self._run:
            self._steps = found.steps
            self._refresh()

    def _refresh(self) -> None:
        newer = bool(self._steps) and self._steps[-1] > self._step and not self._live
        self._news.setVisible(newer)
        if newer:
            self._newer.setText(f"Step {whole(self._steps[-1])} is there")
        # Where the step on show was pruned since, the slider stands at the one before
        at = max((place for place, step in enumerate(self._steps) if step <= self._step), default=0)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, len(self._steps) - 1))
        if not self.slider.isSliderDown():
            self.slider.setValue(at)
        self.slider.blockSignals(False)
        self._at.setText(whole(self._step))
        self.setVisible(len(self._steps) > 1 and not self._live)

    @Slot(int)
    def _choose(self, place: int) -> None:
        if place < len(self._steps):
            self._at.setText(whole(self._steps[place]))
            self.step_requested.emit(self._steps[place])

    @Slot()
    def _open_newest(self) -> None:
        self.step_requested.emit(self._steps[-1])
