"""The run's sample grids: always from the same controls, drawn before step 0."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from gan_studio.engine.export.grids import tile, to_pixels
from gan_studio.engine.families.base import Controls, Sampler
from gan_studio.engine.files import atomic_write

CHUNK = 16
"""Pictures made at a time: a grid must not need more memory than a training step."""


def grid_size(picture_size: int) -> int:
    """How many pictures a grid shows: 64 small ones, fewer large ones."""
    columns = min(8, max(4, 768 // picture_size))
    return columns * columns


class GridMaker:
    """Makes the grids of a run from fixed controls."""

    def __init__(self, sampler: Sampler, count: int, seed: int, device: str) -> None:
        self._sampler = sampler
        self._count = count
        generator = torch.Generator().manual_seed(seed)
        self._controls = {
            name: value.to(device) if isinstance(value, Tensor) else value
            for name, value in sampler.fixed_controls(count, generator).items()
        }
        self._columns = sampler.grid_columns(count)

    @torch.inference_mode()
    def write(self, path: Path) -> None:
        """Sample and write one grid. Raises RunError."""
        pictures = [self._sampler(chunk)[self._sampler.main_output].cpu() for chunk in self._chunks()]
        write_png(path, tile(to_pixels(torch.cat(pictures)), self._columns))

    def _chunks(self) -> Iterator[Controls]:
        for start in range(0, self._count, CHUNK):
            yield {
                name: value[start : start + CHUNK] if isinstance(value, Tensor) else value
                for name, value in self._controls.items()
            }


def write_png(path: Path, pixels: np.ndarray) -> None:
    """Write uint8 `[H, W, 3]`. Raises RunError."""
    with atomic_write(path) as file:
        Image.fromarray(pixels).save(file, format="PNG", compress_level=1)
