"""Begins a training with the weights of another one, instead of random ones; optimisers start afresh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gan_studio.engine.checkpoint import flat_tensors, load_generator, load_state, make_family
from gan_studio.engine.config import Origin, RunConfig
from gan_studio.engine.errors import CheckpointError, SettingsError
from gan_studio.engine.families import family_class
from gan_studio.engine.run import STATE_SUFFIX, find_run, generator_at
from gan_studio.engine.settings import describe
from gan_studio.engine.state import TrainingState

ADVICE = "Take over the settings of that run, or start from another one."
Weights = Mapping[str, Mapping[str, Tensor]]
"""State by network name and key, on the CPU."""


@dataclass(frozen=True)
class StartingPoint:
    """A generator with its config, and, where its training state lies beside it, the other networks too."""

    config: RunConfig
    origin: Origin
    weights: Weights

    def check(self, config: RunConfig) -> None:
        """Whether a run with this config can begin here. Raises SettingsError, which names what differs."""
        if config.family != self.config.family:
            names = [family_class(name).title for name in (self.config.family, config.family)]
            raise SettingsError(f"“{self.origin.run}” is a {names[0]}, and this training is a {names[1]}.", ADVICE)
        if not self._fits(config):
            what = "; ".join(self._differences(config)) or "its networks have other shapes"
            raise SettingsError(f"“{self.origin.run}” cannot be the start of this training: {what}.", ADVICE)

    def fill(self, training: TrainingState) -> None:
        """Put the weights into networks and averages; the averages begin with what is loaded."""
        for name, state in self.weights.items():
            for network in _present(name, training.parts.networks, training.averages.networks):
                network.load_state_dict(state)

    def _differences(self, config: RunConfig) -> Iterator[str]:
        """In words, each setting that alone would already give networks of other shapes."""
        there, here = self.config.picture, config.picture
        candidates: list[tuple[str, dict[str, Any]]] = [
            (f"the pictures are {there.size} px there and {here.size} px here", {"size": here.size}),
            (
                f"they are {_colour(there.channels)} there and {_colour(here.channels)} here",
                {"channels": here.channels},
            ),
            (f"there are {len(there.classes)} classes there and {len(here.classes)} here", {"classes": here.classes}),
        ]
        for words, change in candidates:
            if not self._fits(self.config.changed(picture={**there.model_dump(), **change})):
                yield words
        settings, others = (make_family(each).config.model_dump() for each in (self.config, config))
        for info in describe(family_class(config.family).Config):
            mixed = self.config.changed(family_settings={**settings, info.name: others[info.name]})
            if others[info.name] != settings[info.name] and not self._fits(mixed):
                yield f"{info.label} is {settings[info.name]} there and {others[info.name]} here"

    def _fits(self, config: RunConfig) -> bool:
        """Whether the weights have the shapes of this config's networks."""
        try:
            with torch.device("meta"):
                networks = make_family(config).build().networks
        except SettingsError:
            return False
        return all(_shapes(state) == _shapes(networks[name].state_dict()) for name, state in self.weights.items())


def starting_point(path: Path) -> StartingPoint:
    """The newest generator of a run, or the one in this file. Raises RunError or CheckpointError."""
    file = generator_at(path)
    loaded = load_generator(file)
    weights: dict[str, Mapping[str, Tensor]] = _by_network(flat_tensors(loaded.networks))
    state_file = file.with_suffix(STATE_SUFFIX)
    if state_file.is_file():
        averaged = set(weights)
        weights |= {name: state for name, state in _networks_of(state_file, loaded.config) if name not in averaged}
    run = find_run(file.parent)
    name = run.path.name if run else file.stem
    origin = Origin(run=name, step=loaded.step, sha256=loaded.sha256, discriminator=len(weights) > len(loaded.networks))
    return StartingPoint(loaded.config, origin, weights)


def _networks_of(state_file: Path, config: RunConfig) -> Iterator[tuple[str, Mapping[str, Tensor]]]:
    """The trained networks of a training state; what else it holds belongs to that course alone."""
    modules = load_state(state_file).get("modules", {})
    with torch.device("meta"):
        networks = make_family(config).build().networks
    for name, network in networks.items():
        if name not in modules or _shapes(modules[name]) != _shapes(network.state_dict()):
            raise CheckpointError(f"{state_file} does not fit its run ({name}).", "Start from another checkpoint.")
        yield name, modules[name]


def _by_network(tensors: Mapping[str, Tensor]) -> dict[str, Any]:
    states: dict[str, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        network, _, name = key.partition(".")
        states.setdefault(network, {})[name] = tensor
    return states


def _colour(channels: int) -> str:
    return "grey" if channels == 1 else "in colour"


def _shapes(state: Mapping[str, Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def _present(name: str, *places: Mapping[str, nn.Module]) -> list[nn.Module]:
    return [networks[name] for networks in places if name in networks]
