"""A plot that follows a training: cheap with tens of thousands of points, redrawn at most fifteen times a second,
and less often where a new point would move nothing.

Every scalar is drawn twice, faint as it came and strong as its moving mean. Only what is in view is drawn, thinned
out to the width of the plot; so the cost of a redraw does not grow with the run (20,000 points in a width-2 pen
with antialiasing cost 356 ms when drawn whole).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from gan_studio.gui import theme
from gan_studio.gui.widgets.plot_legend import PlotLegend, PlotLine
from gan_studio.gui.widgets.plot_parts import ReferenceLines, StepAxis, ValueAxis, make_pen, place
from gan_studio.gui.widgets.plot_ranges import narrowed, steady_range, value_range
from gan_studio.gui.widgets.scalar_series import ScalarSeries, peaks, thinned
from gan_studio.gui.widgets.scrub_view_box import ScrubViewBox

__all__ = ["LivePlot", "PlotLine"]

_REDRAW_MS = 67
_MOST_PATIENCE = 15
"""Times as long a redraw may wait for new points, where many points share a pixel."""
_AXIS_WIDTH = 46
_RAW_ALPHA = 48
_DASHES = (5, 3)
_WIDE = 560
"""From this width on, reference lines are labelled in words."""
_SMALLEST_POSITIVE = 1e-12
Window = tuple[float, float]


class LivePlot(QFrame):
    """Scalars of a run over its steps.

    Drag with the left button: `scrubbed`. Wheel, middle drag and double click change which steps are in view.
    """

    scrubbed = Signal(float)
    """The user put the cursor at this step."""
    hovered = Signal(object)
    """Step under the mouse, or None when it left."""
    window_changed = Signal(object)
    """Steps in view as `(first, last)`, or None for all of them."""

    def __init__(
        self, title: str, lines: Sequence[PlotLine], *, show_steps: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._lines = tuple(lines)
        self._series = {line.name: ScalarSeries() for line in lines}
        self._window: Window | None = None
        self._cursor: float | None = None
        self._hover: float | None = None
        self._value_range: Window = (0.0, 1.0)
        self._dirty = False
        self.setAccessibleName(title)
        self.setProperty("role", "card")
        self._build_timer()
        self._build_view(show_steps)
        self._build_items()
        self._build_layout(title)
        self._connect_signals()
        self.restyle()

    # --- data ---

    def append(self, step: int, scalars: Mapping[str, float]) -> None:
        """Add a report; names that are not drawn here, and values that are not finite, are passed over."""
        for name, series in self._series.items():
            if name in scalars:
                series.append(step, scalars[name])
        self._schedule(self._pause_ms_after_append())

    def load(self, steps: Sequence[float] | np.ndarray, columns: Mapping[str, Sequence[float] | np.ndarray]) -> None:
        """Replace everything: ascending steps `[N]`, and by name values `[N]`, NaN where a report lacks one."""
        for name, series in self._series.items():
            if name in columns:
                series.load(steps, columns[name])
            else:
                series.clear()
        self._schedule()

    def cut(self, step: int) -> None:
        """Forget what lies behind `step`: a run went back to a checkpoint."""
        for series in self._series.values():
            series.cut(step)
        self._schedule()

    def clear(self) -> None:
        """Forget all points and reference lines, and show all steps to come."""
        for series in self._series.values():
            series.clear()
        self.set_reference_lines({})
        self.set_window(None)
        self._schedule()

    def names(self) -> tuple[str, ...]:
        """The scalars drawn here."""
        return tuple(self._series)

    def series(self, name: str) -> ScalarSeries:
        """The points of one line."""
        return self._series[name]

    # --- what is shown ---

    @property
    def window(self) -> Window | None:
        return self._window

    @Slot(object)
    def set_window(self, window: Window | None) -> None:
        """Show these steps only; None follows the whole run."""
        if window != self._window:
            self._window = window
            self._schedule()
            self.window_changed.emit(window)

    @property
    def cursor_step(self) -> float | None:
        return self._cursor

    def set_cursor(self, step: float | None) -> None:
        """Put the vertical line at a step."""
        self._cursor = step
        place(self._cursor_line, step)
        self._show_values()

    @Slot(object)
    def set_hover(self, step: float | None) -> None:
        """Read values off at a step without moving the cursor; None goes back to the cursor."""
        self._hover = step
        place(self._hover_line, step)
        self._show_values()

    def set_reference_lines(self, values: Mapping[str, float]) -> None:
        """Dashed level by scalar name; names that are not drawn here are passed over."""
        self._references.set(values, self._to_axis)
        self._label_references()
        self._schedule()

    @Slot(bool)
    def set_logarithmic(self, logarithmic: bool) -> None:
        """A logarithmic value axis leaves out what is not above zero."""
        self._value_axis.logarithmic = logarithmic
        self.log_button.setChecked(logarithmic)
        self._value_range = (0.0, 0.0)
        self.set_reference_lines(self._references.values)

    @Slot()
    def restyle(self) -> None:
        """Take the colours of the theme."""
        tokens = theme.colours()
        self._view.setBackground(QColor(tokens.surface))
        for axis in (self._value_axis, self._step_axis):
            axis.setPen(QColor(tokens.border))
            axis.setTextPen(QColor(tokens.muted))
        self._cursor_line.setPen(make_pen(QColor(tokens.text), 1))
        self._hover_line.setPen(make_pen(QColor(tokens.muted), 1, _DASHES))
        self._references.restyle()
        for line in self._lines:
            self._restyle_line(line)
        self._schedule()

    def readout(self, name: str) -> str:
        """The value shown for a line, as text."""
        return self.legend.value_text(name)

    @Slot()
    def redraw(self) -> None:
        """Draw now what is normally drawn within the next fifteenth of a second."""
        self._dirty = False
        first, last = self._visible_steps()
        drawn = [self._draw_line(line.name, first, last) for line in self._lines]
        self._value_range = steady_range(self._value_range, self._needed_range(drawn))
        self._box.setRange(xRange=(first, last), yRange=self._value_range, padding=0)
        self._show_values()
        # Left to the paint itself, the new ranges would move everything in the midst of it and cause a second one.
        self._box.prepareForPaint()

    # --- building ---

    def _build_timer(self) -> None:
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)

    def _build_view(self, show_steps: bool) -> None:
        self._box = ScrubViewBox()
        self._value_axis, self._step_axis = ValueAxis("left"), StepAxis("bottom")
        axes = {"left": self._value_axis, "bottom": self._step_axis}
        self._view = pg.PlotWidget(viewBox=self._box, axisItems=axes, enableMenu=False)
        self._view.hideButtons()
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setMinimumHeight(64)
        self._value_axis.setWidth(_AXIS_WIDTH)
        self._step_axis.setStyle(showValues=show_steps, tickLength=0)
        if not show_steps:
            self._step_axis.setTicks([])  # none are seen, and working them out takes its time
        self._value_axis.setStyle(tickLength=0, maxTickLevel=0)
        self._view.showGrid(x=False, y=True, alpha=0.18)

    def _build_items(self) -> None:
        self._references = ReferenceLines(self._lines, self._box)
        self._raw = {line.name: pg.PlotCurveItem() for line in self._lines}
        self._strong = {line.name: pg.PlotCurveItem(antialias=True) for line in self._lines}
        self._cursor_line, self._hover_line = pg.InfiniteLine(angle=90), pg.InfiniteLine(angle=90)
        for item in (*self._raw.values(), *self._strong.values(), self._cursor_line, self._hover_line):
            self._box.addItem(item, ignoreBounds=True)
        for line in (self._cursor_line, self._hover_line):
            line.setVisible(False)

    def _build_layout(self, title: str) -> None:
        self.legend = PlotLegend(title, self._lines)
        self.log_button = QToolButton()
        self.log_button.setText("log")
        self.log_button.setCheckable(True)
        self.log_button.setAutoRaise(True)
        self.log_button.setToolTip("Logarithmic axis")
        self.log_button.setAccessibleName(f"{title}: logarithmic axis")
        self.legend.add_widget(self.log_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACING.m, theme.SPACING.xs, theme.SPACING.s, theme.SPACING.xs)
        layout.setSpacing(2)
        layout.addWidget(self.legend)
        layout.addWidget(self._view, 1)

    def _connect_signals(self) -> None:
        self._timer.timeout.connect(self.redraw)
        self._box.scrubbed.connect(self._scrub)
        self._box.zoomed.connect(self._zoom)
        self._box.panned.connect(self._pan)
        self._box.reset.connect(self._show_all)
        scene: Any = self._view.scene()
        scene.sigMouseMoved.connect(self._hover_at)
        self.log_button.toggled.connect(self.set_logarithmic)
        theme.theme_changed.connect(self.restyle)

    # --- drawing ---

    def _schedule(self, pause_ms: int = _REDRAW_MS) -> None:
        self._dirty = True
        waits = self._timer.isActive() and self._timer.remainingTime() <= pause_ms
        if self.isVisible() and not waits:
            self._timer.start(pause_ms)

    def _pause_ms_after_append(self) -> int:
        """A new point that is a small part of a pixel can wait, so that a long run costs no more than a short one."""
        first, last = self._visible_steps()
        views = [series.between(first, last) for series in self._series.values()]
        points = max(view.stop - view.start for view in views)
        return round(_REDRAW_MS * min(max(1.0, points / self._pixels()), _MOST_PATIENCE))

    def _pixels(self) -> int:
        return max(50, int(self._box.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._label_references()
        self._schedule()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._dirty:
            self.redraw()

    def _all_steps(self) -> Window:
        ends = [series.steps[[0, -1]] for series in self._series.values() if len(series)]
        if not ends:
            return 0.0, 1.0
        first, last = min(end[0] for end in ends), max(end[1] for end in ends)
        return (float(first), float(last)) if last > first else (float(first), float(first) + 1.0)

    def _visible_steps(self) -> Window:
        return self._window or self._all_steps()

    def _draw_line(self, name: str, first: float, last: float) -> np.ndarray:
        """Draw one scalar between two steps; returns the values in view `[N]`, in axis units."""
        series = self._series[name]
        view = series.between(first, last)
        pixels = self._pixels()
        steps, raw = self._above_zero(series.steps[view], series.values[view])
        smooth_steps, smooth = self._above_zero(series.steps[view], series.smoothed[view])
        self._raw[name].setData(*peaks(steps, raw, pixels // 2))
        self._strong[name].setData(*thinned(smooth_steps, smooth, pixels // 2))
        return raw

    def _above_zero(self, steps: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not self._value_axis.logarithmic:
            return steps, values
        positive = values > _SMALLEST_POSITIVE
        return steps[positive], np.log10(values[positive])

    def _needed_range(self, drawn: Sequence[np.ndarray]) -> Window:
        return value_range(drawn, [self._to_axis(value) for value in self._references.values.values()])

    def _label_references(self) -> None:
        self._references.label(in_words=self.width() > _WIDE)

    def _to_axis(self, value: float) -> float:
        return float(np.log10(max(value, _SMALLEST_POSITIVE))) if self._value_axis.logarithmic else value

    def _show_values(self) -> None:
        step = self._hover if self._hover is not None else self._cursor
        for name, series in self._series.items():
            nearest = series.nearest(float("inf") if step is None else step)
            self.legend.set_value(name, None if nearest is None else float(series.smoothed[nearest]))

    def _restyle_line(self, line: PlotLine) -> None:
        colour = QColor(getattr(theme.colours(), line.role))
        faint = QColor(colour)
        faint.setAlpha(_RAW_ALPHA)
        self._raw[line.name].setPen(make_pen(faint, 1))
        self._strong[line.name].setPen(make_pen(colour, 2, _DASHES if line.dashed else ()))
        self.legend.set_colour(line.name, colour)

    # --- mouse ---

    @Slot(float)
    def _scrub(self, step: float) -> None:
        first, last = self._all_steps()
        self.scrubbed.emit(min(max(step, first), last))

    @Slot(float, float)
    def _zoom(self, factor: float, centre: float) -> None:
        self.set_window(narrowed(self._visible_steps(), self._all_steps(), factor, centre))

    @Slot(float)
    def _pan(self, distance: float) -> None:
        if self._window is not None:
            first, last = self._window
            start, end = self._all_steps()
            distance = min(max(distance, start - first), end - last)
            self.set_window((first + distance, last + distance))

    @Slot()
    def _show_all(self) -> None:
        self.set_window(None)

    @Slot(object)
    def _hover_at(self, place: QPointF) -> None:
        if self._box.sceneBoundingRect().contains(place):
            self.hovered.emit(self._box.mapSceneToView(place).x())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)
