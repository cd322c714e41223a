"""4×4 convolutions of stride 2 and padding 1 with 1.78 times fewer multiplications.

Such a convolution is one of 2×2 and stride 1 over blocks of 2×2 pixels (space to depth), and of that two outputs a side
take three products instead of four: F(2, 2) of Winograd 1980, nested in two dimensions as in Lavin 2016, section 4.

    y₀ = d₀g₀ + d₁g₁ = (d₀ - d₁)g₀ + d₁(g₀ + g₁)
    y₁ = d₁g₀ + d₂g₁ = d₁(g₀ + g₁) + (d₂ - d₁)g₁

With V of the wide map (the one with more pixels), A of the narrow one and U of the weights, each `[9, rows, columns]`,
all three products of a layer and of its adjoint, the transposed convolution, are nine matrix products:

    narrow = collect_narrow(V Uᵀ)    wide = collect_wide(A U)    weight gradient = collect_weight(Aᵀ V)

Wide maps are `[N, 2H, 2W, C]`, narrow ones `[N, H, W, K]`, weights `[K, 4, 4, C]`, all by pixels, H and W even. Work
goes through a few pictures at a time, so that what lies between two passes is still in the processor's cache. Tiles of
four outputs, F(4, 2), save more products, but their transformations cost more than that.
"""

from __future__ import annotations

import torch
from torch import Tensor

POINTS = 3
"""Products a side for each tile of two outputs."""
TILE = 2
_CHUNK_BYTES = 2**20


def fits(height: int, width: int) -> bool:
    """Whether a narrow map of this size can be cut into tiles."""
    return height % TILE == 0 and width % TILE == 0


def spread_wide(wide: Tensor, out: Tensor) -> None:
    """V, `[9, N·H/2·W/2, 4C]`."""
    count, height, width, channels = wide.shape
    rows, columns = height // 4, width // 4
    spread = out.view(POINTS, POINTS, count, rows, columns, 2, 2 * channels)
    chunk = _chunk(wide)
    padded = wide.new_zeros(chunk, height + 2, width + 2, channels)
    sides = wide.new_empty(2, chunk, rows, 2, width // 2 + 1, 2 * channels)
    for start in range(0, count, chunk):
        size = min(chunk, count - start)
        padded[:size, 1:-1, 1:-1].copy_(wide[start : start + size])
        blocks = padded[:size].view(size, height // 2 + 1, 2, width // 2 + 1, 2 * channels)
        above, middle, below = _overlapping(blocks, 1)
        torch.sub(above, middle, out=sides[0, :size])
        torch.sub(below, middle, out=sides[1, :size])
        for row, lines in enumerate((sides[0, :size], middle, sides[1, :size])):
            left, centre, right = _overlapping(lines.transpose(2, 3), 2)  # columns before the two rows of a block
            target = spread[row, :, start : start + size]
            torch.sub(left, centre, out=target[0])
            target[1].copy_(centre)
            torch.sub(right, centre, out=target[2])


def spread_narrow(narrow: Tensor, out: Tensor) -> None:
    """A, `[9, N·H/2·W/2, K]`."""
    count, height, width, channels = narrow.shape
    rows, columns = height // TILE, width // TILE
    spread = out.view(POINTS, POINTS, count, rows, columns, channels)
    chunk = _chunk(narrow)
    sums = narrow.new_empty(chunk, rows, width, channels)
    for start in range(0, count, chunk):
        part = narrow[start : start + chunk].view(-1, rows, TILE, width, channels)
        size = len(part)
        upper, lower = part.unbind(2)
        torch.add(upper, lower, out=sums[:size])
        for row, lines in enumerate((upper, sums[:size], lower)):
            left, right = lines[:, :, 0::TILE], lines[:, :, 1::TILE]
            target = spread[row, :, start : start + size]
            target[0].copy_(left)
            torch.add(left, right, out=target[1])
            target[2].copy_(right)


def spread_weight(weight: Tensor, out: Tensor) -> None:
    """U, `[9, K, 4C]`."""
    outputs, _, _, channels = weight.shape
    taps = weight.view(outputs, 2, 2, 2, 2, channels).permute(1, 3, 0, 2, 4, 5)  # tap row, tap column, K, 2, 2, C
    spread = out.view(POINTS, POINTS, *taps.shape[2:])
    for row, lines in enumerate((taps[0], taps[0] + taps[1], taps[1])):
        spread[row, 0].copy_(lines[0])
        torch.add(lines[0], lines[1], out=spread[row, 1])
        spread[row, 2].copy_(lines[1])


def collect_narrow(products: Tensor, out: Tensor) -> None:
    """The narrow map `[N, H, W, K]` from `[9, N·H/2·W/2, K]`."""
    count, height, width, channels = out.shape
    rows, columns = height // TILE, width // TILE
    tiles = products.view(POINTS, POINTS, count, rows, columns, channels)
    chunk = _chunk(out)
    sums = products.new_empty(POINTS, chunk, rows, columns, channels)
    for start in range(0, count, chunk):
        part = tiles[:, :, start : start + chunk]
        size = part.shape[2]
        lines = sums[:, :size]
        target = out[start : start + chunk].view(size, rows, TILE, columns, TILE, channels)
        for row in range(TILE):
            torch.add(part[row], part[row + 1], out=lines)
            torch.add(lines[0], lines[1], out=target[:, :, row, :, 0])
            torch.add(lines[1], lines[2], out=target[:, :, row, :, 1])


def collect_wide(products: Tensor, out: Tensor) -> None:
    """The wide map `[N, 2H, 2W, C]` from `[9, N·H/2·W/2, 4C]`: tiles overlap, and add up where they do."""
    count, height, width, channels = out.shape
    rows, columns = height // 4, width // 4
    tiles = products.view(POINTS, POINTS, count, rows, columns, 2, 2 * channels)
    chunk = _chunk(out)
    padded = products.new_empty(chunk, height + 2, width + 2, channels)
    lines = products.new_empty(POINTS, chunk, rows, 2, width // 2 + 1, 2 * channels)
    for start in range(0, count, chunk):
        part = tiles[:, :, start : start + chunk]
        size = part.shape[2]
        here = lines[:, :size]
        _add_up(part[:, 0], part[:, 1], part[:, 2], here.transpose(3, 4), 3)
        _add_up(
            here[0], here[1], here[2], padded[:size].view(size, height // 2 + 1, 2, width // 2 + 1, 2 * channels), 1
        )
        out[start : start + chunk].copy_(padded[:size, 1:-1, 1:-1])


def collect_weight(products: Tensor, out: Tensor) -> None:
    """The gradient `[K, 4, 4, C]` from `[9, K, 4C]`."""
    outputs, _, _, channels = out.shape
    points = products.view(POINTS, POINTS, outputs, 2, 2, channels)
    taps = out.view(outputs, 2, 2, 2, 2, channels).permute(1, 3, 0, 2, 4, 5)
    for row in range(TILE):
        lines = points[row] + points[row + 1]
        torch.add(lines[0], lines[1], out=taps[row, 0])
        torch.add(lines[1], lines[2], out=taps[row, 1])


def _overlapping(blocks: Tensor, dim: int) -> tuple[Tensor, Tensor, Tensor]:
    """The first, second and third block of each tile along `dim`; the third is the first of the next tile."""
    tiles = blocks.shape[dim] // TILE
    return tuple(_every_second(blocks, dim, first, tiles) for first in range(POINTS))  # type: ignore[return-value]


def _add_up(first: Tensor, second: Tensor, third: Tensor, target: Tensor, dim: int) -> None:
    """The adjoint of (d₀ - d₁, d₁, d₂ - d₁) of overlapping blocks."""
    tiles = first.shape[dim]
    target.narrow(dim, 0, 1).copy_(first.narrow(dim, 0, 1))
    target.narrow(dim, TILE * tiles, 1).copy_(third.narrow(dim, tiles - 1, 1))
    if tiles > 1:
        shared = _every_second(target, dim, TILE, tiles - 1)
        torch.add(first.narrow(dim, 1, tiles - 1), third.narrow(dim, 0, tiles - 1), out=shared)
    centre = _every_second(target, dim, 1, tiles)
    torch.sub(second, first, out=centre)
    centre.sub_(third)


def _every_second(tensor: Tensor, dim: int, first: int, count: int) -> Tensor:
    return tensor[(slice(None),) * dim + (slice(first, first + TILE * count - 1, TILE),)]


def _chunk(pictures: Tensor) -> int:
    """How many pictures are worked on at a time."""
    one = pictures[0].numel() * pictures.element_size()
    return max(1, min(len(pictures), _CHUNK_BYTES // one))
