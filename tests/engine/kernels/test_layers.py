"""Layers in other ways than torch's: equal to torch's, also twice differentiated, in copies and under threads."""

from __future__ import annotations

import copy
import threading

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from gan_studio.engine.kernels import layers, winograd
from gan_studio.engine.kernels.workers import share, working

LAYERS = {
    "halving": (lambda: nn.Conv2d(6, 10, 4, 2, 1, bias=False), (3, 6, 8, 12)),
    "halving with bias": (lambda: nn.Conv2d(5, 7, 4, 2, 1), (2, 5, 4, 4)),
    "doubling": (lambda: nn.ConvTranspose2d(10, 6, 4, 2, 1, bias=False), (3, 10, 4, 6)),
    "doubling with bias": (lambda: nn.ConvTranspose2d(7, 5, 4, 2, 1), (1, 7, 2, 2)),
    "to a picture": (lambda: nn.ConvTranspose2d(8, 3, 4, 2, 1, bias=False), (3, 8, 4, 4)),
    "from a picture": (lambda: nn.Conv2d(3, 8, 4, 2, 1), (3, 3, 8, 8)),
    "last": (lambda: nn.Conv2d(9, 2, 4), (3, 9, 4, 4)),
    "first": (lambda: nn.ConvTranspose2d(9, 5, 4), (3, 9, 1, 1)),
    "spectrally normalised": (lambda: spectral_norm(nn.Conv2d(6, 10, 4, 2, 1)), (2, 6, 8, 8)),
}
CASES = [(name, way) for name, (make, _) in LAYERS.items() for way in layers.ways(make())]


def made(name: str) -> tuple[nn.Module, Tensor]:
    torch.manual_seed(0)
    make, shape = LAYERS[name]
    return make().to(memory_format=torch.channels_last).eval(), torch.randn(shape).to(memory_format=torch.channels_last)


def results(layer: nn.Module, pictures: Tensor) -> list[Tensor]:
    pictures = pictures.clone().requires_grad_()
    output = layer(pictures)
    return [output, *torch.autograd.grad(output, [pictures, *layer.parameters()], output.detach().cos())]


def close(results: list[Tensor], expected: list[Tensor]) -> bool:
    return all(torch.allclose(one, other, rtol=1e-4, atol=1e-4) for one, other in zip(results, expected, strict=True))


def test_every_kind_of_layer_has_another_way():
    assert {name for name, _ in CASES} == set(LAYERS)


@pytest.mark.parametrize(("name", "way"), CASES)
def test_output_and_gradients_are_those_of_torch(name, way):
    layer, pictures = made(name)
    expected = results(layer, pictures)
    layers.compute_by(layer, way)
    assert close(results(layer, pictures), expected)
    with working(2):
        assert close(results(layer, pictures), expected)


@pytest.mark.parametrize(("name", "way"), CASES)
def test_a_gradient_can_be_differentiated_again(name, way):
    layer, pictures = made(name)

    def penalty() -> list[Tensor]:
        inputs = pictures.clone().requires_grad_()
        (slope,) = torch.autograd.grad(layer(inputs).square().sum(), inputs, create_graph=True)
        weights = [weight for weight in layer.parameters() if weight.dim() > 1]
        return list(torch.autograd.grad(slope.square().sum() / 1000, [inputs, *weights]))

    expected = penalty()
    layers.compute_by(layer, way)
    assert close(penalty(), expected)


@pytest.mark.parametrize("way", ["winograd", "winograd of four"])
def test_each_change_of_a_weight_counts(way):
    layer = nn.Conv2d(6, 10, 4, 2, 1, bias=False)
    layers.compute_by(layer, way)
    pictures = torch.randn(2, 6, 8, 8)
    optimizer = torch.optim.Adam(layer.parameters(), 0.1, fused=True)

    def is_right() -> bool:
        expected = nn.functional.conv2d(pictures, layer.weight, None, 2, 1)
        return torch.allclose(layer(pictures), expected, rtol=1e-4, atol=1e-4)

    assert is_right()
    layer(pictures).square().mean().backward()
    optimizer.step()
    assert is_right()
    layer.load_state_dict({"weight": torch.randn(10, 6, 4, 4)})
    assert is_right()
    with torch.no_grad():
        layer.weight.mul_(-1)
    assert is_right()
    layer.weight.data = torch.randn(10, 6, 4, 4)
    assert is_right()


def test_odd_maps_are_left_to_torch():
    layer = nn.Conv2d(4, 4, 4, 2, 1)
    for shape in ((2, 4, 6, 6), (2, 4, 7, 9), (4, 8, 8)):
        pictures = torch.randn(shape)
        expected = results(layer, pictures)
        layers.compute_by(layer, "winograd")
        assert close(results(layer, pictures), expected)
        layers.compute_as_torch(layer)


def test_where_loops_cannot_be_compiled_torch_computes(monkeypatch):
    def fail() -> None:
        raise ImportError("No module named 'numba'")

    monkeypatch.setattr(winograd, "_loops", fail)
    winograd.available.cache_clear()
    try:
        assert layers.ways(nn.Conv2d(8, 8, 4, 2, 1)) == ("unfolded gradient",)
    finally:
        winograd.available.cache_clear()


def test_layers_of_other_shapes_have_no_other_way():
    assert not layers.ways(nn.Conv2d(8, 8, 3, padding=1))
    assert not layers.ways(nn.Conv2d(8, 8, 4, 2, 1, groups=2))
    assert not layers.ways(nn.Conv2d(8, 8, 4, 2, 1, padding_mode="reflect"))
    assert not layers.ways(nn.Linear(8, 8))


def test_a_copy_computes_with_its_own_weights_and_files_stay_as_they_are():
    network = nn.Sequential(nn.Conv2d(6, 10, 4, 2, 1))
    names = list(network.state_dict())
    layers.compute_by_name(network, "0", "winograd")
    twin = copy.deepcopy(network)
    with torch.no_grad():
        for weight in twin.parameters():
            weight.zero_()
    pictures = torch.randn(2, 6, 8, 8).requires_grad_()
    assert not twin(pictures).any() and network(pictures).any()
    assert list(network.state_dict()) == names


def test_without_gradients_pixels_are_those_of_torch_bit_for_bit():
    layer, pictures = made("halving")
    expected = layer(pictures).detach()
    layers.compute_by(layer, "winograd")
    with torch.inference_mode():
        assert torch.equal(layer(pictures), expected)


def test_work_is_shared_out_whole_and_repeats_exactly():
    parts: list[range] = []
    with working(3):
        share(10, lambda part: parts.append(range(10)[part]))
        assert sorted(number for part in parts for number in part) == list(range(10)) and len(parts) == 3
        layer, pictures = made("doubling")
        layers.compute_by(layer, "winograd")
        first, second = results(layer, pictures), results(layer, pictures)
    assert all(torch.equal(one, other) for one, other in zip(first, second, strict=True))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("kernels")]


def test_an_error_in_a_thread_arrives():
    def fail(part: slice) -> None:
        raise ZeroDivisionError

    with working(2), pytest.raises(ZeroDivisionError):
        share(4, fail)
