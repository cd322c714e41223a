"""A scalar over the steps of a run, kept ready for drawing. Imports no Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

_SHORTEST_WINDOW = 15
_WINDOWS_IN_A_SERIES = 60


class ScalarSeries:
    """Growing arrays of steps (ascending) and finite values; NaN and infinities never get in."""

    def __init__(self) -> None:
        self._steps = np.empty(1024)
        self._values = np.empty(1024)
        self._count = 0
        self._smoothed: np.ndarray | None = None

    def __len__(self) -> int:
        return self._count

    @property
    def steps(self) -> np.ndarray:
        """float64 `[N]`, a view."""
        return self._steps[: self._count]

    @property
    def values(self) -> np.ndarray:
        """float64 `[N]`, a view."""
        return self._values[: self._count]

    @property
    def smoothed(self) -> np.ndarray:
        """float64 `[N]`: the mean over a window around each point, wider as the series grows longer."""
        if self._smoothed is None:
            self._smoothed = _moving_mean(self.values, max(_SHORTEST_WINDOW, self._count // _WINDOWS_IN_A_SERIES))
        return self._smoothed

    def append(self, step: float, value: float) -> bool:
        """Add a point; a step that was there already is replaced, with all after it. False if `value` is not finite."""
        if not math.isfinite(value):
            return False
        if self._count and step <= self._steps[self._count - 1]:
            self.cut(step, inclusive=True)
        if self._count == len(self._steps):
            room = max(1024, 2 * self._count)
            self._steps, self._values = np.resize(self._steps, room), np.resize(self._values, room)
        self._steps[self._count] = step
        self._values[self._count] = value
        self._count += 1
        self._smoothed = None
        return True

    def load(self, steps: Sequence[float] | np.ndarray, values: Sequence[float] | np.ndarray) -> None:
        """Replace everything. Steps must ascend; points whose value is not finite are left out."""
        steps, values = np.asarray(steps, dtype=float), np.asarray(values, dtype=float)
        finite = np.isfinite(values)
        self._steps, self._values = steps[finite], values[finite]
        self._count = int(finite.sum())
        self._smoothed = None

    def cut(self, step: float, *, inclusive: bool = False) -> None:
        """Forget what lies behind `step`, and with `inclusive` the point at `step` itself."""
        self._count = int(np.searchsorted(self.steps, step, side="left" if inclusive else "right"))
        self._smoothed = None

    def clear(self) -> None:
        self._count = 0
        self._smoothed = None

    def nearest(self, step: float) -> int | None:
        """Index of the point nearest to `step`; None when there is no point."""
        if not self._count:
            return None
        right = int(np.searchsorted(self.steps, step))
        if right == 0 or right == self._count:
            return min(right, self._count - 1)
        return right if self._steps[right] - step < step - self._steps[right - 1] else right - 1

    def between(self, first: float, last: float) -> slice:
        """Indices of the points from `first` to `last`, with a neighbour on each side, so that lines reach the edge."""
        start = int(np.searchsorted(self.steps, first)) - 1
        stop = int(np.searchsorted(self.steps, last, side="right")) + 1
        return slice(max(0, start), min(self._count, stop))


def peaks(steps: np.ndarray, values: np.ndarray, buckets: int) -> tuple[np.ndarray, np.ndarray]:
    """Thin a series out to about `2 * buckets` points that keep every peak: least and greatest of each bucket."""
    size = len(values) // max(1, buckets)
    if size < 3:
        return steps, values
    whole = len(values) // size * size
    grouped = values[:whole].reshape(-1, size)
    extremes = np.stack([grouped.min(axis=1), grouped.max(axis=1)], axis=1).ravel()
    places = np.stack([steps[:whole:size], steps[size // 2 : whole : size]], axis=1).ravel()
    return np.concatenate([places, steps[whole:]]), np.concatenate([extremes, values[whole:]])


def thinned(steps: np.ndarray, values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """About `count` evenly spaced points of a smooth series, the last one always among them."""
    stride = max(1, len(values) // max(1, count))
    if stride == 1:
        return steps, values
    start = (len(values) - 1) % stride
    return steps[start::stride], values[start::stride]


def _moving_mean(values: np.ndarray, window: int) -> np.ndarray:
    """Mean over `window` points around each, cut off at the ends; float64 `[N]`."""
    if len(values) == 0:
        return values
    sums = np.concatenate([[0.0], np.cumsum(values)])
    places = np.arange(len(values))
    first = np.maximum(places - window // 2, 0)
    last = np.minimum(places + window // 2 + 1, len(values))
    return (sums[last] - sums[first]) / (last - first)
