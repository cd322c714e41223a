"""How near a restored picture is to the true one: PSNR and SSIM, on luma, as super-resolution is reported."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from gan_studio.engine.checkpoint import LoadedGenerator
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.parallel import IsCancelled, Progress, check
from gan_studio.engine.data.scan import scan
from gan_studio.engine.errors import DatasetError, SettingsError
from gan_studio.engine.export.grids import to_pixels

PEAK = 255.0
WINDOW, DEVIATION = 11, 1.5
K1, K2 = 0.01, 0.03
_WEIGHTS = (65.481, 128.553, 24.966)
"""Of red, green and blue in the luma of BT.601, from 16 to 235."""


@dataclass(frozen=True)
class Likeness:
    """Of one picture to the true one."""

    psnr: float
    """dB; infinite where they are equal."""
    ssim: float
    """1 where they are equal."""


@dataclass(frozen=True)
class Restored:
    """One picture: what the model made of it, and what bicubic enlargement makes of it."""

    name: str
    result: Likeness
    bicubic: Likeness


def restore(
    loaded: LoadedGenerator,
    source: Path,
    names: Collection[str],
    *,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> list[Restored]:
    """Reduce pictures of `source`, have the model enlarge them, and compare with what they were.

    `names` are those to take; all where it is empty. A border as wide as the scale is left out (Ledig 2017, section
    3.1). Raises SettingsError for a model that enlarges nothing, DatasetError, Cancelled.
    """
    pictures = load_pictures(scan(source), loaded.config.decided_data(), crops=True, cancelled=cancelled)
    chosen = pictures.numbers_of(names) if names else np.arange(len(pictures))
    if not len(chosen) or pictures.whole is None:
        raise DatasetError(f"{source} has none of these pictures: {', '.join(names)}.", "Check the names.")
    found = []
    for done, number in enumerate(chosen.tolist(), start=1):
        check(cancelled)
        (row,) = pictures.rows_of(np.array([number]))
        found.append(restored(loaded, pictures.names[number], pictures.whole.whole(int(row))))
        if progress is not None:
            progress(done, len(chosen))
    return found


@torch.inference_mode()
def restored(loaded: LoadedGenerator, name: str, truth: np.ndarray) -> Restored:
    """One true picture, uint8 `[H, W, C]`. Raises SettingsError for a model that enlarges nothing."""
    sampler = loaded.sampler
    controls = sampler.degraded(torch.from_numpy(truth.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1)
    if controls is None:
        raise SettingsError(f"A {loaded.family.title} does not enlarge pictures.", "Choose a run of another family.")
    made = sampler.full_size(controls)
    true = controls["truth"]
    border = true.shape[2] // controls["picture"].shape[2]
    result, bicubic = (likeness(made[which], true, border) for which in (sampler.main_output, "bicubic"))
    return Restored(name, result, bicubic)


def mean_likeness(found: Iterable[Likeness]) -> Likeness:
    """Of at least one picture."""
    found = list(found)
    return Likeness(fmean(one.psnr for one in found), fmean(one.ssim for one in found))


def likeness(made: Tensor, truth: Tensor, border: int) -> Likeness:
    """Of pictures `[1, C, H, W]` in [-1, 1], rounded to eight bits as they would be saved, without their border."""
    inside = slice(border, -border or None)
    one, other = (luma(to_pixels(picture)[0])[inside, inside] for picture in (made, truth))
    return Likeness(psnr(one, other), ssim(one, other))


def luma(pixels: np.ndarray) -> np.ndarray:
    """Y of BT.601, float64 `[H, W]` from 16 to 235, of uint8 `[H, W, 3]`."""
    return 16 + pixels.astype(np.float64) @ np.array(_WEIGHTS) / 255


def psnr(made: np.ndarray, truth: np.ndarray) -> float:
    """Peak signal to noise in dB, of planes of 0 to 255."""
    error = float(np.square(made - truth).mean())
    return 10 * math.log10(PEAK**2 / error) if error else math.inf


def ssim(made: np.ndarray, truth: np.ndarray) -> float:
    """Structural similarity of planes of 0 to 255 (Wang 2004, section III): Gaussian window of 11, deviation 1.5.

    Taken where the window lies inside. Raises ValueError for planes that are smaller than it.
    """
    if min(truth.shape) < WINDOW:
        raise ValueError(f"a plane of {truth.shape} pixels is smaller than the window")
    x, y = (torch.from_numpy(plane)[None, None].double() for plane in (made, truth))
    mean_x, mean_y = _blurred(x), _blurred(y)
    variance_x, variance_y = _blurred(x * x) - mean_x**2, _blurred(y * y) - mean_y**2
    covariance = _blurred(x * y) - mean_x * mean_y
    c1, c2 = (K1 * PEAK) ** 2, (K2 * PEAK) ** 2
    likeness = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    return float((likeness / ((mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2))).mean())


def _blurred(plane: Tensor) -> Tensor:
    places = torch.arange(WINDOW, dtype=torch.float64) - WINDOW // 2
    taps = (-(places**2) / (2 * DEVIATION**2)).exp()
    taps = taps / taps.sum()
    return F.conv2d(F.conv2d(plane, taps.view(1, 1, 1, -1)), taps.view(1, 1, -1, 1))
