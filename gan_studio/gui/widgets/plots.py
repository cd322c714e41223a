"""A plot that follows a training: cheap with a million points, and drawn so seldom that the training hardly notices.

Every scalar is drawn twice, faint as it came and strong as its moving mean. Only what is in view is drawn, thinned
out to the width of the plot; so the cost of a redraw does not grow with the run (20,000 points in a width-2 pen
with antialiasing cost 356 ms when drawn whole).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QStackedLayout, QVBoxLayout, QWidget

from gan_studio.gui import theme
from gan_studio.gui.widgets.plot_curves import LineCurves
from gan_studio.gui.widgets.plot_legend import PlotLegend
from gan_studio.gui.widgets.plot_line import Look, PlotLine
from gan_studio.gui.widgets.plot_ranges import Window, steady_range, value_range
from gan_studio.gui.widgets.plot_view import PlotView
from gan_studio.gui.widgets.scalar_series import ScalarSeries
from gan_studio.gui.widgets.step_view import PAUSE_MS, StepView

__all__ = ["LivePlot", "PlotLine"]

_WIDE = 560
"""From this width on, reference lines are labelled in words."""
_MINIMISED_MS = 2000
Column = Sequence[float] | np.ndarray


class LivePlot(QFrame):
    """Scalars of a run over its steps.

    Drag with the left button: `scrubbed`. Wheel, middle drag and double click change which steps are in view.
    """

    scrubbed = Signal(float)
    """The user put the cursor at this step."""
    hidden_changed = Signal()
    """The user hid a line or showed it again."""
    logarithmic_changed = Signal(bool)
    menu_requested = Signal(QPoint)
    """A right click, at this place on the screen."""

    def __init__(
        self,
        title: str,
        lines: Sequence[PlotLine] = (),
        steps_view: StepView | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`steps_view` is shared by plots that move together; without one, the plot has its own."""
        super().__init__(parent)
        self.title = title
        self.steps_view = steps_view or StepView(self)
        self._curves: dict[str, LineCurves] = {}
        self._hidden: set[str] = set()
        self._look = Look()
        self._hints = ("Values appear here as soon as there are any.", "There are no such values.")
        self._compared = False
        self._value_range: Window = (0.0, 1.0)
        self._dirty = False
        self.setAccessibleName(title)
        self.setProperty("role", "card")
        self._view = PlotView()
        self._box, self._references = self._view.box, self._view.references
        self._build_layout(title)
        for line in lines:
            self.add_line(line)
        self._connect_signals()
        self.restyle()

    # --- lines and their points ---

    def add_line(self, line: PlotLine) -> None:
        """Draw one scalar more."""
        self._curves[line.name] = LineCurves(line, self._box)
        self._references.add_line(line)
        self.legend.add_line(line)
        self._show_hidden(line.name)

    def remove_line(self, name: str) -> None:
        """Draw one scalar less, and forget its points."""
        self._curves.pop(name).remove()
        self._references.remove_line(name)
        self.legend.remove_line(name)
        self._draw_soon()

    def append(self, step: int, scalars: Mapping[str, float]) -> None:
        """Add a report; names that are not drawn here, and values that are not finite, are passed over."""
        was_empty = self.empty
        for name, curves in self._curves.items():
            if name in scalars:
                curves.series.append(step, scalars[name])
        self.steps_view.include(step)
        if not self._dirty:  # else it is drawn soon anyway, or when it is shown
            # A first point is waited for; others can wait, because each redraw is taken from the training
            first = was_empty and not self.empty
            self._draw_soon(PAUSE_MS if first else self.steps_view.pause_ms())

    def load(self, steps: Column, columns: Mapping[str, Column]) -> None:
        """Replace everything: ascending steps `[N]`, and by name values `[N]`, NaN where a report lacks one."""
        for name, curves in self._curves.items():
            curves.series.load(*(steps, columns[name]) if name in columns else ((), ()))
        if len(steps):
            self.steps_view.include(float(steps[0]))
            self.steps_view.include(float(steps[-1]))
        self._draw_soon()

    def fill(self, steps: Column, columns: Mapping[str, Column], until: float) -> None:
        """Put these points, as `load` takes them, in the place of those up to the step `until`."""
        for name, curves in self._curves.items():
            if name in columns:
                curves.series.fill(steps, columns[name], until)
        self._draw_soon()

    def compare(self, steps: Column, columns: Mapping[str, Column]) -> None:
        """Draw another run behind this one; as `load` takes it."""
        self._compared = True
        for name, curves in self._curves.items():
            curves.other.load(*(steps, columns[name]) if name in columns else ((), ()))
        self._draw_soon()

    def clear_comparison(self) -> None:
        """Show one run only."""
        self._compared = False
        for curves in self._curves.values():
            curves.other.clear()
        self._draw_soon()

    def cut(self, step: int) -> None:
        """Forget what lies behind `step`: a run went back to a checkpoint."""
        for curves in self._curves.values():
            curves.series.cut(step)
        self.steps_view.cut(step)
        self._draw_soon()

    def clear(self) -> None:
        """Forget all points and reference lines, and what was zoomed to."""
        for curves in self._curves.values():
            curves.series.clear()
        self.set_reference_lines({})
        self.steps_view.clear()

    def names(self) -> tuple[str, ...]:
        """The scalars drawn here."""
        return tuple(self._curves)

    def series(self, name: str) -> ScalarSeries:
        """The points of one line."""
        return self._curves[name].series

    @property
    def empty(self) -> bool:
        """Whether no line has a point."""
        return not any(len(curves.series) or len(curves.other) for curves in self._curves.values())

    # --- what is shown ---

    @property
    def cursor_step(self) -> float | None:
        return self.steps_view.cursor

    @property
    def look(self) -> Look:
        return self._look

    def set_look(self, look: Look) -> None:
        self._look = look
        self._value_range = (0.0, 0.0)
        self._draw_soon()

    def hidden(self) -> frozenset[str]:
        """Lines that the user does not want to see."""
        return frozenset(self._hidden)

    def set_hidden(self, names: Collection[str]) -> None:
        """Hide these lines, also those that come later, and no others."""
        self._hidden = set(names)
        for name in self._curves:
            self._show_hidden(name)

    def set_reference_lines(self, values: Mapping[str, float]) -> None:
        """Dotted level by scalar name; names that are not drawn here are passed over."""
        self._references.set(values)
        self._draw_soon()

    def reference_lines(self) -> dict[str, float]:
        """The levels that are drawn, by scalar name."""
        return self._references.shown(self._hidden)

    @property
    def logarithmic(self) -> bool:
        return self._view.value_axis.logarithmic

    @Slot(bool)
    def set_logarithmic(self, logarithmic: bool) -> None:
        """A logarithmic value axis leaves out what is not above zero."""
        if logarithmic != self._view.value_axis.logarithmic:
            self._view.value_axis.logarithmic = logarithmic
            self._value_range = (0.0, 0.0)
            self.log_button.setChecked(logarithmic)
            self._draw_soon()
            self.logarithmic_changed.emit(logarithmic)

    def set_steps_shown(self, shown: bool) -> None:
        """Write steps under the plot; of plots under one another only the last needs them."""
        self._view.set_steps_shown(shown)

    def set_hints(self, waiting: str, absent: str) -> None:
        """What stands in the plot while nothing was reported yet, and when there is nothing for it in what was."""
        self._hints = (waiting, absent)

    @Slot()
    def restyle(self) -> None:
        """Take the colours of the theme."""
        self._view.restyle()
        for curves in self._curves.values():
            curves.restyle()
        self._draw_soon()

    def readout(self, name: str) -> str:
        """The value shown for a line, as text."""
        return self.legend.value_text(name)

    @Slot()
    def redraw(self) -> None:
        """Draw now what is normally drawn a little later."""
        self._dirty = False
        self._hint.setText(self._hints[0] if self.steps_view.empty else self._hints[1])
        self._pages.setCurrentWidget(self._hint if self.empty else self._view)
        visible, pixels = self.steps_view.visible(), self._view.pixels()
        shown = [curves for name, curves in self._curves.items() if name not in self._hidden]
        drawn = [part for curves in shown for part in curves.draw(visible, pixels, self._look, self._view.to_axes)]
        self._references.place(self._hidden, self._view.level, in_words=self.width() > _WIDE)
        levels = [self._view.level(value) for value in self.reference_lines().values()]
        self._value_range = steady_range(self._value_range, value_range(drawn, levels))
        self._view.set_ranges(visible, self._value_range)
        self.legend.set_present({name for name, curves in self._curves.items() if len(curves.series)})
        self._show_pointed()
        # Left to the paint itself, the new ranges would move everything in the midst of it and cause a second one.
        self._box.prepareForPaint()

    # --- building ---

    def _build_layout(self, title: str) -> None:
        self.legend = PlotLegend(title)
        self.log_button = self.legend.log_button
        self._hint = QLabel()
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setMinimumHeight(64)
        self._pages = QStackedLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACING.m, theme.SPACING.xs, theme.SPACING.s, theme.SPACING.xs)
        layout.setSpacing(2)
        layout.addWidget(self.legend)
        layout.addLayout(self._pages, 1)
        # Only now: a stacked layout shows its first page at once, as a window of its own while it has no parent
        self._pages.addWidget(self._hint)
        self._pages.addWidget(self._view)

    def _connect_signals(self) -> None:
        self.steps_view.moved.connect(self._draw_soon)
        self.steps_view.pointed.connect(self._show_pointed)
        self.steps_view.due.connect(self._draw_if_due)
        self.steps_view.turn.connect(self._draw_in_turn)
        self._box.scrubbed.connect(self._scrub)
        self._box.zoomed.connect(self.steps_view.zoom)
        self._box.panned.connect(self.steps_view.pan)
        self._box.reset.connect(self.steps_view.show_all)
        self._box.menu_requested.connect(self.menu_requested)
        scene: Any = self._view.scene()
        scene.sigMouseMoved.connect(self._hover_at)
        self.log_button.toggled.connect(self.set_logarithmic)
        self.legend.toggled.connect(self._toggle)
        theme.theme_changed.connect(self.restyle)

    # --- drawing ---

    @Slot()
    def _draw_soon(self, pause_ms: int = 0) -> None:
        """At once where the user changed something; a hidden plot waits until it is shown."""
        self._dirty = True
        if self.isVisible():
            self.steps_view.draw_within(pause_ms)

    @Slot()
    def _draw_if_due(self) -> None:
        if not self._dirty or not self.isVisible():
            return
        if self.window().isMinimized():
            self.steps_view.draw_within(_MINIMISED_MS)
        else:
            self.steps_view.ask_for_turn(self)

    @Slot(object)
    def _draw_in_turn(self, plot: object) -> None:
        if plot is self and self._dirty and self.isVisible():
            self.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw_soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._dirty:
            self.redraw()
        else:
            self._show_pointed()

    @Slot()
    def _show_pointed(self) -> None:
        """Cursor, mouse line, and the values there."""
        view = self.steps_view
        self._view.show_pointed(view.cursor, view.hover)
        step, visible = view.looked_at(), view.visible()
        for name, curves in self._curves.items():
            value = curves.value(step, visible, self._look)
            other = curves.other_value(step, visible, self._look) if self._compared else None
            self.legend.set_values(name, value, other, compared=self._compared)

    # --- what the user does ---

    @Slot(str, bool)
    def _toggle(self, name: str, shown: bool) -> None:
        if shown == (name in self._hidden):
            (self._hidden.discard if shown else self._hidden.add)(name)
            self._show_hidden(name)
            self.hidden_changed.emit()

    def _show_hidden(self, name: str) -> None:
        shown = name not in self._hidden
        self.legend.entries[name].setChecked(shown)
        self._curves[name].set_visible(shown)
        self._value_range = (0.0, 0.0)
        self._draw_soon()

    @Slot(float)
    def _scrub(self, step: float) -> None:
        first, last = self.steps_view.whole()
        self.scrubbed.emit(min(max(step, first), last))

    @Slot(object)
    def _hover_at(self, place: QPointF) -> None:
        step = self._view.step_at(place)
        if step is not None:
            known = [curves.nearest_step(step) for curves in self._curves.values()]
            steps = [one for one in known if one is not None]
            self.steps_view.set_hover(min(steps, key=lambda one: abs(one - step), default=None))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.steps_view.set_hover(None)
