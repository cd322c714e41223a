"""Batches of pictures on a device. Which picture is the n-th one drawn is a pure function of the seed and of n."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from gan_studio.engine.data.ahead import Ahead
from gan_studio.engine.data.device_pictures import HeldPictures, hold_pictures, on_host, sent
from gan_studio.engine.data.mixing import mix
from gan_studio.engine.data.orders import EpochOrders
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.latent.drawing import Share

_REPLACEMENT_STREAM, _FLIP_STREAM, _CROP_STREAM = 2, 3, 4


@dataclass(frozen=True)
class Batch:
    """Pictures and their classes, on the training device."""

    images: Tensor
    """float32 `[N, C, H, W]` in [-1, 1]; channels_last where C > 1."""
    labels: Tensor
    """int64 `[N]`; -1 without classes."""


class BatchSource(Protocol):
    """What a training draws from: pictures, or points in the plane."""

    batch_size: int
    device: torch.device

    def next(self, batch_size: int | None = None) -> Batch: ...

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state: dict[str, Any]) -> None: ...


class Batches:
    """Draws pictures without end: every epoch is a new order of all of them, and a batch may span epochs.

    Sets smaller than `batch_size` are drawn with replacement. The only state is `drawn`; torch's global random state
    is never touched. A process of several takes its slice of the sample numbers of the global batch.
    """

    def __init__(
        self,
        pictures: PictureSet,
        indices: np.ndarray | Sequence[int],
        *,
        batch_size: int,
        seed: int,
        flip: bool,
        device: torch.device | str,
        share: Share = Share(),  # noqa: B008
    ) -> None:
        """`indices` are the pictures to draw from, `share` this process's part of each batch.

        Raises ValueError where there are no pictures.
        """
        chosen = np.asarray(indices, dtype=np.int64)
        if len(chosen) == 0:
            raise ValueError("there are no pictures to draw from")
        self.drawn = 0
        """Pictures drawn so far, over all processes."""
        self.batch_size = batch_size
        self.device = torch.device(device)
        self._seed, self._flip, self._share = seed, flip, share
        self._count = len(chosen)
        self._with_replacement = len(chosen) < batch_size
        self._orders = EpochOrders(self._count, seed)
        self._rows = pictures.rows_of(chosen)
        self._held = self._hold(pictures)
        self._labels = torch.from_numpy(pictures.labels[chosen]).to(self.device)

    def next(self, batch_size: int | None = None) -> Batch:
        """This process's share of the next pictures; `batch_size`, of all shares, is the constructor's if not given."""
        count = self.batch_size if batch_size is None else batch_size
        batch = self.at(self._share.of(self.drawn, count))
        self.drawn += count
        if isinstance(self._held, Ahead):
            coming = self._share.of(self.drawn, count)
            self._held.expect(self.places(coming), coming)
        return batch

    def at(self, samples: np.ndarray) -> Batch:
        """The pictures with these sample numbers, int64 `[N]`, wherever drawing stands."""
        places = self.places(samples)
        pixels = self._held.take(places, samples)
        if self._flip:
            pixels = torch.where(self._mirrored(samples), pixels.flip(2), pixels)
        images = pixels.permute(0, 3, 1, 2).to(torch.float32).div_(127.5).sub_(1)
        return Batch(images, self._labels[sent(places, self.device)])

    def places(self, samples: np.ndarray) -> np.ndarray:
        """Which of the given indices each sample number shows, int64 `[N]`."""
        if self._with_replacement:
            bits = mix(self._seed, _REPLACEMENT_STREAM, counter=samples)
            return (bits % np.uint64(self._count)).astype(np.int64)
        epochs, within = np.divmod(samples, self._count)
        places = np.empty(len(samples), np.int64)
        for epoch in np.unique(epochs):
            here = epochs == epoch
            places[here] = self._orders.of(int(epoch))[within[here]]
        return places

    def state_dict(self) -> dict[str, Any]:
        """Plain values from which drawing goes on exactly."""
        return {"drawn": self.drawn}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.drawn = int(state["drawn"])

    def _hold(self, pictures: PictureSet) -> HeldPictures:
        """The number of a sample says where in a large picture its crop lies."""
        whole, rows = pictures.whole, self._rows
        if whole is None:
            return hold_pictures(pictures.pixels, rows, self.device)

        def crops(places: np.ndarray, samples: np.ndarray, out: np.ndarray) -> None:
            whole.crops(rows[places], mix(self._seed, _CROP_STREAM, counter=samples), out)

        side, channels = pictures.spec.size, pictures.spec.channels
        return on_host(crops, (side, side, channels), self.device)

    def _mirrored(self, samples: np.ndarray) -> Tensor:
        bits = mix(self._seed, _FLIP_STREAM, counter=samples) >> np.uint64(63)
        return sent(bits.astype(np.bool_), self.device).view(-1, 1, 1, 1)
