"""A family put together for one or two steps, without files and without a trainer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch.optim import Optimizer

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.batches import Batches, BatchSource
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.point_batches import PointBatches
from gan_studio.engine.data.points import shape_called
from gan_studio.engine.families.base import Family, Parts, Phase
from gan_studio.engine.speed import Plan
from gan_studio.engine.stats import Statistics
from gan_studio.engine.step import Stepper

BATCH = 4


class WatchedStepper(Stepper):
    """Notes which networks hold gradients at the moment of each phase's update."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.gradients: dict[str, set[str]] = {}
        self.frozen: dict[str, set[str]] = {}

    def _update(self, phase: Phase, optimizer: Optimizer) -> None:
        self.gradients[phase.name] = {
            name
            for name, network in self.networks.items()
            if any(p.grad is not None and bool(p.grad.any()) for p in network.parameters())
        }
        super()._update(phase, optimizer)


@dataclass
class Build:
    family: Family
    parts: Parts
    stepper: WatchedStepper
    statistics: Statistics
    optimizers: dict[str, Optimizer]
    batches: dict[str, BatchSource] = field(default_factory=dict)


def build(family: Family, seed: int = 0, precision: str = "fp32") -> Build:
    """Networks, optimisers and a stepper over sixteen random pictures, or points."""
    torch.manual_seed(seed)
    parts = family.build()
    plan = Plan("cpu", 1, precision)
    for network in parts.modules().values():
        plan.place(network).train()
    optimizers, statistics = family.optimizers(parts), Statistics()
    batches = dict.fromkeys(family.data().domains, _batches(family.picture))
    stepper = WatchedStepper(family, parts, optimizers, batches, plan, statistics)
    return Build(family, parts, stepper, statistics, optimizers, batches)


def _batches(spec: PictureSpec) -> BatchSource:
    if spec.points:
        return PointBatches(shape_called(spec.points), batch_size=BATCH, seed=0, device="cpu")
    pixels = np.random.default_rng(0).integers(0, 255, (16, spec.size, spec.size, spec.channels), np.uint8)
    labels = np.arange(16) % len(spec.classes) if spec.classes else np.full(16, -1)
    pictures = PictureSet(pixels, labels, tuple(map(str, range(16))), spec.classes, spec, ())
    return Batches(pictures, range(16), batch_size=BATCH, seed=0, flip=False, device="cpu")
