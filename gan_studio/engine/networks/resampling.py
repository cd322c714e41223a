"""Doubling and halving with a filter in between, against checkerboards (Karras 2019, section 2; Zhang 2019)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Resampler(nn.Module):
    """The binomial filter 1 3 3 1 in both directions, on every channel by itself."""

    kernel: Tensor

    def __init__(self) -> None:
        super().__init__()
        taps = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
        self.register_buffer("kernel", torch.outer(taps, taps), persistent=False)

    def blurred(self, features: Tensor, padding: int, gain: float = 1.0) -> Tensor:
        """`[N, C, S, S]` → `[N, C, S + 2 padding - 3, …]`."""
        return F.conv2d(features, self._for(features, gain), padding=padding, groups=features.shape[1])

    def doubled(self, pictures: Tensor) -> Tensor:
        """`[N, C, S, S]` → `[N, C, 2S, 2S]`."""
        kernel = self._for(pictures, 4.0)
        return F.conv_transpose2d(pictures, kernel, stride=2, padding=1, groups=pictures.shape[1])

    def halved(self, pictures: Tensor) -> Tensor:
        """`[N, C, S, S]` → `[N, C, S/2, S/2]`."""
        return F.conv2d(pictures, self._for(pictures, 1.0), stride=2, padding=1, groups=pictures.shape[1])

    def _for(self, features: Tensor, gain: float) -> Tensor:
        kernel = (self.kernel * gain).to(features.dtype)
        return kernel.expand(features.shape[1], 1, *kernel.shape)
