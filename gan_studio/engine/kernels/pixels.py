"""How maps and weights lie in memory: by pixels, as channels last does."""

from __future__ import annotations

from torch import Tensor


def by_pixels(tensor: Tensor) -> Tensor:
    """`[N, C, H, W]` → contiguous `[N, H, W, C]`, a view where the memory lies so already."""
    return tensor.permute(0, 2, 3, 1).contiguous()


def by_channels(tensor: Tensor) -> Tensor:
    """`[N, H, W, C]` → a view `[N, C, H, W]`."""
    return tensor.permute(0, 3, 1, 2)
