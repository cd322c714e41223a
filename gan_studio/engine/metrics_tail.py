"""The reports that a trainer elsewhere appends to its metrics, one by one. Imports no torch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.limits import MOST_STEPS
from gan_studio.engine.metrics_log import MetricsLog
from gan_studio.engine.pace import Throughput

PIECE_BYTES = 128 * 1024
"""Read in one go, some hundred lines: a window that slept all night wakes up in several."""
MOST_SCALARS = 256
LONGEST_NAME = 100
MOST = 1e15
_PLACES = ("step", "images", "seconds")


@dataclass(frozen=True)
class MetricsLine:
    """One report of a run."""

    step: int
    images: int
    seconds: float
    scalars: dict[str, float]
    images_per_second: float
    after_a_cut: bool = False
    """The lines before it that lie behind its step are gone from the file: the run is trained again from there."""


class MetricsTail:
    """What was appended since the last reading."""

    def __init__(self, path: Path, offset: int = 0, last_step: int = -1) -> None:
        """Lines before `offset` are known, and those behind it up to `last_step`."""
        self._log = MetricsLog(path, offset)
        self._known = last_step
        self._throughput = Throughput()
        self._was_cut = False
        self.last_step = last_step
        self.more = False
        """Whether there was more than fitted into the last reading."""

    def start_again(self, step: int) -> None:
        """The file was cut behind this step, and goes on anew."""
        self._log = MetricsLog(self._log.path)
        self._known = self.last_step = step
        self._throughput.clear()

    def read(self) -> Iterator[MetricsLine]:
        """The new reports, at most a piece of them."""
        part = self._log.read_more(PIECE_BYTES)
        self.more = part is not None and self._size() > self._log.offset
        if part is None:
            return
        if part.restarted:  # what is left of it was read before: its end is where it goes on
            self._log = MetricsLog(self._log.path, self._size())
            self._known, self._was_cut, self.more = -1, True, False
            return
        for number in range(len(part.table)):
            values = part.table.row(number)
            if 0 <= values["step"] <= MOST_STEPS and values["step"] > self._known:
                yield self._line(values)

    def _line(self, values: dict[str, float]) -> MetricsLine:
        step, images, seconds = int(values["step"]), int(values.get("images", 0)), float(values.get("seconds", 0))
        cut = self._was_cut or step < self.last_step
        if cut:
            self._throughput.clear()
        self._was_cut, self._known, self.last_step = False, -1, step
        return MetricsLine(step, images, seconds, _scalars(values), self._throughput.mark(seconds, images), cut)

    def _size(self) -> int:
        with suppress(OSError):
            return self._log.path.stat().st_size
        return self._log.offset


def _scalars(values: dict[str, float]) -> dict[str, float]:
    """What can be plotted: finite numbers under names of a sane length, and not too many."""
    named = ((name, float(value)) for name, value in values.items() if name not in _PLACES)
    kept = [(name, value) for name, value in named if len(name) <= LONGEST_NAME and abs(value) <= MOST]
    return dict(kept[:MOST_SCALARS])
