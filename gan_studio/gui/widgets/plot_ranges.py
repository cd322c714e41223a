"""Which part of the axes a plot shows. Imports no Qt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_ENOUGH_POINTS = 2000
_OUTLIER_SHARE = 0.01
"""Share of the points at each end that need not fit: one spike must not flatten everything else."""
_AIR = 0.08
_SHRINK_BELOW = 0.6
_FEWEST_STEPS = 4.0

Window = tuple[float, float]


def value_range(drawn: Sequence[np.ndarray], references: Sequence[float]) -> Window:
    """Range that holds nearly all finite values `[N]` of every line, and the reference levels, with some air."""
    ends = [float(level) for level in references]
    for values in drawn:
        if len(values):
            some = np.sort(values[:: max(1, len(values) // _ENOUGH_POINTS)])  # ten times as fast as np.percentile
            outliers = round(_OUTLIER_SHARE * (len(some) - 1))
            ends.extend((float(some[outliers]), float(some[-1 - outliers])))
    if not ends:
        return 0.0, 1.0
    low, high = min(ends), max(ends)
    air = (high - low) * _AIR or max(abs(high) * _AIR, 0.05)
    return low - air, high + air


def steady_range(shown: Window, needed: Window) -> Window:
    """`shown` as long as it holds what is needed without wasting much room: an axis that trembles cannot be read."""
    fits = shown[0] <= needed[0] and needed[1] <= shown[1]
    roomy = (needed[1] - needed[0]) < _SHRINK_BELOW * (shown[1] - shown[0])
    if fits and not roomy:
        return shown
    return needed


def narrowed(shown: Window, whole: Window, factor: float, centre: float) -> Window | None:
    """`shown` with its width times `factor`, `centre` staying in place, inside `whole`; None when that is all of it."""
    first, last = (centre + (end - centre) * factor for end in shown)
    if last - first < _FEWEST_STEPS:
        return shown
    first, last = max(first, whole[0]), min(last, whole[1])
    return None if (first, last) == whole else (first, last)
