"""Layers that regularise a discriminator."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class MinibatchDeviation(nn.Module):
    """Appends one channel that says how much the pictures of a group differ (Karras 2018, section 3).

    `[N, C, H, W]` → `[N, C + 1, H, W]`. A generator whose pictures are all alike is found out by it.
    """

    def __init__(self, group_size: int = 4) -> None:
        super().__init__()
        self.group_size = group_size

    def forward(self, features: Tensor) -> Tensor:
        count, _, height, width = features.shape
        size = _largest_group(count, self.group_size)
        groups = features.float().reshape(size, count // size, *features.shape[1:])
        deviation = (groups.var(0, correction=0) + 1e-8).sqrt().mean(dim=(1, 2, 3))
        plane = deviation.repeat(size).view(count, 1, 1, 1).expand(count, 1, height, width)
        return torch.cat([features, plane.to(features.dtype)], 1)


def spectrally_normalised(network: nn.Module) -> nn.Module:
    """Divide the weights of every linear and convolutional layer by their largest singular value (Miyato 2018)."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            spectral_norm(module)
    return network


def _largest_group(count: int, wanted: int) -> int:
    """The largest size up to `wanted` by which `count` pictures can be divided."""
    return next(size for size in range(min(wanted, count), 0, -1) if count % size == 0)
