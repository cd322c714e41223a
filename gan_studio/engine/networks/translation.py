"""Networks that turn a picture into another of the same size, and judge patches of pictures (Zhu 2017, appendix)."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_studio.engine.data.domains import EXAMPLES

INITIAL_DEVIATION = 0.02
LEAK = 0.2


class ResidualBlock(nn.Module):
    """`[N, width, H, W]` → the same shape: what two convolutions change, added."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(width, width, 3),
            nn.InstanceNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ReflectionPad2d(1),
            nn.Conv2d(width, width, 3),
            nn.InstanceNorm2d(width),
        )

    def forward(self, features: Tensor) -> Tensor:
        return features + self.body(features)


class Translator(nn.Module):
    """Picture `[N, C, H, W]` → picture of the same shape, in [-1, 1]; any size from 16 pixels on.

    With 64 features, two halvings and six blocks: c7s1-64, d128, d256, R256 × 6, u128, u64, c7s1-3.
    """

    examples: Tensor
    """Pictures of the run that a sampler translates, uint8 `[EXAMPLES, C, size, size]`; a slope of greys until there
    are any."""

    def __init__(self, channels: int, size: int, *, features: int, halvings: int, blocks: int) -> None:
        super().__init__()
        self.multiple, self.features = 2**halvings, features
        widths = [features * 2**level for level in range(halvings + 1)]
        layers: list[nn.Module] = [nn.ReflectionPad2d(3), nn.Conv2d(channels, features, 7), *_normalised(features)]
        for fine, coarse in pairwise(widths):
            layers += [nn.Conv2d(fine, coarse, 3, stride=2, padding=1), *_normalised(coarse)]
        layers += [ResidualBlock(widths[-1]) for _ in range(blocks)]
        for coarse, fine in pairwise(widths[::-1]):
            doubling = nn.ConvTranspose2d(coarse, fine, 3, stride=2, padding=1, output_padding=1)
            layers += [doubling, *_normalised(fine)]
        self.layers = nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(features, channels, 7), nn.Tanh())
        slope = torch.linspace(0, 127, size)
        examples = (slope + slope[:, None]).to(torch.uint8).expand(EXAMPLES, channels, size, size)
        self.register_buffer("examples", examples.clone())
        initialise(self)

    def forward(self, pictures: Tensor) -> Tensor:
        height, width = pictures.shape[2:]
        # Sizes that cannot be halved often enough are reflected at two sides, and cut again
        down, right = -height % self.multiple, -width % self.multiple
        if down or right:
            pictures = F.pad(pictures, (0, right, 0, down), mode="reflect")
        return self.layers(pictures)[..., :height, :width]


class PatchDiscriminator(nn.Sequential):
    """Picture `[N, C, H, W]` → a logit for each of its patches, `[N, 1, h, w]`.

    Three halvings see patches of 70×70 pixels (Isola 2017, appendix 6.1.2), two of 34×34, one of 16×16.
    """

    def __init__(self, channels: int, *, features: int, halvings: int) -> None:
        widths = [features * min(2**level, 8) for level in range(halvings + 1)]
        layers: list[nn.Module] = [nn.Conv2d(channels, features, 4, stride=2, padding=1), nn.LeakyReLU(LEAK, True)]
        for level, (fine, coarse) in enumerate(pairwise(widths), start=1):
            stride = 2 if level < halvings else 1
            layers += [
                nn.Conv2d(fine, coarse, 4, stride=stride, padding=1),
                nn.InstanceNorm2d(coarse),
                nn.LeakyReLU(LEAK, True),
            ]
        super().__init__(*layers, nn.Conv2d(widths[-1], 1, 4, padding=1))
        initialise(self)


def most_halvings(size: int) -> int:
    """Of a patch discriminator: its last normalised map has two pixels a side at least."""
    return max(1, size.bit_length() - 3)


def initialise(network: nn.Module) -> None:
    """Weights N(0, 0.02) (Zhu 2017, appendix), biases 0."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, INITIAL_DEVIATION)
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def _normalised(width: int) -> list[nn.Module]:
    return [nn.InstanceNorm2d(width), nn.ReLU(inplace=True)]
