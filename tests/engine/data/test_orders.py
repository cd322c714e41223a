"""The orders of the epochs are the same ones, whether they were worked out beside training or not."""

import numpy as np
import pytest

from gan_studio.engine.data import orders
from gan_studio.engine.data.mixing import permutation
from gan_studio.engine.data.orders import EpochOrders


@pytest.mark.parametrize("long", [10, 1000], ids=["beside", "at once"])
@pytest.mark.parametrize("epochs", [[0, 1, 2], [0, 0, 1, 0, 1, 2], [5, 2, 6]])
def test_an_order_is_that_of_its_epoch(monkeypatch, long, epochs):
    monkeypatch.setattr(orders, "LONG", long)
    kept = EpochOrders(100, seed=7)
    for epoch in epochs:
        assert np.array_equal(kept.of(epoch), permutation(100, 7, 1, epoch))


def test_the_next_epoch_is_ready_when_it_comes(monkeypatch):
    monkeypatch.setattr(orders, "LONG", 10)
    kept = EpochOrders(100, seed=7)
    kept.of(0)
    coming = kept._coming
    assert coming is not None and coming.order() is not None
    monkeypatch.setattr(orders, "permutation", lambda *_: pytest.fail("it was there already"))
    monkeypatch.setattr(orders, "LONG", 1000)
    kept.of(1)
