"""Path lengths against values worked out by hand."""

import pytest
import torch

from gan_studio.engine.regularisers.path_length import path_lengths, path_penalty, projected_lengths


def linear(styles, matrix):
    """Pictures `[N, 1, 1, 2]` as a matrix times the sum of the styles over layers."""
    return (styles.sum(1) @ matrix.t()).view(len(styles), 1, 1, 2)


def test_the_length_of_a_linear_map_is_that_of_its_transpose_times_the_direction():
    matrix = torch.tensor([[3.0, 0.0], [4.0, 1.0]])
    styles = torch.randn(2, 3, 2, requires_grad=True)
    directions = torch.tensor([[1.0, 0.0], [0.0, 2.0]]).view(2, 1, 1, 2)
    lengths = projected_lengths(linear(styles, matrix), styles, directions)
    # Each layer's gradient is Mᵀy: (3, 0) for the first direction, 2·(4, 1) for the second
    assert lengths.tolist() == pytest.approx([3.0, 2 * 17**0.5])


def test_random_directions_have_unit_expected_length_whatever_the_size():
    styles = torch.randn(2000, 1, 16, requires_grad=True)
    pictures = styles.view(2000, 1, 4, 4)
    assert path_lengths(pictures, styles).square().mean().item() == pytest.approx(1, rel=0.1)


def test_the_penalty_moves_its_mean_first_and_can_be_differentiated():
    matrix = torch.tensor([[3.0, 0.0], [0.0, 1.0]], requires_grad=True)
    styles = torch.randn(1, 1, 2, requires_grad=True)
    mean = torch.tensor(1.0)
    directions = torch.tensor([1.0, 0.0]).view(1, 1, 1, 2)
    penalty = path_penalty(projected_lengths(linear(styles, matrix), styles, directions), mean)
    assert mean.item() == pytest.approx(1.02)
    assert penalty.item() == pytest.approx((3 - 1.02) ** 2)
    penalty.backward()
    assert matrix.grad is not None
    assert matrix.grad[0, 0].item() == pytest.approx(2 * (3 - 1.02))
