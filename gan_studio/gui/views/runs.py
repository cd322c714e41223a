"""Runs that were read from disk, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gan_studio.engine.run_list import RunStanding, RunSummary
from gan_studio.engine.trash import TrashedRun
from gan_studio.gui.views.scalars import ScalarTable

__all__ = ["RunDetails", "RunStanding", "RunSummary", "RunView", "StartView", "TrashView", "TrashedRun"]


@dataclass(frozen=True)
class StartView:
    """A model whose weights the next training begins with."""

    path: Path
    """Its generator file."""
    title: str
    step: int


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
    scalars: ScalarTable = field(repr=False)
    """What it measured, or of a long run an overview of it; empty where nobody asked."""
    grids: tuple[tuple[int, Path], ...] = field(repr=False)
    """Sample grids by step."""
    decided_data: Mapping[str, Any] = field(default_factory=dict)
    """The settings of the pictures with size and colour as they were decided."""
    start: StartView | None = None
    """Its newest generator, for a training that begins with it."""
    excluded: tuple[str, ...] = field(default=(), repr=False)
    """Names of pictures in the source that it was not trained on."""
    metrics_bytes: int = 0
    """How long `metrics.jsonl` was before it was read: what is appended later lies behind."""
    trained_elsewhere: bool = False
    """Another process or machine trains it at the moment, perhaps with pictures that are not here."""
    points: bool = False
    """Whether its source is a shape in the plane, which lies in no file."""
    second: Path | None = None
    """The other source, where it was trained on a pair."""
    classes: tuple[str, ...] = ()
    """Of its pictures; of a family that translates, A and B."""


@dataclass(frozen=True)
class RunDetails:
    """One run, looked at closely."""

    summary: RunSummary
    family_settings: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    generator_weights: int = 0
    generator_bytes: int = 0
    state_bytes: int = 0
    checkpoint_bytes: Mapping[int, int] = field(default_factory=dict)
    """By step, state and generator together."""
    evaluations: tuple[Mapping[str, Any], ...] = ()
    """What was measured of its models, the newest last: lines of `evaluations.jsonl`."""
    log: tuple[str, ...] = ()
    grid: np.ndarray | None = field(default=None, repr=False)
    """The newest sample grid, uint8 `[H, W, 3]`."""


@dataclass(frozen=True)
class TrashView:
    """A run in the trash, with its disk use."""

    run: TrashedRun
    size_bytes: int
