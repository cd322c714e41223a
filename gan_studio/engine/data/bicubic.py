"""Bicubic reduction and enlargement as Pillow's `BICUBIC` does it: the kernel of a = -0.5, widened when it reduces.

Super-resolution is measured against this filter, and low resolution is made by it.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

LEVELS = 127.5
"""Half the steps of eight bits over [-1, 1]."""


def reduced(pictures: Tensor, scale: int) -> Tensor:
    """`[N, C, H, W]` → `[N, C, H // scale, W // scale]` in 256 levels of [-1, 1], as a small picture file holds them.

    Sides are cut to multiples of `scale` first.
    """
    height, width = (side // scale * scale for side in pictures.shape[2:])
    whole = pictures[:, :, :height, :width].float()
    return in_eight_bits(_resized(whole, height // scale, width // scale))


def enlarged(pictures: Tensor, scale: int) -> Tensor:
    """`[N, C, H, W]` → `[N, C, H * scale, W * scale]`; overshoots beyond [-1, 1] stay."""
    return _resized(pictures.float(), pictures.shape[2] * scale, pictures.shape[3] * scale)


def in_eight_bits(pictures: Tensor) -> Tensor:
    """Rounded to the nearest of the 256 levels, clipped to [-1, 1]."""
    return (((pictures + 1) * LEVELS).round() / LEVELS - 1).clamp(-1, 1)


def _resized(pictures: Tensor, height: int, width: int) -> Tensor:
    """Rows first, rounded and clipped to eight bits as Pillow does, then columns."""
    # Only with `antialias` torch takes Pillow's kernel, also where it enlarges; without it, a is -0.75
    rows = F.interpolate(pictures, (pictures.shape[2], width), mode="bicubic", antialias=True)
    return F.interpolate(in_eight_bits(rows), (height, width), mode="bicubic", antialias=True)
