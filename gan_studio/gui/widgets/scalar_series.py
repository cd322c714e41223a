"""A scalar over the steps of a run, kept ready for drawing. Imports no Qt.

Adding a point costs the same however long the run is. What is drawn comes from summaries of whole blocks of points
where many of them share a pixel, so that a million points cost little more than a thousand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

BLOCK = 64
"""Points that are summed up together."""
_FEW_BLOCKS = 4
"""From so many blocks in a pixel on, their summaries stand for the points."""
MOST_POINTS = 2**18
"""From so many points on, the older half is thinned out: memory stays what it is, however long a run is watched."""
_GROUP, _KEPT = 8, 4
"""Of so many neighbours so many stay, when points are thinned out."""
_MIDDLE_PAIRS = np.array([(one, other) for one in range(1, _GROUP - 1) for other in range(one + 1, _GROUP - 1)])
_GREATEST = 1e30
"""Values beyond are drawn as this: sums of anything greater could be infinite, and no axis can show it."""


class ScalarSeries:
    """Growing arrays of steps (ascending) and finite values; NaN and infinities never get in."""

    def __init__(self) -> None:
        self.clear()

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

    # --- filling ---

    def append(self, step: float, value: float) -> bool:
        """Add a point; a step that was there already is replaced, with all after it. False if `value` is not finite."""
        if not math.isfinite(value):
            return False
        if self._count and step <= self._steps[self._count - 1]:
            self.cut(step, inclusive=True)
        while self._count >= MOST_POINTS:
            self._thin()
        if self._count + 1 >= len(self._steps):
            room = max(1024, 2 * self._count)
            self._steps, self._values = np.resize(self._steps, room), np.resize(self._values, room)
        self._steps[self._count] = step
        self._values[self._count] = min(max(value, -_GREATEST), _GREATEST)
        self._count += 1
        return True

    def load(self, steps: Sequence[float] | np.ndarray, values: Sequence[float] | np.ndarray) -> None:
        """Replace everything. Steps must ascend; points whose value is not finite are left out."""
        steps, values = np.asarray(steps, dtype=float), np.asarray(values, dtype=float)
        finite = np.isfinite(values)
        self.clear()
        self._count = int(finite.sum())
        # One place more than there are points: `np.add.reduceat` wants every end to be a place.
        self._steps = np.append(steps[finite], 0.0)
        self._values = np.append(np.clip(values[finite], -_GREATEST, _GREATEST), 0.0)

    def fill(self, steps: Sequence[float] | np.ndarray, values: Sequence[float] | np.ndarray, until: float) -> None:
        """Put these points, up to the step `until`, in the place of those up to there; later ones stay."""
        steps, values = np.asarray(steps, dtype=float), np.asarray(values, dtype=float)
        known, later = int(np.searchsorted(steps, until, side="right")), self.steps > until
        self.load(
            np.concatenate([steps[:known], self.steps[later]]), np.concatenate([values[:known], self.values[later]])
        )

    def cut(self, step: float, *, inclusive: bool = False) -> None:
        """Forget what lies behind `step`, and with `inclusive` the point at `step` itself."""
        self._count = int(np.searchsorted(self.steps, step, side="left" if inclusive else "right"))
        self._blocks = self._blocks[:, : self._count // BLOCK]

    def clear(self) -> None:
        self._steps, self._values = np.zeros(1024), np.zeros(1024)
        self._count = 0
        self._blocks = np.empty((3, 0))
        """Least, greatest and sum of each whole block, `[3, N // BLOCK]`, as far as they were needed."""

    # --- reading ---

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

    def sample(self, view: slice, count: int) -> np.ndarray:
        """At most about `count` values of a view, evenly spread; float64 `[M]`."""
        return self._values[view][:: max(1, (view.stop - view.start) // max(1, count))]

    def peaks(self, view: slice, buckets: int) -> tuple[np.ndarray, np.ndarray]:
        """Steps and values of a view, thinned out to about `2 * buckets` points that keep every peak."""
        steps, values = self._steps[view], self._values[view]
        blocks_each = (view.stop - view.start) // max(1, buckets) // BLOCK
        if blocks_each < _FEW_BLOCKS:
            return peaks(steps, values, buckets)
        first = -(-view.start // BLOCK)
        groups = (view.stop // BLOCK - first) // blocks_each
        chosen = self._whole_blocks()[:2, first : first + groups * blocks_each].reshape(2, groups, blocks_each)
        extremes = np.stack([chosen[0].min(axis=1), chosen[1].max(axis=1)], axis=1).ravel()
        start, size = first * BLOCK, blocks_each * BLOCK
        places = self._steps[start : start + groups * size : size // 2]
        head, tail = slice(view.start, start), slice(start + groups * size, view.stop)
        ends = [peaks(self._steps[end], self._values[end], 2) for end in (head, tail)]
        parts = (ends[0], (places, extremes), ends[1])
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    def smooth(self, view: slice, count: int, width: int) -> tuple[np.ndarray, np.ndarray]:
        """About `count` evenly spaced steps of a view, its last among them, and means over `width` points there."""
        stride = max(1, (view.stop - view.start) // max(1, count))
        places = np.arange(view.start + (view.stop - view.start - 1) % stride, view.stop, stride)
        return self._steps[places], self.means(places, width)

    def means(self, places: np.ndarray, width: int) -> np.ndarray:
        """Means over `width` points around each of these indices, cut off at the ends; float64 `[M]`.

        A mean over many blocks counts whole blocks only: nobody sees what that moves.
        """
        first = np.maximum(places - width // 2, 0)
        last = np.minimum(places + width // 2 + 1, self._count)
        if width < 2 * _FEW_BLOCKS * BLOCK:
            return _sums(self._values, first, last) / (last - first)
        sums = self._whole_blocks()[2]
        first, last = first // BLOCK, np.minimum(-(-last // BLOCK), len(sums))
        first = np.minimum(first, last - 1)
        return _sums(np.append(sums, 0.0), first, last) / ((last - first) * BLOCK)

    def _thin(self) -> None:
        """Half of the points of the older half go; least and greatest of each few stay, and nearly their mean."""
        old = self._count // 2 // _GROUP * _GROUP
        kept = _representatives(self._values[:old].reshape(-1, _GROUP)) + np.arange(0, old, _GROUP)[:, None]
        places = np.concatenate([kept.ravel(), np.arange(old, self._count)])
        self._steps, self._values = np.append(self._steps[places], 0.0), np.append(self._values[places], 0.0)
        self._count = len(places)
        self._blocks = np.empty((3, 0))

    def _whole_blocks(self) -> np.ndarray:
        known, whole = self._blocks.shape[1], self._count // BLOCK
        if whole > known:
            new = self._values[known * BLOCK : whole * BLOCK].reshape(-1, BLOCK)
            summed_up = np.stack([new.min(axis=1), new.max(axis=1), new.sum(axis=1)])
            self._blocks = np.concatenate([self._blocks, summed_up], axis=1)
        return self._blocks


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


def _representatives(groups: np.ndarray) -> np.ndarray:
    """Which values of each row `[N, _GROUP]` stand for it, ascending `[N, _KEPT]`.

    Least, greatest, and the two others with which the mean comes nearest to that of all: a series of extremes alone
    would be smoothed to the middle between them.
    """
    order = np.argsort(groups, axis=1, kind="stable")
    ranked = np.take_along_axis(groups, order, axis=1)
    wanted = ranked.mean(axis=1) * _KEPT - ranked[:, 0] - ranked[:, -1]
    pairs = ranked[:, _MIDDLE_PAIRS].sum(axis=2)
    middle = _MIDDLE_PAIRS[np.abs(pairs - wanted[:, None]).argmin(axis=1)]
    ends = np.broadcast_to([0, _GROUP - 1], middle.shape)
    return np.sort(np.take_along_axis(order, np.concatenate([ends, middle], axis=1), axis=1), axis=1)


def _sums(values: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Sum of `values[first[i]:last[i]]` for each i; no end may lie beyond the last place of `values`.

    Each window is added up by itself: differences of running sums would lose everything behind one huge value.
    """
    return np.add.reduceat(values, np.stack([first, last], axis=1).ravel())[::2]
