"""Puts together what is trained: networks on their device, averages, optimisers, and the stepper over them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import nn

from gan_studio.engine.averaging import Averages
from gan_studio.engine.data.batches import BatchSource
from gan_studio.engine.distributed import ALONE, World
from gan_studio.engine.families.base import Family
from gan_studio.engine.networks.batch_norm import synchronise
from gan_studio.engine.speed import Plan
from gan_studio.engine.speed.capture import graphs_of
from gan_studio.engine.state import TrainingState
from gan_studio.engine.stats import Statistics
from gan_studio.engine.step import Stepper


def assemble(
    family: Family,
    data: Mapping[str, BatchSource],
    plan: Plan,
    statistics: Statistics,
    average_images: int,
    world: World = ALONE,
    whole_batch_norm: bool = False,
) -> TrainingState:
    """A training before its first step. Weights are drawn from torch's global random state, so seed that before.

    Args:
        data: by domain, as the family names them.
        statistics: takes the scalars of every step.
        average_images: half-life of the averages, in pictures.
        world: the processes that train it together.
        whole_batch_norm: BatchNorm looks at the batch of all processes.
    """
    parts = family.build()
    for network in parts.modules().values():
        plan.place(network).train()
        if whole_batch_norm and world.size > 1:
            synchronise(network)
    optimizers = family.optimizers(parts)
    averages = Averages(parts.networks, parts.averaged, average_images)
    plan.speed_up(parts.networks)
    stepper = Stepper(family, parts, optimizers, data, plan, statistics, world, graphs_of(plan))
    return TrainingState(parts, averages, optimizers, data, stepper, world)


def show_examples(family: Family, training: TrainingState, examples: Mapping[str, np.ndarray]) -> None:
    """Give a training that begins its examples, uint8 `[N, H, W, C]` by domain; a resumed one has them in its state."""
    pictures = {name: torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous() for name, pixels in examples.items()}
    for networks in (training.parts.networks, training.averages.networks):
        family.keep_examples(networks, pictures)


def count_parameters(network: nn.Module) -> int:
    """Numbers that are trained, all in all."""
    return sum(parameter.numel() for parameter in network.parameters())
