"""The generator of StyleGAN: z → w by a mapping network, and a synthesis that every layer's style steers.

Skip connections sum a picture of every size (Karras 2020b, section 4.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_studio.engine.latent import drawing
from gan_studio.engine.networks.equalised import HE, LEAK, EqualisedConv, EqualisedLinear, PixelNorm, leaky
from gan_studio.engine.networks.modulation import AdaIN, DoublingConv, ModulatedConv
from gan_studio.engine.networks.resampling import doubled

SMALLEST = 4
Modulation = Literal["demodulation", "adain"]


class Mapping(nn.Sequential):
    """z `[N, size]` → w `[N, size]`."""

    def __init__(self, size: int, layers: int) -> None:
        super().__init__(
            PixelNorm(), *(layer for _ in range(layers) for layer in (EqualisedLinear(size, size), leaky()))
        )


class StyledLayer(nn.Module):
    """3×3 convolution under a style, noise of a learned strength, bias, leaky ReLU."""

    def __init__(self, inputs: int, outputs: int, style_size: int, modulation: Modulation, *, double: bool) -> None:
        super().__init__()
        adain = modulation == "adain"
        self.plain = DoublingConv(inputs, outputs, double=double) if adain else None
        self.modulated = None if adain else ModulatedConv(inputs, outputs, 3, style_size, double=double)
        self.normalisation = AdaIN(outputs, style_size) if adain else None
        self.noise_strength = nn.Parameter(torch.zeros(()))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, features: Tensor, style: Tensor, noise: Tensor | None) -> Tensor:
        features = self.modulated(features, style) if self.modulated else _called(self.plain, features)
        if noise is None:
            noise = drawing.randn(len(features), 1, *features.shape[2:], device=features.device)
        added = self.noise_strength * noise + self.bias[:, None, None]
        features = F.leaky_relu(features + added.to(features.dtype), LEAK) * HE
        return self.normalisation(features, style) if self.normalisation else features


class ToPicture(nn.Module):
    """1×1 convolution to colours, modulated without demodulation; under AdaIN plain, as in the first StyleGAN."""

    def __init__(self, width: int, channels: int, style_size: int, modulation: Modulation) -> None:
        super().__init__()
        adain = modulation == "adain"
        self.plain = EqualisedConv(width, channels, 1, gain=1, bias=False) if adain else None
        self.modulated = None if adain else ModulatedConv(width, channels, 1, style_size, demodulate=False)
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, features: Tensor, style: Tensor) -> Tensor:
        picture = self.modulated(features, style) if self.modulated else _called(self.plain, features)
        return picture.float() + self.bias[:, None, None]


class StyleGenerator(nn.Module):
    """Styles `[N, layers, style_size]` → picture `[N, C, S, S]`, linear: not bounded to [-1, 1]."""

    mean_w: Tensor

    def __init__(
        self, style_size: int, mapping_layers: int, widths: list[int], channels: int, modulation: Modulation
    ) -> None:
        """`widths` are the channels at 4 px, 8 px, …"""
        super().__init__()
        self.mapping = Mapping(style_size, mapping_layers)
        self.constant = nn.Parameter(torch.randn(1, widths[0], SMALLEST, SMALLEST))
        layers = [StyledLayer(widths[0], widths[0], style_size, modulation, double=False)]
        for coarse, fine in pairwise(widths):
            layers.append(StyledLayer(coarse, fine, style_size, modulation, double=True))
            layers.append(StyledLayer(fine, fine, style_size, modulation, double=False))
        self.layers = nn.ModuleList(layers)
        self.to_picture = nn.ModuleList(ToPicture(width, channels, style_size, modulation) for width in widths)
        self.style_count = len(layers) + 1
        # The middle of w, towards which truncation draws: a sampler needs it
        self.register_buffer("mean_w", torch.zeros(style_size))

    def forward(self, styles: Tensor, noise: Sequence[Tensor | None] | None = None) -> Tensor:
        """`noise` is one `[N or 1, 1, S, S]` a layer; drawn anew where missing."""
        noise = noise or [None] * len(self.layers)
        features = self.constant.expand(len(styles), -1, -1, -1)
        picture = None
        for index, layer in enumerate(self.layers):
            features = layer(features, styles[:, index], noise[index])
            if index % 2 == 0:
                colours = self.to_picture[index // 2](features, styles[:, index + 1])
                picture = colours if picture is None else doubled(picture) + colours
        assert picture is not None
        return picture

    def noise_shapes(self) -> list[tuple[int, ...]]:
        """Of the noise of each layer, for one picture."""
        sides = [SMALLEST << ((index + 1) // 2) for index in range(len(self.layers))]
        return [(1, 1, side, side) for side in sides]

    @torch.no_grad()
    def follow(self, w: Tensor, decay: float) -> None:
        """Let the mean w go a little towards the mean of these, `[N, style_size]`."""
        self.mean_w.lerp_(w.float().mean(0), 1 - decay)


def repeated(w: Tensor, count: int) -> Tensor:
    """The same style for every layer: `[N, size]` → `[N, count, size]`."""
    return w[:, None].expand(-1, count, -1)


def mixed(first: Tensor, second: Tensor, start: Tensor | int) -> Tensor:
    """Styles `[N, layers, size]`: of `first` before layer `start` (one number, or one a picture), then of `second`."""
    index = torch.arange(first.shape[1], device=first.device)
    starts = torch.as_tensor(start, device=first.device).view(-1, 1)
    return torch.where((index < starts)[:, :, None], first, second)


def truncated(styles: Tensor, mean_w: Tensor, psi: float, layers: int) -> Tensor:
    """The first `layers` styles drawn towards the mean: w̄ + ψ(w - w̄) (Karras 2019, section B)."""
    near = torch.lerp(mean_w.expand_as(styles), styles, psi)
    return mixed(near, styles, layers)


def _called(layer: nn.Module | None, features: Tensor) -> Tensor:
    assert layer is not None
    return layer(features)
