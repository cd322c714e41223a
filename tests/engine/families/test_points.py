"""Points in the plane: the family, its pictures, its modes measured, and an exact resume."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from gan_studio.__main__ import main
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.scatter import HIGH, LOW
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.events import Failed
from gan_studio.engine.families.points import Points, PointsSettings
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.settings import validated
from tests.engine.courses import TRAINING, differences, draw_pictures, final_state, play, train
from tests.engine.families.builds import BATCH, build

RING = PictureSpec(size=64, points="ring")


def points(**changes: Any) -> Points:
    return Points(Points.tiny().changed(**changes), RING)


def sampler_of(built):
    for network in built.parts.networks.values():
        network.eval()
    return built.family.sampler(built.parts.networks)


@pytest.mark.parametrize("preset", Points.presets())
def test_every_preset_trains_on_points(preset):
    settings: Any = Points.presets()[preset]
    built = build(Points(settings, RING))
    for step in range(5):
        built.stepper.step(step, step * BATCH)
    scalars, skipped = built.statistics.read()
    assert skipped == 0
    assert {"loss/D", "loss/G"} <= scalars.keys()
    assert all(torch.tensor(value).isfinite() for value in scalars.values())


def test_a_picture_marks_the_point_that_its_z_becomes():
    built = build(points())
    generator: Any = built.parts.networks["G"]
    with torch.no_grad():
        generator[-1].weight.zero_()
        generator[-1].bias.copy_(torch.tensor([1.5, -1.5]))
    sampler = sampler_of(built)
    with torch.inference_mode():
        made = sampler({"z": torch.zeros(1, 4), "shows": 2})
    assert made["points"].tolist() == [[1.5, -1.5]]
    dark = (made["image"][0] < 0).all(0).nonzero()
    assert dark.float().mean(0).tolist() == pytest.approx([47.5, 47.5], abs=1), "a quarter from the right, the bottom"


def test_the_background_says_what_the_discriminator_believes():
    built = build(points())
    judge: Any = built.parts.networks["D"]
    with torch.no_grad():
        for layer in judge.modules():
            if isinstance(layer, torch.nn.Linear):
                layer.weight.zero_()
                layer.bias.zero_()
    sampler = sampler_of(built)
    corners = []
    for logit in (50.0, -50.0):
        judge[-2].bias.data.fill_(logit)
        with torch.inference_mode():
            corners.append(sampler({})["image"][0, :, 0, 0].add(1).mul(127.5).round().tolist())
    assert corners == [list(HIGH), list(LOW)]


def test_an_update_of_the_discriminator_leaves_the_fakes_as_they_are():
    family = points()
    assert family.kept("fakes", ("D",)) == "fakes"
    assert family.kept("fakes", ("G",)) is None


def test_what_points_cannot_have_is_refused_with_the_reason():
    with pytest.raises(SettingsError, match="Augmentations change pictures"):
        validated(PointsSettings, {"augmentation": "ada"})
    with pytest.raises(SettingsError, match="bounded slope"):
        validated(PointsSettings, {"objective": "wasserstein"})
    with pytest.raises(SettingsError, match="no shape"):
        Points(PointsSettings(), PictureSpec(size=64))


def test_pictures_for_points_and_points_for_pictures_are_refused_in_words(tmp_path, home):
    (tmp_path / "pictures").mkdir()
    pictures = draw_pictures(tmp_path / "pictures")
    for family, source, words in (
        ("points", pictures, "pictures holds pictures"),
        ("dcgan", Path("points:ring"), "points:ring is a shape"),
    ):
        end = train(TrainingRequest(source, family, outdir=tmp_path / family))[-1]
        assert isinstance(end, Failed)
        assert words in end.message


def test_a_resume_is_exact(tmp_path, home):
    def new(outdir):
        settings = {**Points.tiny().model_dump(), "unrolled_steps": 2}
        return TrainingRequest(Path("points:grid"), "points", settings, {"image_size": 16}, TRAINING, outdir)

    play(new(tmp_path / "whole"), 9)
    play(new(tmp_path / "parts"), 4)
    play(ResumeRequest(tmp_path / "parts"), 9)
    assert differences(final_state(tmp_path / "whole"), final_state(tmp_path / "parts")) == []


def test_a_run_on_points_is_measured_by_its_modes(tmp_path, home, capsys):
    settings = Points.tiny().model_dump()
    train(
        TrainingRequest(
            Path("points:grid"), "points", settings, {"image_size": 16}, {**TRAINING, "steps": 2}, tmp_path / "r"
        )
    )
    assert main(["evaluate", str(tmp_path / "r"), "--data", "points:grid", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["measures"]) == {"modes", "good_points"}
    modes, good = found["measures"]["modes"], found["measures"]["good_points"]
    assert 0 <= modes["value"] <= 25
    assert modes["floor"] == 25
    assert good["floor"] == pytest.approx(0.989, abs=0.01)
