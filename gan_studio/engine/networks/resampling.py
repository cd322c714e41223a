"""Doubling and halving with a filter in between, against checkerboards (Karras 2019, section 2; Zhang 2019).

The filter is 1 3 3 1 in both directions, on every channel by itself.
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F


def blurred(features: Tensor, padding: int, gain: float = 1.0) -> Tensor:
    """`[N, C, S, S]` → `[N, C, S + 2 padding - 3, …]`."""
    return F.conv2d(features, _kernel(features, gain), padding=padding, groups=features.shape[1])


def doubled(pictures: Tensor) -> Tensor:
    """`[N, C, S, S]` → `[N, C, 2S, 2S]`."""
    return F.conv_transpose2d(pictures, _kernel(pictures, 4.0), stride=2, padding=1, groups=pictures.shape[1])


def halved(pictures: Tensor) -> Tensor:
    """`[N, C, S, S]` → `[N, C, S/2, S/2]`."""
    return F.conv2d(pictures, _kernel(pictures, 1.0), stride=2, padding=1, groups=pictures.shape[1])


def _kernel(features: Tensor, gain: float) -> Tensor:
    """`[C, 1, 4, 4]`, which sums to `gain`."""
    kernel = _filter(features.device, features.dtype, gain)
    return kernel.expand(features.shape[1], 1, *kernel.shape)


@cache
def _filter(device: torch.device, dtype: torch.dtype, gain: float) -> Tensor:
    """Kept, because making it would have a GPU waited for; usable in training whoever asks first."""
    with torch.inference_mode(False):
        taps = torch.tensor([1.0, 3.0, 3.0, 1.0], device=device) / 8
        return (torch.outer(taps, taps) * gain).to(dtype)
