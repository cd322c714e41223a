"""Everything a training is at the end of a step: captured, and put back bit for bit."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from gan_studio.engine.averaging import Averages
from gan_studio.engine.data.batches import BatchSource
from gan_studio.engine.distributed import ALONE, World
from gan_studio.engine.families.base import Parts
from gan_studio.engine.step import Stepper


@dataclass
class Counters:
    """Where a training is."""

    step: int = 0
    images: int = 0
    seconds: float = 0.0
    interventions: int = 0
    """How many lines of the run's journal of interventions are part of this state."""
    retries: int = 0
    """How often training was taken back after it diverged."""


@dataclass
class TrainingState:
    """The parts of a training that change with its steps."""

    parts: Parts
    averages: Averages
    optimizers: Mapping[str, Optimizer]
    data: Mapping[str, BatchSource]
    stepper: Stepper
    world: World = ALONE
    counters: Counters = field(default_factory=Counters)

    def capture(self) -> dict[str, Any]:
        """Tensors and plain containers only. Tensors are the living ones: write or copy them before the next step."""
        return {
            "counters": dict(vars(self.counters)),
            "modules": {name: module.state_dict() for name, module in self.parts.modules().items()},
            "averages": {name: network.state_dict() for name, network in self.averages.networks.items()},
            "optimizers": {name: _plain(optimizer.state_dict()) for name, optimizer in self.optimizers.items()},
            "rates": dict(self.stepper.rates),
            "data": {name: batches.state_dict() for name, batches in self.data.items()},
            "random": _random_states(),
        }

    def is_finite(self) -> bool:
        """Whether no weight, buffer or average is infinite or not a number. Waits for the device."""
        networks = (*self.parts.modules().values(), *self.averages.networks.values())
        return all(bool(tensor.isfinite().all()) for network in networks for tensor in network.state_dict().values())

    def restore(self, state: Mapping[str, Any]) -> None:
        """Put a state in place, in every process that of rank 0.

        Raises KeyError or RuntimeError for one of other networks; see `Trainer.load`.
        """
        self.world.announce("restore")
        state = self.world.same(state)
        for name, module in self.parts.modules().items():
            module.load_state_dict(state["modules"][name])
        for name, network in self.averages.networks.items():
            network.load_state_dict(state["averages"][name])
        for name, optimizer in self.optimizers.items():
            optimizer.load_state_dict(state["optimizers"][name])
        for name, batches in self.data.items():
            batches.load_state_dict(state["data"][name])
        self.stepper.restored()
        self.stepper.rates.update(state["rates"])
        for name, value in state["counters"].items():
            setattr(self.counters, name, value)
        _set_random_states(state["random"])
        if self.world.rank > 0 and self.stepper.device.type == "cuda":  # rank 0 trains on the first GPU
            torch.cuda.set_rng_state(state["random"]["cuda"][0], self.stepper.device)

    def spread(self) -> None:
        """Have all processes begin with what rank 0 has."""
        if self.world.size > 1:
            self.restore(self.capture())


def _plain(state: dict[str, Any]) -> dict[str, Any]:
    """An optimiser's state with its rates as numbers, also where they are tensors for captured steps."""
    return state | {"param_groups": [group | {"lr": float(group["lr"])} for group in state["param_groups"]]}


def copied(state: Any) -> Any:
    """A deep copy in memory, tensors included."""
    if isinstance(state, Tensor):
        return state.detach().clone()
    if isinstance(state, dict):
        return {key: copied(value) for key, value in state.items()}
    return type(state)(copied(value) for value in state) if isinstance(state, list | tuple) else state


def seed_everything(seed: int) -> None:
    """Start the random states that training owns. Called in the training thread alone."""
    torch.manual_seed(seed)
    random.seed(seed)


def _random_states() -> dict[str, Any]:
    states: dict[str, Any] = {"torch": torch.get_rng_state(), "python": random.getstate()}
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state_all()
    if torch.backends.mps.is_available():
        states["mps"] = torch.mps.get_rng_state()
    return states


def _set_random_states(states: Mapping[str, Any]) -> None:
    torch.set_rng_state(states["torch"])
    random.setstate(_as_tuples(states["python"]))
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(states["cuda"][: torch.cuda.device_count()])
    if "mps" in states and torch.backends.mps.is_available():
        torch.mps.set_rng_state(states["mps"])


def _as_tuples(value: Any) -> Any:
    return tuple(_as_tuples(item) for item in value) if isinstance(value, list | tuple) else value
