"""What is drawn for one scalar: as it came, its moving mean, dots while points are few, and the other run's mean."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from gan_studio.gui import theme
from gan_studio.gui.widgets.plot_line import COMPARED, Look, PlotLine
from gan_studio.gui.widgets.plot_parts import make_pen
from gan_studio.gui.widgets.plot_ranges import ENOUGH_POINTS, Window
from gan_studio.gui.widgets.scalar_series import ScalarSeries

_RAW_ALPHA = 48
_COMPARED_WIDTH = 1.2
_FEW_POINTS = 12
_DOT = 5
ToAxis = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""Steps and values in, the same in units of the axes out."""


class LineCurves:
    """The points of one line of a plot, and the items that show them."""

    def __init__(self, line: PlotLine, box: pg.ViewBox) -> None:
        self.line, self._box = line, box
        self.series, self.other = ScalarSeries(), ScalarSeries()
        self.raw = pg.PlotCurveItem()
        self.compared = pg.PlotCurveItem(antialias=True)
        self.strong = pg.PlotCurveItem(antialias=True)
        self.dots = pg.ScatterPlotItem(size=_DOT)
        for item in self._items():
            box.addItem(item, ignoreBounds=True)
        self.restyle()

    def remove(self) -> None:
        """Take everything out of the plot."""
        for item in self._items():
            self._box.removeItem(item)

    def set_visible(self, visible: bool) -> None:
        for item in self._items():
            item.setVisible(visible)

    def restyle(self) -> None:
        """Take the colours of the theme."""
        colour = QColor(getattr(theme.colours(), self.line.role))
        faint = QColor(colour)
        faint.setAlpha(_RAW_ALPHA)
        self.raw.setPen(make_pen(faint, 1))
        self.strong.setPen(make_pen(colour, 2, [length / 2 for length in self.line.pattern]))
        self.compared.setPen(make_pen(colour, _COMPARED_WIDTH, COMPARED))
        self.dots.setPen(None)
        self.dots.setBrush(colour)

    def draw(self, visible: Window, pixels: int, look: Look, to_axis: ToAxis) -> list[np.ndarray]:
        """Draw what lies between two steps; returns what the value axis should hold, `[N]` each, in its units."""
        view = self.series.between(*visible)
        count = view.stop - view.start
        peaks = to_axis(*self.series.peaks(view, pixels // 2))
        smooth = to_axis(*self.series.smooth(view, pixels // 2, look.width(count))) if count else peaks
        _show(self.raw, peaks if look.raw else _NOTHING)
        self.strong.setData(*peaks if look.smoothing == "none" else smooth)
        _show(self.dots, smooth if count <= _FEW_POINTS else _NOTHING)
        sample = self.series.sample(view, ENOUGH_POINTS)
        seen = to_axis(sample, sample)[1] if look.raw or look.smoothing == "none" else smooth[1]
        return [seen, self._draw_other(visible, pixels, look, to_axis)]

    def value(self, step: float | None, visible: Window, look: Look) -> float | None:
        """What the strong line shows at a step, or at its newest point; None where it has none."""
        return _value(self.series, step, visible, look)

    def other_value(self, step: float | None, visible: Window, look: Look) -> float | None:
        """The same of the other run."""
        return _value(self.other, step, visible, look)

    def nearest_step(self, step: float) -> float | None:
        """The step of a point of either run that is nearest to this one."""
        places = [(series, series.nearest(step)) for series in (self.series, self.other)]
        steps = [float(series.steps[place]) for series, place in places if place is not None]
        return min(steps, key=lambda known: abs(known - step), default=None)

    def _draw_other(self, visible: Window, pixels: int, look: Look, to_axis: ToAxis) -> np.ndarray:
        view = self.other.between(*visible)
        count = view.stop - view.start
        drawn = to_axis(*self.other.smooth(view, pixels // 2, look.width(count))) if count else _NOTHING
        _show(self.compared, drawn)
        return drawn[1]

    def _items(self) -> tuple[pg.GraphicsObject, ...]:
        return self.raw, self.compared, self.strong, self.dots


_NOTHING = (np.empty(0), np.empty(0))


def _show(item: pg.PlotCurveItem | pg.ScatterPlotItem, points: tuple[np.ndarray, np.ndarray]) -> None:
    """An item without points is hidden: an empty one would be asked for its outline at every paint."""
    some = len(points[0]) > 0
    if some or item.isVisible():
        item.setData(*points)
        item.setVisible(some)


def _value(series: ScalarSeries, step: float | None, visible: Window, look: Look) -> float | None:
    place = series.nearest(math.inf if step is None else step)
    if place is None or (step is not None and _beyond(series, step, visible)):
        return None
    view = series.between(*visible)
    return float(series.means(np.array([place]), look.width(view.stop - view.start))[0])


def _beyond(series: ScalarSeries, step: float, visible: Window) -> bool:
    """Whether a step is so far from the first or last point that their values say nothing about it.

    A grid's step may lie some steps beside the reports around it; and what is measured seldom holds until it is due to
    be measured again.
    """
    slack = max(1.0, 0.03 * (visible[1] - visible[0]))
    before = series.steps[-2] if len(series) > 1 else visible[0]
    return not series.steps[0] - slack <= step <= series.steps[-1] + max(slack, series.steps[-1] - before)
