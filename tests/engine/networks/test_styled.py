"""Styles: modulation, resampling, mixing and truncation."""

from typing import Any

import pytest
import torch
from torch.nn import functional as F

from gan_studio.engine.networks.modulation import AdaIN, ModulatedConv, demodulation
from gan_studio.engine.networks.resampling import blurred, doubled, halved
from gan_studio.engine.networks.residual import ResidualDiscriminator
from gan_studio.engine.networks.styled import StyleGenerator, mixed, repeated, truncated

WIDTHS = [6, 4, 2]


def generator(modulation: Any = "demodulation") -> Any:
    torch.manual_seed(0)
    return StyleGenerator(5, 2, WIDTHS, 3, modulation)


def test_demodulated_weights_have_unit_norm_for_every_output_and_picture():
    weight, scales = torch.randn(7, 5, 3, 3), torch.randn(4, 5) * 3
    own = weight[None] * scales[:, None, :, None, None] * demodulation(weight, scales)[:, :, None, None, None]
    assert torch.allclose(own.square().sum((2, 3, 4)), torch.ones(4, 7), atol=1e-5)


@pytest.mark.parametrize("double", [False, True])
def test_scaling_features_is_the_same_as_a_weight_for_each_picture(double):
    torch.manual_seed(0)
    layer = ModulatedConv(5, 7, 3, 4, double=double)
    features, style = torch.randn(3, 5, 8, 8), torch.randn(3, 4)
    scales, weight = layer.style(style), layer.weight * layer.scale
    own = weight[None] * scales[:, None, :, None, None] * demodulation(weight, scales)[:, :, None, None, None]
    for picture, kernel, found in zip(features, own, layer(features, style), strict=True):
        if double:
            spread = F.conv_transpose2d(picture[None], kernel.transpose(0, 1), stride=2)
            expected = blurred(spread, padding=1, gain=4.0)[0]
        else:
            expected = F.conv2d(picture[None], kernel, padding=1)[0]
        assert torch.allclose(found, expected, atol=1e-4)


def test_adain_gives_each_channel_the_mean_and_deviation_of_its_style():
    layer = AdaIN(3, 4)
    style = torch.randn(2, 4)
    scale, offset = layer.style(style).chunk(2, 1)
    features = layer(torch.randn(2, 3, 16, 16) * 5 + 2, style)
    assert torch.allclose(features.mean((2, 3)), offset, atol=1e-4)
    assert torch.allclose(features.std((2, 3), correction=0), (scale + 1).abs(), atol=1e-4)


def test_resampling_keeps_flat_areas_flat_and_changes_the_side_by_two():
    flat = torch.full((1, 2, 8, 8), 3.0)
    assert doubled(flat).shape == (1, 2, 16, 16)
    assert halved(flat).shape == (1, 2, 4, 4)
    assert torch.allclose(doubled(flat)[..., 2:-2, 2:-2], torch.tensor(3.0))
    assert torch.allclose(halved(flat)[..., 1:-1, 1:-1], torch.tensor(3.0))


@pytest.mark.parametrize("modulation", ["demodulation", "adain"])
def test_a_generator_has_two_layers_a_size_and_noise_that_starts_without_effect(modulation):
    network, styles = generator(modulation), torch.randn(2, 6, 5)
    assert (len(network.layers), network.style_count) == (5, 6)
    assert [shape[-1] for shape in network.noise_shapes()] == [4, 8, 8, 16, 16]
    first, second = network(styles), network(styles)
    assert first.shape == (2, 3, 16, 16)
    assert torch.equal(first, second), "the strength of noise starts at 0"
    with torch.no_grad():
        network.layers[2].noise_strength.fill_(1)
    assert not torch.equal(network(styles), network(styles))
    noise = [torch.randn(shape) for shape in network.noise_shapes()]
    assert torch.equal(network(styles, noise), network(styles, noise))


def test_a_filter_first_used_for_sampling_serves_training():
    features = torch.randn(1, 3, 8, 8, dtype=torch.float64)
    with torch.inference_mode():
        halved(features)
    weights = torch.ones(3, 1, 1, dtype=torch.float64, requires_grad=True)
    halved(features * weights).sum().backward()
    assert weights.grad is not None


def test_a_full_size_generator_has_18_styles():
    with torch.device("meta"):
        network = StyleGenerator(512, 8, [512] * 5 + [256, 128, 64, 32], 3, "demodulation")
    assert network.style_count == 18
    # Karras 2020b counts 30 million for G and 29 for D with these widths (table of configuration F)
    assert sum(p.numel() for p in network.parameters()) / 1e6 == pytest.approx(30.4, abs=0.2)
    with torch.device("meta"):
        network = ResidualDiscriminator([512] * 5 + [256, 128, 64, 32], 3)
    assert sum(p.numel() for p in network.parameters()) / 1e6 == pytest.approx(29.0, abs=0.2)


def test_styles_are_mixed_from_a_layer_on():
    first, second = torch.zeros(2, 4, 1), torch.ones(2, 4, 1)
    assert mixed(first, second, 3)[0].flatten().tolist() == [0, 0, 0, 1]
    per_picture = mixed(first, second, torch.tensor([1, 4]))
    assert per_picture.flatten(1).tolist() == [[0, 1, 1, 1], [0, 0, 0, 0]]


def test_truncation_draws_the_first_layers_to_the_mean():
    styles, mean = repeated(torch.tensor([[4.0]]), 3), torch.tensor([2.0])
    assert truncated(styles, mean, 0.5, 3).flatten().tolist() == [3, 3, 3]
    assert truncated(styles, mean, 0.0, 1).flatten().tolist() == [2, 4, 4]
    assert torch.equal(truncated(styles, mean, 1.0, 3), styles)
