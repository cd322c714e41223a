"""The networks of SRGAN (Ledig 2017, figure 4)."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from gan_studio.engine.data.bicubic import enlarged
from gan_studio.engine.data.domains import EXAMPLES

LEAK = 0.2
HIDDEN = 1024
"""Width of D's first linear layer."""
_GREY = 128
"""Of examples before a run has given its own."""


class SRResNet(nn.Module):
    """Low-resolution picture `[N, C, H, W]` in [-1, 1] → `[N, C, H * scale, W * scale]`, not bounded.

    Args:
        scale: a power of two.
        edge: side of the first and the last kernel, odd.
        shown: side of the examples.
        over_bicubic: learn what bicubic enlargement lacks instead of the whole picture; it begins as that enlargement.
    """

    def __init__(
        self,
        channels: int,
        *,
        scale: int = 4,
        features: int = 64,
        blocks: int = 16,
        batch_norm: bool = True,
        over_bicubic: bool = False,
        edge: int = 9,
        shown: int = 96,
    ) -> None:
        super().__init__()
        self.scale, self.over_bicubic = scale, over_bicubic
        doublings = scale.bit_length() - 1
        self.head = nn.Sequential(nn.Conv2d(channels, features, edge, padding=edge // 2), nn.PReLU())
        self.body = nn.Sequential(
            *(ResidualBlock(features, batch_norm) for _ in range(blocks)),
            *_convolved(features, features, batch_norm),
        )
        last = nn.Conv2d(features, channels, edge, padding=edge // 2)
        self.tail = nn.Sequential(*(_Doubling(features) for _ in range(doublings)), last)
        self.reach = edge // 2 + (2 * blocks + 1) + doublings + 1 + edge // 2 // scale
        """Pixels of low resolution on each side that a pixel of the result depends on, at most."""
        self.register_buffer("examples", torch.full((EXAMPLES, channels, shown, shown), _GREY, dtype=torch.uint8))
        if over_bicubic:
            for parameter in last.parameters():
                nn.init.zeros_(parameter)

    examples: Tensor
    """What the sampler shows of the run's own pictures: they travel with the generator."""

    def forward(self, low: Tensor) -> Tensor:
        first = self.head(low)
        result = self.tail(first + self.body(first))
        return result.float() + enlarged(low, self.scale) if self.over_bicubic else result


class ResidualBlock(nn.Module):
    """3×3 BN PReLU 3×3 BN, added to what came in, `[N, F, H, W]`."""

    def __init__(self, features: int, batch_norm: bool) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *_convolved(features, features, batch_norm),
            nn.PReLU(),
            *_convolved(features, features, batch_norm),
        )

    def forward(self, features: Tensor) -> Tensor:
        return features + self.layers(features)


class _Doubling(nn.Sequential):
    """`[N, F, H, W]` → `[N, F, 2H, 2W]` by sub-pixel convolution (Shi 2016)."""

    def __init__(self, features: int) -> None:
        super().__init__(nn.Conv2d(features, 4 * features, 3, padding=1), nn.PixelShuffle(2), nn.PReLU())


class SuperResolutionDiscriminator(nn.Module):
    """Picture `[N, C, S, S]` → logit `[N]`: eight convolutions of strides 1 and 2 in turn, two linear layers."""

    def __init__(self, channels: int, size: int, *, features: int = 64, batch_norm: bool = True) -> None:
        super().__init__()
        widths = [features * 2 ** (number // 2) for number in range(8)]
        self.layers = nn.ModuleList([_convolution(channels, widths[0], 1, batch_norm=False)])
        for number, (inputs, outputs) in enumerate(pairwise(widths), start=1):
            self.layers.append(_convolution(inputs, outputs, 1 + number % 2, batch_norm))
        side = -(-size // 16)
        self.judge = nn.Sequential(
            nn.Flatten(),
            nn.Linear(widths[-1] * side**2, HIDDEN),
            nn.LeakyReLU(LEAK),
            nn.Linear(HIDDEN, 1),
            nn.Flatten(0),
        )

    def features(self, pictures: Tensor) -> list[Tensor]:
        """What each convolution makes of pictures, finest first."""
        maps = [pictures]
        for layer in self.layers:
            maps.append(layer(maps[-1]))
        return maps[1:]

    def forward(self, pictures: Tensor) -> Tensor:
        return self.judge(self.features(pictures)[-1])


def _convolution(inputs: int, outputs: int, stride: int, batch_norm: bool) -> nn.Sequential:
    return nn.Sequential(*_convolved(inputs, outputs, batch_norm, stride), nn.LeakyReLU(LEAK))


def _convolved(inputs: int, outputs: int, batch_norm: bool, stride: int = 1) -> list[nn.Module]:
    """3×3; batch normalisation brings the bias along."""
    convolution = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=not batch_norm)
    return [convolution, nn.BatchNorm2d(outputs)] if batch_norm else [convolution]
