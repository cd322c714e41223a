"""Laplacian pyramids: a picture taken apart by scale, and put together again.

Burt and Adelson 1983, "The Laplacian pyramid as a compact image code": binomial 5×5 filter, mirrored borders.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

_BINOMIAL = (1.0, 4.0, 6.0, 4.0, 1.0)
# what is left of the binomial filter, doubled, when every second sample is an inserted zero
_EVEN_TAPS, _ODD_TAPS = (1.0, 6.0, 1.0), (0.0, 4.0, 4.0)


def level_sizes(height: int, width: int, level_floor: int) -> list[tuple[int, int]]:
    """Heights and widths of the levels, each half of the one before, as long as both are at least `level_floor`."""
    sizes = []
    while min(height, width) >= level_floor:
        sizes.append((height, width))
        height, width = (height + 1) // 2, (width + 1) // 2
    return sizes


def downsample(pictures: Tensor) -> Tensor:
    """Blur and keep every second pixel: `[N, C, H, W]` float to `[N, C, ceil(H / 2), ceil(W / 2)]`; H, W at least 3."""
    taps = pictures.new_tensor(_BINOMIAL) / 16
    planes = F.pad(pictures.flatten(0, 1).unsqueeze(1), (2, 2, 2, 2), mode="reflect")
    small = F.conv2d(planes, torch.outer(taps, taps)[None, None], stride=2)
    return small.view(*pictures.shape[:2], *small.shape[2:])


def upsample(pictures: Tensor, size: tuple[int, int]) -> Tensor:
    """Twice the size by the same filter: `[N, C, h, w]` float to `[N, C, *size]`, where `size` halves to (h, w)."""
    height, width = size
    taps = pictures.new_tensor((_EVEN_TAPS, _ODD_TAPS)) / 8
    # one 3×3 filter for each of the four positions in a 2×2 block: a quarter of the work of filtering inserted zeros
    kernels = torch.einsum("ai,bj->abij", taps, taps).reshape(4, 1, 3, 3)
    planes = _mirror(_mirror(pictures.flatten(0, 1).unsqueeze(1), 2, height), 3, width)
    large = F.pixel_shuffle(F.conv2d(planes, kernels), 2)[..., :height, :width]
    return large.view(*pictures.shape[:2], height, width)


def _mirror(planes: Tensor, dim: int, target: int) -> Tensor:
    """One more sample at both ends of `dim`, as the mirrored border of the large grid shows it to the small one."""
    length = planes.shape[dim]
    after = length - 1 if target % 2 == 0 else length - 2
    return torch.cat((planes.narrow(dim, 1, 1), planes, planes.narrow(dim, after, 1)), dim)


def gaussian_level(pictures: Tensor, depth: int) -> Tensor:
    """`[N, C, H, W]` float, blurred and halved `depth` times."""
    for _ in range(depth):
        pictures = downsample(pictures)
    return pictures


def laplacian_level(pictures: Tensor, depth: int, levels: int) -> Tensor:
    """Level `depth` of `levels` (0 is the finest, the last is the low-pass remainder) of `[N, C, H, W]` float."""
    pictures = gaussian_level(pictures, depth)
    if depth == levels - 1:
        return pictures
    return pictures - upsample(downsample(pictures), (pictures.shape[2], pictures.shape[3]))


def laplacian_pyramid(pictures: Tensor, levels: int) -> list[Tensor]:
    """All levels of `[N, C, H, W]` float, the finest first and the low-pass remainder last."""
    pyramid = []
    for _ in range(levels - 1):
        small = downsample(pictures)
        pyramid.append(pictures - upsample(small, (pictures.shape[2], pictures.shape[3])))
        pictures = small
    return [*pyramid, pictures]


def reconstruct(pyramid: list[Tensor]) -> Tensor:
    """The pictures `[N, C, H, W]` that `laplacian_pyramid` took apart, exact but for rounding."""
    pictures = pyramid[-1]
    for detail in reversed(pyramid[:-1]):
        pictures = detail + upsample(pictures, (detail.shape[2], detail.shape[3]))
    return pictures
