"""Modes covered and good points, for models that make points of a mixture."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import torch
from torch import Tensor

from gan_studio.engine.data.points import SHAPES, Shape
from gan_studio.engine.metrics.measure import Measure, Measured, register_measure
from gan_studio.engine.metrics.modes import SAMPLES, ModeCoverage, mode_coverage
from gan_studio.engine.metrics.subject import Subject


class PointMeasure(Measure):
    """Of as many samples as the papers count, whatever number of pictures is compared."""

    def why_not(self, subject: Subject) -> str:
        if subject.data.kind != "points":
            return "The model makes pictures, no points."
        shape = SHAPES[subject.picture.points]
        return "" if shape.modes is not None else f"{shape.title}: a curve has no modes to count."

    def measure(self, subject: Subject) -> Measured:
        shape = SHAPES[subject.picture.points]
        found = subject.once("modes", lambda: _coverage(_samples(subject), shape))
        reals = torch.from_numpy(shape.draw(subject.seed, np.arange(SAMPLES)))
        return Measured(
            self.of(found), self.of(_coverage(reals, shape)), note=f"{SAMPLES:,} samples, within 3σ of a mode"
        )

    @staticmethod
    @abstractmethod
    def of(coverage: ModeCoverage) -> float:
        """The number of this measure."""


@register_measure
class Modes(PointMeasure):
    name = "modes"
    title = "Modes covered"
    summary = "How many modes have a sample within 3σ; fewer than there are is mode collapse."
    better = "higher"

    @staticmethod
    def of(coverage: ModeCoverage) -> float:
        return coverage.covered


@register_measure
class GoodPoints(PointMeasure):
    name = "good_points"
    title = "Good points"
    summary = "Share of the samples that lie within 3σ of a mode."
    better = "higher"

    @staticmethod
    def of(coverage: ModeCoverage) -> float:
        return coverage.good


def _samples(subject: Subject) -> Tensor:
    with torch.inference_mode():
        controls = subject.sampler.random_controls(SAMPLES, torch.Generator().manual_seed(subject.seed))
        return subject.sampler.points(controls).cpu()


def _coverage(points: Tensor, shape: Shape) -> ModeCoverage:
    assert shape.modes is not None
    return mode_coverage(points, torch.from_numpy(shape.modes), shape.sigma)
