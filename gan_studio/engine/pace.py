"""When things are due by the clock. Imports no torch."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

MOST_SHARE = 0.05
"""Grids and checkpoints may take this share of the time at most."""
FIRST_GUESS_SECONDS = 1.0
"""What a measurement is taken to cost before the first one: it comes after 20 seconds of training then."""
THROUGHPUT_SECONDS = 3.0


class Clock:
    """Something that is due every so often: by steps where a number of steps is given, else by seconds.

    By seconds, the pace slows with the age of the run (to `age / most_in_a_run` seconds) and with the cost of the
    thing itself, so that neither a long run nor a slow disk drowns in it.
    """

    def __init__(self, seconds: float, steps: int = 0, most_in_a_run: int = 0) -> None:
        self._seconds, self._steps, self._most_in_a_run = seconds, steps, most_in_a_run
        self._last = time.monotonic()
        self._cost_seconds = 0.0

    def due(self, step: int, age_seconds: float) -> bool:
        if self._steps:
            return step % self._steps == 0
        pause = max(self._seconds, self._cost_seconds / MOST_SHARE)
        if self._most_in_a_run:
            pause = max(pause, age_seconds / self._most_in_a_run)
        return time.monotonic() - self._last >= pause

    def run(self, action: Callable[[], object]) -> None:
        """Do it, and remember when and how long it took."""
        start = time.monotonic()
        try:
            action()
        finally:
            self._last = time.monotonic()
            self._cost_seconds = self._last - start


class Budget:
    """Something at the end of a step that may take a share of the training time, its first time included.

    It is due by steps where a number of steps is given, whatever it costs then; else as soon as what it has taken so
    far, and what it took the last time once more, are within the share. Time that was left unused is not made up for:
    what it took the last time is within the share of the time since, too.
    """

    def __init__(self, steps: int = 0, share: float = MOST_SHARE) -> None:
        self._steps, self._share = steps, share
        self._begun: float | None = None
        self._last = 0.0
        """The age at which it was due last, or first asked for."""
        self.spent_seconds = 0.0
        self.cost_seconds = FIRST_GUESS_SECONDS
        """Of the last time; a guess before the first."""

    def due(self, step: int, age_seconds: float) -> bool:
        """`age_seconds` is the time spent training, this not counted."""
        if self._steps:
            return step % self._steps == 0
        if self._begun is None:
            self._begun = self._last = age_seconds
        in_all = self.spent_seconds + self.cost_seconds <= self._share * (age_seconds - self._begun)
        due = in_all and self.cost_seconds <= self._share * (age_seconds - self._last)
        if due:
            self._last = age_seconds
        return due

    def run(self, action: Callable[[], object]) -> None:
        """Do it, and remember how long it took."""
        start = time.monotonic()
        try:
            action()
        finally:
            self.cost_seconds = time.monotonic() - start
            self.spent_seconds += self.cost_seconds


class Throughput:
    """Images a second over the last few seconds of training."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def mark(self, seconds: float, images: int) -> float:
        """Note a point of the training and return the pace there."""
        self._marks.append((seconds, images))
        while len(self._marks) > 2 and seconds - self._marks[0][0] > THROUGHPUT_SECONDS:
            self._marks.popleft()
        span = seconds - self._marks[0][0]
        return (images - self._marks[0][1]) / span if span > 0 else 0.0

    def clear(self) -> None:
        self._marks.clear()
