"""LAPGAN: its pyramid, its levels' independence, its sampler, and an exact resume while momentum grows."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.lapgan import LAPGAN, LAPGANSettings, grown, pyramid_sides
from gan_studio.engine.networks.laplacian import laplacian_pyramid, reconstruct, upsample
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.settings import validated
from tests.engine.courses import TRAINING, differences, draw_pictures, final_state, play
from tests.engine.families.builds import BATCH, build


def lapgan(size=32, **changes: Any) -> LAPGAN:
    return LAPGAN(LAPGAN.tiny().changed(**changes), PictureSpec(size=size, channels=1))


@settings(max_examples=40, deadline=None)
@given(st.integers(7, 33), st.integers(7, 33), st.integers(2, 3), st.integers(0, 2**31))
def test_a_pyramid_put_together_is_the_picture_exactly(height, width, levels, seed):
    """Grey levels in 256ths are dyadic, as is the filter: float64 holds every step without rounding."""
    pixels = torch.randint(256, (2, 1, height, width), generator=torch.Generator().manual_seed(seed))
    pictures = pixels.double() / 128 - 1
    pyramid = laplacian_pyramid(pictures, levels)
    assert torch.equal(reconstruct(pyramid), pictures)
    in_training = pixels.float() / 127.5 - 1
    again = reconstruct(laplacian_pyramid(in_training, levels))
    assert torch.equal(((again + 1) * 127.5).round().long(), pixels)


@pytest.mark.parametrize(
    ("size", "levels", "sides"),
    [
        (32, "auto", [8, 16, 32]),
        (28, "auto", [7, 14, 28]),
        (64, "auto", [8, 16, 32, 64]),
        (16, "auto", [8, 16]),
        (64, 3, [16, 32, 64]),
        (32, 4, [4, 8, 16, 32]),
    ],
)
def test_sides_halve_down_to_the_first_level(size, levels, sides):
    assert pyramid_sides(size, levels) == sides


def test_a_number_of_levels_that_the_size_does_not_allow_is_refused_with_those_that_it_does():
    with pytest.raises(SettingsError, match="6 levels up to 32 px would begin with pictures of 1 px") as refused:
        lapgan(size=32, levels=6)
    assert refused.value.advice == "Choose 2, 3 or 4 levels, or auto."
    with pytest.raises(SettingsError, match="begin with pictures of 64 px"):
        lapgan(size=128, levels=2)
    with pytest.raises(SettingsError, match="cannot make pictures of 4 px"):
        lapgan(size=4)


def test_a_residual_may_be_larger_than_any_pixel():
    """Between black and white the difference is 2, which a tanh could never say."""
    built = build(lapgan())
    generator: Any = built.parts.networks["G_16"]
    with torch.no_grad():
        generator.body[-1].bias.fill_(2.0)
        generator.body[-1].weight.zero_()
    assert torch.equal(generator(torch.zeros(1, 1, 16, 16), torch.zeros(1, 1, 16, 16)), torch.full((1, 1, 16, 16), 2.0))


def test_what_a_discriminator_sees_of_reals_is_the_picture_and_of_fakes_has_its_low_pass():
    built = build(lapgan())
    family, stepper = built.family, built.stepper
    assert isinstance(family, LAPGAN)
    stepper.step(0, 0)
    ctx = family.levels[1].seen_in(stepper)
    real = family.levels[1].shown_reals(ctx).pictures
    details = laplacian_pyramid(stepper.reals(), 3)
    low_pass = upsample(details[2], (16, 16))
    assert torch.allclose(real, low_pass + details[1], atol=1e-6)
    torch.manual_seed(5)
    fake = family.levels[1].generate(ctx).pictures
    torch.manual_seed(5)
    noise = torch.randn(BATCH, 1, 16, 16)
    assert torch.allclose(fake, low_pass + built.parts.networks["G_16"](low_pass, noise), atol=1e-5)


def test_levels_train_independently():
    """One level's learning rate changes nothing in another level's networks."""
    weights = []
    for factor in (1.0, 50.0):
        built = build(lapgan())
        built.stepper.rates["G_16"] *= factor
        built.stepper.rates["D_16"] *= factor
        for step in range(3):
            built.stepper.step(step, step * BATCH)
        weights.append({name: next(net.parameters()).clone() for name, net in built.parts.networks.items()})
    same = {name for name in weights[0] if torch.equal(weights[0][name], weights[1][name])}
    assert same == {"G_8", "D_8", "G_32", "D_32"}


@pytest.mark.parametrize(
    "changes",
    [
        {"objective": "relativistic", "r1": 1.0, "r2": 1.0, "d_dropout": 0},
        {"objective": "wasserstein", "gradient_penalty": 10.0, "critic_steps": 2},
        {"augmentation": "ada", "r1": 0.1, "penalty_every": 2},
        {"objective": "minimax", "unrolled_steps": 2, "instance_noise": 0.1},
    ],
)
def test_every_level_plays_with_the_shared_objectives_and_regularisers(changes):
    built = build(lapgan(size=16, **changes))
    for step in range(2):
        built.stepper.step(step, step * BATCH)
    scalars, skipped = built.statistics.read()
    assert skipped == 0
    assert {"loss/D_8", "loss/G_8", "loss/D_16", "loss/G_16", "score/real_16"} <= scalars.keys()
    assert all(torch.tensor(value).isfinite() for value in scalars.values())


def test_the_grid_shows_each_picture_growing_in_a_row():
    built = build(lapgan())
    for network in built.parts.networks.values():
        network.eval()
    sampler = built.family.sampler(built.parts.networks)
    assert (sampler.grid_columns(64), sampler.grid_count(64)) == (9, 63)
    controls = sampler.fixed_controls(9, torch.Generator().manual_seed(0))
    with torch.inference_mode():
        outputs = sampler(controls)
        picture = outputs["image"]
    assert torch.equal(controls["z"][0], controls["z"][2])
    assert not torch.equal(controls["z"][2], controls["z"][3])
    for place, square in ((0, 4), (1, 2)):
        coarse = picture[place, 0, ::square, ::square]
        assert torch.equal(picture[place, 0], coarse.repeat_interleave(square, 0).repeat_interleave(square, 1))
        assert torch.equal(coarse, outputs[f"{32 // square} px"][0, 0])
    assert torch.equal(picture[2], outputs["32 px"][2])


def test_noise_by_seed_makes_the_same_picture_alone_and_among_others():
    built = build(lapgan())
    for network in built.parts.networks.values():
        network.eval()
    sampler = built.family.sampler(built.parts.networks)
    controls = sampler.random_controls(3, torch.Generator().manual_seed(1))
    with torch.inference_mode():
        together = sampler(controls)["image"]
        alone = sampler({"z": controls["z"][1:2], "noise": int(controls["noise"][1])})["image"]
        other = sampler({"z": controls["z"][1:2], "noise": 7})["image"]
    assert torch.allclose(together[1:2], alone, atol=1e-6)
    assert not torch.allclose(other, alone, atol=1e-4)


def test_momentum_grows_by_pictures_shown():
    assert [round(grown(0.5, 0.8, images, 300), 6) for images in (0, 100, 300, 900)] == [0.5, 0.6, 0.8, 0.8]
    assert grown(0.5, 0.8, 0, 0) == 0.8
    built = build(lapgan(size=16, optimizer="sgd", momentum_images=4 * BATCH))
    built.stepper.step(0, 2 * BATCH)
    momenta = [group["momentum"] for optimizer in built.optimizers.values() for group in optimizer.param_groups]
    assert momenta == pytest.approx([0.65] * len(built.optimizers))


@pytest.mark.parametrize("changes", [{"optimizer": "sgd", "momentum_images": 40}, {"augmentation": "ada"}])
def test_a_resume_is_exact(tmp_path, changes):
    (tmp_path / "pictures").mkdir()
    source = draw_pictures(tmp_path / "pictures")

    def new(outdir):
        tiny = LAPGAN.tiny().changed(**changes).model_dump()
        return TrainingRequest(source, "lapgan", tiny, {"image_size": 16}, TRAINING, outdir)

    play(new(tmp_path / "whole"), 8)
    play(new(tmp_path / "parts"), 3)
    play(ResumeRequest(tmp_path / "parts"), 8)
    assert differences(final_state(tmp_path / "whole"), final_state(tmp_path / "parts")) == []


def test_a_wasserstein_critic_without_bounds_is_refused():
    with pytest.raises(SettingsError, match="bounded slope"):
        validated(LAPGANSettings, {"objective": "wasserstein"})
