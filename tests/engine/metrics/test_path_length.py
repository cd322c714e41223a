from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from gan_studio.engine.families.base import Controls, Sampler
from gan_studio.engine.metrics.features import RandomFeatures
from gan_studio.engine.metrics.measure import measures_called
from gan_studio.engine.metrics.measures.path_length import EPSILON, steps, trimmed_mean
from gan_studio.engine.metrics.perceptual import own_distance
from gan_studio.engine.sampler_controls import ControlSpec
from tests.engine.metrics.pictures import discs
from tests.engine.metrics.subjects import subject


class Plane(Sampler):
    """Shows the first number of z (or of w = 2z, where it has styles) as a grey."""

    def __init__(self, prior, styled: bool = False) -> None:
        self.controls = (ControlSpec("z", "Latent", "latent", (2,), prior),)
        self._styled = styled

    def __call__(self, controls: Controls) -> dict[str, Tensor]:
        return {"image": (controls["z"][:, 0] / 10).float().view(-1, 1, 1, 1).expand(-1, 1, 16, 16)}

    def styles(self, controls: Controls) -> Tensor | None:
        if not self._styled:
            return None
        return 2 * controls["z"] if "z" in controls else torch.zeros(1, 2)

    def from_styles(self, styles: Tensor, controls: Controls) -> dict[str, Tensor]:
        return self({"z": styles})


def greys(sampler: Sampler, count: int = 50):
    given = subject(discs(8, 16, channels=1), discs(8, 16, channels=1))
    given.sampler = sampler
    pairs = list(steps(given, count))
    return [torch.cat([pair[side] for pair in pairs])[:, 0, 0, 0].double() * 10 for side in (0, 1)]


def test_a_uniform_latent_is_walked_straight_by_epsilon() -> None:
    before = torch.get_rng_state()
    first, second = greys(Plane("uniform"))
    assert (second - first).abs().max() <= 2 * EPSILON * 1.05
    assert (second - first).abs().mean() == pytest.approx(2 / 3 * EPSILON, rel=0.3)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_latent_on_the_sphere_is_walked_along_it() -> None:
    """z of length √2 turns by ε times the angle; what is seen is one of two coordinates."""
    first, second = greys(Plane("sphere"), 400)
    turned = (torch.acos((second / math.sqrt(2)).clamp(-1, 1)) - torch.acos((first / math.sqrt(2)).clamp(-1, 1))).abs()
    assert turned.max() <= math.pi * EPSILON * 1.05
    assert turned.mean() == pytest.approx(math.pi / 2 * EPSILON, rel=0.1)


def test_where_there_are_styles_they_are_walked_straight() -> None:
    """w = 2z with z uniform: twice as far as in z."""
    plain, styled = (greys(Plane("uniform", styled), 50) for styled in (False, True))
    assert torch.allclose(styled[1] - styled[0], 2 * (plain[1] - plain[0]), atol=3e-6)


def test_the_mean_leaves_the_outermost_hundredths_out() -> None:
    values = torch.arange(101.0)
    values[0], values[100] = -1e9, 1e9
    assert trimmed_mean(values) == 50


def test_the_distance_is_that_of_unit_features_by_hand() -> None:
    network = RandomFeatures()
    a, b = discs(3, 32), discs(3, 32, seed=1)
    expected = torch.zeros(3)
    for x, y in zip(network.maps(a), network.maps(b), strict=True):
        for n in range(3):
            cosine = (x[n] * y[n]).sum(0) / (x[n].norm(dim=0) * y[n].norm(dim=0))
            expected[n] += (2 - 2 * cosine).mean()
    assert torch.allclose(own_distance(network)(a, b), expected, rtol=1e-3)
    assert own_distance(network)(a, a).tolist() == [0, 0, 0]


def test_it_is_named_for_what_it_is_and_has_no_floor() -> None:
    found = measures_called(("path_length",))[0].measure(subject(discs(12, 16), discs(6, 16)))
    assert found.note.startswith("PPL (own features), 6 paths in z")
    assert found.floor is None
    assert found.value >= 0
