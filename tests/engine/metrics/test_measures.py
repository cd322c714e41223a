from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from gan_studio.engine.errors import SettingsError
from gan_studio.engine.metrics.features import RandomFeatures
from gan_studio.engine.metrics.measure import all_measures, measures_called
from gan_studio.engine.metrics.measures.inception import frechet_distance, kernel_distance
from gan_studio.engine.metrics.measures.ms_ssim import ms_ssim, scale_weights, scales_of
from gan_studio.engine.metrics.measures.neighbours import compare
from tests.engine.metrics.pictures import blurred, discs, noisy
from tests.engine.metrics.subjects import subject


def measured(name: str, *given, **settings):
    return measures_called((name,))[0].measure(subject(*given, **settings))


# --- the registry ---


def test_every_measure_says_what_it_is() -> None:
    for name, cls in all_measures().items():
        assert cls.name == name
        assert cls.title and cls.summary.endswith(".")
        assert cls.better in ("higher", "lower")
        assert cls.cost >= 1


def test_a_measure_that_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"no measure called 'inception'.*Known are: sliced_wasserstein, "):
        measures_called(("recall", "inception"))


def test_good_samples_come_near_the_floor_and_noisy_ones_do_not() -> None:
    measure = measures_called(("sliced_wasserstein",))[0].quick()
    assert measure is not None
    near = measure.measure(subject(discs(400), discs(200, seed=1)))
    far = measure.measure(subject(discs(400), noisy(discs(200, seed=1), 0.3)))
    assert near.floor is not None
    assert near.floor == far.floor
    assert near.value < 1.5 * near.floor
    assert far.value > 3 * near.floor
    assert list(near.details) == ["detail at 32 px", "detail at 16 px"]


# --- MS-SSIM ---


@pytest.mark.parametrize(("size", "scales"), [(16, 1), (32, 2), (64, 3), (128, 3)])
def test_ms_ssim_of_even_pictures_is_the_luminance_term_of_the_coarsest_scale(size: int, scales: int) -> None:
    """Contrast and structure are 1 without any; luminance is (2ab + c) / (a² + b² + c), c = (0.01 × 255)²."""
    a, b = 100.0, 150.0
    luminance = (2 * a * b + 2.55**2) / (a * a + b * b + 2.55**2)
    expected = luminance ** scale_weights(scales)[-1]
    assert scales_of(size) == scales
    assert sum(scale_weights(scales)) == pytest.approx(1)
    flat = torch.ones(2, 3, size, size)
    assert ms_ssim(a * flat, b * flat).tolist() == pytest.approx([expected] * 2, rel=1e-3)
    assert ms_ssim(a * flat, a * flat).tolist() == pytest.approx([1, 1], rel=1e-3)


def test_collapsed_samples_are_more_alike_than_reals() -> None:
    one = discs(1, 32, seed=3).expand(40, -1, -1, -1)
    result = measured("ms_ssim", discs(80), noisy(one, 0.02))
    assert result.floor is not None
    assert result.value > 0.8 > 0.6 > result.floor
    varied = measured("ms_ssim", discs(80), discs(40, seed=1))
    assert varied.value == pytest.approx(varied.floor, abs=0.1)


# --- neighbours ---


def by_hand(fakes: Tensor, reals: Tensor) -> dict[str, float]:
    """The four definitions, word for word."""

    def radius(points: np.ndarray, index: int, k: int) -> float:
        others = np.delete(points, index, 0)
        return float(np.sort(np.linalg.norm(others - points[index], axis=1))[k - 1])

    f, r = fakes.double().numpy(), reals.double().numpy()
    near_3, near_5 = ([radius(r, i, k) for i in range(len(r))] for k in (3, 5))
    fake_3 = [radius(f, j, 3) for j in range(len(f))]
    gap = np.linalg.norm(f[:, None] - r[None], axis=2)
    return {
        "precision": float(np.mean([(gap[j] <= near_3).any() for j in range(len(f))])),
        "recall": float(np.mean([(gap[:, i] <= fake_3).any() for i in range(len(r))])),
        "density": float(np.mean([(gap[j] <= near_5).sum() / 5 for j in range(len(f))])),
        "coverage": float(np.mean([(gap[:, i] <= near_5[i]).any() for i in range(len(r))])),
    }


@pytest.mark.parametrize("seed", range(3))
def test_neighbours_agree_with_their_definitions(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    reals, fakes = torch.randn(60, 4, generator=generator), torch.randn(40, 4, generator=generator) * 0.7 + 0.4
    assert compare(fakes, reals) == pytest.approx(by_hand(fakes, reals))


def test_neighbours_of_points_on_a_line() -> None:
    """Reals 0 … 9; one fake among them, one far away: half of the fakes are precise, six reals are covered."""
    reals = torch.arange(10.0)[:, None]
    fakes = torch.tensor([[4.5], [1000.0]])
    found = compare(fakes, reals)
    assert found["precision"] == 0.5
    # Within the distance to their fifth neighbour: 3 for 2 … 7 (1.5, 0.5, 2.5 away), 4 for 1 and 8, 5 for 0 and 9
    assert found["coverage"] == 1.0
    assert found["density"] == 10 / 5 / 2
    assert found["recall"] == 1.0


def test_equal_pictures_in_a_set_do_not_disturb_neighbours() -> None:
    reals = torch.zeros(8, 3)
    assert compare(torch.zeros(8, 3), reals)["precision"] == 1
    assert compare(torch.ones(8, 3), reals)["precision"] == 0


def test_random_features_are_always_the_same_and_leave_the_random_state_alone() -> None:
    before = torch.get_rng_state()
    pictures = (discs(3, 32) * 127.5 + 127.5).to(torch.uint8)
    first, second = RandomFeatures()(pictures), RandomFeatures()(pictures)
    assert torch.equal(first, second)
    assert torch.equal(torch.get_rng_state(), before)
    assert first.shape == (3, 256 + 32 + 64 + 128 + 256)
    assert RandomFeatures()(pictures[:, :1, :16, :16]).shape == (3, 256 + 32 + 64 + 128 + 256)
    assert first[0, :3].tolist() == pytest.approx([-0.862504, -0.227620, -0.240787], rel=1e-3)


def test_neighbours_in_random_features_tell_bad_samples_and_few_ones() -> None:
    reals, good = discs(160, 32), discs(80, 32, seed=1)
    bad = noisy(blurred(good, 9), 0.4)
    assert measured("density", reals, good).value > 0.9 > 0.7 > measured("density", reals, bad).value
    assert measured("coverage", reals, good).value > 0.9 > 0.7 > measured("coverage", reals, bad).value
    assert measured("recall", reals, good).value > 0.8
    assert measured("recall", reals, good[:3]).value < 0.2
    assert measured("coverage", reals, good[:3]).value < 0.3
    assert measured("precision", reals, good).note == "in own random features"


# --- the nearest training picture ---


def test_a_copy_is_named_with_its_distance() -> None:
    reals = discs(40, 32)
    samples = discs(20, 32, seed=1)
    samples[7] = (reals[11] + 2 / 127.5).clamp(-1, 1)
    found = measured("nearest", reals, samples)
    assert found.details["closest picture"] == "11.png"
    assert found.details["sample number"] == 7
    assert float(found.details["its difference"]) <= 2.01
    assert found.details["suspected copies"] == pytest.approx(1 / 20)
    assert found.value > 2


def test_the_floor_of_reals_leaves_each_picture_itself_out() -> None:
    """Grey levels 0, 10, 20 …: each real lies 10 from its neighbours."""
    reals = torch.arange(0, 100, 10).view(10, 1, 1, 1).expand(-1, 1, 16, 16) / 127.5 - 1
    assert measured("nearest", reals, reals[:5]).floor == pytest.approx(10)


def test_samples_that_are_all_copies_lie_below_the_floor() -> None:
    reals = discs(60, 32)
    found = measured("nearest", reals, reals[:30])
    assert found.value == 0
    assert found.floor is not None and found.floor > 10
    assert found.details["suspected copies"] == 1


# --- FID and KID ---


def test_the_frechet_distance_of_shifted_points_is_the_square_of_the_shift() -> None:
    points = torch.randn(200, 3, generator=torch.Generator().manual_seed(0))
    shift = torch.tensor([1.0, -2.0, 0.5])
    assert frechet_distance(points + shift, points) == pytest.approx(5.25, rel=1e-4)


def test_the_frechet_distance_of_scaled_points_is_that_of_their_deviations() -> None:
    """One dimension: (σ₁ − σ₂)²."""
    points = torch.tensor([[-1.0], [1.0]] * 50)
    deviation = (100 / 99) ** 0.5
    assert frechet_distance(3 * points, points) == pytest.approx((2 * deviation) ** 2, rel=1e-4)


def test_the_kernel_distance_is_the_unbiased_one_by_hand() -> None:
    """k(x, y) = (xy + 1)³ on a line: reals 0 and 1, fakes 1 and 2."""
    reals, fakes = torch.tensor([[0.0], [1.0]]), torch.tensor([[1.0], [2.0]])
    expected = 1 + 27 - 2 * (1 + 1 + 8 + 27) / 4
    assert kernel_distance(fakes, reals, torch.Generator()) == pytest.approx(expected)


@pytest.mark.parametrize("name", ["fid", "kid"])
def test_without_weights_it_says_what_is_missing_and_downloads_nothing(name: str) -> None:
    measure = measures_called((name,))[0]
    assert "weights-inception-2015-12-05-6726825d.pth" in measure.why_not(subject(discs(4, 16), discs(4, 16)))
