"""Pictures of their own sizes, one behind the other in one flat array, handed out as square crops. Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

_HALF_WAY = 0x7FFFFFFF_7FFFFFFF


class WholePictures:
    """Any number of pictures, known by their rows."""

    def __init__(self, flat: np.ndarray, sizes: Sequence[tuple[int, int]], channels: int, side: int) -> None:
        """`flat` is uint8, mapped or in memory; `sizes` are heights and widths. Raises ValueError where they differ."""
        self._flat, self._sizes, self._channels = flat, np.array(sizes, np.int64).reshape(-1, 2), channels
        ends = list(accumulate(height * width * channels for height, width in sizes))
        if (ends[-1] if ends else 0) != flat.size:
            raise ValueError("the sizes do not match the pixels")
        self._starts = [0, *ends]
        self._side = side

    def __len__(self) -> int:
        return len(self._sizes)

    def whole(self, row: int) -> np.ndarray:
        """One picture at its own size, uint8 `[H, W, C]`, a view."""
        height, width = self._sizes[row]
        return self._flat[self._starts[row] : self._starts[row + 1]].reshape(height, width, self._channels)

    def middles(self, rows: np.ndarray) -> np.ndarray:
        """The middle crop of each row, uint8 `[n, S, S, C]`."""
        return self.crops(rows, np.full(len(rows), _HALF_WAY, np.uint64))

    def crops(self, rows: np.ndarray, places: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """A crop of each row, uint8 `[n, S, S, C]`.

        Args:
            places: 64 bits a crop, uint64 `[n]`: how far down and how far right it lies, in shares of 2³² of the way.
            out: uint8 `[n, S, S, C]`, where they are written; new where there is none.
        """
        made = np.empty((len(rows), self._side, self._side, self._channels), np.uint8) if out is None else out
        for target, row, place in zip(made, rows.tolist(), places.tolist(), strict=True):
            height, width = self._sizes[row].tolist()
            top = (place >> 32) * (height - self._side + 1) >> 32
            left = (place & 0xFFFFFFFF) * (width - self._side + 1) >> 32
            target[:] = self.whole(row)[top : top + self._side, left : left + self._side]
        return made
