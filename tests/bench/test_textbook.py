"""The loop that we compare with trains the same networks as we do."""

from __future__ import annotations

import math
from pathlib import Path

import torch
from torch import nn

from gan_studio.engine.assembly import count_parameters
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.families import family_class
from tests.bench.arithmetic import reachable_flops, share
from tests.bench.textbook import TextbookDCGAN, batches, resident_batches
from tests.engine.data.samples import write_folder


def test_the_textbook_trains_networks_of_the_same_shapes():
    dcgan = family_class("dcgan")
    ours = dcgan(dcgan.Config(), PictureSpec(size=64)).build().networks
    textbook = TextbookDCGAN()

    def shapes(network: nn.Module) -> list[torch.Size]:
        return sorted(parameter.shape for parameter in network.parameters())

    assert shapes(ours["G"]) == shapes(textbook.generator) and count_parameters(ours["G"]) == 3_576_704
    assert shapes(ours["D"]) == shapes(textbook.discriminator) and count_parameters(ours["D"]) == 2_765_568


def test_a_textbook_step_moves_both_networks():
    textbook = TextbookDCGAN()
    before = [parameter.clone() for parameter in textbook.generator.parameters()]
    losses = textbook.step(torch.rand(4, 3, 64, 64) * 2 - 1)
    assert all(math.isfinite(loss) for loss in losses)
    assert all(not torch.equal(old, new) for old, new in zip(before, textbook.generator.parameters(), strict=True))


def test_pictures_on_the_device_are_those_that_loading_gives_each_once_an_epoch(tmp_path: Path):
    folder = write_folder(tmp_path, 8, classes=("a", "b"))
    resident, loaded = resident_batches(folder, 4, "cpu"), batches(folder, 8)
    epoch = torch.cat([next(resident), next(resident)])
    assert epoch.shape == (8, 3, 64, 64)
    assert sorted(epoch.sum((1, 2, 3)).tolist()) == sorted(next(loaded).sum((1, 2, 3)).tolist())


def test_the_share_of_the_arithmetic_limit_counts_227_gflop_an_image():
    assert share(1000, 2.27e12) == 1.0
    assert reachable_flops("cpu", "fp32") > 1e8
