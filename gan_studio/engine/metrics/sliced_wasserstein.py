"""Sliced Wasserstein distance between the patches of two sets of pictures, scale by scale.

Karras et al. 2018, "Progressive Growing of GANs", section 5; the distance itself after Rabin et al. 2011. It needs
no trained network. What it sees: texture at fine levels, composition at coarse ones, also a lack of variety. What it
cannot see: brightness and contrast of a channel over a whole set, since each set is normalised by its own mean and
deviation, as the paper prescribes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from gan_studio.engine.errors import DatasetError, SettingsError
from gan_studio.engine.networks.laplacian import laplacian_level, level_sizes

_SCALE = 1e3  # the paper prints distances × 10³
_PIXELS_A_BATCH = 2**21
_PROJECTIONS_A_CHUNK = 2**23
# A channel flatter than this (of 255 grey levels) holds only rounding noise, which must not be blown up.
_FLAT = 1e-2


@dataclass(frozen=True)
class SlicedWasserstein:
    """Distances × 10³; 0 is best, and only numbers from equal `pictures` and settings compare.

    `levels` maps the shorter side of each pyramid level in pixels to its distance, the finest first; `pictures` is
    how many of each set went in.
    """

    levels: dict[int, float]
    pictures: int

    @property
    def mean(self) -> float:
        """The plain mean over the levels."""
        return sum(self.levels.values()) / len(self.levels)


@torch.no_grad()
def sliced_wasserstein(
    a: Tensor,
    b: Tensor,
    *,
    directions: int = 512,
    patches_per_picture: int = 128,
    patch: int = 7,
    seed: int = 0,
    level_floor: int = 16,
) -> SlicedWasserstein:
    """The distance between two sets of pictures `[N, C, H, W]`, uint8 or float in [-1, 1].

    Of sets of unequal size the first min(N) pictures of each are taken. Float pictures are rounded to 8 bits first:
    measured is what would be saved. Patch positions are drawn for each set by itself, as in the paper, so that equal
    sets score low but not 0. All draws come from `seed` on the CPU; the global random state is left alone. The work
    is done where `a` lies. Memory: `8 × N × patches_per_picture × C × patch²` bytes and little besides.

    Raises DatasetError for pictures that cannot be compared, SettingsError for settings that cannot work.
    """
    _check_settings(directions, patches_per_picture, patch, level_floor)
    _check_pictures(a, b, level_floor)
    count = min(len(a), len(b))
    generator = torch.Generator().manual_seed(seed)
    sizes = level_sizes(a.shape[2], a.shape[3], level_floor)
    distances = {}
    for depth, (height, width) in enumerate(sizes):
        rows_a, rows_b = (
            _descriptors(pictures[:count], depth, len(sizes), patches_per_picture, patch, generator, a.device)
            for pictures in (a, b)
        )
        units = unit_directions(rows_a.shape[1], directions, generator).to(a.device)
        distances[min(height, width)] = sliced_distance(rows_a, rows_b, units) * _SCALE
    return SlicedWasserstein(distances, count)


def unit_directions(dimensions: int, count: int, generator: torch.Generator) -> Tensor:
    """Directions spread evenly over the sphere, float32 `[dimensions, count]`, each column of length 1."""
    directions = torch.randn(dimensions, count, generator=generator)
    return directions / directions.norm(dim=0, keepdim=True)


@torch.no_grad()
def sliced_distance(a: Tensor, b: Tensor, directions: Tensor) -> float:
    """Mean over `directions` `[D, K]` of the 1-D Wasserstein-1 distance of point sets `a` and `b`, both `[N, D]`.

    On a line the best transport joins equal ranks, so that the distance is the mean gap between sorted projections.
    """
    total = 0.0
    for some in directions.split(max(1, _PROJECTIONS_A_CHUNK // len(a)), dim=1):
        gaps = _sort_rows(some.T @ a.T).sub_(_sort_rows(some.T @ b.T)).abs_()
        total += float(gaps.mean()) * some.shape[1]
    return total / directions.shape[1]


def _sort_rows(values: Tensor) -> Tensor:
    """Each row of `[K, N]` in rising order, in place where that is possible."""
    if values.device.type != "cpu":
        return values.sort(dim=1).values
    # numpy sorts with vector instructions and without an index: twenty times as fast as torch on the CPU
    values.numpy().sort(axis=1)
    return values


def _descriptors(
    pictures: Tensor,
    depth: int,
    levels: int,
    patches_per_picture: int,
    patch: int,
    generator: torch.Generator,
    device: torch.device,
) -> Tensor:
    """Random patches of one pyramid level, normalised, float32 `[N × patches_per_picture, C × patch²]`.

    One level at a time: keeping the patches of all of them would cost several times the memory to save little time.
    """
    patches = None
    for start, batch in _batches(pictures, device):
        windows = laplacian_level(batch, depth, levels).unfold(2, patch, 1).unfold(3, patch, 1)
        if patches is None:
            tops, lefts = _positions(len(pictures), patches_per_picture, windows, generator)
            patches = windows.new_empty(len(pictures), patches_per_picture, windows.shape[1], patch, patch)
        end = start + len(batch)
        index = torch.arange(len(batch), device=device)[:, None]
        patches[start:end] = windows[index, :, tops[start:end], lefts[start:end]]
    assert patches is not None
    return _normalise(patches.flatten(0, 1)).flatten(1)


def _positions(count: int, patches: int, windows: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Top and left of every patch, `[count, patches]`, drawn at once so that batching cannot change them."""
    rows, columns = windows.shape[2:4]
    tops = torch.randint(rows, (count, patches), generator=generator)
    lefts = torch.randint(columns, (count, patches), generator=generator)
    return tops.to(windows.device), lefts.to(windows.device)


def _normalise(patches: Tensor) -> Tensor:
    """Mean 0 and deviation 1 for each channel over the whole set `[M, C, P, P]`, in place."""
    deviation, mean = torch.std_mean(patches, dim=(0, 2, 3), keepdim=True, correction=0)
    return patches.sub_(mean).div_(deviation.clamp_min(_FLAT))


def _batches(pictures: Tensor, device: torch.device) -> Iterator[tuple[int, Tensor]]:
    """Start index and pictures in grey levels 0 to 255, float32, a bounded number of pixels at a time."""
    size = max(1, _PIXELS_A_BATCH // pictures[0].numel())
    for start in range(0, len(pictures), size):
        yield start, _grey_levels(pictures[start : start + size].to(device))


def _grey_levels(pictures: Tensor) -> Tensor:
    """Whole grey levels 0 to 255 as float32, of uint8 pictures or float ones in [-1, 1]."""
    if pictures.dtype == torch.uint8:
        return pictures.float()
    levels = pictures.float().add(1).mul_(127.5).round_().clamp_(0, 255)
    if not torch.isfinite(levels).all():
        raise DatasetError(
            "Pictures to compare hold values that are not numbers.",
            "The generator has probably diverged: take an earlier checkpoint.",
        )
    return levels


def _check_settings(directions: int, patches_per_picture: int, patch: int, level_floor: int) -> None:
    if min(directions, patches_per_picture, patch) < 1:
        raise SettingsError("directions, patches_per_picture and patch must be at least 1.")
    if level_floor < max(2, patch):
        raise SettingsError(
            f"level_floor {level_floor} is too small for patches of {patch} pixels.",
            f"Set level_floor to {max(2, patch)} or more.",
        )


def _check_pictures(a: Tensor, b: Tensor, level_floor: int) -> None:
    shapes = f"{list(a.shape)} and {list(b.shape)}"
    if a.ndim != 4 or b.ndim != 4 or a.shape[1:] != b.shape[1:] or a.shape[1] < 1:
        raise DatasetError(
            f"Pictures of shapes {shapes} cannot be compared.", "Bring both sets to one size and number of channels."
        )
    if not len(a) or not len(b):
        raise DatasetError(f"There are no pictures to compare in one of the sets: {shapes}.", "Give at least one each.")
    if min(a.shape[2:]) < level_floor:
        raise DatasetError(
            f"Pictures of {a.shape[3]}×{a.shape[2]} pixels are smaller than the coarsest level, {level_floor} pixels.",
            "Compare larger pictures, or lower level_floor.",
        )
    for pictures in (a, b):
        if pictures.dtype != torch.uint8 and not pictures.is_floating_point():
            raise DatasetError(
                f"Pictures of type {pictures.dtype} cannot be compared.", "Give uint8, or float in [-1, 1]."
            )
