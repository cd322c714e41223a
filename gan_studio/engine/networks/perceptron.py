"""Fully connected networks, as the first GANs had them."""

from __future__ import annotations

import math
from itertools import pairwise

from torch import Tensor, nn

from gan_studio.engine.latent import drawing

LEAK = 0.2


class Maxout(nn.Module):
    """The largest of several linear maps (Goodfellow 2013): `[N, inputs]` → `[N, outputs]`."""

    def __init__(self, inputs: int, outputs: int, pieces: int) -> None:
        super().__init__()
        self.pieces = pieces
        self.linear = nn.Linear(inputs, outputs * pieces)

    def forward(self, inputs: Tensor) -> Tensor:
        return self.linear(inputs).unflatten(1, (-1, self.pieces)).amax(2)


def generator(inputs: int, widths: list[int], picture: tuple[int, int, int], batch_norm: bool) -> nn.Sequential:
    """`[N, inputs]` → ReLU layers → picture `[N, C, H, W]` in [-1, 1]."""
    layers = relu_layers(inputs, widths, batch_norm)
    return nn.Sequential(*layers, nn.Linear(widths[-1], math.prod(picture)), nn.Tanh(), nn.Unflatten(1, picture))


def relu_layers(inputs: int, widths: list[int], batch_norm: bool) -> list[nn.Module]:
    """`[N, inputs]` → `[N, widths[-1]]`."""
    layers: list[nn.Module] = []
    for narrow, wide in pairwise([inputs, *widths]):
        layers += [nn.Linear(narrow, wide), *([nn.BatchNorm1d(wide)] if batch_norm else []), nn.ReLU()]
    return layers


def hidden(inputs: int, widths: list[int], dropout: float, pieces: int = 0) -> nn.Sequential:
    """`[N, inputs]` → `[N, widths[-1]]` by LeakyReLU layers, or maxout ones of so many `pieces`, each with dropout."""
    layers: list[nn.Module] = []
    for wide, narrow in pairwise([inputs, *widths]):
        layers += [Maxout(wide, narrow, pieces)] if pieces else [nn.Linear(wide, narrow), nn.LeakyReLU(LEAK)]
        layers += [drawing.Dropout(dropout)] if dropout else []
    return nn.Sequential(*layers)
