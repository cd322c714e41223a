"""What the explorer asks for beside single pictures: many at once, paths, favourites, films, other checkpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from gan_studio.gui.views.models import Viewpoint


@dataclass(frozen=True)
class Batch:
    """Pictures that are wanted, one after the other as time allows."""

    channel: Literal["grid", "favourites"]
    """A newer batch of a channel takes the place of the one before."""
    stamp: int
    viewpoints: tuple[Viewpoint, ...]
    from_seed: bool = False
    """Draw the latents from the viewpoints' seeds first."""
    columns: int = 1
    """How they are laid out where they are saved together."""


@dataclass(frozen=True)
class BatchPictures:
    """Some of a batch's pictures."""

    channel: str
    stamp: int
    start: int
    """Which of the batch's viewpoints the first one shows."""
    pixels: np.ndarray = field(repr=False)
    """uint8 `[N, H, W, 3]`, C-contiguous."""


@dataclass(frozen=True)
class Favourite:
    """A place that somebody wants to find again."""

    name: str
    viewpoint: Viewpoint


@dataclass(frozen=True)
class Favourites:
    """Those of one model."""

    place: Path | None
    """The file they are kept in; None where it cannot be read, and must not be written over."""
    items: tuple[Favourite, ...] = ()


@dataclass(frozen=True)
class PathPosition:
    """A place on a path through viewpoints: 0 is the first, 1 the second."""

    places: tuple[Viewpoint, ...]
    position: float
    loop: bool = False


@dataclass(frozen=True)
class FilmRequest:
    """A film of a path."""

    file: Path
    places: tuple[Viewpoint, ...]
    loop: bool
    frames: int
    fps: int
    enlarge: int = 1
    """Whole-number zoom with hard pixels."""


@dataclass(frozen=True)
class Checkpoints:
    """The steps of a run whose generators are kept, in order."""

    run: Path
    steps: tuple[int, ...]


@dataclass(frozen=True)
class PictureRequest:
    """A picture of the user's that a model is to make something of."""

    stamp: int
    source: Path | None
    """A file; None for pixels."""
    pixels: np.ndarray | None = field(default=None, repr=False)
    """uint8 `[H, W, 3]`, pasted or dropped; None and no file: the same picture again."""
    controls: Mapping[str, Any] = field(default_factory=dict)
    """The model's other controls."""


@dataclass(frozen=True)
class PictureBegun:
    """A picture was read, and work on it begins."""

    stamp: int
    name: str
    size: tuple[int, int]
    """Width and height."""
    memory_bytes: int
    """What it takes, about; 0 where it is not worth a word."""
