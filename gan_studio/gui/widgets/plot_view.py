"""The drawing area of a plot: a box of curves with values beside it and steps below it."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsGridLayout, QGraphicsWidget, QSizePolicy, QWidget

_GRID_ALPHA = 45
"""Of 255."""


class PlotView(pg.GraphicsView):
    """What pyqtgraph's `PlotWidget` draws, without the forty controls of its menu, a third of its cost."""

    def __init__(
        self, box: pg.ViewBox, value_axis: pg.AxisItem, step_axis: pg.AxisItem, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(64)
        self.enableMouse(False)
        value_axis.setGrid(_GRID_ALPHA)
        self.setCentralItem(_arranged(box, value_axis, step_axis))


def _arranged(box: pg.ViewBox, value_axis: pg.AxisItem, step_axis: pg.AxisItem) -> QGraphicsWidget:
    whole = pg.GraphicsWidget()
    layout = QGraphicsGridLayout(whole)
    layout.setContentsMargins(1, 1, 1, 1)
    layout.setSpacing(0)
    for axis in (value_axis, step_axis):
        axis.linkToView(box)
        axis.setZValue(0.5)  # the grid lies over the curves and under levels and cursor
    layout.addItem(box, 0, 1)
    layout.addItem(value_axis, 0, 0)
    layout.addItem(step_axis, 1, 1)
    layout.setRowStretchFactor(0, 100)
    layout.setColumnStretchFactor(1, 100)
    return whole
