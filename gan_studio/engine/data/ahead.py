"""The next batch on its way to a GPU while a step computes: gathered into pinned memory by a thread, then copied."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

Gather = Callable[[np.ndarray, np.ndarray, np.ndarray], None]
"""Places int64 `[N]`, numbers of samples int64 `[N]`, and where the pictures go, uint8 `[N, H, W, C]`."""


class Lane(Protocol):
    """How pictures get from the host to the device."""

    def buffer(self, shape: tuple[int, ...]) -> Tensor:
        """Room on the host, uint8, that nothing else uses any more."""
        ...

    def send(self, pictures: Tensor) -> tuple[Tensor, Callable[[], None]]:
        """Begin to copy, from whatever thread. Returns the copy, and what has its user wait until it is whole."""
        ...


class CudaLane:
    """Page-locked memory and a stream of its own, so that copies and kernels of a step run at the same time."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream = torch.cuda.Stream(device)

    def buffer(self, shape: tuple[int, ...]) -> Tensor:
        # torch hands pinned memory out again only when the copy that last read it is done
        with torch.cuda.device(self._device):
            return torch.empty(shape, dtype=torch.uint8, pin_memory=True)

    def send(self, pictures: Tensor) -> tuple[Tensor, Callable[[], None]]:
        with torch.cuda.stream(self._stream):
            copy = pictures.to(self._device, non_blocking=True)
            done = self._stream.record_event()

        def arrived() -> None:
            user = torch.cuda.current_stream(self._device)
            user.wait_event(done)
            copy.record_stream(user)

        return copy, arrived


class Ahead:
    """Double buffering. What is prefetched and never asked for is forgotten: it does not count as drawn."""

    def __init__(self, gather: Gather, shape: tuple[int, ...], lane: Lane) -> None:
        """`gather` writes the pictures `[H, W, C]` of `shape` for given places and samples, from whatever thread."""
        self._gather, self._shape, self._lane = gather, shape, lane
        self._coming: _Coming | None = None

    def take(self, places: np.ndarray, samples: np.ndarray) -> Tensor:
        """The pictures, uint8 `[N, H, W, C]` on the device: those that were expected, or others gathered now."""
        coming, self._coming = self._coming, None
        found = coming.result() if coming and coming.is_of(places, samples) else None
        copy, arrived = found or self._sent(places, samples)
        arrived()
        return copy

    def expect(self, places: np.ndarray, samples: np.ndarray) -> None:
        """Begin with what will be asked for next."""
        self._coming = _Coming(self._sent, places, samples)

    def _sent(self, places: np.ndarray, samples: np.ndarray) -> tuple[Tensor, Callable[[], None]]:
        buffer = self._lane.buffer((len(places), *self._shape))
        self._gather(places, samples, buffer.numpy())
        return self._lane.send(buffer)


class _Coming(threading.Thread):
    """One batch; starts at once."""

    def __init__(
        self,
        send: Callable[[np.ndarray, np.ndarray], tuple[Tensor, Callable[[], None]]],
        places: np.ndarray,
        samples: np.ndarray,
    ) -> None:
        super().__init__(name="next batch", daemon=True)
        self._send, self._places, self._samples = send, places, samples
        self._sent: tuple[Tensor, Callable[[], None]] | None = None
        self.start()

    def run(self) -> None:
        try:
            self._sent = self._send(self._places, self._samples)
        except (RuntimeError, MemoryError, OSError):
            self._sent = None  # Whoever needs the batch gathers it then, and meets the error where it can be told

    def is_of(self, places: np.ndarray, samples: np.ndarray) -> bool:
        return np.array_equal(places, self._places) and np.array_equal(samples, self._samples)

    def result(self) -> tuple[Tensor, Callable[[], None]] | None:
        """Waits for it; None where it failed."""
        self.join()
        return self._sent
