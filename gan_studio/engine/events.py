"""What a trainer tells its front end: one small frozen class per event; their union is `TrainEvent`. Imports no torch.

Events hold no tensors. They are paced at the source (about ten reports a second at most), and every training ends with
exactly one terminal event: `Finished`, `Stopped` or `Failed`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Preparing:
    """Work before the first step: looking at files, decoding, building networks."""

    what: str
    done: int = 0
    total: int = 0
    """0 when the amount is not known."""


@dataclass(frozen=True)
class Started:
    """The networks are built and the grid of the reals is on disk; the grid of the first step is next."""

    run: Path
    step: int
    total_steps: int | None
    batch_size: int
    picture_count: int
    parameter_counts: Mapping[str, int]
    learning_rates: Mapping[str, float]
    phase_networks: tuple[str, ...]
    """Networks whose phases can be run once by hand (`Control.train_only`)."""
    plan: str
    """Device, precision, threads, in words."""
    reference_lines: Mapping[str, float] = field(default_factory=dict)
    """Scalar name → the value it takes when D cannot tell (`loss/D` → 1.386)."""
    initial_rates: Mapping[str, float] = field(default_factory=dict)
    """The learning rates of step 0, by optimiser; `learning_rates` are those that the training goes on with."""
    remarks: tuple[str, ...] = ()
    """What a user should know of it, a sentence each: which substitute runs, say."""


@dataclass(frozen=True)
class Report:
    """Means over the steps since the last report."""

    step: int
    images: int
    seconds: float
    """Time spent training, pauses not counted, resumed parts added up."""
    scalars: Mapping[str, float]
    images_per_second: float
    seconds_left: float | None
    memory_bytes: int
    progress: float | None = None
    """How much of the asked-for amount is done, from 0 to 1; None where none was asked for."""


@dataclass(frozen=True)
class GridSaved:
    """A sample grid lies on disk."""

    step: int
    path: Path


@dataclass(frozen=True)
class CheckpointSaved:
    step: int
    path: Path
    size_bytes: int
    seconds: float


@dataclass(frozen=True)
class SnapshotReady:
    """The mailbox of the control holds this version."""

    version: int
    step: int


@dataclass(frozen=True)
class Paused:
    step: int


@dataclass(frozen=True)
class Resumed:
    step: int


@dataclass(frozen=True)
class LearningRateChanged:
    step: int
    optimizer: str
    rate: float


@dataclass(frozen=True)
class PlanChanged:
    """Steps are computed otherwise from here on than `Started` said."""

    step: int
    plan: str
    """As in `Started`."""


@dataclass(frozen=True)
class Notice:
    """Something the user should know while training goes on (disk full, retry after divergence)."""

    message: str
    advice: str = ""


@dataclass(frozen=True)
class Finished:
    """The asked-for amount of training is done."""

    step: int
    run: Path


@dataclass(frozen=True)
class Stopped:
    """Training was stopped by hand; `saved` says whether a checkpoint of this very step is on disk.

    Where no `Started` came before it, nothing was begun: `step` is 0, `saved` is false, and `run` is the run that was
    to be continued, or `Path()`.
    """

    step: int
    run: Path
    saved: bool = True


@dataclass(frozen=True)
class Failed:
    message: str
    advice: str = ""
    details: str = ""
    """The traceback, for those who unfold it."""


TerminalEvent = Finished | Stopped | Failed
TrainEvent = (
    Preparing
    | Started
    | Report
    | GridSaved
    | CheckpointSaved
    | SnapshotReady
    | Paused
    | Resumed
    | LearningRateChanged
    | PlanChanged
    | Notice
    | TerminalEvent
)
Emit = Callable[[TrainEvent], None]
