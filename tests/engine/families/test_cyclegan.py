"""CycleGAN: its losses, its schedule, its sampler, and a training over two domains that is resumed bit for bit."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from gan_studio.engine.checkpoint import load_generator
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.events import Finished
from gan_studio.engine.families.cyclegan import CycleGAN
from gan_studio.engine.families.cyclegan import CycleGANSettings as Settings
from gan_studio.engine.metrics.evaluate import RealSource, measure_generator
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.run import RunFolder
from tests.engine.courses import TRAINING, differences, final_state, play, train
from tests.engine.families.builds import build

SPEC = PictureSpec(size=16, channels=1, classes=("ant", "bee"))


class Affine(nn.Module):
    """x → factor x + shift: networks whose losses can be worked out by hand."""

    def __init__(self, factor, shift=0.0):
        super().__init__()
        self.factor, self.shift = factor, shift

    def forward(self, pictures):
        return self.factor * pictures + self.shift


class Context:
    """A step in float64: two pictures of two pixels in A, one in B."""

    def __init__(self, family):
        self.domains = {
            "A": torch.tensor([[0.5, -1.0], [0.0, 0.25]], dtype=torch.float64).view(2, 1, 1, 2),
            "B": torch.tensor([[1.0, 0.5]], dtype=torch.float64).view(1, 1, 1, 2),
        }
        self.networks = {"G_AB": Affine(0.5), "G_BA": Affine(-1.0), "D_A": Affine(2.0), "D_B": Affine(1.0, 0.5)}
        kept = SimpleNamespace(swap=lambda fakes: fakes)
        self.state = SimpleNamespace(a=kept, b=kept)
        self.logged, self.family = {}, family

    def reals(self, domain):
        return self.domains[domain]

    def fakes(self):
        return self.family.generate(self)

    def over_batch(self, work, own):
        return work(own)

    def log(self, name, value):
        self.logged.setdefault(name, []).append(float(value))


def context(**settings) -> tuple[CycleGAN, Any]:
    family = CycleGAN(Settings(**settings), SPEC)
    return family, Context(family)


def test_the_generators_loss_is_that_worked_out_by_hand():
    family, ctx = context(cycle_weight=10, identity_weight=0.5)
    # G_BA(b) = [-1, -.5], D_A of it [-2, -1], less 1 and squared: 9, 4; G_AB(a) = [.25, -.5], [0, .125], D_B adds .5
    fooling = (9 + 4) / 2 + (0.25**2 + 1**2 + 0.5**2 + 0.375**2) / 4
    # There and back: x → -x/2, an error of 1.5 |x|
    cycle_a, cycle_b = 1.5 * (0.5 + 1 + 0 + 0.25) / 4, 1.5 * (1 + 0.5) / 2
    # G_AB(b) misses by .5 |b|, G_BA(a) by 2 |a|
    identity = 0.5 * (1 + 0.5) / 2 + 2 * (0.5 + 1 + 0 + 0.25) / 4
    assert float(family.g_loss(ctx)) == pytest.approx(fooling + 10 * (cycle_a + cycle_b) + 5 * identity)
    assert ctx.logged["cycle/A"] == pytest.approx([cycle_a])
    assert ctx.logged["cycle/B"] == pytest.approx([cycle_b])
    assert ctx.logged["identity"] == pytest.approx([identity])


def test_without_identity_nothing_is_computed_for_it():
    family, ctx = context(identity_weight=0)
    family.g_loss(ctx)
    assert "identity" not in ctx.logged


def test_the_discriminators_losses_are_those_worked_out_by_hand():
    family, ctx = context()
    # D_A: reals 2a against 1, fakes [-2, -1] against 0; D_B: reals b + .5 against 1, fakes [.75, 0, .5, .625] against 0
    d_a = ((0**2 + 3**2 + 1**2 + 0.5**2) / 4 + (2**2 + 1**2) / 2) / 2
    d_b = ((0.5**2 + 0**2) / 2 + (0.75**2 + 0 + 0.5**2 + 0.625**2) / 4) / 2
    assert float(family.d_loss(ctx)) == pytest.approx(d_a + d_b)
    assert (ctx.logged["loss/D_A"], ctx.logged["loss/D_B"]) == (pytest.approx([d_a]), pytest.approx([d_b]))


@pytest.mark.parametrize(
    ("images", "factor"), [(0, 1), (1000, 1), (1250, 0.75), (1500, 0.5), (2000, 0.01), (10**6, 0.01)]
)
def test_rates_are_constant_and_then_fall_in_a_straight_line_by_images_seen(images, factor):
    family = CycleGAN(Settings(constant_images=1000, decay_images=1000), SPEC)
    assert family.stage(images).learning_rate_factors == pytest.approx({"D": factor, "G": factor})


def test_without_decay_rates_stay():
    assert not CycleGAN(Settings(decay_images=0), SPEC).stage(10**9).learning_rate_factors


def test_sizes_that_cannot_be_halved_are_refused():
    with pytest.raises(SettingsError, match="4 times"):
        CycleGAN(Settings(halvings=4), SPEC)


@pytest.fixture
def parts():
    """Networks whose examples are all of one grey: 10, 11 … of A, 110, 111 … of B."""
    family = CycleGAN(CycleGAN.tiny(), SPEC)
    networks = build(family).parts.networks
    for network in networks.values():
        network.eval()
    greys = torch.arange(8, dtype=torch.uint8).view(-1, 1, 1, 1).expand(8, 1, 16, 16)
    family.keep_examples(networks, {"A": greys + 10, "B": greys + 110})
    return family, networks


def levels(pictures):
    return (pictures[:, 0, 0, 0] * 127.5 + 127.5).round().int().tolist()


@torch.inference_mode()
def test_each_picture_goes_through_the_generators_of_its_direction(parts):
    family, networks = parts
    sampler = family.sampler(networks)
    pictures = torch.randn(3, 1, 20, 30).clamp(-1, 1)
    made = sampler({"picture": pictures, "direction": torch.tensor([0, 1, 0])})
    for index, (there, back) in enumerate((("G_AB", "G_BA"), ("G_BA", "G_AB"), ("G_AB", "G_BA"))):
        translated = networks[there](pictures[index : index + 1])
        assert torch.allclose(made["translation"][index], translated[0], atol=1e-5)
        assert torch.allclose(made["back"][index], networks[back](translated)[0], atol=1e-5)


@torch.inference_mode()
def test_without_a_picture_the_first_example_is_translated(parts):
    sampler = parts[0].sampler(parts[1])
    assert levels(sampler({})["picture"]) == [10]
    assert levels(sampler({"direction": 1})["picture"]) == [110]
    assert sampler.controls[1].choices == ("ant → bee", "bee → ant")


@torch.inference_mode()
def test_the_grid_has_rows_of_both_directions_there_and_back(parts):
    sampler = parts[0].sampler(parts[1])
    assert (sampler.grid_count(64), sampler.grid_columns(64)) == (16, 6)
    assert sampler.grid_count(4) == 2
    controls = sampler.fixed_controls(4, torch.Generator())
    made, cells = sampler(controls), sampler.grid_pictures(controls)
    assert levels(made["picture"]) == [10, 110, 11, 111]
    assert cells.shape == (12, 1, 16, 16)
    for index, name in enumerate(("picture", "translation", "back")):
        assert torch.equal(cells[index::3], made[name])


# --- trainings ---


@pytest.fixture(scope="module")
def two_folders(tmp_path_factory):
    """Dark pictures and light ones, seven and five."""
    root, random = tmp_path_factory.mktemp("two"), np.random.default_rng(0)
    for name, low, count in (("dark", 0, 7), ("light", 150, 5)):
        (root / name).mkdir()
        for number in range(count):
            pixels = random.integers(low, low + 100, (16, 16, 3), np.uint8)
            Image.fromarray(pixels).save(root / name / f"{number}.png")
    return root


def request(root, outdir, steps, pair=True, **data):
    training = {**TRAINING, "batch_size": 2, "steps": steps}
    settings = {**CycleGAN.tiny().model_dump(), "constant_images": 6, "decay_images": 30}
    source, second = (root / "dark", root / "light") if pair else (root, None)
    pictures = {"image_size": 16, "flip": True, **data}
    return TrainingRequest(source, "cyclegan", settings, pictures, training, outdir, second_source=second)


def test_a_training_with_a_filled_pool_is_resumed_bit_for_bit(two_folders, tmp_path):
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    play(request(two_folders, whole, 12), 12)
    play(request(two_folders, halves, 12), 7)
    assert int(final_state(halves)["modules"]["state"]["a.filled"]) == 6
    play(ResumeRequest(halves), 12)
    assert differences(final_state(whole), final_state(halves)) == []
    assert {name: data["drawn"] for name, data in final_state(whole)["data"].items()} == {"A": 24, "B": 24}
    assert RunFolder(whole).sample_file(12).read_bytes() == RunFolder(halves).sample_file(12).read_bytes()


def test_two_folders_and_one_folder_of_both_train_the_same(two_folders, tmp_path):
    for name, pair in (("two", True), ("one", False)):
        assert isinstance(train(request(two_folders, tmp_path / name, 3, pair))[-1], Finished)
    states = [final_state(tmp_path / name)["modules"] for name in ("two", "one")]
    assert differences(*states) == []
    assert RunFolder(tmp_path / "one").config().picture.classes == ("dark", "light")


def test_a_generator_file_shows_held_out_pictures_of_both_kinds_without_its_data(two_folders, tmp_path):
    train(request(two_folders, tmp_path / "r", 1, held_out=0.4))
    loaded = load_generator(RunFolder(tmp_path / "r").newest_generator())
    shown = loaded.sampler.fixed_controls(16, torch.Generator())["picture"]
    dark, light = shown[::2], shown[1::2]
    assert dark.max() < 0 < light.min() + 1
    assert len({picture.numpy().tobytes() for picture in dark}) == 3
    assert len({picture.numpy().tobytes() for picture in light}) == 2
    assert "light" not in loaded.config.second_source.rpartition("light")[0]


def test_a_generator_file_alone_is_measured_beside_pictures_that_are_named_as_in_training(two_folders, tmp_path):
    train(request(two_folders, tmp_path / "r", 1))
    file = RunFolder(tmp_path / "r").newest_generator().rename(tmp_path / "travelled.safetensors")
    loaded = load_generator(file)

    def error(source):
        return measure_generator(loaded, source, "cycle_error")["cycle_error"].value

    with pytest.raises(SettingsError, match="folders “A” and “B” of pictures A and B") as refused:
        error(two_folders / "dark")
    assert "--data-b" in str(refused.value)
    pair = error(RealSource(two_folders / "dark", two_folders / "light"))
    assert pair == error(RealSource(two_folders, domain_a="dark", domain_b="light")) > 0
    with pytest.raises(SettingsError, match="no class “grey”"):
        error(RealSource(two_folders, domain_a="grey"))


def test_the_grid_of_reals_has_the_dark_ones_above_the_light_ones(two_folders, tmp_path):
    train(request(two_folders, tmp_path / "r", 1))
    reals = np.asarray(Image.open(RunFolder(tmp_path / "r").reals_file)).astype(int)
    upper, lower = np.array_split(reals, 2)
    assert upper.max() < 150
    assert np.median(lower) >= 150
