"""SRGAN as in Ledig 2017: its networks, its two stages, its content losses, and what its sampler takes and gives."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import nn
from torchvision.models import vgg19

from gan_studio.cli import main
from gan_studio.engine.checkpoint import flat_tensors, load_generator, save_generator
from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.data.bicubic import enlarged, reduced
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.events import Finished, Notice, Started
from gan_studio.engine.export.full_size import read_input
from gan_studio.engine.families import family_class
from gan_studio.engine.families.srgan import SRGAN, SRGANSettings
from gan_studio.engine.grid_layout import GAP
from gan_studio.engine.networks.super_resolution import SRResNet, SuperResolutionDiscriminator
from gan_studio.engine.networks.vgg import FEATURE_SCALE, VGGFeatures, read_vgg_weights
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.run import RunFolder
from tests.engine.courses import TRAINING, differences, final_state, play, train
from tests.engine.families.builds import build

TINY = SRGAN.tiny()


def count(network):
    return sum(parameter.numel() for parameter in network.parameters())


def test_the_papers_networks():
    with torch.device("meta"):
        networks: Any = SRGAN(SRGANSettings(), PictureSpec(size=96)).build().networks
        other = SRResNet(3, scale=2)
    assert count(networks["G"]) == 1_547_350
    assert count(other) == 1_547_350 - (64 * 256 * 9 + 256 + 1)
    strides = [layer[0].stride[0] for layer in networks["D"].layers]
    widths = [layer[0].out_channels for layer in networks["D"].layers]
    assert strides == [1, 2] * 4 and widths == [64, 64, 128, 128, 256, 256, 512, 512]
    assert [layer.out_features for layer in networks["D"].judge if isinstance(layer, nn.Linear)] == [1024, 1]


@pytest.mark.parametrize("scale", [2, 4])
def test_shapes_of_any_size(scale):
    low = torch.rand(2, 3, 9, 14)
    assert SRResNet(3, scale=scale, features=4, blocks=1)(low).shape == (2, 3, 9 * scale, 14 * scale)
    assert SuperResolutionDiscriminator(3, 24, features=2)(torch.rand(2, 3, 24, 24)).shape == (2,)


def test_started_from_bicubic_it_begins_as_that():
    low = torch.rand(1, 3, 9, 14) * 2 - 1
    network = SRResNet(3, scale=2, features=4, blocks=1, over_bicubic=True)
    assert torch.equal(network(low), enlarged(low, 2))


def test_warm_up_trains_g_alone_and_its_rate_falls():
    family = SRGAN(TINY.changed(warmup_images=100, warmup_rate=5), PictureSpec(size=16))
    first, middle, later = (family.stage(images) for images in (0, 50, 100))
    assert [phase.name for phase in family.phases(first)] == ["G"]
    assert [phase.name for phase in family.phases(later)] == ["D", "G"]
    assert (first.values["adversarial"], later.values["adversarial"]) == (0, 1)
    assert first.learning_rate_factors == {"G": 5} and middle.learning_rate_factors["G"] == pytest.approx(3)
    assert not later.learning_rate_factors


def test_warm_up_is_the_squared_error_against_the_crop():
    built = build(SRGAN(TINY.changed(warmup_images=100), PictureSpec(size=16)))
    batches: Any = built.batches["image"]
    network, reals = built.parts.networks["G"], batches.at(torch.arange(4).numpy()).images
    with torch.no_grad():
        wanted = (network(reduced(reals, 2)) - reals).square().mean()
    built.stepper.step(0, 0)
    assert built.statistics.read()[0]["loss/pixels"] == pytest.approx(float(wanted), rel=1e-5)


@pytest.mark.parametrize("content", ["features", "pixels"])
def test_g_listens_to_the_content_and_a_thousandth_to_d(content):
    built = build(SRGAN(TINY.changed(content=content), PictureSpec(size=16)))
    built.stepper.step(0, 0)
    scalars, _ = built.statistics.read()
    assert scalars["loss/G"] == pytest.approx(scalars[f"loss/{content}"] + 1e-3 * scalars["loss/adversarial"], rel=1e-5)


def test_no_crop_that_cannot_be_reduced():
    with pytest.raises(SettingsError, match="cannot be reduced 4 times"):
        SRGAN(SRGANSettings(), PictureSpec(size=15))
    with pytest.raises(ValueError, match="need a file of weights"):
        SRGANSettings(content="vgg")


# --- VGG19 ---


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """VGG19 with random weights, as a file of torchvision's names."""
    with torch.device("meta"):
        names = theirs().state_dict()
    generator = torch.Generator().manual_seed(0)
    tensors = {
        name: torch.randn(tensor.shape, generator=generator) * 0.05
        for name, tensor in names.items()
        if name.startswith("features")
    }
    path = tmp_path_factory.mktemp("vgg") / "vgg19.safetensors"
    save_file(tensors, path)
    return path, tensors


def theirs() -> Any:
    """torchvision's network."""
    return vgg19(weights=None)


def test_features_are_those_of_torchvisions_network(weights):
    path, tensors = weights
    with torch.device("meta"):
        network = theirs().features[:36]
    network.load_state_dict({name.removeprefix("features."): tensor for name, tensor in tensors.items()}, assign=True)
    pictures = torch.rand(1, 3, 32, 32) * 2 - 1
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    seen = ((pictures + 1) / 2 - mean.view(1, 3, 1, 1)) / deviation.view(1, 3, 1, 1)
    with torch.no_grad():
        wanted = network(seen) / FEATURE_SCALE
        found = VGGFeatures(read_vgg_weights(path))(pictures)
    assert found.shape == (1, 512, 2, 2)
    assert torch.allclose(found, wanted, rtol=1e-4, atol=1e-6)


def test_a_file_of_other_weights_is_refused_with_the_reason(weights, tmp_path):
    _, tensors = weights
    with pytest.raises(SettingsError, match="There is no file"):
        read_vgg_weights(tmp_path / "none.pth")
    (tmp_path / "text.pth").write_text("no weights")
    with pytest.raises(SettingsError, match="cannot be read as weights"):
        read_vgg_weights(tmp_path / "text.pth")
    save_file({**tensors, "features.0.weight": torch.zeros(2)}, tmp_path / "shape.safetensors")
    with pytest.raises(SettingsError, match=r"features\.0\.weight"):
        read_vgg_weights(tmp_path / "shape.safetensors")
    torch.save({"features.0.weight": Path("code")}, tmp_path / "code.pth")
    with pytest.raises(SettingsError, match="cannot be read as weights"):
        read_vgg_weights(tmp_path / "code.pth")


def test_the_weights_are_in_no_checkpoint_and_other_ones_are_refused_on_resume(weights):
    path, tensors = weights
    settings = TINY.changed(vgg_weights=str(path))
    parts = SRGAN(settings, PictureSpec(size=16)).build()
    assert [tuple(tensor.shape) for tensor in parts.state.state_dict().values()] == [(32,)]
    others = VGGFeatures({**tensors, "features.0.bias": tensors["features.0.bias"] + 1})
    with pytest.raises(SettingsError, match="others than this training began with"):
        others.load_state_dict(parts.state.get_submodule("vgg").state_dict())


def test_which_content_loss_runs_is_told_and_logged(weights, pictures, tmp_path):
    path, _ = weights
    for settings, words in ({"vgg_weights": str(path)}, "VGG19, layer 5,4"), ({}, "features of the discriminator"):
        run = tmp_path / str(len(settings))
        request = TrainingRequest(
            pictures, "srgan", {**TINY.model_dump(), **settings}, {"image_size": 16}, {**TRAINING, "steps": 1}, run
        )
        events = train(request)
        assert isinstance(events[-1], Finished), events[-1]
        (started,) = (event for event in events if isinstance(event, Started))
        assert words in started.remarks[0]
        assert words in RunFolder(run).log_file.read_text()


# --- a whole training ---


def test_a_resume_is_exact_across_the_end_of_the_warm_up(pictures, tmp_path):
    settings = TINY.changed(warmup_images=16, warmup_rate=3).model_dump()
    new = [
        TrainingRequest(pictures, "srgan", settings, {"image_size": 16, "flip": True}, TRAINING, tmp_path / name)
        for name in ("straight", "broken")
    ]
    play(new[0], 7)
    play(new[1], 3)
    play(ResumeRequest(tmp_path / "broken"), 7)
    assert differences(final_state(tmp_path / "straight"), final_state(tmp_path / "broken")) == []


def test_the_sampler_takes_any_size_and_names_what_it_gives():
    family = family_class("srgan")(TINY, PictureSpec(size=16))
    networks = build(family).parts.networks
    sampler = family.sampler({"G": networks["G"].eval()})
    truth = torch.rand(1, 3, 21, 34) * 2 - 1
    controls: Any = sampler.degraded(truth)
    with torch.inference_mode():
        made, large = sampler(controls), sampler.full_size(controls)
    assert controls["picture"].shape == (1, 3, 10, 17)
    assert set(made) == {"low", "bicubic", "result", "truth"}
    assert {picture.shape for picture in made.values()} == {(1, 3, 20, 34)}
    assert torch.equal(made["truth"], truth[:, :, :20]) and torch.equal(
        made["low"][:, :, ::2, ::2], controls["picture"]
    )
    assert torch.allclose(made["result"], large["result"], atol=1e-5)
    assert sampler.memory_bytes(1000, 1000) > 4 * 3 * 2_000 * 2_000


def test_a_run_holds_pictures_out_by_name_shows_them_and_is_measured_on_them(pictures, tmp_path, capsys):
    data = {"image_size": 16, "held_out_names": "1, 2.png, none such"}
    request = TrainingRequest(pictures, "srgan", TINY.model_dump(), data, {**TRAINING, "steps": 2}, tmp_path / "r")
    events = train(request)
    assert isinstance(events[-1], Finished), events[-1]
    assert any(isinstance(event, Notice) and "none such" in event.message for event in events)
    loaded: Any = load_generator(RunFolder(tmp_path / "r").newest_generator())
    files = [torch.from_numpy(read_input(pictures / name).pixels).permute(2, 0, 1) for name in ("1.png", "2.png")]
    assert torch.equal(loaded.networks["G"].examples, torch.stack(files * 4))
    assert loaded.config.data.held_out_names == ""
    with Image.open(RunFolder(tmp_path / "r").sample_file(2)) as grid:
        assert grid.width == 8 * 16 + 7 * GAP
    asked = ["evaluate", str(tmp_path / "r"), "--data", str(pictures), "--metrics", "psnr,ssim", "--json"]
    assert main(asked) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["pictures"] == 2 and found["held_out"]
    assert list(found["measures"]["psnr"]["details"]) == ["1.png", "2.png"]
    assert found["measures"]["psnr"]["floor"] > 0 and found["measures"]["ssim"]["floor"] > 0


def test_where_the_weights_lie_does_not_travel(weights, tmp_path):
    path, _ = weights
    config = RunConfig(
        family="srgan",
        family_settings=TINY.changed(vgg_weights=str(path)).model_dump(),
        picture=PictureSpec(size=16),
    )
    networks = SRGAN(TINY, PictureSpec(size=16)).build().networks
    save_generator(tmp_path / "g.safetensors", config, 0, flat_tensors({"G": networks["G"]}))
    assert load_generator(tmp_path / "g.safetensors").config.family_settings["vgg_weights"] == path.name
