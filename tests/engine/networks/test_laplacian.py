from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from gan_studio.engine.networks.laplacian import (
    downsample,
    laplacian_level,
    laplacian_pyramid,
    level_sizes,
    reconstruct,
    upsample,
)


def pictures(height: int, width: int) -> Tensor:
    return torch.rand(2, 3, height, width, generator=torch.Generator().manual_seed(1), dtype=torch.float64) * 255


def by_inserted_zeros(small: Tensor, height: int, width: int) -> Tensor:
    """The textbook way up: zeros between the pixels, then four times the 5×5 binomial filter."""
    grid = small.new_zeros(*small.shape[:2], height, width)
    grid[..., ::2, ::2] = small
    taps = small.new_tensor((1, 4, 6, 4, 1)) / 8
    kernel = torch.outer(taps, taps).expand(small.shape[1], 1, 5, 5)
    return F.conv2d(F.pad(grid, (2, 2, 2, 2), mode="reflect"), kernel, groups=small.shape[1])


@pytest.mark.parametrize(("height", "width"), [(16, 16), (28, 28), (64, 64), (33, 20), (21, 45)])
def test_a_pyramid_is_put_together_exactly(height: int, width: int) -> None:
    original = pictures(height, width)
    pyramid = laplacian_pyramid(original, 3)
    assert len(pyramid) == 3
    torch.testing.assert_close(reconstruct(pyramid), original, rtol=0, atol=1e-10)


@pytest.mark.parametrize(("height", "width"), [(16, 16), (17, 24), (23, 31)])
def test_upsampling_equals_filtering_inserted_zeros(height: int, width: int) -> None:
    small = downsample(pictures(height, width))
    torch.testing.assert_close(upsample(small, (height, width)), by_inserted_zeros(small, height, width))


def test_one_level_alone_equals_that_level_of_the_pyramid() -> None:
    original = pictures(64, 64)
    for depth, level in enumerate(laplacian_pyramid(original, 3)):
        torch.testing.assert_close(laplacian_level(original, depth, 3), level)


def test_flat_pictures_have_no_detail_and_keep_their_grey() -> None:
    *details, remainder = laplacian_pyramid(torch.full((1, 1, 64, 64), 93.0), 3)
    assert max(float(detail.abs().max()) for detail in details) < 1e-3
    torch.testing.assert_close(remainder, torch.full((1, 1, 16, 16), 93.0))


def test_a_single_bright_pixel_spreads_by_the_binomial_filter() -> None:
    picture = torch.zeros(1, 1, 16, 16)
    picture[0, 0, 8, 8] = 256
    small = downsample(picture)[0, 0]
    assert small[4, 4] == 36
    assert small[3, 4] == small[4, 5] == 6
    assert small[3, 3] == 1
    assert small.sum() == 64


def test_level_sizes_halve_down_to_the_floor() -> None:
    assert level_sizes(256, 256, 16) == [(256, 256), (128, 128), (64, 64), (32, 32), (16, 16)]
    assert level_sizes(28, 28, 16) == [(28, 28)]
    assert level_sizes(33, 64, 16) == [(33, 64), (17, 32)]
    assert level_sizes(8, 64, 16) == []
