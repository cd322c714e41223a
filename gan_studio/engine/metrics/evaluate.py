"""A generator against the pictures it was trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gan_studio.engine.checkpoint import LoadedGenerator
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.scan import scan
from gan_studio.engine.metrics.floor import BesideFloor, beside_floor, half_count

CHUNK = 64


def evaluate(
    loaded: LoadedGenerator,
    source: Path,
    *,
    count: int = 1000,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> BesideFloor:
    """Sliced Wasserstein distance of `count` samples to the pictures in `source`, and the real-against-real floor.

    Pictures are made as in training (size, colour, fit). Where there are fewer than two times `count` pictures, as many
    samples as half of them are compared. Raises DatasetError, also for a single picture. `count` is at least 1.
    """
    pictures = load_pictures(scan(source, progress=progress), loaded.config.decided_data())
    reals = torch.from_numpy(pictures.take(np.arange(len(pictures)))).permute(0, 3, 1, 2)
    wanted = min(count, half_count(reals))
    fakes = torch.cat(list(_samples(loaded, wanted, seed)))
    return beside_floor(fakes, reals, count=count, seed=seed)


@torch.inference_mode()
def _samples(loaded: LoadedGenerator, count: int, seed: int) -> Iterator[Tensor]:
    """Float `[n, C, H, W]` in [-1, 1], from one generator of random numbers of its own."""
    generator = torch.Generator().manual_seed(seed)
    for start in range(0, count, CHUNK):
        controls = loaded.sampler.random_controls(min(CHUNK, count - start), generator)
        yield loaded.sampler(controls)[loaded.sampler.main_output].clamp(-1, 1)
