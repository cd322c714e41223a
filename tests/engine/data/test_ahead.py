"""The next batch is gathered beside a step, and nobody can tell by the pictures."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from gan_studio.engine.data.ahead import Ahead
from gan_studio.engine.data.batches import Batches
from gan_studio.engine.data.device_pictures import OnDevice
from tests.engine.data.samples import numbered_set

COUNT = 11


class Lane:
    """Memory of the processor, in which a copy is a copy; notes in which threads it was begun."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.waited = 0

    def buffer(self, shape: tuple[int, ...]) -> Tensor:
        return torch.empty(shape, dtype=torch.uint8)

    def send(self, pictures: Tensor) -> tuple[Tensor, Callable[[], None]]:
        self.sent.append(threading.current_thread().name)
        return pictures.clone(), self._wait

    def _wait(self) -> None:
        self.waited += 1


def make(lane: Lane | None = None, batch_size: int = 4) -> Batches:
    """Batches as they are, or double buffered over a lane."""
    pictures = numbered_set(COUNT)
    batches = Batches(pictures, np.arange(COUNT), batch_size=batch_size, seed=3, flip=True, device="cpu")
    if lane:

        def gather(places: np.ndarray, samples: np.ndarray, out: np.ndarray) -> None:
            np.take(pictures.pixels, places, axis=0, out=out, mode="clip")

        batches._held = Ahead(gather, pictures.pixels.shape[1:], lane)
    return batches


def same(one: Batches, other: Batches, *sizes: int | None) -> bool:
    pairs = [(one.next(size), other.next(size)) for size in sizes]
    return all(torch.equal(a.images, b.images) and torch.equal(a.labels, b.labels) for a, b in pairs)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(1, 13)), min_size=1, max_size=8))
def test_batches_are_the_same_in_the_same_order_whatever_their_sizes(sizes: list[int | None]):
    assert same(make(), make(Lane()), *sizes)


def test_each_batch_but_the_first_was_begun_beside_the_step_before():
    lane = Lane()
    batches = make(lane)
    for _ in range(5):
        batches.next()
    batches._held._coming.join()  # type: ignore[union-attr]
    assert lane.sent == [threading.current_thread().name, *["next batch"] * 5] and lane.waited == 5


def test_what_was_prefetched_and_not_used_does_not_count_as_used():
    batches = make(Lane())
    for _ in range(3):
        batches.next()
    state = batches.state_dict()
    assert state == {"drawn": 12}
    resumed, plain = make(Lane()), make()
    resumed.load_state_dict(state)
    plain.load_state_dict(state)
    assert same(resumed, plain, None, None)
    # Taken back in the midst, as after a divergence: the batch that is on its way is of no use
    batches.load_state_dict({"drawn": 4})
    plain.load_state_dict({"drawn": 4})
    assert same(batches, plain, None, None, None)


def test_pictures_by_number_may_be_asked_for_meanwhile():
    batches, plain = make(Lane()), make()
    assert same(batches, plain, None)
    assert torch.equal(batches.at(np.arange(40, 45)).images, plain.at(np.arange(40, 45)).images)
    assert same(batches, plain, None, None)


def test_what_fails_beside_the_step_is_met_by_whoever_needs_it():
    class Full(Lane):
        def send(self, pictures: Tensor) -> tuple[Tensor, Callable[[], None]]:
            if threading.current_thread().name == "next batch":
                raise RuntimeError("out of memory")
            return super().send(pictures)

    assert same(make(Full()), make(), None, None, None)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU, for pinned memory and streams")
@pytest.mark.parametrize("resident", [True, False])
def test_a_gpu_gets_the_same_batches_from_its_memory_and_over_its_lane(monkeypatch, resident):
    monkeypatch.setattr("gan_studio.engine.data.device_pictures.SHARE_OF_FREE_MEMORY", 0.25 if resident else 0.0)
    there = Batches(numbered_set(COUNT), np.arange(COUNT), batch_size=4, seed=3, flip=True, device="cuda")
    assert isinstance(there._held, OnDevice) is resident
    here = make()
    for _ in range(8):
        one, other = there.next(), here.next()
        assert torch.equal(one.images.cpu(), other.images) and torch.equal(one.labels.cpu(), other.labels)
