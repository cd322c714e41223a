"""Copies of the generators to sample from: running averages, which grids, explorer and saved files use, and mirrors."""

from __future__ import annotations

import copy
from collections.abc import Mapping

import torch
from torch import Tensor, nn

RAMP_UP = 0.05
"""The half-life is at most this share of the images seen, so that early grids do not show the untrained network
(Karras 2021, training loop of StyleGAN3)."""


class Averages:
    """Copies of networks whose parameters follow the trained ones slowly; buffers are copied as they are."""

    def __init__(self, networks: Mapping[str, nn.Module], names: tuple[str, ...], half_life_images: int) -> None:
        self.networks: dict[str, nn.Module] = {name: _copied(networks[name]) for name in names}
        self._half_life_images = half_life_images
        self._slow: list[Tensor] = []
        self._fast: list[Tensor] = []
        self._buffers: list[tuple[Tensor, Tensor]] = []
        for name in names:
            self._slow += self.networks[name].parameters()
            self._fast += networks[name].parameters()
            self._buffers += zip(self.networks[name].buffers(), networks[name].buffers(), strict=True)

    @torch.no_grad()
    def update(self, images: int, batch_size: int) -> None:
        """Follow an update that was made with `batch_size` pictures, `images` having been seen in all."""
        # Not a tensor of a number: copying that to a GPU would wait for all that it has to do
        weight = torch.full((), 1 - self._decay(images, batch_size), device=self._slow[0].device)
        torch._foreach_lerp_(self._slow, self._fast, [weight] * len(self._slow))  # pyright: ignore[reportPrivateImportUsage]
        for slow, fast in self._buffers:
            slow.copy_(fast)

    def _decay(self, images: int, batch_size: int) -> float:
        half_life = min(self._half_life_images, images * RAMP_UP)
        return 0.5 ** (batch_size / half_life) if half_life > 0 else 0.0


class Mirrors:
    """Copies of networks as they are now, to sample from.

    The networks in training are not sampled themselves: they would have to leave the training mode for it, and
    their batch statistics must not change because somebody looks.
    """

    def __init__(self, networks: Mapping[str, nn.Module], names: tuple[str, ...]) -> None:
        self._trained = {name: networks[name] for name in names}
        self.networks: dict[str, nn.Module] = {name: _copied(network) for name, network in self._trained.items()}

    def refresh(self) -> None:
        """Take over weights and buffers."""
        for name, network in self.networks.items():
            network.load_state_dict(self._trained[name].state_dict())


def _copied(network: nn.Module) -> nn.Module:
    return copy.deepcopy(network).eval().requires_grad_(False)
