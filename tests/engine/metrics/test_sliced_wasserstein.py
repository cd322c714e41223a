from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from gan_studio.engine.errors import DatasetError, SettingsError
from gan_studio.engine.metrics.sliced_wasserstein import (
    SlicedWasserstein,
    sliced_distance,
    sliced_wasserstein,
    unit_directions,
)
from tests.engine.metrics.pictures import blurred, discs, noisy, real_pictures


def normal(count: int, dimensions: int, seed: int = 0) -> Tensor:
    return torch.randn(count, dimensions, generator=torch.Generator().manual_seed(seed))


def quick(a: Tensor, b: Tensor, seed: int = 0) -> SlicedWasserstein:
    return sliced_wasserstein(a, b, directions=64, patches_per_picture=32, seed=seed)


# the distance of point sets


def test_on_a_line_the_distance_is_the_mean_gap_of_equal_ranks() -> None:
    a, b = torch.tensor([[0.0], [3.0], [1.0]]), torch.tensor([[2.0], [5.0], [2.0]])
    assert sliced_distance(a, b, torch.ones(1, 1)) == pytest.approx(5 / 3)


def test_in_the_plane_each_direction_counts_once() -> None:
    a, b = torch.zeros(2, 2), torch.tensor([[1.0, 4.0], [3.0, 4.0]])
    along_x, along_y = torch.tensor([[1.0], [0.0]]), torch.tensor([[0.0], [1.0]])
    assert sliced_distance(a, b, along_x) == pytest.approx(2)
    assert sliced_distance(a, b, along_y) == pytest.approx(4)
    assert sliced_distance(a, b, torch.eye(2)) == pytest.approx(3)


def test_a_shift_in_the_plane_costs_two_over_pi_of_its_length() -> None:
    """The mean of |cos| over the circle is 2 / π."""
    points = normal(500, 2)
    directions = unit_directions(2, 20_000, torch.Generator().manual_seed(0))
    distance = sliced_distance(points, points + torch.tensor([3.0, 4.0]), directions)
    assert distance == pytest.approx(5 * 2 / math.pi, rel=0.01)


def test_normal_points_of_twice_the_deviation_lie_root_two_over_pi_apart() -> None:
    """W1 of N(0, 1) and N(0, 4) is E|z| (2 - 1) = sqrt(2 / π)."""
    distance = sliced_distance(normal(200_000, 1), 2 * normal(200_000, 1, seed=1), torch.ones(1, 1))
    assert distance == pytest.approx(math.sqrt(2 / math.pi), rel=0.01)


def test_the_order_of_points_does_not_matter_and_the_inputs_stay_as_they_were() -> None:
    a, b = normal(1000, 5), normal(1000, 5, seed=1) + 0.5
    before = a.clone()
    directions = unit_directions(5, 40, torch.Generator().manual_seed(0))
    distance = sliced_distance(a, b, directions)
    assert distance > 0.1
    assert sliced_distance(a.flip(0), b.roll(7, 0), directions) == pytest.approx(distance, rel=1e-5)
    assert sliced_distance(b, a, directions) == pytest.approx(distance, rel=1e-6)
    assert torch.equal(a, before)


def test_many_points_in_chunks_of_directions_give_the_mean_of_single_directions() -> None:
    a, b = normal(300_000, 3), normal(300_000, 3, seed=1) * 1.5
    directions = unit_directions(3, 50, torch.Generator().manual_seed(0))
    singles = [sliced_distance(a, b, direction) for direction in directions.split(1, dim=1)]
    assert sliced_distance(a, b, directions) == pytest.approx(sum(singles) / 50, rel=1e-5)


def test_directions_have_length_one_and_no_preferred_side() -> None:
    directions = unit_directions(147, 4000, torch.Generator().manual_seed(0))
    torch.testing.assert_close(directions.norm(dim=0), torch.ones(4000))
    assert directions.mean(dim=1).abs().max() < 0.01


# the distance of pictures


def normalised_patches(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Two 7×7 patches from each picture by plain slicing, mean 0 and deviation 1 in each channel."""
    count, _, height, width = pictures.shape
    tops = torch.randint(height - 6, (count, 2), generator=generator).tolist()
    lefts = torch.randint(width - 6, (count, 2), generator=generator).tolist()
    rows = [
        pictures[n, :, tops[n][k] : tops[n][k] + 7, lefts[n][k] : lefts[n][k] + 7].double()
        for n in range(count)
        for k in range(2)
    ]
    channels = torch.stack(rows).transpose(0, 1).flatten(1)
    channels = (channels - channels.mean(1, keepdim=True)) / channels.std(1, correction=0, keepdim=True)
    return channels.view(pictures.shape[1], count * 2, 49).transpose(0, 1).flatten(1)


def test_one_level_equals_a_plain_computation() -> None:
    bytes_a, bytes_b = (((noisy(discs(5, 28, seed=k), 0.2) + 1) * 127.5).to(torch.uint8) for k in (0, 1))
    generator = torch.Generator().manual_seed(9)
    a, b = normalised_patches(bytes_a, generator), normalised_patches(bytes_b, generator)
    directions = unit_directions(147, 6, generator).double()
    expected = ((a @ directions).sort(0).values - (b @ directions).sort(0).values).abs().mean() * 1000
    result = sliced_wasserstein(bytes_a, bytes_b, directions=6, patches_per_picture=2, seed=9)
    assert result.levels[28] == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize(
    ("size", "levels"),
    [(16, [16]), (28, [28]), (32, [32, 16]), (64, [64, 32, 16]), (256, [256, 128, 64, 32, 16])],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_every_size_has_its_levels(size: int, levels: list[int], channels: int) -> None:
    a, b = discs(6, size, channels), discs(6, size, channels, seed=1)
    result = sliced_wasserstein(a, b, directions=8, patches_per_picture=16)
    assert list(result.levels) == levels
    assert all(math.isfinite(value) and value > 0 for value in result.levels.values())
    assert result.mean == pytest.approx(sum(result.levels.values()) / len(levels))
    assert result.pictures == 6


def test_equal_sets_score_far_below_different_ones_in_any_order() -> None:
    reals = discs(300)
    same, shuffled = quick(reals, reals).mean, quick(reals, reals.flip(0)).mean
    different = quick(reals, noisy(reals, 0.5)).mean
    assert same < different / 8
    assert shuffled < different / 8


def test_swapping_the_sets_hardly_changes_the_distance() -> None:
    a, b = discs(300), noisy(discs(300, seed=1), 0.3)
    assert quick(a, b).mean == pytest.approx(quick(b, a).mean, rel=0.1)


def test_more_noise_scores_higher() -> None:
    reals, others = discs(200), discs(200, seed=1)
    scores = [quick(reals, noisy(others, strength)).mean for strength in (0, 0.03, 0.1, 0.3)]
    assert all(low * 1.1 < high for low, high in pairwise(scores)), scores


def test_more_blur_scores_higher_at_the_coarse_level() -> None:
    reals, others = discs(100, 64), discs(100, 64, seed=1)
    scores = [quick(reals, blurred(others, width)).levels[16] for width in (1, 9, 21, 41)]
    assert all(low < high for low, high in pairwise(scores)), scores


def test_one_picture_over_and_over_scores_above_variety() -> None:
    """What a collapsed generator makes."""
    reals, varied = discs(300), discs(300, seed=1)
    collapsed = varied[:1].expand(300, -1, -1, -1)
    assert quick(reals, collapsed).mean > 4 * quick(reals, varied).mean


def test_noise_from_pixel_to_pixel_shows_at_the_finest_level_first() -> None:
    reals, others = discs(300, 64), noisy(discs(300, 64, seed=1), 0.2)
    levels = quick(reals, others).levels
    assert levels[64] > 3 * levels[16]


def test_contrast_of_a_whole_set_is_not_seen() -> None:
    reals = discs(200)
    assert quick(reals, reals * 0.5).mean < 1.3 * quick(reals, reals).mean


def test_sets_without_any_contrast_give_finite_numbers() -> None:
    flat = torch.full((20, 3, 32, 32), 0.3)
    assert quick(flat, flat).mean < 1
    assert math.isfinite(quick(discs(20), flat).mean)


def test_bytes_and_floats_of_the_same_pictures_score_the_same() -> None:
    a, b = discs(50), discs(50, seed=1)
    as_bytes = ((a + 1) * 127.5).round().to(torch.uint8)
    assert quick(as_bytes, b) == quick(a, b)


def test_of_unequal_sets_the_first_pictures_are_taken() -> None:
    a, b = discs(40), discs(25, seed=1)
    assert quick(a, b) == quick(a[:25], b)
    assert quick(a, b).pictures == 25


def test_the_seed_decides_and_nothing_else() -> None:
    a, b = discs(40), discs(40, seed=1)
    first = quick(a, b, seed=3)
    torch.rand(100)
    assert quick(a, b, seed=3) == first
    assert quick(a, b, seed=4) != first


def test_the_global_random_state_is_left_alone() -> None:
    before = torch.get_rng_state()
    quick(discs(10), discs(10, seed=1))
    assert torch.equal(torch.get_rng_state(), before)


def test_pictures_that_need_gradients_and_strided_ones_are_measured_alike() -> None:
    a, b = discs(20), discs(20, seed=1)
    expected = quick(a, b)
    strided = b.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)
    assert quick(a.clone().requires_grad_(), strided) == expected


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (torch.zeros(4, 3, 32, 32), torch.zeros(4, 1, 32, 32), "one size"),
        (torch.zeros(3, 32, 32), torch.zeros(3, 32, 32), "cannot be compared"),
        (torch.zeros(0, 3, 32, 32), torch.zeros(4, 3, 32, 32), "no pictures"),
        (torch.zeros(4, 3, 8, 8), torch.zeros(4, 3, 8, 8), "8×8"),
        (torch.zeros(4, 3, 32, 32), torch.zeros(4, 3, 32, 32, dtype=torch.int64), "int64"),
        (torch.full((4, 3, 32, 32), math.nan), torch.zeros(4, 3, 32, 32), "diverged"),
    ],
)
def test_pictures_that_cannot_be_compared_are_refused(a: Tensor, b: Tensor, words: str) -> None:
    with pytest.raises(DatasetError, match=words):
        quick(a, b)


@pytest.mark.parametrize("settings", [{"directions": 0}, {"patch": 0}, {"patch": 17}, {"patch": 1, "level_floor": 1}])
def test_settings_that_cannot_work_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(SettingsError):
        sliced_wasserstein(discs(4), discs(4), **settings)


def test_flags_are_no_emoji_faces() -> None:
    faces, flags = real_pictures("emoji_faces.zip", 120, 64), real_pictures("flags.zip", 60, 64)
    assert quick(flags, faces[:60]).mean > 2 * quick(faces[60:], faces[:60]).mean
