"""CGAN: what the class does to both networks, to the grid, and to what is refused."""

from typing import Any

import pytest
import torch

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.events import Failed
from gan_studio.engine.families.cgan import CGAN, CGANSettings
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from tests.engine.courses import TRAINING, differences, final_state, play, train
from tests.engine.families.builds import build

SPEC = PictureSpec(size=16, channels=1, classes=("ant", "bee", "cat"))
TINY: dict[str, Any] = {"latent_size": 8, "features": 8, "most_features": 16, "class_size": 4}
KINDS = {
    "plane": {"conditioning": "plane", "d_norm": "batch", "spectral_norm": False, "objective": "non-saturating"},
    "projection": {},
    "perceptron": {"architecture": "perceptron", "objective": "non-saturating"},
    "relativistic": {"objective": "relativistic", "r1": 1, "d_norm": "none"},
}
each_kind = pytest.mark.parametrize("settings", KINDS.values(), ids=KINDS)


def game(**settings: Any) -> Any:
    return build(CGAN(CGANSettings(**{**TINY, **settings}), SPEC))


@each_kind
def test_both_networks_look_at_the_class(settings):
    built = game(**settings)
    generator, discriminator = (built.parts.networks[name].eval() for name in "GD")
    z = torch.randn(1, 8).expand(3, 8)
    pictures = generator(z, torch.arange(3))
    assert pictures.shape == (3, 1, 16, 16)
    assert not torch.allclose(pictures[0], pictures[1])
    same = pictures[:1].detach().expand(3, -1, -1, -1)
    logits = discriminator(same, torch.arange(3))
    assert logits.shape == (3,)
    assert len(logits.unique()) == 3


@each_kind
def test_it_trains_and_every_parameter_learns(settings):
    built = game(**settings)
    before = {name: [p.detach().clone() for p in net.parameters()] for name, net in built.parts.networks.items()}
    for step in range(4):
        built.stepper.step(step, step * 4)
    assert built.statistics.read()[1] == 0
    for name, network in built.parts.networks.items():
        assert all(not torch.equal(p, q) for p, q in zip(network.parameters(), before[name], strict=True)), name


def test_fakes_have_the_classes_of_the_reals():
    built = game()
    fakes = built.family.generate(built.stepper)
    assert torch.equal(fakes.labels, built.stepper.labels())


def test_the_grid_has_a_row_for_each_class():
    sampler = game().family.sampler({"G": game().parts.networks["G"].eval()})
    count = sampler.grid_count(64)
    assert (count, sampler.grid_columns(64)) == (63, 21)
    controls = sampler.fixed_controls(count, torch.Generator().manual_seed(0))
    assert controls["class"].tolist() == [0] * 21 + [1] * 21 + [2] * 21


def test_many_classes_get_a_picture_each():
    spec = PictureSpec(size=16, channels=1, classes=tuple(map(str, range(100))))
    sampler = CGAN(CGANSettings(**TINY), spec).sampler({"G": torch.nn.Linear(1, 1)})
    assert (sampler.grid_count(64), sampler.grid_columns(64)) == (100, 1)


def test_a_class_is_a_number_for_all_pictures_or_one_for_each():
    built = game()
    generator = built.parts.networks["G"].eval()
    sampler = built.family.sampler({"G": generator})
    z = torch.randn(2, 8)
    expected = generator(z, torch.tensor([1, 1]))
    assert torch.equal(sampler({"z": z, "class": 1})["image"], expected)
    assert torch.equal(sampler({"z": z, "class": torch.tensor([1, 1])})["image"], expected)
    assert [spec.name for spec in sampler.controls] == ["class", "z"]
    assert sampler.controls[0].choices == SPEC.classes


def test_pictures_without_classes_are_refused_with_what_to_do(pictures, tmp_path):
    with pytest.raises(SettingsError, match="folder of its own"):
        CGAN(CGANSettings(), PictureSpec(size=16))
    events = train(TrainingRequest(pictures, "cgan", TINY, {"image_size": 16}, TRAINING, tmp_path / "run"))
    assert isinstance(events[-1], Failed)
    assert "needs classes" in events[-1].message
    assert not (tmp_path / "run").exists()


def test_a_resume_is_exact(class_folders, tmp_path):
    def request(name):
        return TrainingRequest(class_folders, "cgan", TINY, {"image_size": 16}, TRAINING, tmp_path / name)

    play(request("whole"), 7)
    play(request("parts"), 3)
    play(ResumeRequest(tmp_path / "parts"), 7)
    assert differences(final_state(tmp_path / "whole"), final_state(tmp_path / "parts")) == []


def test_the_default_is_the_projection_that_keeps_a_class_varied_and_the_plain_one_can_be_chosen():
    presets = CGAN.presets()
    default: Any = CGANSettings()
    assert (default.conditioning, default.objective, default.d_norm) == ("projection", "hinge", "none")
    assert presets["CGAN, projection and spectral norm (2018)"] == default
    plain: Any = presets["CGAN, plain convolutional (64 features)"]
    assert (plain.conditioning, plain.objective, plain.d_norm, plain.beta1) == ("plane", "non-saturating", "batch", 0.5)


def test_a_run_of_the_plain_networks_stays_one():
    plain = CGAN.presets()["CGAN, plain, small (32 features)"]
    assert CGANSettings(**plain.model_dump()) == plain
