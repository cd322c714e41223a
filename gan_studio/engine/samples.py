"""The run's grids: samples, always from the same controls drawn before step 0, and reals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from gan_studio.engine.averaging import Averages, Mirrors
from gan_studio.engine.config import RunConfig
from gan_studio.engine.data.domains import Domain, reals
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.export.grids import tile, to_pixels
from gan_studio.engine.export.png import save_png
from gan_studio.engine.families.base import Controls, Family, Parts, Sampler
from gan_studio.engine.files import make_folder

CHUNK = 16
"""Pictures made at a time: a grid must not need more memory than a training step."""
FAST = 1
"""zlib's level: a grid is written while training waits for it."""


def grid_size(picture_size: int) -> int:
    """How many pictures a grid shows: 64 small ones, fewer large ones."""
    columns = min(8, max(4, 768 // picture_size))
    return columns * columns


class GridMaker:
    """Makes the grids of a run from fixed controls."""

    def __init__(self, sampler: Sampler, count: int, seed: int, device: str) -> None:
        self._sampler = sampler
        self._columns = sampler.grid_columns(count)
        self._count = sampler.grid_count(count)
        self._seed, self._device = seed, device

    @cached_property
    def _controls(self) -> Controls:
        """Drawn for the first grid and not before: a sampler may look at buffers, which are filled by then."""
        generator = torch.Generator().manual_seed(self._seed)
        return {
            name: value.to(self._device) if isinstance(value, Tensor) else value
            for name, value in self._sampler.fixed_controls(self._count, generator).items()
        }

    @torch.inference_mode()
    def write(self, path: Path) -> None:
        """Sample and write one grid. Raises RunError."""
        pictures = [self._sampler.grid_pictures(chunk).cpu() for chunk in self._chunks()]
        save_png(path, tile(to_pixels(torch.cat(pictures)), self._columns), compress_level=FAST)

    def _chunks(self) -> Iterator[Controls]:
        for start in range(0, self._count, CHUNK):
            yield {
                name: value[start : start + CHUNK] if isinstance(value, Tensor) else value
                for name, value in self._controls.items()
            }


class RawGrids:
    """The same grids from the generator as it is, without averaging."""

    def __init__(self, mirrors: Mirrors, grids: GridMaker) -> None:
        """`grids` samples from `mirrors`."""
        self._mirrors, self._grids = mirrors, grids

    def write(self, path: Path) -> None:
        """Raises RunError."""
        make_folder(path.parent)
        self._mirrors.refresh()
        self._grids.write(path)


def run_grids(
    config: RunConfig, family: Family, parts: Parts, averages: Averages, device: str
) -> tuple[GridMaker, RawGrids | None]:
    """From the same latents: grids of the averaged generator, and of the raw one where that is another and wanted."""
    settings, count = config.training, grid_size(config.picture.size)

    def maker(networks: Mapping[str, nn.Module]) -> GridMaker:
        return GridMaker(family.sampler(networks), count, settings.seed, device)

    if not (settings.raw_grids and settings.average_images):
        return maker(averages.networks), None
    mirrors = Mirrors(parts.networks, parts.averaged)
    return maker(averages.networks), RawGrids(mirrors, maker(mirrors.networks))


def write_reals(path: Path, pictures: PictureSet, domains: Mapping[str, Domain]) -> None:
    """The grid of reals beside the samples, drawn by the run's seed, domain below domain. Raises RunError."""
    count = grid_size(pictures.spec.size)
    columns = math.isqrt(count)
    pixels = reals(pictures, domains, count, columns)
    in_colour = np.broadcast_to(pixels, (*pixels.shape[:3], 3))
    save_png(path, tile(in_colour, columns), compress_level=FAST)
