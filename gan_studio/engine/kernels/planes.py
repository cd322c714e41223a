"""A transposed 4×4 convolution of stride 2 and padding 1 to few channels, as one matrix product and sums of planes.

Kernels of convolutions are made for many channels: with three, most of their work is on padding.
"""

from __future__ import annotations

from torch import Tensor


def wide_from_planes(narrow: Tensor, weight: Tensor) -> Tensor:
    """Narrow map `[N, H, W, K]`, weight `[K, 4, 4, C]` → wide map `[N, 2H, 2W, C]`.

    Row 2i of the wide map is row i under tap 1 and row i - 1 under tap 3; row 2i + 1 is row i under tap 2 and row i + 1
    under tap 0. Columns likewise.
    """
    count, height, width, inputs = narrow.shape
    channels = weight.shape[3]
    taps = weight.view(inputs, -1).mT @ narrow.view(-1, inputs).mT
    taps = taps.view(4, 4, channels, count, height, width)
    taps[1, ..., 1:, :] += taps[3, ..., :-1, :]
    taps[2, ..., :-1, :] += taps[0, ..., 1:, :]
    rows = taps[1:3]
    rows[:, 1, ..., 1:] += rows[:, 3, ..., :-1]
    rows[:, 2, ..., :-1] += rows[:, 0, ..., 1:]
    # [row, column, C, N, H, W] → [N, H, row, W, column, C]
    pixels = rows[:, 1:3].permute(3, 4, 0, 5, 1, 2)
    return pixels.reshape(count, 2 * height, 2 * width, channels)
