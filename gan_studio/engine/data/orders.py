"""The order of the pictures in each epoch, without a pause between epochs. Imports no torch."""

from __future__ import annotations

import threading

import numpy as np

from gan_studio.engine.data.mixing import permutation

_EPOCH_STREAM = 1
LONG = 50_000
"""From so many pictures on, the next order is made beside training: that of a million takes a tenth of a second."""


class EpochOrders:
    """Each is a pure function of the seed and the epoch; this one and the one before are kept."""

    def __init__(self, count: int, seed: int) -> None:
        self._count, self._seed = count, seed
        self._known: dict[int, np.ndarray] = {}
        self._coming: _Coming | None = None

    def of(self, epoch: int) -> np.ndarray:
        """The numbers below `count` in the order of this epoch, int64 `[count]`."""
        if epoch not in self._known:
            order = self._order(epoch)
            # The epoch before is still needed by a batch that spans both
            self._known = {known: other for known, other in self._known.items() if known == epoch - 1} | {epoch: order}
            self._coming = _Coming(self._count, self._seed, epoch + 1) if self._count >= LONG else None
        return self._known[epoch]

    def _order(self, epoch: int) -> np.ndarray:
        coming, self._coming = self._coming, None
        order = coming.order() if coming and coming.epoch == epoch else None
        return permutation(self._count, self._seed, _EPOCH_STREAM, epoch) if order is None else order


class _Coming(threading.Thread):
    """Works out one order; starts at once."""

    def __init__(self, count: int, seed: int, epoch: int) -> None:
        super().__init__(name="order of pictures", daemon=True)
        self.epoch = epoch
        self._count, self._seed = count, seed
        self._order: np.ndarray | None = None
        self.start()

    def run(self) -> None:
        self._order = permutation(self._count, self._seed, _EPOCH_STREAM, self.epoch)

    def order(self) -> np.ndarray | None:
        """Waits for it; None where memory ran out."""
        self.join()
        return self._order
