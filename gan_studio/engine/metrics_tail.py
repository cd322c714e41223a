"""Reads on in a `metrics.jsonl` that somebody else appends to: what was read once is never read again. No torch."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_studio.engine.pace import Throughput

PIECE_BYTES = 256 * 1024
"""Read in one go, some hundred lines: a night's worth comes in several."""
LONGEST_LINE = 64 * 1024
MOST_SCALARS = 256
LONGEST_NAME = 100
MOST = 10**15
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
    """Each whole line that was appended since the last reading. Neither a torn line nor a foreign one does harm."""

    def __init__(self, path: Path, offset: int = 0, last_step: int = -1) -> None:
        """Lines before `offset` are known, and those behind it up to `last_step`."""
        self._path, self._offset, self._known = path, offset, last_step
        self._throughput = Throughput()
        self._rest = b""
        self._was_cut = False
        self.last_step = last_step
        self.more = False
        """Whether there was more than fitted into the last reading."""

    def start_again(self, step: int) -> None:
        """The file was cut behind this step, and goes on anew."""
        self._offset, self._rest = 0, b""
        self._known = self.last_step = step
        self._throughput.clear()

    def read(self) -> Iterator[MetricsLine]:
        for line in self._whole_lines(self._piece()):
            values = _parsed(line)
            if values is not None and values["step"] > self._known:
                yield self._line(values)

    def _piece(self) -> bytes:
        """What is new, a bounded part of it. The file is opened anew: only then a network file system looks anew."""
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, 2)
                if size < self._offset:
                    self._offset, self._rest, self._known, self._was_cut = size, b"", -1, True
                file.seek(self._offset)
                piece = file.read(PIECE_BYTES)
        except OSError:
            piece, size = b"", self._offset
        self._offset += len(piece)
        self.more = self._offset < size
        return piece

    def _whole_lines(self, piece: bytes) -> list[bytes]:
        *lines, rest = (self._rest + piece).split(b"\n")
        self._rest = rest if len(rest) <= LONGEST_LINE else b""
        return lines

    def _line(self, values: dict[str, Any]) -> MetricsLine:
        step, images, seconds = values["step"], int(values.get("images", 0)), float(values.get("seconds", 0.0))
        cut = self._was_cut or step < self.last_step
        if cut:
            self._throughput.clear()
        self._was_cut, self._known, self.last_step = False, -1, step
        scalars = {name: float(value) for name, value in values.items() if name not in _PLACES}
        return MetricsLine(step, images, seconds, scalars, self._throughput.mark(seconds, images), cut)


def _parsed(line: bytes) -> dict[str, Any] | None:
    """A line's numbers; None for what is no report. Values that are no finite number are left out."""
    if len(line) > LONGEST_LINE:
        return None
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or len(values) > MOST_SCALARS:
        return None
    numbers = {name: value for name, value in values.items() if len(name) <= LONGEST_NAME and _is_number(value)}
    step = numbers.get("step")
    return numbers if type(step) is int and step >= 0 else None


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) <= MOST and math.isfinite(value)
