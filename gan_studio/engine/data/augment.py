"""Augmentations that gradients pass through: D sees changed pictures, real and made alike.

Pictures are float `[N, C, H, W]` in [-1, 1]; random numbers come from torch's global state of their device.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from gan_studio.engine.latent import drawing

BRIGHTNESS, SATURATION, CONTRAST = 0.5, 1.0, 0.5
TRANSLATION, CUTOUT = 1 / 8, 1 / 2
_SCALE_DEVIATION = 0.2 * math.log(2)


def diff_augment(pictures: Tensor) -> Tensor:
    """Colour, translation by up to 1/8, and a cut-out square of 1/2 (Zhao 2020, section 4), each on every picture."""
    return _cut_out(_translate(_jitter(pictures)))


def adaptive_augment(pictures: Tensor, probability: Tensor) -> Tensor:
    """Pixel blits, geometric and colour transforms, each with `probability` (Karras 2020, appendix B).

    Geometry is one bilinear sampling with mirrored borders, without the paper's wavelet filters.

    Args:
        probability: scalar tensor in [0, 1]; it is never read by the processor.
    """
    return _recolour(_move(pictures, probability), probability)


# --- DiffAugment ---


def _jitter(pictures: Tensor) -> Tensor:
    pictures = pictures + _uniform(pictures, BRIGHTNESS)
    grey = pictures.mean(1, keepdim=True)
    pictures = grey + (pictures - grey) * (_uniform(pictures, SATURATION) + 1)
    mean = pictures.mean((1, 2, 3), keepdim=True)
    return mean + (pictures - mean) * (_uniform(pictures, CONTRAST) + 1)


def _translate(pictures: Tensor) -> Tensor:
    """By whole pixels, zeros coming in."""
    count, channels, height, width = pictures.shape
    most = (int(height * TRANSLATION + 0.5), int(width * TRANSLATION + 0.5))
    down, right = (drawing.randint(-m, m + 1, count, 1, device=pictures.device) for m in most)
    rows = (torch.arange(height, device=pictures.device) + down + 1).clamp(0, height + 1)
    columns = (torch.arange(width, device=pictures.device) + right + 1).clamp(0, width + 1)
    padded = F.pad(pictures, (1, 1, 1, 1))
    padded = padded.gather(2, rows.view(count, 1, height, 1).expand(-1, channels, -1, width + 2))
    return padded.gather(3, columns.view(count, 1, 1, width).expand(-1, channels, height, -1))


def _cut_out(pictures: Tensor) -> Tensor:
    count, _, height, width = pictures.shape
    sides = (int(height * CUTOUT + 0.5), int(width * CUTOUT + 0.5))
    inside = []
    for length, side in zip((height, width), sides, strict=True):
        start = drawing.randint(0, length + 1 - side % 2, count, 1, device=pictures.device) - side // 2
        place = torch.arange(length, device=pictures.device)
        inside.append((place >= start) & (place < start + side))
    hole = inside[0].view(count, 1, height, 1) & inside[1].view(count, 1, 1, width)
    return pictures * (~hole).to(pictures.dtype)


def _uniform(pictures: Tensor, span: float) -> Tensor:
    """One number in [-span, span] a picture, `[N, 1, 1, 1]`."""
    return (drawing.rand(len(pictures), 1, 1, 1, device=pictures.device) * 2 - 1) * span


# --- ADA ---


def _move(pictures: Tensor, probability: Tensor) -> Tensor:
    count, device = len(pictures), pictures.device
    some = _Chances(count, probability)
    turn_chance = 1 - (1 - probability).clamp_min(0).sqrt()
    matrix = torch.eye(3, device=device).expand(count, 3, 3)
    flips = 1 - 2 * some.coin() * some.happens()
    matrix = _scaling(flips, torch.ones_like(flips)) @ matrix
    matrix = _rotation(drawing.randint(0, 4, count, device=device) * (math.pi / 2) * some.happens()) @ matrix
    blits = (drawing.rand(2, count, device=device, batch=1) * 2 - 1) * TRANSLATION * some.happens()
    height, width = pictures.shape[2:]
    matrix = _translation((blits[0] * width).round() / width, (blits[1] * height).round() / height) @ matrix
    scale = (drawing.randn(count, device=device) * _SCALE_DEVIATION * some.happens()).exp()
    matrix = _scaling(scale, scale) @ matrix
    matrix = _rotation(some.angle() * some.happens(turn_chance)) @ matrix
    stretch = (drawing.randn(count, device=device) * _SCALE_DEVIATION * some.happens()).exp()
    matrix = _scaling(stretch, 1 / stretch) @ matrix
    matrix = _rotation(some.angle() * some.happens(turn_chance)) @ matrix
    shifts = drawing.randn(2, count, device=device, batch=1) * TRANSLATION * some.happens()
    matrix = _translation(shifts[0], shifts[1]) @ matrix
    grid = F.affine_grid(matrix[:, :2], list(pictures.shape), align_corners=False)
    moved = F.grid_sample(pictures.float(), grid, padding_mode="reflection", align_corners=False)
    return moved.to(pictures.dtype)


def _recolour(pictures: Tensor, probability: Tensor) -> Tensor:
    """Brightness, contrast; with colours also the luma's flip, hue and saturation."""
    count, device = len(pictures), pictures.device
    some = _Chances(count, probability)
    brightness = drawing.randn(count, device=device) * 0.2 * some.happens()
    contrast = (drawing.randn(count, device=device) * 0.5 * math.log(2) * some.happens()).exp()
    pictures = (pictures + brightness.view(-1, 1, 1, 1)) * contrast.view(-1, 1, 1, 1)
    if pictures.shape[1] != 3:
        return pictures
    axis = torch.full((3,), 1 / math.sqrt(3), device=device)
    outer = torch.outer(axis, axis)
    flip = some.coin() * some.happens()
    colour = torch.eye(3, device=device) - 2 * outer * flip.view(-1, 1, 1)
    hue = (drawing.rand(count, device=device) * 2 - 1) * math.pi * some.happens()
    colour = _turn_about(axis, hue) @ colour
    saturation = (drawing.randn(count, device=device) * math.log(2) * some.happens()).exp().view(-1, 1, 1)
    colour = (outer + (torch.eye(3, device=device) - outer) * saturation) @ colour
    return torch.einsum("nij,njhw->nihw", colour.to(pictures.dtype), pictures)


class _Chances:
    """What happens to each of `count` pictures; everything is float `[N]` on the probability's device."""

    def __init__(self, count: int, probability: Tensor) -> None:
        self._count, self._probability = count, probability

    def happens(self, probability: Tensor | None = None) -> Tensor:
        """1 with the probability, else 0."""
        chance = self._probability if probability is None else probability
        return (drawing.rand(self._count, device=chance.device) < chance).float()

    def coin(self) -> Tensor:
        return drawing.randint(0, 2, self._count, device=self._probability.device).float()

    def angle(self) -> Tensor:
        return (drawing.rand(self._count, device=self._probability.device) * 2 - 1) * math.pi


def _scaling(x: Tensor, y: Tensor) -> Tensor:
    return torch.diag_embed(torch.stack([x, y, torch.ones_like(x)], 1))


def _translation(x: Tensor, y: Tensor) -> Tensor:
    """By shares of the picture; grid coordinates span 2."""
    matrix = torch.eye(3, device=x.device).repeat(len(x), 1, 1)
    matrix[:, 0, 2], matrix[:, 1, 2] = 2 * x, 2 * y
    return matrix


def _rotation(angle: Tensor) -> Tensor:
    matrix = torch.eye(3, device=angle.device).repeat(len(angle), 1, 1)
    matrix[:, 0, 0] = matrix[:, 1, 1] = angle.cos()
    matrix[:, 1, 0], matrix[:, 0, 1] = angle.sin(), -angle.sin()
    return matrix


def _turn_about(axis: Tensor, angle: Tensor) -> Tensor:
    """Rotation of colours about an axis (Rodrigues), `[N, 3, 3]`."""
    x, y, z = axis
    zero = torch.zeros_like(x)
    cross = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero]).view(3, 3)
    cos, sin = angle.cos().view(-1, 1, 1), angle.sin().view(-1, 1, 1)
    identity = torch.eye(3, device=axis.device)
    return cos * identity + sin * cross + (1 - cos) * torch.outer(axis, axis)
