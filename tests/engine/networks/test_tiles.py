"""A picture in overlapping tiles is the picture in one piece."""

import pytest
import torch

from gan_studio.engine.errors import Cancelled
from gan_studio.engine.networks.super_resolution import SRResNet
from gan_studio.engine.networks.tiles import in_tiles


def generator(**settings):
    torch.manual_seed(0)
    network = SRResNet(3, **{"features": 4, "blocks": 2, **settings})
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, 0, 0.2)
    network.train()
    network(torch.randn(4, 3, 12, 12))  # statistics for the evaluation mode
    return network.eval()


def tiled(network, picture, overlap, **more):
    return in_tiles(network, picture, scale=network.scale, tile=24, overlap=overlap, **more)


@pytest.mark.parametrize("settings", [{"scale": 4}, {"scale": 2, "over_bicubic": True}, {"scale": 2, "edge": 3}])
@torch.inference_mode()
def test_where_tiles_overlap_by_the_reach_there_are_no_seams(settings):
    network = generator(**settings)
    picture = torch.rand(3, 53, 70) * 2 - 1
    whole = network(picture[None])[0]
    span = whole.abs().max()
    assert (tiled(network, picture, network.reach) - whole).abs().max() < 1e-5 * span
    assert (tiled(network, picture, 1) - whole).abs().max() > 1e-3 * span


@torch.inference_mode()
def test_progress_is_told_and_a_cancelled_picture_ends_at_once():
    network, told = generator(scale=2), []
    tiled(network, torch.zeros(3, 30, 50), 4, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 6), (2, 6), (3, 6), (4, 6), (5, 6), (6, 6)]
    with pytest.raises(Cancelled):
        tiled(network, torch.zeros(3, 30, 50), 4, cancelled=lambda: len(told) > 5)
