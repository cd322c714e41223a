"""The two networks of ProGAN (Karras 2018, table 2), built at full size and used up to a level.

Level 0 is 4×4, each further one doubles the side. Alpha is how far the newest level has faded in: below 1, its
output is blended with that of the level before.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_studio.engine.networks.equalised import HE, EqualisedConv, EqualisedLinear, PixelNorm, leaky
from gan_studio.engine.regularisers.layers import MinibatchDeviation

SMALLEST = 4


class GrowingGenerator(nn.Module):
    """z `[N, latent_size]` → picture `[N, C, 4·2^level, 4·2^level]`, linear: not bounded to [-1, 1]."""

    level: Tensor
    alpha: Tensor

    def __init__(self, latent_size: int, widths: list[int], channels: int) -> None:
        """`widths` are the channels of each level, coarsest first."""
        super().__init__()
        blocks = [_first_block(latent_size, widths[0])]
        blocks += [_doubling_block(coarse, fine) for coarse, fine in pairwise(widths)]
        self.blocks = nn.ModuleList(blocks)
        self.to_picture = nn.ModuleList(EqualisedConv(width, channels, 1, gain=1) for width in widths)
        # How far it has grown: what a sampler must know, and therefore part of every generator file
        self.register_buffer("level", torch.zeros((), dtype=torch.int64))
        self.register_buffer("alpha", torch.ones(()))

    def forward(self, z: Tensor, level: int, alpha: float = 1.0) -> Tensor:
        features = coarser = z
        for block in list(self.blocks)[: level + 1]:
            coarser, features = features, block(features)
        picture = self.to_picture[level](features).float()
        if level == 0 or alpha >= 1:
            return picture
        before = self.to_picture[level - 1](coarser).float()
        return torch.lerp(doubled(before), picture, alpha)


class GrowingDiscriminator(nn.Module):
    """Picture `[N, C, 4·2^level, …]` → logit `[N]`; the level follows from the picture's size."""

    def __init__(self, widths: list[int], channels: int) -> None:
        """`widths` are the channels of each level, coarsest first."""
        super().__init__()
        self.from_picture = nn.ModuleList(nn.Sequential(EqualisedConv(channels, width, 1), leaky()) for width in widths)
        blocks = [_last_block(widths[0])]
        blocks += [_halving_block(fine, coarse) for coarse, fine in pairwise(widths)]
        self.blocks = nn.ModuleList(blocks)

    def forward(self, pictures: Tensor, alpha: float = 1.0) -> Tensor:
        level = level_of(pictures.shape[-1])
        features = self.from_picture[level](pictures)
        if level:
            features = self.blocks[level](features)
            if alpha < 1:
                features = torch.lerp(self.from_picture[level - 1](halved(pictures)), features, alpha)
        for block in reversed(list(self.blocks)[: max(level, 1)]):
            features = block(features)
        return features


def level_of(size: int) -> int:
    """4 px → 0, 8 px → 1, …"""
    return size.bit_length() - SMALLEST.bit_length()


def doubled(pictures: Tensor) -> Tensor:
    return F.interpolate(pictures, scale_factor=2, mode="nearest")


def halved(pictures: Tensor) -> Tensor:
    return F.avg_pool2d(pictures, 2)


def faded(pictures: Tensor, alpha: float) -> Tensor:
    """Reals as generated pictures look during a fade: blended with themselves at half the size (section 3)."""
    return pictures if alpha >= 1 else torch.lerp(doubled(halved(pictures)), pictures, alpha)


def _first_block(latent_size: int, width: int) -> nn.Module:
    return nn.Sequential(
        PixelNorm(),
        EqualisedLinear(latent_size, width * SMALLEST**2, gain=HE / SMALLEST),
        nn.Unflatten(1, (width, SMALLEST, SMALLEST)),
        leaky(),
        PixelNorm(),
        *_convolution(width, width),
    )


def _doubling_block(coarse: int, fine: int) -> nn.Module:
    return nn.Sequential(nn.Upsample(scale_factor=2), *_convolution(coarse, fine), *_convolution(fine, fine))


def _convolution(inputs: int, outputs: int) -> list[nn.Module]:
    return [EqualisedConv(inputs, outputs, 3), leaky(), PixelNorm()]


def _halving_block(fine: int, coarse: int) -> nn.Module:
    return nn.Sequential(
        EqualisedConv(fine, fine, 3), leaky(), EqualisedConv(fine, coarse, 3), leaky(), nn.AvgPool2d(2)
    )


def _last_block(width: int) -> nn.Module:
    return nn.Sequential(
        MinibatchDeviation(),
        EqualisedConv(width + 1, width, 3),
        leaky(),
        nn.Flatten(),
        EqualisedLinear(width * SMALLEST**2, width),
        leaky(),
        EqualisedLinear(width, 1, gain=1),
        nn.Flatten(0),
    )
