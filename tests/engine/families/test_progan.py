"""ProGAN: its schedule, what stage and files carry, and a resume in the middle of a fade."""

from typing import Any

import pytest
import torch

from gan_studio.engine.checkpoint import load_generator
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.progan import ProGAN, ProGANSettings, growth
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.run import RunFolder
from gan_studio.engine.settings import validated
from tests.engine.courses import TRAINING, differences, draw_pictures, final_state, play
from tests.engine.families.builds import BATCH, build

TINY: dict[str, Any] = {
    "latent_size": 6, "features": 1, "most_features": 4, "stable_images": 8, "fade_images": 16,
}  # fmt: skip


def progan(size=16, **settings: Any) -> ProGAN:
    return ProGAN(ProGANSettings(**{**TINY, **settings}), PictureSpec(size=size))


def test_the_schedule_holds_each_level_then_fades_the_next_one_in():
    course = [growth(images, 0, 2, stable=10, fade=20) for images in (0, 9, 10, 20, 30, 39, 40, 50, 60, 10**9)]
    assert course == [
        (0, 1), (0, 1), (1, 0), (1, 0.5), (1, 1), (1, 1), (2, 0), (2, 0.5), (2, 1), (2, 1),
    ]  # fmt: skip
    assert growth(0, 0, 3, stable=0, fade=0) == (3, 1)
    assert growth(0, 2, 2, stable=10, fade=20) == (2, 1)


def test_a_stage_says_size_batch_level_and_alpha():
    family = progan(size=32, batch_growth=4)
    stages = [family.stage(images) for images in (0, 16, 24, 10**6)]
    assert [stage.size for stage in stages] == [4, 8, 8, 32]
    assert [stage.batch_factor for stage in stages] == [4, 4, 4, 1]
    assert [stage.values for stage in stages[:2]] == [{"level": 0, "alpha": 1}, {"level": 1, "alpha": 0.5}]
    assert stages[1].name == "blending in 8 px"


def test_the_batch_is_larger_at_small_sizes():
    built = build(progan(batch_growth=2))
    assert built.stepper.step(0, 0) == 2 * BATCH
    assert built.stepper.step(1, 10**6) == BATCH


@pytest.mark.parametrize("start", [16, 256])
def test_nothing_grows_where_it_starts_at_the_full_size(start):
    stage = progan(start_size=start).stage(0)
    assert (stage.size, stage.values["alpha"]) == (16, 1)


def test_the_sampler_shows_every_level_at_the_full_size():
    built = build(progan())
    sampler = built.family.sampler(built.parts.networks)
    generator: Any = built.parts.networks["G"]
    for images, square in ((0, 4), (16, 2), (10**6, 1)):
        built.stepper.step(0, images)
        with torch.inference_mode():
            picture = sampler({})["image"]
        assert picture.shape == (1, 3, 16, 16)
        assert torch.equal(
            picture, picture[..., ::square, ::square].repeat_interleave(square, 2).repeat_interleave(square, 3)
        )
    assert (int(generator.level), float(generator.alpha)) == (2, 1.0)


def test_reals_and_fakes_are_blended_alike_in_a_fade():
    built = build(progan())
    family: Any = built.family
    built.stepper.step(0, 8)
    stage = built.stepper.stage
    assert (stage.size, stage.values["alpha"]) == (8, 0)
    for shown in (family.shown_reals(built.stepper), family.generate(built.stepper)):
        pixels = shown.pictures
        assert torch.equal(pixels, pixels[..., ::2, ::2].repeat_interleave(2, 2).repeat_interleave(2, 3))


def test_drift_keeps_the_scores_of_reals_near_zero():
    without, drifting = build(progan(drift=0, fade_images=0)), build(progan(drift=3, fade_images=0))
    losses = []
    for built in (without, drifting):
        torch.manual_seed(1)
        family: Any = built.family
        losses.append(family.d_loss(_at_the_end(built)))
    scores = family.judge(drifting.parts.networks["D"], family.shown_reals(drifting.stepper))
    assert (losses[1] - losses[0]).item() == pytest.approx(3 * scores.square().mean().item(), rel=1e-4)


def _at_the_end(built):
    built.stepper.stage = built.family.stage(10**6)
    return built.stepper


def test_a_resume_in_the_middle_of_a_fade_is_exact(tmp_path):
    (tmp_path / "pictures").mkdir()
    source = draw_pictures(tmp_path / "pictures")

    def new(outdir):
        settings = {**TINY, "augmentation": "ada"}
        return TrainingRequest(source, "progan", settings, {"image_size": 16}, TRAINING, outdir)

    play(new(tmp_path / "whole"), 12)
    play(new(tmp_path / "parts"), 4)
    stopped = load_generator(RunFolder(tmp_path / "parts").newest_generator())
    generator: Any = stopped.networks["G"]
    assert (int(generator.level), float(generator.alpha)) == (1, 0.25), "the file says where it stands"
    play(ResumeRequest(tmp_path / "parts"), 12)
    assert differences(final_state(tmp_path / "whole"), final_state(tmp_path / "parts")) == []
    assert final_state(tmp_path / "whole")["modules"]["G"]["level"] == 2


def test_sizes_and_critics_that_cannot_work_are_refused():
    with pytest.raises(SettingsError, match="48 px"):
        progan(size=48)
    with pytest.raises(SettingsError, match="bounded slope"):
        validated(ProGANSettings, {"gradient_penalty": 0})
