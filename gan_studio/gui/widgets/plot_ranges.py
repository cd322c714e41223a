"""Which part of the axes a plot shows. Imports no Qt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

ENOUGH_POINTS = 2000
"""Of so many evenly spread values the range is as good as that of all."""
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
            some = np.sort(values[:: max(1, len(values) // ENOUGH_POINTS)])  # ten times as fast as np.percentile
            outliers = round(_OUTLIER_SHARE * (len(some) - 1))
            ends.extend((float(some[outliers]), float(some[-1 - outliers])))
    if not ends:
        return 0.0, 1.0
    low, high = min(ends), max(ends)
    # A constant stands in the middle of a range of its own size: a learning rate of 0.0002 is not on the ground.
    air = (high - low) * _AIR or abs(high) * _AIR or 0.05
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


def within(shown: Window, whole: Window, distance: float) -> Window:
    """`shown`, moved by `distance`, but not beyond `whole`."""
    distance = min(max(distance, whole[0] - shown[0]), whole[1] - shown[1])
    return shown[0] + distance, shown[1] + distance


def decades(low: float, high: float) -> list[float] | None:
    """Places of ticks on a logarithmic axis from 10**low to 10**high; None where it is too short for such ticks.

    Powers of ten where there are several (every second or third where there are many), else also 2 and 5 times them.
    """
    first, last = int(np.ceil(low)), int(np.floor(high))
    if last - first >= 2:
        stride = (last - first) // 4 + 1
        return [float(power) for power in range(first, last + 1, stride)]
    finer = [power + float(np.log10(times)) for power in range(first - 1, last + 1) for times in (1, 2, 5)]
    inside = [place for place in finer if low <= place <= high]
    return inside if len(inside) >= 2 else None
