"""Minibatch deviation and spectral normalisation by hand."""

import pytest
import torch
from torch import nn

from gan_studio.engine.regularisers.layers import MinibatchDeviation, spectrally_normalised


def test_the_deviation_of_alike_pictures_is_nothing():
    features = torch.randn(1, 3, 4, 4).expand(4, 3, 4, 4)
    added = MinibatchDeviation()(features)
    assert added.shape == (4, 4, 4, 4)
    assert torch.equal(added[:, :3], features)
    assert added[:, 3].max() < 1e-3


def test_the_deviation_by_hand():
    features = torch.tensor([0.0, 2.0, 4.0, 6.0]).view(4, 1, 1, 1)
    assert MinibatchDeviation(4)(features)[:, 1].flatten().tolist() == pytest.approx([5**0.5] * 4, rel=1e-4)
    # Groups of two are {0, 2} of the first and second half: 0 with 4, 2 with 6
    assert MinibatchDeviation(2)(features)[:, 1].flatten().tolist() == pytest.approx([2.0] * 4, rel=1e-4)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 6, 64])
def test_any_number_of_pictures_can_be_grouped(count):
    features = torch.randn(count, 2, 3, 3, requires_grad=True)
    added = MinibatchDeviation()(features)
    added.sum().backward()
    assert added.shape == (count, 3, 3, 3)
    assert added.isfinite().all()
    assert features.grad is not None and features.grad.isfinite().all()


def test_spectral_normalisation_brings_the_largest_singular_value_to_one():
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(3, 8, 4), nn.LeakyReLU(), nn.Flatten(), nn.Linear(8 * 25, 1))
    with torch.no_grad():
        network[0].weight.mul_(30)  # type: ignore[operator]
    spectrally_normalised(network)
    for _ in range(30):
        network(torch.randn(2, 3, 8, 8))
    for layer in (network[0], network[3]):
        largest = torch.linalg.svdvals(layer.weight.flatten(1))[0]  # type: ignore[operator]
        assert largest.item() == pytest.approx(1, abs=0.02)
