"""From a sampler's tensors to pixels, and from pixels to one grid."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from gan_studio.engine.grid_layout import GAP

GAP_COLOUR = (32, 32, 36)
"""Dark and neutral: it disappears beside pictures of any colour, on a dark and on a light window."""


def to_pixels(pictures: Tensor) -> np.ndarray:
    """Pictures float `[N, C, H, W]` in [-1, 1], C 1 or 3, on any device, as uint8 `[N, H, W, 3]`, C-contiguous.

    Values are rounded to the nearest of the 256 levels; what lies outside is clipped; not-a-number is black.
    """
    levels = pictures.detach().float().mul(127.5).add_(127.5).round_()
    levels = levels.nan_to_num_(nan=0.0, posinf=255.0, neginf=0.0).clamp_(0, 255).to(torch.uint8)
    if levels.shape[1] == 1:
        levels = levels.expand(-1, 3, -1, -1)
    return levels.permute(0, 2, 3, 1).contiguous().cpu().numpy()


def tile(pixels: np.ndarray, columns: int, gap: int = GAP, colour: tuple[int, int, int] = GAP_COLOUR) -> np.ndarray:
    """Pictures uint8 `[N, H, W, 3]` row by row in one grid, uint8 `[rows * H + gaps, columns * W + gaps, 3]`.

    `gap` pixels of `colour` lie between pictures, none around them; cells without a picture have that colour too.
    """
    count, height, width, _ = pixels.shape
    columns = max(1, columns)
    rows = max(1, math.ceil(count / columns))
    grid = np.empty((rows * (height + gap) - gap, columns * (width + gap) - gap, 3), np.uint8)
    grid[:] = colour
    for index, picture in enumerate(pixels):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        grid[top : top + height, left : left + width] = picture
    return grid
