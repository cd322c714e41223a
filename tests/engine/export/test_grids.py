"""Tensors become the right pixels, and pixels the right grid."""

import numpy as np
import pytest
import torch

from gan_studio.engine.export.grids import GAP_COLOUR, tile, to_pixels


def test_ends_and_middle_of_the_range_become_black_white_and_grey():
    tensor = torch.tensor([-1.0, 0.0, 1.0, 7.0, -9.0, float("nan")]).view(1, 1, 1, 6)
    assert to_pixels(tensor)[0, 0, :, 0].tolist() == [0, 128, 255, 255, 0, 0]


def test_every_level_survives_the_way_to_a_tensor_and_back():
    levels = np.arange(256, dtype=np.uint8)
    tensor = torch.from_numpy(levels).float().div(127.5).sub(1).view(1, 1, 16, 16)
    assert np.array_equal(to_pixels(tensor)[0, :, :, 0].ravel(), levels)


def test_grey_pictures_become_three_equal_channels_and_colour_keeps_its_order():
    grey = to_pixels(torch.rand(2, 1, 5, 7) * 2 - 1)
    assert grey.shape == (2, 5, 7, 3)
    assert (grey[..., 0] == grey[..., 2]).all()
    colour = torch.full((1, 3, 2, 2), -1.0)
    colour[:, 2] = 1
    assert to_pixels(colour)[0, 0, 0].tolist() == [0, 0, 255]


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_pixels_are_contiguous_and_the_input_is_left_alone(layout):
    tensor = (torch.rand(2, 3, 4, 6) * 2 - 1).to(torch.bfloat16).contiguous(memory_format=layout).requires_grad_()
    before = tensor.detach().clone()
    pixels = to_pixels(tensor)
    assert pixels.flags["C_CONTIGUOUS"] and pixels.dtype == np.uint8
    assert torch.equal(tensor.detach(), before)


def test_float32_input_is_not_changed_in_place():
    tensor = torch.zeros(1, 3, 2, 2)
    to_pixels(tensor)
    assert (tensor == 0).all()


def test_grid_places_pictures_row_by_row_with_gaps_between_and_an_empty_cell_at_the_end():
    pixels = np.stack([np.full((3, 5, 3), value, np.uint8) for value in (100, 150, 200)])
    grid = tile(pixels, columns=2, gap=2)
    assert grid.shape == (3 * 2 + 2, 5 * 2 + 2, 3)
    assert grid[0, 0, 0] == 100 and grid[2, 11, 0] == 150 and grid[5, 0, 0] == 200
    assert tuple(grid[3, 0]) == GAP_COLOUR == tuple(grid[0, 5]) == tuple(grid[7, 11])


def test_grid_without_gap_of_one_picture_is_that_picture():
    pixels = np.random.default_rng(0).integers(0, 256, (1, 4, 4, 3), np.uint8)
    assert np.array_equal(tile(pixels, columns=1, gap=0), pixels[0])
