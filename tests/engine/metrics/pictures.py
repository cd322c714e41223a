"""Pictures for the tests of metrics: drawn or real, always the same."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor


def discs(count: int, size: int = 32, channels: int = 3, seed: int = 0) -> Tensor:
    """Discs of random colour, place and radius, float32 `[count, channels, size, size]` in [-1, 1]."""
    generator = torch.Generator().manual_seed(seed)
    x, y, radius = torch.rand(3, count, 1, 1, generator=generator) * 0.6 + 0.2
    grid = torch.linspace(0, 1, size)
    inside = ((grid[None, None, :] - x) ** 2 + (grid[None, :, None] - y) ** 2 < (radius / 2) ** 2)[:, None].float()
    paint, ground = torch.rand(2, count, channels, 1, 1, generator=generator) * 2 - 1
    return inside * paint + (1 - inside) * ground


def blurred(pictures: Tensor, width: int) -> Tensor:
    """A box blur `width` (odd) pixels wide."""
    edge = width // 2
    padded = F.pad(pictures, (edge, edge, edge, edge), mode="replicate")
    return F.avg_pool2d(F.avg_pool2d(padded, (width, 1), stride=1), (1, width), stride=1)


def noisy(pictures: Tensor, strength: float) -> Tensor:
    """Normal noise of a given deviation on top, kept in [-1, 1]."""
    noise = torch.randn(pictures.shape, generator=torch.Generator().manual_seed(5))
    return (pictures + strength * noise).clamp(-1, 1)


def real_pictures(name: str, count: int, size: int) -> Tensor:
    """The first pictures of a real data set, uint8 `[count, 3, size, size]`; skips the test where there is none."""
    folder = os.environ.get("GAN_STUDIO_TEST_DATA")
    if not folder or not (Path(folder) / name).is_file():
        pytest.skip(f"GAN_STUDIO_TEST_DATA names no folder with {name}")
    with zipfile.ZipFile(Path(folder) / name) as archive:
        names = [entry for entry in archive.namelist() if entry.lower().endswith(".png")][:count]
        arrays = [
            np.asarray(Image.open(io.BytesIO(archive.read(entry))).convert("RGB").resize((size, size)))
            for entry in names
        ]
    return torch.from_numpy(np.stack(arrays)).permute(0, 3, 1, 2).contiguous()
