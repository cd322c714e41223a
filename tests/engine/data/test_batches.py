"""Which pictures are drawn: all of them, in a new order each epoch, from any point on again."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_studio.engine.data.batches import Batches
from gan_studio.engine.data.device_pictures import OnDevice, fits
from tests.engine.data.samples import numbered_set

COUNTS = st.integers(1, 60)
SEEDS = st.integers(0, 2**31 - 1)


def make(count: int = 10, *, batch_size: int = 4, seed: int = 0, flip: bool = True, channels: int = 3) -> Batches:
    return Batches(
        numbered_set(count, channels=channels), np.arange(count),
        batch_size=batch_size, seed=seed, flip=flip, device="cpu",
    )  # fmt: skip


def test_images_are_floats_between_minus_one_and_one():
    batch = make(10).next()
    assert batch.images.shape == (4, 3, 4, 4) and batch.images.dtype == torch.float32
    assert batch.images.max() == 1 and batch.images.min() >= -1
    assert batch.images.is_contiguous(memory_format=torch.channels_last)
    assert batch.labels.shape == (4,) and batch.labels.dtype == torch.int64


def test_black_and_white_are_exact_and_grey_has_one_channel():
    batches = make(1, batch_size=1, flip=False, channels=1)
    image = batches.next().images
    assert image.shape == (1, 1, 4, 4)
    assert image[0, 0, 0].tolist() == [1, -1, -1, -1]


def test_picture_and_label_belong_together():
    batch = make(50, batch_size=50).next()
    grey = ((batch.images.amin(dim=(1, 2, 3)) + 1) * 127.5).round().long()
    assert torch.equal(grey, batch.labels)


def test_flips_mirror_about_half_and_the_same_ones_again():
    left = [make(100, batch_size=100).next().images[:, 0, 0, 0] == 1 for _ in range(2)]
    assert torch.equal(left[0], left[1])
    assert 30 <= int(left[0].sum()) <= 70
    assert bool((make(100, batch_size=100, flip=False).next().images[:, 0, 0, 0] == 1).all())


@settings(max_examples=30, deadline=None)
@given(COUNTS, SEEDS, st.integers(0, 5))
def test_every_epoch_is_a_permutation(count: int, seed: int, epoch: int):
    batches = make(count, batch_size=1, seed=seed)
    places = batches.places(np.arange(epoch * count, (epoch + 1) * count))
    assert sorted(places.tolist()) == list(range(count))


def test_epochs_and_seeds_differ():
    batches = make(40, batch_size=40)
    first, second = batches.next().labels, batches.next().labels
    assert not torch.equal(first, second)
    assert not torch.equal(first, make(40, batch_size=40, seed=1).next().labels)


@settings(max_examples=30, deadline=None)
@given(COUNTS, st.integers(1, 30), SEEDS, st.integers(0, 12), st.integers(1, 4))
def test_resuming_anywhere_equals_never_having_stopped(count: int, batch: int, seed: int, before: int, after: int):
    whole = make(count, batch_size=batch, seed=seed)
    for _ in range(before):
        whole.next()
    state = whole.state_dict()
    resumed = make(count, batch_size=batch, seed=seed)
    resumed.load_state_dict(state)
    for _ in range(after):
        one, other = whole.next(), resumed.next()
        assert torch.equal(one.images, other.images) and torch.equal(one.labels, other.labels)


@settings(max_examples=20, deadline=None)
@given(COUNTS, st.lists(st.integers(1, 20), min_size=1, max_size=6))
def test_batches_of_other_sizes_walk_the_same_sequence(count: int, sizes: list[int]):
    parts, whole = make(count), make(count)
    pieces = torch.cat([parts.next(size).images for size in sizes])
    assert torch.equal(pieces, whole.next(sum(sizes)).images)


@pytest.mark.parametrize("count", [1, 3, 9])
def test_fewer_pictures_than_a_batch_are_drawn_with_replacement(count: int):
    labels = make(count, batch_size=64).next().labels
    assert set(labels.tolist()) == set(range(count))


def test_global_random_state_is_left_alone():
    before, numpy_before = torch.get_rng_state(), np.random.get_state()[1].copy()  # type: ignore[index]
    for count in (3, 40):
        make(count, batch_size=8).next()
    assert torch.equal(before, torch.get_rng_state())
    assert np.array_equal(numpy_before, np.random.get_state()[1])  # type: ignore[arg-type]


def test_only_the_given_pictures_are_drawn():
    batches = Batches(numbered_set(20), np.array([3, 5, 8]), batch_size=3, seed=0, flip=False, device="cpu")
    assert sorted(batches.next().labels.tolist()) == [3, 5, 8]


def test_slices_of_processes_make_up_the_global_batch():
    whole = make(30).at(np.arange(16, 32))
    halves = [make(30).at(np.arange(16, 32)[rank::2]) for rank in range(2)]
    for rank, half in enumerate(halves):
        assert torch.equal(half.images, whole.images[rank::2])


def test_no_pictures_at_all_is_refused():
    with pytest.raises(ValueError, match="no pictures"):
        Batches(numbered_set(3), [], batch_size=4, seed=0, flip=False, device="cpu")


def test_pictures_held_on_the_device_are_the_same_ones():
    pixels = numbered_set(9).pixels
    held = OnDevice(pixels, np.array([2, 4, 6]), torch.device("cpu"))
    assert np.array_equal(held.take(np.array([2, 0]), np.arange(2)).numpy(), pixels[[6, 2]])


def test_pictures_may_take_a_quarter_of_the_free_memory():
    assert fits(256, 1024) and not fits(257, 1024)
