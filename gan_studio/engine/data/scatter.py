"""Pictures of points in the plane: a field behind, faint and strong points upon it. Imports no torch."""

from __future__ import annotations

import numpy as np

PAPER = (250, 250, 252)
FAINT, STRONG, MARKED = (120, 132, 150), (214, 84, 20), (20, 20, 24)
LOW, HIGH = (252, 226, 214), (216, 230, 250)
"""The field's colours: what is taken for made, and for real."""
_FAINT_SHARE, _STRONG_SHARE = 0.3, 0.55
_MARK_SHARE = 1 / 48
"""Radius of the marked point, as a share of the picture's side."""


class Scatter:
    """A square picture of the plane from -extent to extent, y upwards."""

    def __init__(self, size: int, extent: float) -> None:
        self._size, self._extent = size, extent
        self._canvas = np.broadcast_to(np.array(PAPER, np.float32), (size, size, 3)).copy()

    def field(self, values: np.ndarray) -> None:
        """Values in [0, 1] `[K, K]`, the first row at the top, as the background."""
        rows = np.arange(self._size) * len(values) // self._size
        shares = values[rows][:, rows][..., None]
        self._canvas[:] = (1 - shares) * np.array(LOW) + shares * np.array(HIGH)

    def faint(self, points: np.ndarray) -> None:
        """Points `[N, 2]` to compare with: the real ones."""
        self._splat(points, FAINT, _FAINT_SHARE, self._size / 512)

    def strong(self, points: np.ndarray) -> None:
        """The points `[N, 2]` that are looked at: the samples."""
        self._splat(points, STRONG, _STRONG_SHARE, self._size / 256)

    def pixels(self, mark: np.ndarray | None = None) -> np.ndarray:
        """uint8 `[size, size, 3]`, with one point `[2]` marked; what was drawn stays to be drawn upon."""
        canvas = self._canvas
        if mark is not None:
            canvas = canvas.copy()
            radius = max(1.0, self._size * _MARK_SHARE)
            for colour, share in ((MARKED, 1.0), (PAPER, 0.72), (STRONG, 0.5)):
                canvas[self._disc(mark, radius * share)] = colour
        return canvas.round().astype(np.uint8)

    def _splat(self, points: np.ndarray, colour: tuple[int, int, int], share: float, radius: float) -> None:
        """Each point covers a share of what is below it; many cover nearly all."""
        columns, rows = self._pixel(points).T
        inside = (columns >= 0) & (rows >= 0) & (columns < self._size) & (rows < self._size)
        counts = np.bincount(rows[inside] * self._size + columns[inside], minlength=self._size**2)
        cover = 1 - (1 - share) ** _spread(counts.reshape(self._size, self._size), radius)[..., None]
        self._canvas += cover * (np.array(colour, np.float32) - self._canvas)

    def _disc(self, point: np.ndarray, radius: float) -> np.ndarray:
        """Which pixels lie within so many of a point, bool `[size, size]`."""
        column, row = self._pixel(point[None])[0]
        rows, columns = np.ogrid[: self._size, : self._size]
        return (columns - column) ** 2 + (rows - row) ** 2 <= radius**2

    def _pixel(self, points: np.ndarray) -> np.ndarray:
        """Column and row of each point, int64 `[N, 2]`; far outside where a point is no number."""
        places = np.nan_to_num(points, nan=1e6, posinf=1e6, neginf=-1e6) * (1, -1)
        places = np.floor((places + self._extent) * (self._size / (2 * self._extent)))
        return places.clip(-1e6, 1e6).astype(np.int64)


def _spread(counts: np.ndarray, radius: float) -> np.ndarray:
    """Each pixel's count added to its neighbours' within the radius."""
    reach = int(radius)
    if not reach:
        return counts
    padded, total = np.pad(counts, reach), np.zeros_like(counts)
    size = len(counts)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            if down**2 + right**2 <= radius**2:
                total = total + padded[reach + down :, reach + right :][:size, :size]
    return total
