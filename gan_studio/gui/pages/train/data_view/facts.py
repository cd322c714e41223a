"""What the pictures are like, in numbers and words: how classes are balanced, how sizes and shapes spread. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from gan_studio.gui.quantities import whole

Bars = tuple[tuple[str, int], ...]
_UNBALANCED = 3.0
_SIDES = (16, 32, 64, 128, 256, 512, 1024, 2048)
_SHAPES = ((0.0, "Very tall"), (0.5, "Tall"), (0.91, "About square"), (1.1, "Wide"), (2.0, "Very wide"))


def balance_warning(classes: Sequence[tuple[str, int]]) -> str:
    """Says so when some class has far more pictures than another; empty otherwise. Empty classes are left aside."""
    counts = sorted(((count, name) for name, count in classes if count), key=lambda one: one[0])
    if len(counts) < 2 or counts[-1][0] < _UNBALANCED * counts[0][0]:
        return ""
    (fewest, small), (most, large) = counts[0], counts[-1]
    times = f"{most / fewest:.0f}" if most / fewest >= 10 else f"{most / fewest:.1f}".removesuffix(".0")
    return (
        f"Unbalanced: {large} has {times} times as many pictures as {small} ({whole(most)} against {whole(fewest)}). "
        f"What is made will mostly look like {large}. Take some of those out, or add more of the others."
    )


def class_counts(classes: Sequence[tuple[str, int]], labels: np.ndarray, out: np.ndarray) -> Bars:
    """Pictures of each class that are not taken out."""
    kept = np.bincount(labels[~out & (labels >= 0)], minlength=len(classes)) if len(classes) else np.zeros(0, int)
    return tuple((name, int(kept[number])) for number, (name, _) in enumerate(classes))


def side_bars(sizes: np.ndarray) -> Bars:
    """How many pictures have a shorter side in which range, int64 `[N, 2]` in; ranges without pictures at both ends are
    left out."""
    places = np.searchsorted(_SIDES, sizes.min(axis=1), side="right") if len(sizes) else np.zeros(0, np.int64)
    labels = [f"below {_SIDES[0]} px", *(f"{low}–{high - 1} px" for low, high in pairwise(_SIDES))]
    labels.append(f"{whole(_SIDES[-1])} px and more")
    return _trimmed(labels, np.bincount(places, minlength=len(labels)))


def shape_bars(sizes: np.ndarray) -> Bars:
    """How many pictures are tall, square or wide."""
    if not len(sizes):
        return ()
    places = np.searchsorted([least for least, _ in _SHAPES], sizes[:, 0] / np.maximum(1, sizes[:, 1]), "right") - 1
    counts = np.bincount(places, minlength=len(_SHAPES))
    return tuple((name, int(count)) for (_, name), count in zip(_SHAPES, counts, strict=True) if count)


def sizes_in_words(sizes: np.ndarray) -> str:
    """ "All are 32 × 32 px." or the range they lie in."""
    if not len(sizes):
        return ""
    different = np.unique(sizes, axis=0)
    if len(different) == 1:
        return f"All are {different[0][0]} × {different[0][1]} px."
    by_area = different[np.lexsort((different[:, 0], different.prod(axis=1)))]
    small, large = by_area[0], by_area[-1]
    return f"{whole(len(different))} sizes, from {small[0]} × {small[1]} to {large[0]} × {large[1]} px."


def _trimmed(labels: Sequence[str], counts: np.ndarray) -> Bars:
    used = np.flatnonzero(counts)
    if not len(used):
        return ()
    return tuple((labels[place], int(counts[place])) for place in range(used[0], used[-1] + 1))
