"""How far the decoding of a cache has come, written down while it goes on, so that nothing is decoded twice.

`entries.bin` holds height and width of each picture as two int32, in the order of the report; zeros for one that was
left out. `left_out.jsonl` says why. Both are behind `pixels.bin`: what they speak of is on the disk. Imports no torch.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

PIXELS, ENTRIES, LEFT_OUT = "pixels.bin", "entries.bin", "left_out.jsonl"
SAVE_SECONDS = 2.0
"""So much work is lost at most."""


class Progress:
    """The three growing files of a cache that is being made."""

    def __init__(self, folder: Path, channels: int) -> None:
        """Goes on with what lies in the folder. Raises OSError."""
        self._channels = channels
        self.shapes, self.left_out = _sound(folder, channels)
        """Of the files dealt with before, int32 `[n, 2]`; number, printable name, reason, and whether that may pass."""
        _truncate(folder / PIXELS, pixel_bytes(self.shapes, channels))
        _truncate(folder / ENTRIES, self.shapes.nbytes)
        (folder / LEFT_OUT).write_bytes(b"".join(_line(one) for one in self.left_out))
        self._pixels = (folder / PIXELS).open("ab")
        self._entries = (folder / ENTRIES).open("ab")
        self._reasons = (folder / LEFT_OUT).open("ab")
        self._new: list[tuple[int, int]] = []
        self.done, self.kept = len(self.shapes), int((self.shapes[:, 0] > 0).sum())
        self._saved = time.monotonic()

    def add(self, pixels: np.ndarray) -> None:
        """The next picture, uint8 `[H, W, C]`. Raises OSError."""
        self._pixels.write(pixels.tobytes())
        self.kept += 1
        self._note(pixels.shape[0], pixels.shape[1])

    def leave_out(self, name: str, reason: str, passing: bool) -> None:
        """The next picture is none. Raises OSError."""
        self.left_out.append([self.done, name, reason, passing])
        self._reasons.write(_line(self.left_out[-1]))
        self._note(0, 0)

    def save(self) -> None:
        """Pixels first: nobody must be told of what a power cut may take. Raises OSError."""
        for file in (self._pixels, self._reasons):
            _sync(file)
        self._entries.write(np.array(self._new, "<i4").tobytes())
        _sync(self._entries)
        self._new, self._saved = [], time.monotonic()

    def close(self) -> None:
        """Without saving."""
        for file in (self._pixels, self._entries, self._reasons):
            file.close()

    def _note(self, height: int, width: int) -> None:
        self._new.append((height, width))
        self.done += 1
        if time.monotonic() - self._saved >= SAVE_SECONDS:
            self.save()


def read_shapes(folder: Path) -> np.ndarray:
    """Heights and widths, int32 `[n, 2]`, of the pictures dealt with. Raises OSError."""
    values = np.frombuffer((folder / ENTRIES).read_bytes(), np.uint8)
    return values[: len(values) // 8 * 8].view("<i4").reshape(-1, 2)


def pixel_bytes(shapes: np.ndarray, channels: int) -> int:
    """What pictures of these shapes take."""
    return int(shapes.astype(np.int64).prod(axis=1).sum()) * channels


def _sound(folder: Path, channels: int) -> tuple[np.ndarray, list[list[Any]]]:
    """As much of the beginning as all three files agree on."""
    try:
        shapes, size = read_shapes(folder), (folder / PIXELS).stat().st_size
        reasons = [json.loads(line) for line in (folder / LEFT_OUT).read_bytes().splitlines(keepends=True)]
    except (OSError, ValueError):
        return np.empty((0, 2), np.int32), []
    ends = np.cumsum(np.maximum(shapes, 0).astype(np.int64).prod(axis=1)) * channels
    whole = int(np.searchsorted(ends, size, side="right"))
    zeros = np.flatnonzero(shapes[:, 0] <= 0)
    known = [one for one in reasons if isinstance(one, list) and len(one) == 4]
    agreed = sum(1 for zero, one in zip(zeros.tolist(), known, strict=False) if zero == one[0])
    if agreed < len(zeros):
        whole = min(whole, int(zeros[agreed]))
    return shapes[:whole], [one for one in known[:agreed] if one[0] < whole]


def _truncate(path: Path, size: int) -> None:
    with path.open("ab") as file:
        file.truncate(size)


def _line(left_out: list[Any]) -> bytes:
    return json.dumps(left_out).encode() + b"\n"


def _sync(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())
