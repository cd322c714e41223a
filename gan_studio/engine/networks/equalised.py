"""Layers whose weights start as N(0, 1) and are scaled at run time (Karras 2018, section 4.1).

Adam strides as far in every weight whatever its scale; with the scale outside the weight, all layers learn equally
fast.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

HE = math.sqrt(2)
"""Gain of a layer before a ReLU (He 2015); a layer with nothing behind it takes 1."""
LEAK = 0.2


class EqualisedLinear(nn.Module):
    """`[N, inputs]` → `[N, outputs]`."""

    def __init__(self, inputs: int, outputs: int, gain: float = HE, bias: float = 0.0) -> None:
        """`bias` is what the biases start at."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs))
        self.bias = nn.Parameter(torch.full((outputs,), bias))
        self.scale = gain / math.sqrt(inputs)

    def forward(self, inputs: Tensor) -> Tensor:
        return F.linear(inputs, self.weight * self.scale, self.bias)


class EqualisedConv(nn.Module):
    """`[N, inputs, S, S]` → `[N, outputs, S, S]`, stride 1, zeros around."""

    def __init__(self, inputs: int, outputs: int, kernel: int, gain: float = HE, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        self.scale = gain / math.sqrt(inputs * kernel**2)
        self.padding = kernel // 2

    def forward(self, inputs: Tensor) -> Tensor:
        return F.conv2d(inputs, self.weight * self.scale, self.bias, padding=self.padding)


class PixelNorm(nn.Module):
    """Feature vectors of length √C at every place, `[N, C, …]` (Karras 2018, section 4.2)."""

    def forward(self, features: Tensor) -> Tensor:
        wide = features.float()
        return (wide * (wide.square().mean(1, keepdim=True) + 1e-8).rsqrt()).to(features.dtype)


def leaky() -> nn.Module:
    return nn.LeakyReLU(LEAK)


def halving_widths(size: int, features: int, most: int) -> list[int]:
    """Channels at 4, 8, … `size` px: `features` at 64 px, twice as many at each halving, up to `most`."""
    levels = size.bit_length() - 2
    return [max(2, min(features * 64 // (4 << level), most)) for level in range(levels)]
