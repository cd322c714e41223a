"""What a line of a plot is called and looks like. Imports no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Smoothing = Literal["none", "light", "medium", "strong"]
SMOOTHINGS: tuple[Smoothing, ...] = ("none", "light", "medium", "strong")
_FEWEST_WIDTHS = 4
"""So many means beside one another are in view at least, once there are points for them."""
_SHARES: dict[Smoothing, tuple[int, int]] = {"none": (0, 0), "light": (150, 5), "medium": (60, 15), "strong": (20, 45)}
"""A mean is taken over the points in view by the first number, and over the second number of points at least."""

Pattern = tuple[float, ...]
"""Lengths of strokes and gaps in pixels, by turns; empty for a line without gaps."""
DASHED: Pattern = (6, 4)
PATTERNS: tuple[Pattern, ...] = ((), DASHED, (10, 4, 2, 4), (3, 3))
COMPARED: Pattern = (1, 2)
"""The other run's lines, which are thinner too."""


@dataclass(frozen=True)
class PlotLine:
    """One scalar of a plot."""

    name: str
    """As in reports: `loss/D`."""
    label: str
    role: str
    """The theme's name for its colour."""
    pattern: Pattern = ()
    """A second cue beside the colour."""
    level_means: str = "D cannot tell"
    """What it says when the line is at its level, where it has one."""


@dataclass(frozen=True)
class Look:
    """How the lines of plots are drawn."""

    smoothing: Smoothing = "medium"
    raw: bool = True
    """Whether values are also shown as they came."""

    def width(self, points: int) -> int:
        """Over how many points a mean is taken where so many are in view: of a few, one over all would tell nothing."""
        share, least = _SHARES[self.smoothing]
        return max(min(least, points // _FEWEST_WIDTHS), points // share, 1) if share else 1
