"""Walking over the plane of seeds is smooth and meets the seeds themselves."""

import pytest
import torch

from gan_studio.engine.latent.plane import ROW_LENGTH, at_point
from gan_studio.engine.latent.seeds import from_seed
from gan_studio.engine.sampler_controls import ControlSpec

PRIORS = ("normal", "uniform", "sphere")


def spec(prior):
    return ControlSpec("z", "Latent", "latent", (100,), prior)


@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize(("seed", "row"), [(0, 0), (7, 0), (-3, 0), (5, 2), (5, -1)])
def test_whole_numbers_are_the_seeds_themselves(prior, seed, row):
    assert torch.equal(at_point(spec(prior), seed, row), from_seed(spec(prior), seed + ROW_LENGTH * row))


@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize(("ds", "dr"), [(1e-3, 0), (0, 1e-3), (-1e-3, 1e-3)])
@pytest.mark.parametrize(("seed", "row"), [(3.0, 0.0), (3.4, 0.5), (2.999, -0.001), (-0.5, 1.0)])
def test_a_small_move_changes_little_also_across_a_seed(prior, seed, row, ds, dr):
    here, there = at_point(spec(prior), seed, row), at_point(spec(prior), seed + ds, row + dr)
    assert 0 < (here - there).abs().max() < 0.03


@pytest.mark.parametrize("seed", [0.5, 10.25])
@pytest.mark.parametrize("row", [0.0, 0.5])
def test_points_between_normal_seeds_keep_a_normal_length(seed, row):
    assert 8 < float(at_point(spec("normal"), seed, row).norm()) < 12


def test_walking_leaves_the_global_random_state_alone():
    before = torch.get_rng_state()
    at_point(spec("normal"), 2.5, 1.5)
    assert torch.equal(before, torch.get_rng_state())
