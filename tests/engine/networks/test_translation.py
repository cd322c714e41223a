"""CycleGAN's networks: shapes, parameter counts, any size of picture, and the pool of past pictures."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from gan_studio.engine.networks.past_pictures import PicturePool
from gan_studio.engine.networks.translation import PatchDiscriminator, Translator, most_halvings


def count(network):
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize(("blocks", "parameters"), [(6, 7_837_699), (9, 11_378_179)])
def test_generators_of_the_paper_have_their_number_of_parameters(blocks, parameters):
    with torch.device("meta"):
        assert count(Translator(3, 256, features=64, halvings=2, blocks=blocks)) == parameters


def test_the_discriminator_of_the_paper_has_its_number_of_parameters_and_sees_patches_of_70_pixels():
    assert count(PatchDiscriminator(3, features=64, halvings=3)) == 2_764_737
    plain = PatchDiscriminator(3, features=2, halvings=3)
    for index, layer in enumerate(plain):
        if isinstance(layer, nn.InstanceNorm2d):  # it looks at the whole picture
            plain[index] = nn.Identity()
    picture = torch.randn(1, 3, 128, 128, requires_grad=True)
    logits = plain(picture)
    assert logits.shape == (1, 1, 14, 14)
    logits[0, 0, 7, 7].backward()
    assert picture.grad is not None
    assert [int(picture.grad[0].abs().sum((0, axis)).count_nonzero()) for axis in (1, 2)] == [70, 70]


def test_there_is_no_normalisation_next_to_the_picture():
    layers = [type(layer).__name__ for layer in PatchDiscriminator(3, features=4, halvings=2)]
    assert layers[:3] == ["Conv2d", "LeakyReLU", "Conv2d"]
    assert layers.count("InstanceNorm2d") == 2


@pytest.mark.parametrize("size", [16, 32, 64, 256])
def test_as_many_halvings_as_there_is_room_for_can_be_trained(size):
    discriminator = PatchDiscriminator(1, features=2, halvings=min(5, most_halvings(size))).train()
    assert discriminator(torch.randn(2, 1, size, size)).isfinite().all()


@settings(max_examples=12)
@given(height=st.integers(16, 45), width=st.integers(16, 45), halvings=st.integers(1, 3))
def test_a_picture_of_any_size_keeps_its_size_and_range(height, width, halvings):
    translator = Translator(1, 16, features=2, halvings=halvings, blocks=1)
    made = translator(torch.randn(1, 1, height, width))
    assert made.shape == (1, 1, height, width)
    assert made.abs().max() <= 1


def test_pictures_of_a_batch_do_not_touch_one_another():
    translator = Translator(3, 16, features=4, halvings=2, blocks=2)
    pictures = torch.randn(3, 3, 16, 16)
    together = translator(pictures)
    assert all(torch.allclose(translator(pictures[i : i + 1])[0], together[i], atol=1e-5) for i in range(3))


def numbered(*numbers):
    return torch.tensor(numbers, dtype=torch.float32).view(-1, 1, 1, 1)


def test_while_the_pool_fills_fakes_come_back_as_they_are():
    pool = PicturePool(5, 1, 1)
    assert pool.swap(numbered(1, 2)).flatten().tolist() == [1, 2]
    assert pool.swap(numbered(3, 4)).flatten().tolist() == [3, 4]
    assert int(pool.filled) == 4
    assert pool.swap(numbered(5, 6)).flatten().tolist() == [5, 6]
    assert int(pool.filled) == 5
    assert sorted(pool.pictures.flatten().tolist()) == [2, 3, 4, 5, 6]


@settings(max_examples=30)
@given(batches=st.lists(st.integers(1, 7), min_size=1, max_size=12), capacity=st.integers(0, 5))
def test_every_fake_is_handed_out_or_in_the_pool_or_both_and_none_is_lost_or_invented(batches, capacity):
    pool, handed_out, made = PicturePool(capacity, 1, 1), set(), 0
    for size in batches:
        fakes = torch.arange(made, made + size)
        out = pool.swap(numbered(*fakes.tolist())).flatten().tolist()
        assert len(set(out)) == size
        handed_out |= set(out)
        made += size
        held = pool.pictures.flatten()[: int(pool.filled)].tolist()
        assert len(set(held)) == len(held)
        assert handed_out | set(held) == set(range(made))


def test_a_full_pool_hands_out_past_fakes_half_of_the_time():
    pool = PicturePool(50, 1, 1)
    pool.swap(numbered(*range(-50, 0)))
    swapped = sum(float(pool.swap(numbered(number))) != number for number in range(1000))
    assert 440 < swapped < 560


def test_a_pool_goes_on_the_same_from_its_state():
    pool, other = PicturePool(4, 1, 1), PicturePool(4, 1, 1)
    pool.swap(numbered(1, 2, 3, 4))
    other.load_state_dict(pool.state_dict())
    handed_out = []
    for each in (pool, other):
        torch.manual_seed(3)
        handed_out.append([each.swap(numbered(n, n + 1)).flatten().tolist() for n in range(10, 20, 2)])
    assert handed_out[0] == handed_out[1]
    assert torch.equal(pool.pictures, other.pictures)
