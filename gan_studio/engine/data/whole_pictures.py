"""Pictures of their own sizes, one behind the other in one flat array, handed out as square crops. Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np


class WholePictures:
    """Stands where an array `[N, S, S, C]` of pictures stands: indexed by rows, it gives the middle crop of each."""

    def __init__(self, flat: np.ndarray, sizes: Sequence[tuple[int, int]], channels: int, side: int) -> None:
        """`flat` is uint8, mapped or in memory; `sizes` are heights and widths. Raises ValueError where they differ."""
        self._flat, self._sizes, self._channels = flat, np.array(sizes, np.int64).reshape(-1, 2), channels
        ends = list(accumulate(height * width * channels for height, width in sizes))
        if (ends[-1] if ends else 0) != flat.size:
            raise ValueError("the sizes do not match the pixels")
        self._starts = [0, *ends]
        self.side = side

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Of what indexing all rows would give."""
        return len(self._sizes), self.side, self.side, self._channels

    def __len__(self) -> int:
        return len(self._sizes)

    def whole(self, row: int) -> np.ndarray:
        """One picture at its own size, uint8 `[H, W, C]`, a view."""
        height, width = self._sizes[row]
        return self._flat[self._starts[row] : self._starts[row + 1]].reshape(height, width, self._channels)

    def __getitem__(self, rows: Any) -> np.ndarray:
        """Middle crops, uint8 `[n, S, S, C]`."""
        chosen = np.arange(len(self))[rows]
        half = np.full(np.shape(chosen), 0x7FFFFFFF_7FFFFFFF, np.uint64)
        return self.crops(chosen, half)

    def crops(self, rows: np.ndarray, places: np.ndarray) -> np.ndarray:
        """A crop of each row, uint8 `[n, S, S, C]`.

        Args:
            places: 64 bits a crop, uint64 `[n]`: how far down and how far right it lies, in shares of 2³² of the way.
        """
        made = np.empty((len(rows), *self.shape[1:]), np.uint8)
        for target, row, place in zip(made, rows.tolist(), places.tolist(), strict=True):
            height, width = self._sizes[row].tolist()
            top = (place >> 32) * (height - self.side + 1) >> 32
            left = (place & 0xFFFFFFFF) * (width - self.side + 1) >> 32
            target[:] = self.whole(row)[top : top + self.side, left : left + self.side]
        return made
