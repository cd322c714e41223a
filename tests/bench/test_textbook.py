"""The loop that we compare with trains the same networks as we do."""

from __future__ import annotations

import math

import torch
from torch import nn

from gan_studio.engine.assembly import count_parameters
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.families import family_class
from tests.bench.textbook import TextbookDCGAN


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
