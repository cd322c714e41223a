"""Which numbers of the latents a search is for: `37`, `z 37`, `0-15`, `changed`, or several with commas between."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

CHANGED = "changed"
_RANGE = re.compile(r"(?:(?P<name>[^\W\d][\w.]*?)\s*)?(?:(?P<first>\d{1,9})\s*(?:[-–]\s*(?P<last>\d{1,9}))?)?")


def matching(text: str, names: Sequence[str], numbers: np.ndarray, changed: np.ndarray) -> np.ndarray:
    """Indices, in order, of what a search finds.

    Args:
        names: of the latent that each number belongs to.
        numbers: which of its latent's numbers each is, int `[N]`.
        changed: whether each left its baseline, bool `[N]`.
    """
    parts = [part.strip().casefold() for part in text.split(",") if part.strip()]
    if not parts:
        return np.arange(len(numbers))
    found = np.zeros(len(numbers), bool)
    folded = np.array([name.casefold() for name in names])
    for part in parts:
        found |= changed if part == CHANGED[: max(2, len(part))] else _of_range(part, folded, numbers)
    return np.flatnonzero(found)


def _of_range(part: str, names: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    if part in names:
        return names == part
    match = _RANGE.fullmatch(part)
    if match is None:
        return np.zeros(len(numbers), bool)
    found = np.ones(len(numbers), bool)
    if match["name"]:
        found &= names == match["name"]
    if match["first"]:
        first, last = int(match["first"]), int(match["last"] or match["first"])
        found &= (numbers >= min(first, last)) & (numbers <= max(first, last))
    return found
