"""What somebody chose for a film the last time, and what a page knows when it asks for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ALL, FAVOURITES, SELECTED = "all", "favourites", "selected"


@dataclass(frozen=True)
class FilmChoices:
    """Remembered between films and starts of the program."""

    suffix: str = ".mp4"
    by_seconds: bool = False
    """Whether the length is given, not the pace."""
    fps: float = 12.0
    seconds: float = 10.0
    zoom: int = 2
    every: int = 1
    caption: bool = False


@dataclass(frozen=True)
class FilmMaterial:
    """The grids of the run on show."""

    steps: Sequence[int]
    favourites: frozenset[int]
    selected: Sequence[int]
    width: int
    """Of a grid, in pixels."""
    height: int
    picture_size: int
    cell: int | None = None
    """The cell that is on show."""
