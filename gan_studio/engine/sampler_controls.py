"""What a sampler lets people edit, in words that forms and files understand. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Prior = Literal["normal", "uniform", "sphere"]


@dataclass(frozen=True)
class ControlSpec:
    """One thing that a sampler lets people edit."""

    name: str
    label: str
    kind: Literal["latent", "choice", "number", "seed", "picture"]
    shape: tuple[int, ...] = ()
    """Of one sample, without the batch."""
    prior: Prior = "normal"
    """How a latent is drawn."""
    low: float = -3.0
    high: float = 3.0
    """Range of a slider; typed values may lie outside."""
    default: float = 0.0
    choices: tuple[str, ...] = ()
