"""What a film of a run's timeline shows: which grids, how fast, how large. Imports neither torch nor an encoder."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

CAPTION_SHARE, LEAST_CAPTION = 0.05, 18
"""Height of the caption below a frame: a share of the frame's, in pixels at least."""


@dataclass(frozen=True)
class FilmPlan:
    """A film of the timeline, apart from where it is written."""

    steps: tuple[int, ...]
    fps: float
    zoom: int = 1
    cell: int | None = None
    """One cell of the grid, counted row by row from 0; None for the whole grid."""
    caption: bool = False
    """Whether the step is written below each frame."""

    @property
    def seconds(self) -> float:
        return len(self.steps) / self.fps


def film_steps(
    steps: Iterable[int],
    first: int | None = None,
    last: int | None = None,
    every: int = 1,
    only: Collection[int] | None = None,
) -> tuple[int, ...]:
    """Steps from `first` to `last`, those in `only`, every n-th of them, always with the last one: how it ended."""
    chosen = [
        step
        for step in sorted(steps)
        if (first is None or step >= first) and (last is None or step <= last) and (only is None or step in only)
    ]
    thinned = chosen[:: max(1, every)]
    return tuple(thinned if not chosen or thinned[-1] == chosen[-1] else [*thinned, chosen[-1]])


def frame_size(width: int, height: int, zoom: int, caption: bool) -> tuple[int, int]:
    """Width and height of a frame of the film, from the size of what it shows."""
    return width * zoom, height * zoom + (caption_height(height * zoom) if caption else 0)


def caption_height(height: int) -> int:
    """Of the strip below a frame of this height, both in pixels."""
    return max(LEAST_CAPTION, round(height * CAPTION_SHARE))
