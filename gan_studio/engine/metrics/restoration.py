"""How near a restored picture is to the true one: PSNR and SSIM, on luma, as super-resolution is reported."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

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
