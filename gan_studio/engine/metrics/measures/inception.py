"""FID (Heusel 2017) and KID (Bińkowski 2018), where the user has the weights of Inception."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn

from gan_studio.engine.metrics.features import fake_features, other_features, real_features
from gan_studio.engine.metrics.measure import Measured, PictureMeasure, register_measure
from gan_studio.engine.metrics.subject import Subject
from gan_studio.engine.metrics.weights import NO_INCEPTION

SUBSETS, SUBSET_SIZE = 100, 1000
PUBLISHED_COUNT = 50_000


class _InceptionMeasure(PictureMeasure):
    better = "lower"
    cost: ClassVar[int] = 120

    def why_not(self, subject: Subject) -> str:
        if subject.weights.inception is None:
            return super().why_not(subject) or NO_INCEPTION
        return super().why_not(subject)

    def measure(self, subject: Subject) -> Measured:
        reals = real_features(subject)
        value = self.distance(fake_features(subject), reals, subject)
        floor = subject.reals_know(self.name, lambda: self.distance(other_features(subject), reals, subject))
        note = f"from {len(reals):,} pictures; published values are from {PUBLISHED_COUNT:,} and are lower"
        return Measured(value, floor, note=note)

    @abstractmethod
    def distance(self, features: Tensor, reals: Tensor, subject: Subject) -> float:
        """Of features `[N, D]` and those of reals."""


@register_measure
class FID(_InceptionMeasure):
    name = "fid"
    title = "FID"
    summary = "Fréchet distance of Inception's features: the number that papers report."
    order = 40

    def distance(self, features: Tensor, reals: Tensor, subject: Subject) -> float:
        return frechet_distance(features, reals)


@register_measure
class KID(_InceptionMeasure):
    name = "kid"
    title = "KID"
    summary = "Kernel distance of Inception's features, × 1000: fair also for few pictures."
    order = 41

    def distance(self, features: Tensor, reals: Tensor, subject: Subject) -> float:
        return kernel_distance(features, reals, subject.generator(41)) * 1e3


def frechet_distance(a: Tensor, b: Tensor) -> float:
    """FID by torchmetrics of features `[N, D]` that were computed already; both N at least 2."""
    from torchmetrics.image.fid import FrechetInceptionDistance

    metric = FrechetInceptionDistance(feature=_Given(a.shape[1]))
    metric.update(b, real=True)
    metric.update(a, real=False)
    return float(metric.compute())


def kernel_distance(a: Tensor, b: Tensor, generator: torch.Generator) -> float:
    """The mean of torchmetrics' squared MMD with a cubic kernel over random subsets of features `[N, D]`.

    Its own KID would draw the subsets from torch's global random state, which belongs to a training.
    """
    from torchmetrics.image.kid import poly_mmd

    size = min(SUBSET_SIZE, len(a), len(b))
    rounds = SUBSETS if size < max(len(a), len(b)) else 1
    values = [
        poly_mmd(b[_choice(len(b), size, generator)].double(), a[_choice(len(a), size, generator)].double())
        for _ in range(rounds)
    ]
    return float(torch.stack(values).mean())


def _choice(total: int, size: int, generator: torch.Generator) -> Tensor:
    return torch.randperm(total, generator=generator)[:size]


class _Given(nn.Module):
    """Hands on features that were computed already."""

    def __init__(self, num_features: int) -> None:
        super().__init__()
        self.num_features = num_features

    def forward(self, features: Tensor) -> Tensor:
        return features
