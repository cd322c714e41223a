"""What real pictures score against other real pictures: the number that a distance must be read beside."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gan_studio.engine.errors import DatasetError
from gan_studio.engine.metrics.sliced_wasserstein import SlicedWasserstein, sliced_wasserstein


@dataclass(frozen=True)
class BesideFloor:
    """Fakes from reals, and reals from other reals: as many pictures each, with equal settings."""

    distance: SlicedWasserstein
    floor: SlicedWasserstein


def real_floor(reals: Tensor, *, count: int | None = None, seed: int = 0, **settings: int) -> SlicedWasserstein:
    """The distance of two disjoint random halves of `reals` `[N, C, H, W]`, uint8 or float in [-1, 1].

    `count` pictures each: the number used for the fakes, since fewer pictures score higher; without it N // 2.
    `settings` as for `sliced_wasserstein`. Raises DatasetError where there are fewer than 2 × `count` reals.
    """
    half, other = disjoint_halves(reals, half_count(reals) if count is None else count, seed)
    return sliced_wasserstein(other, half, seed=seed, **settings)


def beside_floor(
    fakes: Tensor, reals: Tensor, *, count: int | None = None, seed: int = 0, **settings: int
) -> BesideFloor:
    """Fakes against one random half of the reals, and that half against the other, all with as many pictures.

    At most `count`, and never more than there are fakes or than half of the reals; `distance.pictures` says how
    many it came to. Raises DatasetError for fewer than two reals or pictures that cannot be compared.
    """
    most = min(len(fakes), half_count(reals))
    half, other = disjoint_halves(reals, most if count is None else min(count, most), seed)
    return BesideFloor(
        distance=sliced_wasserstein(fakes[: len(half)], half, seed=seed, **settings),
        floor=sliced_wasserstein(other, half, seed=seed, **settings),
    )


def disjoint_halves(reals: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Two random sets of `count` pictures each that share none; the same seed gives the same sets."""
    if 2 * count > len(reals):
        raise DatasetError(
            f"A floor from {count} pictures needs {2 * count} real ones, and there are {len(reals)}.",
            f"Compare {len(reals) // 2} pictures or fewer.",
        )
    order = torch.randperm(len(reals), generator=torch.Generator().manual_seed(seed)).to(reals.device)
    return reals[order[:count]], reals[order[count : 2 * count]]


def half_count(reals: Tensor) -> int:
    """How many pictures either of two disjoint halves can hold, at least 1. Raises DatasetError."""
    if len(reals) < 2:
        raise DatasetError(
            f"A floor needs at least two real pictures, and there are {len(reals)}.", "Add pictures to the data set."
        )
    return len(reals) // 2
