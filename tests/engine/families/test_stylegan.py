"""StyleGAN: rates, phases, what its sampler's controls do, and exact resume."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.stylegan import StyleGAN, StyleGANSettings
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.settings import validated
from tests.engine.courses import TRAINING, differences, draw_pictures, final_state, play
from tests.engine.families.builds import BATCH, build

TINY: dict[str, Any] = {"latent_size": 6, "mapping_layers": 2, "features": 1, "most_features": 4, "penalty_every": 3}


def stylegan(size=16, **settings: Any) -> StyleGAN:
    return StyleGAN(StyleGANSettings(**{**TINY, **settings}), PictureSpec(size=size))


@pytest.fixture
def sampler():
    built = build(stylegan())
    generator: Any = built.parts.networks["G"]
    generator.follow(torch.randn(50, 6) + 1, decay=0.0)
    with torch.no_grad():
        for layer in generator.layers:
            layer.noise_strength.fill_(0.3)
    return built.family.sampler({"G": generator.eval()})


@torch.no_grad()
def picture(sampler, **controls):
    z = torch.randn(3, 6, generator=torch.Generator().manual_seed(1))
    return sampler({"z": z, **controls})["image"]


def test_the_mapping_network_learns_a_hundred_times_more_slowly():
    optimizer = build(stylegan()).optimizers["G"]
    share = 4 / 5
    assert [group["lr"] for group in optimizer.param_groups] == pytest.approx([2e-3 * share, 2e-5 * share])
    assert optimizer.defaults["betas"] == pytest.approx((0, 0.99**share))
    assert build(stylegan(path_length=0)).optimizers["G"].defaults["lr"] == 2e-3


def test_every_weight_of_g_is_in_one_group():
    built = build(stylegan())
    grouped = [id(p) for group in built.optimizers["G"].param_groups for p in group["params"]]
    assert sorted(grouped) == sorted(map(id, built.parts.networks["G"].parameters()))


def test_lazy_phases_come_as_seldom_as_set():
    built = build(stylegan(penalty_every=4, path_every=2))
    seen = []
    for step in range(4):
        built.stepper.gradients.clear()
        built.stepper.step(step, step * BATCH)
        seen.append(list(built.stepper.gradients))
    assert seen == [["D", "G"], ["D", "G", "G_path"], ["D", "G"], ["D", "D_penalty", "G", "G_path"]]
    assert "G_path" not in [phase.name for phase in stylegan(path_length=0).phases(built.stepper.stage)]


def test_truncation_0_gives_the_mean_picture_and_1_leaves_pictures_as_they_are(sampler):
    middle = picture(sampler, truncation=0.0)
    assert torch.equal(middle, middle[:1].expand_as(middle))
    assert torch.equal(picture(sampler, truncation=1.0), picture(sampler))
    partly = picture(sampler, truncation=0.0, truncated=1)
    assert not torch.equal(partly, middle)
    assert not torch.equal(partly, picture(sampler))


def test_the_same_noise_seed_gives_the_same_picture(sampler):
    assert torch.equal(picture(sampler, noise=5), picture(sampler, noise=5))
    assert not torch.equal(picture(sampler, noise=5), picture(sampler, noise=6))


def test_a_second_seed_takes_over_from_a_size_on(sampler):
    alone, mixing = picture(sampler), sampler.controls[3]
    assert mixing.choices == ("nothing", "from 4 px on", "from 8 px on", "from 16 px on")
    assert torch.equal(picture(sampler, mixing=0, mixed_seed=9), alone)
    other = sampler({"z": _of_seed(sampler, 9)})["image"]
    assert torch.allclose(picture(sampler, mixing=1, mixed_seed=9), other.expand_as(alone), atol=1e-6)
    fine = picture(sampler, mixing=3, mixed_seed=9)
    assert 0 < (fine - alone).abs().mean() < (other - alone).abs().mean()


def _of_seed(sampler, seed):
    return torch.randn(1, *sampler.controls[0].shape, generator=torch.Generator().manual_seed(seed))


def test_training_fills_the_means():
    built = build(stylegan())
    for step in range(4):
        built.stepper.step(step, step * BATCH)
    generator, state = built.parts.networks["G"], built.parts.state
    assert generator.mean_w.abs().min() > 0  # type: ignore[union-attr, operator]
    assert state.mean_length > 0  # type: ignore[operator]
    scalars, _ = built.statistics.read()
    assert {"penalty/r1", "penalty/path", "path_length"} <= scalars.keys()


def test_mixing_takes_as_many_pictures_as_set():
    styles = torch.zeros(4000, 6, 1)
    starts = stylegan(style_mixing=0.25)._crossovers(4000, styles)
    assert (starts < 6).float().mean().item() == pytest.approx(0.25, abs=0.03)
    assert starts.min() == 1


@pytest.mark.parametrize("settings", [{"augmentation": "ada"}, {"modulation": "adain"}], ids=["ADA", "AdaIN"])
def test_a_resume_is_exact_with_means_and_probability_filled(settings, tmp_path):
    (tmp_path / "pictures").mkdir()
    source = draw_pictures(tmp_path / "pictures")

    def new(outdir):
        return TrainingRequest(source, "stylegan", {**TINY, **settings}, {"image_size": 16}, TRAINING, outdir)

    play(new(tmp_path / "whole"), 9)
    play(new(tmp_path / "parts"), 5)
    stopped = final_state(tmp_path / "parts")["modules"]
    assert stopped["state"]["mean_length"] > 0
    assert stopped["G"]["mean_w"].any()
    play(ResumeRequest(tmp_path / "parts"), 9)
    assert differences(final_state(tmp_path / "whole"), final_state(tmp_path / "parts")) == []


@pytest.mark.parametrize("settings", [{"modulation": "adain"}, {"style_mixing": 0}, {"augmentation": "ada"}])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_every_variant_trains_with_finite_numbers(settings, precision):
    built = build(stylegan(**settings), precision=precision)
    for step in range(4):
        built.stepper.step(step, step * BATCH)
    scalars, skipped = built.statistics.read()
    assert skipped == 0
    assert all(torch.tensor(value).isfinite() for value in scalars.values())


def test_a_size_or_critic_that_cannot_work_is_refused():
    with pytest.raises(SettingsError, match="24 px"):
        stylegan(size=24)
    with pytest.raises(SettingsError, match="bounded slope"):
        validated(StyleGANSettings, {"objective": "wasserstein", "r1": 0})


def test_gamma_follows_from_size_and_batch_unless_it_is_given():
    assert StyleGANSettings().r1_for(64, 64) == pytest.approx(0.0128)
    assert StyleGANSettings(r1=0.3).r1_for(64, 64) == 0.3
    assert StyleGANSettings(r1_auto=True, r1=0).penalises_gradients
    assert "γ = 0.0064" in StyleGANSettings().in_words(32, 32)["r1_auto"]


def test_a_run_from_before_gamma_could_be_chosen_keeps_its_own():
    stored = {name: value for name, value in StyleGANSettings(r1=0.02).model_dump().items() if name != "r1_auto"}
    assert validated(StyleGANSettings, stored).r1_for(32, 16) == 0.02
    again = validated(StyleGANSettings, StyleGANSettings().model_dump())
    assert again.r1_auto


def test_gamma_by_size_and_batch_weighs_the_penalty_of_a_step():
    ctx: Any = SimpleNamespace(batch_size=8)
    assert stylegan(size=16).r1_weight(ctx) == pytest.approx(0.0002 * 16**2 / 8)
