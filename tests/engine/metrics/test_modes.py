"""Modes and good points, counted by hand."""

import math

import numpy as np
import pytest
import torch

from gan_studio.engine.data.points import SHAPES
from gan_studio.engine.metrics.modes import mode_coverage

CENTRES = torch.tensor([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])


def test_a_mode_with_one_sample_within_three_deviations_is_covered():
    points = torch.tensor([[0.0, 0.25], [4.0, 0.31], [0.29, 4.0], [9.0, 9.0]])
    found = mode_coverage(points, CENTRES, sigma=0.1)
    assert (found.covered, found.modes, found.good) == (2, 3, 0.5)


def test_the_distance_is_counted_both_ways_at_once():
    inside, outside = torch.tensor([[0.2, 0.2]]), torch.tensor([[0.22, 0.22]])
    assert mode_coverage(inside, CENTRES, sigma=0.1).good == 1
    assert mode_coverage(outside, CENTRES, sigma=0.1).good == 0


def test_collapsed_samples_cover_one_mode_and_are_all_good():
    found = mode_coverage(torch.zeros(100, 2), CENTRES, sigma=0.1)
    assert (found.covered, found.good) == (1, 1)


def test_points_that_are_no_numbers_cover_nothing():
    assert mode_coverage(torch.full((3, 2), math.nan), CENTRES, sigma=0.1).covered == 0


@pytest.mark.parametrize("name", ["ring", "grid"])
def test_real_points_cover_everything_and_all_but_one_percent_are_good(name):
    shape = SHAPES[name]
    assert shape.modes is not None
    found = mode_coverage(
        torch.from_numpy(shape.draw(3, np.arange(20_000))), torch.from_numpy(shape.modes), shape.sigma
    )
    assert found.covered == found.modes == {"ring": 8, "grid": 25}[name]
    assert found.good == pytest.approx(1 - math.exp(-4.5), abs=0.003)
