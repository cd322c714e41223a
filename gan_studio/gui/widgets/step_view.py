"""Which steps a group of plots shows, where its cursor and the mouse are, and when it is drawn anew.

New points wait for the clock, because every redraw takes time from the training that makes them: where both want the
same few cores, drawing gets a small share of the time. What the user does is drawn at once.
"""

from __future__ import annotations

import os
import time
from collections import deque

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gan_studio.gui.widgets.plot_ranges import Window, narrowed, within

PAUSE_MS = 400
"""From a new point to its being drawn, at least."""
LONGEST_PAUSE_MS = 2500
SHARE = 0.0075 * (os.cpu_count() or 1)
"""Of the GUI thread's time, for drawing new points: 1.5 % where there are two cores."""
TURN_MS = 40
"""From one plot's drawing to the next one's, so that events come in between."""
_LEAST_WIDTH = 1.0


class StepView(QObject):
    """Shared by plots that move together; `due` comes for all of them at once."""

    moved = Signal()
    """Other steps are in view."""
    pointed = Signal()
    """The cursor or the mouse is at another step."""
    due = Signal()
    """Time to draw what has changed; each plot asks for its turn then."""
    turn = Signal(object)
    """Whose turn it is to draw."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._own: Window | None = None
        self._other: Window | None = None
        self._window: Window | None = None
        self._newest: int | None = None
        self._cursor: float | None = None
        self._hover: float | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.due)
        self._queue: deque[object] = deque()
        self._round_began = 0.0
        self._round_seconds = 0.0
        """What the last round of drawing took of a processor."""
        self._turns = QTimer(self)
        self._turns.setSingleShot(True)
        self._turns.timeout.connect(self._give_turn)

    # --- which steps there are ---

    def include(self, step: float) -> None:
        """There is a point at this step."""
        first, last = self._own or (step, step)
        self._own = (min(first, step), max(last, step))

    def include_other(self, window: Window | None) -> None:
        """Steps of a run that is compared with, or None when there is none."""
        self._other = window
        self.moved.emit()

    def cut(self, step: float) -> None:
        """There is nothing any more behind this step."""
        if self._own:
            first, last = self._own
            self._own = (min(first, step), min(last, step))

    def clear(self) -> None:
        """There are no points; show all that are to come."""
        self._own = None
        self._set(None, self._newest)

    @property
    def empty(self) -> bool:
        """Whether no point was there yet."""
        return self._own is None

    @property
    def last(self) -> float | None:
        """The newest step of the run itself."""
        return self._own[1] if self._own else None

    def whole(self) -> Window:
        """All steps there are, of both runs."""
        ends = [window for window in (self._own, self._other) if window]
        if not ends:
            return 0.0, 1.0
        first, last = min(end[0] for end in ends), max(end[1] for end in ends)
        return first, max(last, first + _LEAST_WIDTH)

    # --- which are in view ---

    def visible(self) -> Window:
        """First and last step in view."""
        if self._window:
            return self._window
        whole = self.whole()
        if self._newest is None or self._own is None:
            return whole
        last = max(self._own[1], whole[0] + _LEAST_WIDTH)
        return max(whole[0], last - self._newest), last

    @property
    def window(self) -> Window | None:
        """Steps that were zoomed to; None otherwise."""
        return self._window

    @property
    def newest(self) -> int | None:
        """How many of the newest steps are followed; None for all."""
        return self._newest

    @Slot(object)
    def set_window(self, window: Window | None) -> None:
        """Show these steps and stay there; None goes back to what was followed before."""
        self._set(window, self._newest)

    @Slot(object)
    def follow(self, newest: int | None) -> None:
        """Show so many of the newest steps, or all."""
        self._set(None, newest)

    @Slot()
    def show_all(self) -> None:
        self.follow(None)

    def zoom(self, factor: float, centre: float) -> None:
        """Make the width of what is in view `factor` times as wide; `centre` stays in its place."""
        window = narrowed(self.visible(), self.whole(), factor, centre)
        if window is None:
            self.show_all()
        elif window != self.visible():
            self.set_window(window)

    def pan(self, distance: float) -> None:
        """Move what is in view by so many steps, as far as there are any."""
        if self.visible() != self.whole():
            self.set_window(within(self.visible(), self.whole(), distance))

    def _set(self, window: Window | None, newest: int | None) -> None:
        if (window, newest) != (self._window, self._newest):
            self._window, self._newest = window, newest
            self.moved.emit()

    # --- where one looks ---

    @property
    def cursor(self) -> float | None:
        return self._cursor

    @property
    def hover(self) -> float | None:
        return self._hover

    def looked_at(self) -> float | None:
        """The step whose values are read off: the mouse's, else the cursor's."""
        return self._cursor if self._hover is None else self._hover

    @Slot(object)
    def set_cursor(self, step: float | None) -> None:
        if step != self._cursor:
            self._cursor = step
            self.pointed.emit()

    @Slot(object)
    def set_hover(self, step: float | None) -> None:
        if step != self._hover:
            self._hover = step
            self.pointed.emit()

    # --- when to draw ---

    def pause_ms(self) -> int:
        """How long new points wait, so that drawing keeps to its share."""
        return round(min(max(PAUSE_MS, 1000 * self._round_seconds / SHARE), LONGEST_PAUSE_MS))

    def draw_within(self, pause_ms: int) -> None:
        """Let `due` come in so many milliseconds at the latest; 0 means as soon as the events at hand are done."""
        waits = self._timer.isActive() and self._timer.remainingTime() <= pause_ms
        if not waits:
            self._timer.start(pause_ms)

    def ask_for_turn(self, plot: object) -> None:
        """Let `turn` come for this plot: at once, or some time after the one before it has drawn.

        Drawn in one go, several plots would hold up the window; and on a busy machine, clocks of their own would ring
        together.
        """
        if plot not in self._queue:
            self._queue.append(plot)
        if not self._turns.isActive():
            self._round_began = time.thread_time()
            self._give_turn()

    @Slot()
    def _give_turn(self) -> None:
        if self._queue:
            self.turn.emit(self._queue.popleft())
            self._turns.start(TURN_MS)
        else:  # by now the last one is painted, too
            self._round_seconds = time.thread_time() - self._round_began
