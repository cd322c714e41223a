"""Layers that are scaled at run time."""

import math

import pytest
import torch

from gan_studio.engine.networks.equalised import EqualisedConv, EqualisedLinear, PixelNorm, halving_widths


def test_weights_are_stored_as_normal_numbers_and_used_at_he_scale():
    torch.manual_seed(0)
    layer = EqualisedConv(32, 64, 3)
    assert layer.weight.std().item() == pytest.approx(1, rel=0.02)
    assert layer.scale == pytest.approx(math.sqrt(2 / (32 * 9)))
    inputs = torch.randn(2, 32, 6, 6)
    expected = torch.nn.functional.conv2d(inputs, layer.weight * math.sqrt(2 / 288), padding=1)
    assert torch.allclose(layer(inputs), expected, atol=1e-6)


def test_a_linear_layer_keeps_the_variance_that_its_gain_asks_for():
    torch.manual_seed(0)
    layer = EqualisedLinear(400, 300, gain=1, bias=2.0)
    outputs = layer(torch.randn(500, 400))
    assert outputs.mean().item() == pytest.approx(2, abs=0.05)
    assert outputs.std().item() == pytest.approx(1, rel=0.05)


def test_pixel_norm_gives_each_place_a_vector_of_unit_mean_square():
    features = PixelNorm()(torch.randn(2, 8, 3, 3) * 5)
    assert torch.allclose(features.square().mean(1), torch.ones(2, 3, 3), atol=1e-5)


@pytest.mark.parametrize(
    ("size", "features", "most", "widths"),
    [
        (1024, 256, 512, [512, 512, 512, 512, 256, 128, 64, 32, 16]),
        (32, 8, 64, [64, 64, 32, 16]),
        (16, 1, 8, [8, 8, 4]),
    ],
)
def test_widths_halve_with_each_doubling_of_the_size(size, features, most, widths):
    assert halving_widths(size, features, most) == widths
