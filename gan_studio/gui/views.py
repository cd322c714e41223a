"""What sessions hand to pages: plain values and numpy pictures. Imports neither Qt nor torch.

Sessions make these in their threads; pages only show them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gan_studio.engine.config import Settings
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.sampler_controls import ControlSpec

__all__ = ["DatasetView", "FamilyForm", "ModelView", "Picture", "ResumeRequest", "RunView", "TrainingRequest"]


@dataclass(frozen=True)
class DatasetView:
    """A data set that was looked at, ready to be shown and trained on."""

    source: Path
    title: str
    """Folder or zip name."""
    picture_count: int
    summary: tuple[str, ...]
    """Sentences of the report: sizes, modes, classes, what was decided and why."""
    skipped: tuple[tuple[str, str], ...]
    """File name and reason, one each."""
    classes: tuple[tuple[str, int], ...]
    """Class name and number of pictures; empty without class folders."""
    suggestions: Mapping[str, Any]
    """Settings that were found by looking (`image_size`, `channels`, `batch_size`), by setting name."""
    thumbnails: np.ndarray = field(repr=False)
    """uint8 `[N, side, side, 3]`: a spread of the pictures, for the contact sheet."""
    thumbnail_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class FamilyForm:
    """A family as the form needs it."""

    name: str
    title: str
    summary: str
    settings_class: type[Settings]
    presets: Mapping[str, Settings]


@dataclass(frozen=True)
class RunView:
    """A run that was read from disk."""

    path: Path
    source: Path
    """The pictures it was trained on."""
    family: str
    family_settings: Mapping[str, Any]
    data: Mapping[str, Any]
    training: Mapping[str, Any]
    metrics: tuple[Mapping[str, Any], ...] = field(repr=False)
    """The objects of `metrics.jsonl`, in their order."""
    grids: tuple[tuple[int, Path], ...] = field(repr=False)
    """Sample grids by step."""


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


@dataclass(frozen=True)
class Viewpoint:
    """Where in a model's space of pictures the explorer stands: what is edited, undone and saved."""

    seed: float = 0.0
    row: float = 0.0
    """The second direction of the plane of seeds that a drag on the picture walks over."""
    controls: Mapping[str, Any] = field(default_factory=dict)
    """By control name: float32 arrays of one sample for latents, plain numbers for the rest."""


@dataclass(frozen=True)
class Picture:
    """What a sampler made of one request."""

    stamp: int
    """Number of the request; a canvas drops pictures older than the one it shows."""
    pixels: np.ndarray = field(repr=False)
    """uint8 `[H, W, 3]`, C-contiguous."""
    seconds: float = 0.0
