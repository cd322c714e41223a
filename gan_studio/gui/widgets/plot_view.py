"""The drawing area of a plot: a box of curves, levels and a cursor, with values beside it and steps below it."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsGridLayout, QGraphicsWidget, QSizePolicy, QWidget

from gan_studio.gui import theme
from gan_studio.gui.widgets.plot_parts import ReferenceLines, StepAxis, ValueAxis, make_pen, place
from gan_studio.gui.widgets.plot_ranges import Window
from gan_studio.gui.widgets.scrub_view_box import ScrubViewBox

_GRID_ALPHA = 45
"""Of 255."""
_AXIS_WIDTH = 46
_HOVER_DASHES = (5, 3)
_SMALLEST_POSITIVE = 1e-12


class PlotView(pg.GraphicsView):
    """What pyqtgraph's `PlotWidget` draws, without the forty controls of its menu, a third of its cost."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(64)
        self.enableMouse(False)
        self.box, self.value_axis, self.step_axis = ScrubViewBox(), ValueAxis("left"), StepAxis("bottom")
        self.setCentralItem(_arranged(self.box, self.value_axis, self.step_axis))
        self.value_axis.setGrid(_GRID_ALPHA)
        self.value_axis.setWidth(_AXIS_WIDTH)
        self.value_axis.setStyle(tickLength=0, maxTickLevel=0)
        self.set_steps_shown(True)
        self.references = ReferenceLines(self.box)
        self.cursor_line, self.hover_line = pg.InfiniteLine(angle=90), pg.InfiniteLine(angle=90)
        for line in (self.cursor_line, self.hover_line):
            line.setZValue(2)
            line.setVisible(False)
            self.box.addItem(line, ignoreBounds=True)

    def restyle(self) -> None:
        """Take the colours of the theme."""
        tokens = theme.colours()
        self.setBackground(QColor(tokens.surface))
        for axis in (self.value_axis, self.step_axis):
            axis.setPen(QColor(tokens.border))
            axis.setTextPen(QColor(tokens.muted))
        self.cursor_line.setPen(make_pen(QColor(tokens.text), 1))
        self.hover_line.setPen(make_pen(QColor(tokens.muted), 1, _HOVER_DASHES))
        self.references.restyle()

    def set_steps_shown(self, shown: bool) -> None:
        """Whether steps are written under it."""
        self.step_axis.setStyle(showValues=shown, tickLength=0)
        # Ticks that are not seen would be worked out all the same.
        self.step_axis.setTicks(None if shown else [])

    def set_ranges(self, steps: Window, values: Window) -> None:
        """Show these steps and values; the latter in units of the axis."""
        self.box.setRange(xRange=steps, yRange=values, padding=0)

    def show_pointed(self, cursor: float | None, hover: float | None) -> None:
        """Put the lines of the cursor and of the mouse at these steps, or hide them."""
        place(self.cursor_line, cursor)
        place(self.hover_line, hover)

    def step_at(self, scene_place: QPointF) -> float | None:
        """The step at a place of the scene; None beside the box."""
        if not self.box.sceneBoundingRect().contains(scene_place):
            return None
        return self.box.mapSceneToView(scene_place).x()

    def pixels(self) -> int:
        """Width of the box, as far as curves are thinned out for it."""
        return max(50, int(self.box.width()))

    # --- values in units of the axis ---

    def to_axes(self, steps: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points `[N]` as they are drawn; a logarithmic axis leaves out what is not above zero."""
        if not self.value_axis.logarithmic:
            return steps, values
        positive = values > _SMALLEST_POSITIVE
        return steps[positive], np.log10(values[positive])

    def level(self, value: float) -> float:
        """Where a single value is drawn."""
        return float(np.log10(max(value, _SMALLEST_POSITIVE))) if self.value_axis.logarithmic else value


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
