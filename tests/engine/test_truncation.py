"""Truncation scales a normal z, and exists where that means something."""

import pytest
import torch

from gan_studio.engine.checkpoint import flat_tensors, generator_from_tensors, make_family
from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.families.base import Sampler
from gan_studio.engine.sampler_controls import ControlSpec
from gan_studio.engine.truncation import TRUNCATION, TruncatedSampler, with_truncation


class Echo(Sampler):
    """Gives back the latents that it is given, as a picture."""

    def __init__(self, *controls):
        self.controls = controls

    def __call__(self, controls):
        return {"image": controls["z"]}


def latent(prior):
    return ControlSpec("z", "Latent", "latent", (4,), prior)


def test_a_normal_z_is_scaled_and_left_alone_at_1():
    sampler, z = with_truncation(Echo(latent("normal"))), torch.randn(2, 4, generator=torch.Generator().manual_seed(0))
    assert sampler.controls[-1] is TRUNCATION
    assert torch.equal(sampler({"z": z})["image"], z) and torch.equal(sampler({"z": z, "truncation": 1})["image"], z)
    assert torch.equal(sampler({"z": z, "truncation": -0.5})["image"], z * -0.5)
    assert not sampler({"z": z, "truncation": 0.0})["image"].any()


@pytest.mark.parametrize("prior", ["uniform", "sphere"])
def test_other_priors_have_none(prior):
    sampler = Echo(latent(prior))
    assert with_truncation(sampler) is sampler


def test_a_familys_own_truncation_is_kept():
    sampler = Echo(latent("normal"), ControlSpec("truncation", "Truncation ψ", "number", default=0.7))
    assert with_truncation(sampler) is sampler


@pytest.mark.parametrize(("prior", "has"), [("normal", True), ("uniform", False)])
def test_every_opened_generator_has_it_where_it_means_something(prior, has):
    settings = {"latent_size": 6, "features": 2, "most_features": 4, "prior": prior}
    config = RunConfig(family="dcgan", family_settings=settings, picture=PictureSpec(size=16))
    with torch.random.fork_rng():
        tensors = flat_tensors({"G": make_family(config).build().networks["G"]})
    names = [spec.name for spec in generator_from_tensors(config, 0, tensors).sampler.controls]
    assert ("truncation" in names) is has


def test_everything_else_is_the_samplers_own():
    """What a sampler may override, it has overridden for a reason: classes, say."""
    optional = {name for name, value in vars(Sampler).items() if callable(value) and not name.startswith("_")}
    assert optional <= vars(TruncatedSampler).keys()
