"""The residual discriminator of StyleGAN2 (Karras 2020b, section 4.1)."""

from __future__ import annotations

import math
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional as F

from gan_studio.engine.networks.equalised import EqualisedConv, EqualisedLinear, leaky
from gan_studio.engine.networks.resampling import blurred, halved
from gan_studio.engine.regularisers.layers import MinibatchDeviation

SMALLEST = 4


class ResidualBlock(nn.Module):
    """`[N, fine, S, S]` → `[N, coarse, S/2, S/2]`."""

    def __init__(self, fine: int, coarse: int) -> None:
        super().__init__()
        self.first = EqualisedConv(fine, fine, 3)
        self.second = EqualisedConv(fine, coarse, 3)
        self.skip = EqualisedConv(fine, coarse, 1, gain=1, bias=False)
        self.activation = leaky()

    def forward(self, features: Tensor) -> Tensor:
        skipped = self.skip(halved(features))
        features = blurred(self.activation(self.first(features)), padding=2)
        weight = self.second.weight * self.second.scale
        features = self.activation(F.conv2d(features, weight, self.second.bias, stride=2))
        return (features + skipped) / math.sqrt(2)


class ResidualDiscriminator(nn.Sequential):
    """Picture `[N, C, S, S]` → logit `[N]`."""

    def __init__(self, widths: list[int], channels: int) -> None:
        """`widths` are the channels at 4 px, 8 px, …"""
        last = widths[0]
        super().__init__(
            EqualisedConv(channels, widths[-1], 1),
            leaky(),
            *(ResidualBlock(fine, coarse) for fine, coarse in pairwise(widths[::-1])),
            MinibatchDeviation(),
            EqualisedConv(last + 1, last, 3),
            leaky(),
            nn.Flatten(),
            EqualisedLinear(last * SMALLEST**2, last),
            leaky(),
            EqualisedLinear(last, 1, gain=1),
            nn.Flatten(0),
        )
