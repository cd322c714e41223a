"""Random numbers for the pictures of a batch, from torch's global random state, in one process or in several.

A training of several processes has the same random state in each. Each draws the numbers of the whole batch and keeps
those of its own pictures, so that all of them together draw what one process would. With one process these functions
are torch's own, number by number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from gan_studio.engine.latent.seeds import draw_prior
from gan_studio.engine.sampler_controls import Prior


@dataclass(frozen=True)
class Share:
    """Which part of each batch this process makes: the `rank`-th of `count` equal ones."""

    rank: int = 0
    count: int = 1

    def of(self, first: int, batch_size: int) -> np.ndarray:
        """The sample numbers of its pictures, int64 `[batch_size / count]`, in the batch that begins with `first`."""
        own = max(1, batch_size // self.count)
        start = first + self.rank * own
        return np.arange(start, start + own)


_share = Share()


def set_share(share: Share) -> None:
    """From now on, for the whole process. Set once, before the first step."""
    global _share
    _share = share


def latents(*shape: int, prior: Prior, device: torch.device | str) -> Tensor:
    """Latents `[N, …]` of a prior for this process's pictures."""
    return _mine(lambda whole: draw_prior(tuple(whole), prior, device=device), shape, 0)


def rand(*shape: int, device: torch.device | str, batch: int = 0) -> Tensor:
    """U(0, 1) for this process's pictures, which lie along dimension `batch`."""
    return _mine(lambda whole: torch.rand(whole, device=device), shape, batch)


def randn(*shape: int, device: torch.device | str, batch: int = 0) -> Tensor:
    """N(0, 1), likewise."""
    return _mine(lambda whole: torch.randn(whole, device=device), shape, batch)


def randint(low: int, high: int, *shape: int, device: torch.device | str) -> Tensor:
    """Whole numbers from `low` to `high - 1`, int64, pictures along the first dimension."""
    return _mine(lambda whole: torch.randint(low, high, whole, device=device), shape, 0)


def randn_like(pictures: Tensor) -> Tensor:
    """N(0, 1) of the shape, type and memory format of `[N, C, H, W]`."""
    if _share.count == 1:
        return torch.randn_like(pictures)
    last = pictures.dim() == 4 and pictures.is_contiguous(memory_format=torch.channels_last)
    layout = torch.channels_last if last and not pictures.is_contiguous() else torch.contiguous_format

    def draw(whole: Sequence[int]) -> Tensor:
        return torch.empty(whole, dtype=pictures.dtype, device=pictures.device, memory_format=layout).normal_()

    return _mine(draw, pictures.shape, 0)


class Dropout(nn.Dropout):
    """Drops values of `[N, …]` at random, other ones in each process."""

    def forward(self, values: Tensor) -> Tensor:
        return super().forward(values) if _share.count == 1 else _dropped(self, values, values.shape)


class Dropout2d(nn.Dropout2d):
    """Drops whole channels of `[N, C, H, W]` at random, other ones in each process."""

    def forward(self, features: Tensor) -> Tensor:
        if _share.count == 1:
            return super().forward(features)
        return _dropped(self, features, (*features.shape[:2], 1, 1))


def _dropped(layer: nn.Dropout | nn.Dropout2d, values: Tensor, shape: Sequence[int]) -> Tensor:
    if not layer.training or not layer.p:
        return values
    keep = 1 - layer.p

    def draw(whole: Sequence[int]) -> Tensor:
        return torch.empty(whole, dtype=values.dtype, device=values.device).bernoulli_(keep)

    return values * (_mine(draw, shape, 0) / keep)


def _mine(draw: Callable[[Sequence[int]], Tensor], shape: Sequence[int], batch: int) -> Tensor:
    if _share.count == 1:
        return draw(shape)
    whole = list(shape)
    whole[batch] *= _share.count
    return draw(whole).narrow(batch, _share.rank * shape[batch], shape[batch])
