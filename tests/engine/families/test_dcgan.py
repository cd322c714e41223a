"""DCGAN against its description: parameters, layers, and every size, colour and option."""

import itertools
from typing import Any

import pytest
import torch
from torch import nn

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.dcgan import DCGAN, DCGANSettings
from gan_studio.engine.networks.convolutional import feature_widths
from tests.engine.families.builds import BATCH, build

SMALL: dict[str, Any] = {"latent_size": 8, "features": 4, "most_features": 16}


def networks(size=64, channels: Any = 3, **settings: Any) -> tuple[Any, Any]:
    parts = DCGAN(DCGANSettings(**settings), PictureSpec(size=size, channels=channels)).build()
    return parts.networks["G"], parts.networks["D"]


def meta_networks(**settings):
    with torch.device("meta"):
        return networks(**settings)


def outputs(network, inputs):
    """Shapes behind each convolution."""
    shapes = []
    for layer in network:
        inputs = layer(inputs)
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            shapes.append(tuple(inputs.shape[1:]))
    return shapes


def count(network):
    return sum(parameter.numel() for parameter in network.parameters())


def test_the_default_has_the_published_numbers_of_parameters():
    generator, discriminator = meta_networks()
    assert (count(generator), count(discriminator)) == (3_576_704, 2_765_568)


def test_the_layers_of_64_px_have_the_published_shapes():
    generator, discriminator = networks()
    assert outputs(generator, torch.zeros(2, 100)) == [
        (512, 4, 4), (256, 8, 8), (128, 16, 16), (64, 32, 32), (3, 64, 64),
    ]  # fmt: skip
    assert outputs(discriminator, torch.zeros(2, 3, 64, 64)) == [
        (64, 32, 32), (128, 16, 16), (256, 8, 8), (512, 4, 4), (1, 1, 1),
    ]  # fmt: skip


def test_normalisation_stands_where_the_description_has_it():
    generator, discriminator = meta_networks()
    kinds = [type(layer).__name__ for layer in generator]
    assert kinds == ["Unflatten", *["ConvTranspose2d", "BatchNorm2d", "ReLU"] * 4, "ConvTranspose2d", "Tanh"]
    kinds = [type(layer).__name__ for layer in discriminator]
    norm = ["Conv2d", "BatchNorm2d", "LeakyReLU"]
    assert kinds == ["Conv2d", "LeakyReLU", *norm * 3, "Conv2d", "Flatten"]
    convolutions = [m for n in (generator, discriminator) for m in n if isinstance(m, nn.Conv2d | nn.ConvTranspose2d)]
    assert all(layer.bias is None and layer.kernel_size == (4, 4) for layer in convolutions)
    assert all(layer.negative_slope == 0.2 for layer in discriminator if isinstance(layer, nn.LeakyReLU))


def test_weights_start_as_described():
    torch.manual_seed(0)
    for network in networks():
        for module in network.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                assert module.weight.std().item() == pytest.approx(0.02, rel=0.05)
                assert module.weight.mean().item() == pytest.approx(0, abs=0.001)
            elif isinstance(module, nn.BatchNorm2d):
                assert module.weight.mean().item() == pytest.approx(1, abs=0.01)
                assert module.bias.abs().max() == 0


def test_adam_has_the_published_settings():
    family = DCGAN(DCGANSettings(), PictureSpec(size=16))
    for optimizer in family.optimizers(family.build()).values():
        assert (optimizer.defaults["lr"], optimizer.defaults["betas"]) == (2e-4, (0.5, 0.999))


def test_the_preset_of_the_paper_has_its_widths_and_kernels():
    settings = DCGAN.presets()["DCGAN, as in the paper (5×5, 128 features)"]
    generator, _ = meta_networks(**settings.model_dump())
    convolutions = [layer for layer in generator if isinstance(layer, nn.ConvTranspose2d)]
    assert [layer.in_channels for layer in convolutions] == [1024, 512, 256, 128]
    assert {layer.kernel_size for layer in convolutions} == {(5, 5)}
    assert isinstance(generator[0], nn.Linear)


@pytest.mark.parametrize(
    ("size", "widths"),
    [(16, [128, 64]), (32, [256, 128, 64]), (64, [512, 256, 128, 64]), (128, [512, 512, 256, 128, 64])],
)
def test_blocks_are_added_at_the_coarse_end_up_to_the_most_features(size, widths):
    assert feature_widths(size, 64, 512) == widths


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [16, 32, 64, 128, 256])
def test_every_size_and_colour_goes_forward_and_back(size, channels):
    generator, discriminator = networks(size, channels, **SMALL)
    pictures = generator(torch.randn(2, 8))
    assert pictures.shape == (2, channels, size, size)
    logits = discriminator(pictures)
    assert logits.shape == (2,)
    logits.sum().backward()
    assert all(p.grad is not None for p in generator.parameters())


OPTIONS = {
    "kernel": [4, 5],
    "upsampling": ["transposed", "nearest"],
    "first_layer": ["convolution", "linear"],
    "g_activation": ["relu", "leaky"],
    "d_dropout": [0.0, 0.3],
}


@pytest.mark.parametrize("options", [dict(zip(OPTIONS, values, strict=True)) for values in itertools.product(*OPTIONS.values())], ids=str)  # fmt: skip # noqa: E501
def test_every_combination_of_options_trains_a_step(options):
    built = build(DCGAN(DCGANSettings(**SMALL, **options), PictureSpec(size=16)))
    assert built.stepper.step(0, 0) == BATCH
    scalars, skipped = built.statistics.read()
    assert skipped == 0
    assert all(torch.tensor(value).isfinite() for value in scalars.values())


def test_enlarging_and_convolving_costs_about_what_the_setting_says():
    """Multiplications of one picture at 64 px; a 3×3 kernel at full size instead of a 4×4 one with stride 2."""

    def cost(upsampling):
        total = 0

        def add(module, inputs, output):
            nonlocal total
            per_output = module.weight[0].numel() if isinstance(module, nn.Conv2d) else 0
            per_input = module.weight[0].numel() if isinstance(module, nn.ConvTranspose2d) else 0
            total += per_output * output[0, 0].numel() * output.shape[1] + per_input * inputs[0][0].numel()

        generator, _ = meta_networks(upsampling=upsampling)
        for module in generator.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                module.register_forward_hook(add)
        generator.eval()(torch.zeros(1, 100, device="meta"))
        return total

    assert cost("transposed") == pytest.approx(104.6e6, rel=0.01)
    assert cost("nearest") / cost("transposed") == pytest.approx(2.24, abs=0.02)


@pytest.mark.parametrize("size", [4, 12, 20, 48, 100])
def test_a_size_that_halving_cannot_reach_is_refused(size):
    with pytest.raises(SettingsError, match=f"{size} px"):
        DCGAN(DCGANSettings(), PictureSpec(size=size))


def test_a_uniform_prior_reaches_training_sampler_and_sliders(monkeypatch):
    family = DCGAN(DCGANSettings(**SMALL, prior="uniform"), PictureSpec(size=16))
    built, drawn = build(family), []
    noise = built.stepper.noise
    monkeypatch.setattr(built.stepper, "noise", lambda *a, **k: drawn.append(noise(*a, **k)) or drawn[-1])
    built.stepper.step(0, 0)
    assert drawn[0].abs().max() <= 1
    control = family.sampler(built.parts.networks).controls[0]
    assert (control.prior, control.low, control.high) == ("uniform", -1.0, 1.0)
    fixed = family.sampler(built.parts.networks).fixed_controls(500, torch.Generator().manual_seed(0))["z"]
    assert fixed.abs().max() <= 1
    assert fixed.std().item() == pytest.approx(3**-0.5, rel=0.05)


@pytest.mark.parametrize("objective", ["minimax", "non-saturating"])
def test_the_chosen_objective_is_the_one_that_is_minimised(objective: Any):
    built = build(DCGAN(DCGANSettings(**SMALL, objective=objective), PictureSpec(size=16)))
    built.stepper.step(0, 0)
    scalars, _ = built.statistics.read()
    assert (scalars["loss/G"] < 0) == (objective == "minimax")
    assert 0 < scalars["score/fake"] < 1


def test_a_batch_of_one_trains():
    built = build(DCGAN(DCGANSettings(**SMALL), PictureSpec(size=16)))
    for batches in built.batches.values():
        batches.batch_size = 1
    assert built.stepper.step(0, 0) == 1
    assert built.statistics.read()[1] == 0
