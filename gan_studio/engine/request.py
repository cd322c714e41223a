"""What a front end asks for when it starts a training. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class TrainingRequest:
    """A new training. Mappings hold settings by name; what is missing takes its default, or what the data suggests."""

    source: Path
    family: str = "dcgan"
    family_settings: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    outdir: Path | None = None
    """None lets the program choose a folder among the runs."""
    start_from: Path | None = None
    """A run or a generator file whose weights the networks begin with, instead of random ones: fine-tuning."""
    excluded: tuple[str, ...] = ()
    """Names of pictures that are not trained on, as the scan's report shows them; nothing happens to their files."""
    second_source: Path | None = None
    """Pictures of domain B, for families that translate between two; None where one source holds both as folders."""
    domain_a: str = ""
    """Class of a single source that is domain A, for these families; empty lets the program choose."""
    domain_b: str = ""


@dataclass(frozen=True)
class ResumeRequest:
    """A run to be continued exactly where a checkpoint left it."""

    run: Path
    limits: Mapping[str, Any] = field(default_factory=dict)
    """New totals: `steps`, `images`, `minutes`. Everything else stays as the run has it."""
    lift_reached_limits: bool = False
    """A limit that the run has reached already no longer counts: it then trains until it is stopped."""
    from_step: int | None = None
    """None continues from the newest checkpoint."""
