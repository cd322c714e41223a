"""The three plots of a training, with one cursor, one cross-hair and one window of steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.plots import LivePlot, PlotLine

_LOSSES = (PlotLine("loss/D", "D", "discriminator"), PlotLine("loss/G", "G", "generator", dashed=True))
_SCORES = (PlotLine("score/real", "D(x)", "real"), PlotLine("score/fake", "D(G(z))", "generator", dashed=True))
_GRADIENTS = (PlotLine("grad/D", "D", "discriminator"), PlotLine("grad/G", "G", "generator", dashed=True))


class PlotColumn(QWidget):
    """Losses, scores and gradient norms under one another."""

    scrubbed = Signal(float)
    """The user dragged the cursor of any plot to this step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build_plots()
        self._build_layout()
        self._connect_signals()

    def append(self, step: int, scalars: Mapping[str, float]) -> None:
        for plot in self.plots:
            plot.append(step, scalars)

    def load(self, metrics: Sequence[Mapping[str, Any]]) -> None:
        """Replace everything by the objects of a `metrics.jsonl`."""
        steps = np.array([row["step"] for row in metrics], dtype=float)
        for plot in self.plots:
            plot.clear()
            columns = {
                name: np.array([_number(row.get(name)) for row in metrics], dtype=float) for name in plot.names()
            }
            plot.load(steps, columns)

    def cut(self, step: int) -> None:
        for plot in self.plots:
            plot.cut(step)

    def clear(self) -> None:
        for plot in self.plots:
            plot.clear()

    def set_cursor(self, step: float | None) -> None:
        for plot in self.plots:
            plot.set_cursor(step)

    def set_reference_lines(self, values: Mapping[str, float]) -> None:
        for plot in self.plots:
            plot.set_reference_lines(values)

    def _build_plots(self) -> None:
        self.loss_plot = LivePlot("Losses", _LOSSES, show_steps=False)
        self.score_plot = LivePlot("Scores", _SCORES, show_steps=False)
        self.gradient_plot = LivePlot("Gradient norms", _GRADIENTS)
        self.plots = (self.loss_plot, self.score_plot, self.gradient_plot)
        for plot, name in zip(self.plots, ("loss_plot", "score_plot", "gradient_plot"), strict=True):
            plot.setObjectName(name)

    def _build_layout(self) -> None:
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(SPACING.s)
        # The cards have outlines of their own; the gap between them needs no line.
        splitter.setStyleSheet("QSplitter::handle { background: transparent; }")
        for plot in self.plots:
            splitter.addWidget(plot)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.s, 0, 0, 0)
        column.addWidget(splitter)

    def _connect_signals(self) -> None:
        for plot in self.plots:
            plot.scrubbed.connect(self.scrubbed)
            plot.hovered.connect(self._share_hover)
            plot.window_changed.connect(self._share_window)

    @Slot(object)
    def _share_hover(self, step: float | None) -> None:
        for plot in self.plots:
            plot.set_hover(step)

    @Slot(object)
    def _share_window(self, window: tuple[float, float] | None) -> None:
        for plot in self.plots:
            plot.set_window(window)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
