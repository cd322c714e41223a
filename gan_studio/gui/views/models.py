"""A generator in the explorer, where one stands in it, and what it made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gan_studio.engine.sampler_controls import ControlSpec


@dataclass(frozen=True)
class ModelView:
    """A generator that the explorer has opened."""

    title: str
    family: str
    step: int
    size: int
    sha256: str
    controls: tuple[ControlSpec, ...]
    source: Path | None
    """The file it came from; None for a snapshot of the model in training."""
    live: bool = False
    run: Path | None = None
    """The run it belongs to, whose other checkpoints can be opened as well."""

    @property
    def takes_pictures(self) -> bool:
        """Whether it makes a picture from one that the user gives."""
        return any(spec.kind == "picture" for spec in self.controls)


@dataclass(frozen=True)
class Viewpoint:
    """Where in a model's space of pictures the explorer stands: what is edited, undone and saved."""

    seed: float = 0.0
    row: float = 0.0
    """The second direction of the plane of seeds that a drag on the picture walks over."""
    controls: Mapping[str, Any] = field(default_factory=dict)
    """By control name: float32 arrays of one sample for latents, plain numbers for the rest."""
    grid: tuple[int, int] | None = None
    """Columns and rows, where it was saved as the first of a grid of seeds."""
    made_from: str = ""
    """What the picture was called that it was made from, where there was one."""


@dataclass(frozen=True)
class Picture:
    """What a sampler made of one request."""

    stamp: int
    """Number of the request; a canvas drops pictures older than the one it shows."""
    pixels: np.ndarray = field(repr=False)
    """uint8 `[H, W, 3]`, C-contiguous."""
    seconds: float = 0.0
    before: np.ndarray | None = field(default=None, repr=False)
    """The picture to compare with, of the same shape, where it was made from one."""
