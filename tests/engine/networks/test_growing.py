"""Growing: what a network does at one end of a fade is what its neighbour does."""

import pytest
import torch

from gan_studio.engine.networks.growing import GrowingDiscriminator, GrowingGenerator, doubled, faded, halved, level_of

WIDTHS = [8, 8, 4, 2]
levels = pytest.mark.parametrize("level", [1, 2, 3])


@pytest.fixture
def networks():
    torch.manual_seed(0)
    return GrowingGenerator(6, WIDTHS, 3), GrowingDiscriminator(WIDTHS, 3)


@levels
def test_a_fade_begins_with_the_pictures_of_the_level_before_and_ends_with_those_of_the_new_one(networks, level):
    generator, z = networks[0], torch.randn(2, 6)
    assert torch.equal(generator(z, level, 0.0), doubled(generator(z, level - 1)))
    almost = generator(z, level, 1 - 1e-7)
    assert torch.allclose(almost, generator(z, level), atol=1e-5)
    assert torch.equal(generator(z, level, 1.0), generator(z, level))
    middle = torch.lerp(generator(z, level, 0.0), generator(z, level), 0.25)
    assert torch.allclose(generator(z, level, 0.25), middle, atol=1e-6)


@levels
def test_a_fade_begins_with_the_judgement_of_the_level_before(networks, level):
    discriminator, pictures = networks[1], torch.randn(4, 3, 4 << level, 4 << level)
    assert torch.equal(discriminator(pictures, 0.0), discriminator(halved(pictures)))
    assert torch.equal(discriminator(pictures, 1.0), discriminator(pictures))
    assert not torch.allclose(discriminator(pictures, 0.0), discriminator(pictures))


def test_layers_have_the_shapes_of_the_paper(networks):
    generator, discriminator = networks
    shapes: list[tuple[int, ...]] = []
    for network in networks:
        for block in network.blocks:
            block.register_forward_hook(lambda _module, _inputs, output: shapes.append(tuple(output.shape[1:])))
    picture = generator(torch.randn(2, 6), 3)
    assert shapes == [(8, 4, 4), (8, 8, 8), (4, 16, 16), (2, 32, 32)]
    assert picture.shape == (2, 3, 32, 32)
    shapes.clear()
    assert discriminator(picture).shape == (2,)
    assert shapes == [(4, 16, 16), (8, 8, 8), (8, 4, 4), ()]


def test_the_full_networks_have_the_published_size():
    """Karras 2018, table 2: 23.1 million parameters each, of 1024 px."""
    with torch.device("meta"):
        widths = [512, 512, 512, 512, 256, 128, 64, 32, 16]
        networks = GrowingGenerator(512, widths, 3), GrowingDiscriminator(widths, 3)
    for network in networks:
        assert sum(p.numel() for p in network.parameters()) / 1e6 == pytest.approx(23.1, abs=0.05)


def test_reals_fade_like_generated_pictures():
    pictures = torch.randn(2, 1, 8, 8)
    assert torch.equal(faded(pictures, 1.0), pictures)
    assert torch.equal(faded(pictures, 0.0), doubled(halved(pictures)))


def test_levels_follow_from_sizes():
    assert [level_of(size) for size in (4, 8, 16, 256)] == [0, 1, 2, 6]
