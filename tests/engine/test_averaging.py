"""The averaged generator, and the grids that are made with it."""

import copy
from typing import Any

import pytest
import torch
from PIL import Image
from torch import nn

from gan_studio.engine.averaging import RAMP_UP, Averages
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.families.dcgan import DCGAN
from gan_studio.engine.samples import CHUNK, GridMaker, grid_size
from tests.engine.families.builds import build


def network(value) -> Any:
    net = nn.BatchNorm1d(3)
    nn.init.constant_(net.weight, value)
    return net


def averaging(fast, half_life_images) -> tuple[Averages, Any]:
    averages = Averages({"G": fast}, ("G",), half_life_images)
    return averages, averages.networks["G"]


def test_half_of_the_way_is_gone_after_the_half_life():
    fast = network(0.0)
    averages, slow = averaging(fast, 1000)
    nn.init.constant_(fast.weight, 1.0)
    for step in range(10):
        averages.update(10**9 + 100 * step, 100)
    assert slow.weight.detach() == pytest.approx(torch.full((3,), 0.5))


def test_early_on_the_average_follows_quickly():
    fast = network(0.0)
    averages, slow = averaging(fast, 10**6)
    nn.init.constant_(fast.weight, 1.0)
    averages.update(images=4000, batch_size=int(4000 * RAMP_UP))
    assert slow.weight.detach() == pytest.approx(torch.full((3,), 0.5))


def test_no_half_life_is_no_averaging():
    fast = network(0.0)
    averages, slow = averaging(fast, 0)
    torch.nn.init.normal_(fast.weight)
    averages.update(10**6, 64)
    assert torch.equal(slow.weight, fast.weight)


def test_buffers_are_those_of_the_trained_network():
    fast = network(1.0)
    averages, slow = averaging(fast, 10**9)
    fast.train()(torch.randn(8, 3))
    averages.update(10**9, 1)
    assert torch.equal(slow.running_mean, fast.running_mean)
    assert slow.num_batches_tracked == 1


def test_averages_are_in_evaluation_mode_and_need_no_gradients():
    _, slow = averaging(network(1.0), 100)
    assert not slow.training
    assert not any(p.requires_grad for p in slow.parameters())


@pytest.fixture
def sampler():
    family = DCGAN(DCGAN.tiny(), PictureSpec(size=16))
    networks = {name: copy.deepcopy(net).eval() for name, net in build(family).parts.networks.items()}
    return family.sampler(networks)


def test_grids_are_always_of_the_same_latents_and_take_no_random_numbers(sampler, tmp_path):
    grids = GridMaker(sampler, 20, 3, "cpu")
    before = torch.get_rng_state()
    grids.write(tmp_path / "a.png")
    assert torch.equal(before, torch.get_rng_state())
    torch.randn(100)
    grids.write(tmp_path / "b.png")
    GridMaker(sampler, 20, 3, "cpu").write(tmp_path / "c.png")
    GridMaker(sampler, 20, 4, "cpu").write(tmp_path / "d.png")
    a, b, c, d = ((tmp_path / f"{name}.png").read_bytes() for name in "abcd")
    assert a == b == c
    assert a != d


def test_a_grid_holds_all_its_pictures_also_beyond_one_chunk(sampler, tmp_path):
    grids = GridMaker(sampler, 2 * CHUNK + 4, 0, "cpu")
    grids.write(tmp_path / "grid.png")
    with Image.open(tmp_path / "grid.png") as picture:
        assert picture.size == (6 * 16 + 5 * 2, 6 * 16 + 5 * 2)


@pytest.mark.parametrize(("size", "count"), [(16, 64), (64, 64), (128, 36), (256, 16)])
def test_large_pictures_come_in_smaller_grids(size, count):
    assert grid_size(size) == count
