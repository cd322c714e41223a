"""Reads the `metrics.jsonl` of a run that may be written meanwhile, also by another process. Imports no torch.

What was read is never read again: `MetricsLog` goes on where it stopped. A file of a million lines is shown by an
`overview` at once, and is read whole from its columns file (`metrics_index`) where somebody read it before.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from gan_studio.engine.files import open_plain
from gan_studio.engine.metrics_parse import parse
from gan_studio.engine.metrics_table import MetricsTable, joined

PART_BYTES = 512 * 1024
"""What is read at a time: some thousand lines, which take a few milliseconds."""
_MARK_BYTES = 256
_PROBES, _PROBE_BYTES, _PROBE_SECONDS = 1024, 4096, 0.3


@dataclass(frozen=True)
class MetricsPart:
    """What is new."""

    table: MetricsTable
    restarted: bool = False
    """The file was cut or replaced: what was read before counts no more, and all is read again from its beginning."""


class MetricsLog:
    """Follows one file. Keeps no rows, only where it stands."""

    def __init__(self, path: Path, offset: int = 0) -> None:
        """`offset` is behind a line that was read before."""
        self.path = path
        self.offset = 0
        """Bytes that were read, all of them whole lines."""
        self._mark = b""
        if offset:
            with suppress(OSError), open_plain(path) as file:
                self._move(offset, _before(file, offset))

    def read_more(self, most_bytes: int = PART_BYTES) -> MetricsPart | None:
        """The next whole lines; None where there are none, or the file cannot be read at the moment.

        A line that is being written is left for the next time. Call it until it returns None, then again when the file
        may have grown.
        """
        try:
            with open_plain(self.path) as file:
                return self._read(file, most_bytes)
        except OSError:
            return None

    def _read(self, file: IO[bytes], most_bytes: int) -> MetricsPart | None:
        restarted = _before(file, self.offset) != self._mark
        if restarted:
            self._move(0, b"")
        file.seek(self.offset)
        text = file.read(most_bytes)
        # A line of such a length is no report: what there is of it is passed over
        end = text.rfind(b"\n") + 1 or (len(text) if len(text) == most_bytes else 0)
        if not end and not restarted:
            return None
        self._move(self.offset + end, (self._mark + text[:end])[-_MARK_BYTES:])
        return MetricsPart(parse(text[:end]), restarted)

    def _move(self, offset: int, mark: bytes) -> None:
        self.offset, self._mark = offset, mark


def overview(path: Path) -> MetricsTable:
    """About a thousand reports spread over a file, its first and newest among them, within a third of a second.

    Places in the midst of others come later: a slow disk then costs detail, and no stretch of the run.
    """
    try:
        with open_plain(path) as file:
            return _overview(file)
    except OSError:
        return joined(())


def _overview(file: IO[bytes]) -> MetricsTable:
    size, until = file.seek(0, 2), time.monotonic() + _PROBE_SECONDS
    found = {0: _lines_at(file, 0), size: _lines_at(file, max(0, size - _PROBE_BYTES))}
    for share in _spread(_PROBES):
        if time.monotonic() > until:
            break
        place = int(share * size)
        found[place] = _lines_at(file, place)
    return joined(table for _, table in sorted(found.items())).ascending()


def _lines_at(file: IO[bytes], place: int) -> MetricsTable:
    """One report behind a place in a file; all there are in the last few."""
    file.seek(place)
    text = file.read(_PROBE_BYTES)
    start = text.find(b"\n") + 1 if place else 0
    last = len(text) < _PROBE_BYTES or file.read(1) == b""
    end = text.rfind(b"\n") if last else text.find(b"\n", start)
    return parse(text[start : end + 1])


def _spread(count: int) -> np.ndarray:
    """Numbers from 0 to 1, the first few evenly spread, and so on (van der Corput 1935); count is a power of two."""
    numbers, shares = np.arange(1, count), np.zeros(count - 1)
    for digit in range(1, count.bit_length()):
        shares += (numbers >> (digit - 1) & 1) / 2**digit
    return shares


def _before(file: IO[bytes], offset: int) -> bytes:
    """The bytes in front of a place; fewer where the file ends before."""
    start = max(0, offset - _MARK_BYTES)
    file.seek(start)
    return file.read(offset - start)
