"""Modes covered and share of good points, for mixtures of Gaussians in the plane (Metz 2017; Srivastava 2017)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

SAMPLES = 2_500
NEAR = 3.0
"""A sample belongs to a mode within so many deviations of its centre."""


@dataclass(frozen=True)
class ModeCoverage:
    covered: int
    """Modes with at least one sample near."""
    modes: int
    good: float
    """Share of the samples that are near any mode."""


def mode_coverage(points: Tensor, centres: Tensor, sigma: float) -> ModeCoverage:
    """Of points `[N, 2]` under Gaussians of deviation `sigma` around `centres` `[K, 2]`.

    Near is a Euclidean distance of at most 3σ. Of the real points, 98.9 % are: 1 - exp(-9/2).
    """
    near = torch.cdist(points.double(), centres.double()) <= NEAR * sigma
    return ModeCoverage(int(near.any(0).sum()), len(centres), float(near.any(1).double().mean()))
