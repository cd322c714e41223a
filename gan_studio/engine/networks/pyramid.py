"""The networks of a level of LAPGAN (Denton 2015, section 4.1 and appendix A): a low-pass in, its detail out.

Convolutions are like the paper's in kind; their number and widths are ours.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from gan_studio.engine.latent import drawing
from gan_studio.engine.networks.convolutional import LEAK, initialise

SMALLEST = 3
"""D halves its maps as long as they stay at least this large."""


class DetailGenerator(nn.Module):
    """Low-pass `[N, C, S, S]` and a plane of noise `[N, 1, S, S]` → residual `[N, C, S, S]`.

    Linear at its end: the difference of two pictures in [-1, 1] spans [-2, 2].
    """

    def __init__(self, channels: int, features: int, layers: int, batch_norm: bool) -> None:
        """`layers` hidden convolutions of `features` channels."""
        super().__init__()
        hidden: list[nn.Module] = []
        for inputs, outputs in pairwise([channels + 1, *[features] * layers]):
            hidden.append(nn.Conv2d(inputs, outputs, 3, padding=1, bias=not batch_norm))
            hidden += [nn.BatchNorm2d(outputs), nn.ReLU()] if batch_norm else [nn.ReLU()]
        self.body = nn.Sequential(*hidden, nn.Conv2d(features, channels, 3, padding=1))
        if batch_norm:
            initialise(self)

    def forward(self, low_pass: Tensor, noise: Tensor) -> Tensor:
        return self.body(torch.cat([low_pass, noise], 1))


class DetailDiscriminator(nn.Sequential):
    """Low-pass and residual, added, `[N, C, S, S]` → logit `[N]`: both are added before the first layer (section 3.2).

    Without normalisation, so that every penalty may be put on it.
    """

    def __init__(self, size: int, channels: int, features: int, most_features: int, dropout: float) -> None:
        layers: list[nn.Module] = []
        while size // 2 >= SMALLEST:
            layers += [nn.Conv2d(channels, features, 4, stride=2, padding=1), nn.LeakyReLU(LEAK)]
            layers += [drawing.Dropout2d(dropout)] if dropout else []
            channels, features, size = features, min(2 * features, most_features), size // 2
        super().__init__(*layers, nn.Flatten(), nn.Linear(channels * size**2, 1), nn.Flatten(0))
        initialise(self)
