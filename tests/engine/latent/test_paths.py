"""Paths between viewpoints: ends are exact, priors decide the way, choices switch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan_studio.engine.latent.paths import at_fraction, frame_positions, on_chain
from gan_studio.engine.sampler_controls import ControlSpec, Prior

CLASS = ControlSpec("class", "Class", "choice", choices=("cat", "dog"))
NUMBER = ControlSpec("truncation", "Truncation", "number", default=1.0)


def specs(prior: Prior = "normal"):
    return (ControlSpec("z", "Latent", "latent", (16,), prior), CLASS, NUMBER)


def place(seed, **more):
    return {"z": np.random.default_rng(seed).normal(size=16).astype(np.float32), **more}


@given(fraction=st.floats(0, 1), seed=st.integers(0, 50))
def test_a_normal_latent_keeps_a_length_between_those_of_its_ends(fraction, seed):
    start, end = place(seed), place(seed + 1)
    between = np.linalg.norm(at_fraction(specs(), start, end, fraction)["z"])
    lengths = sorted(np.linalg.norm(one["z"]) for one in (start, end))
    assert lengths[0] - 1e-4 <= between <= lengths[1] + 1e-4


@pytest.mark.parametrize("prior", ["normal", "uniform", "sphere"])
def test_ends_are_exact_and_the_way_is_the_priors_own(prior):
    start, end = place(1), place(2)
    for fraction, expected in ((0, start), (1, end)):
        assert at_fraction(specs(prior), start, end, fraction)["z"].tobytes() == expected["z"].tobytes()
    middle = at_fraction(specs(prior), start, end, 0.5)["z"]
    assert middle.dtype == np.float32
    assert np.allclose(middle, (start["z"] + end["z"]) / 2, atol=1e-6) is (prior == "uniform")


def test_numbers_are_blended_and_choices_switch_in_the_middle():
    start, end = place(1, **{"class": 0}), place(2, **{"class": 1, "truncation": 0.5})
    quarter = at_fraction(specs(), start, end, 0.25)
    assert quarter["class"] == 0 and quarter["truncation"] == pytest.approx(0.875)
    assert at_fraction(specs(), start, end, 0.75)["class"] == 1


def test_a_chain_passes_through_its_places_and_may_lead_back():
    places = [place(seed) for seed in range(3)]
    for loop in (False, True):
        for number, one in enumerate(places):
            assert on_chain(specs(), places, number, loop)["z"].tobytes() == one["z"].tobytes()
    assert on_chain(specs(), places, 3, loop=True)["z"].tobytes() == places[0]["z"].tobytes()
    assert on_chain(specs(), places, 99)["z"].tobytes() == places[-1]["z"].tobytes()
    assert on_chain(specs(), places[:1], 0.5)["z"].tobytes() == places[0]["z"].tobytes()
    with pytest.raises(ValueError, match="place"):
        on_chain(specs(), [], 0)


def test_a_film_shows_both_ends_once_and_a_loop_no_frame_twice():
    assert frame_positions(3, 5) == [0, 0.5, 1, 1.5, 2]
    assert frame_positions(2, 4, loop=True) == [0, 0.5, 1, 1.5]
    assert frame_positions(2, 1) == [0]
