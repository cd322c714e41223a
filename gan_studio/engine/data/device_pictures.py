"""Where the pixels wait while training: on the GPU where they fit, else on the disk's cache."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from torch import Tensor

_SHARE_OF_FREE_MEMORY = 0.25
_CHUNK = 4096


class HeldPictures(Protocol):
    """Pictures that can be picked by their place."""

    def take(self, places: Tensor) -> Tensor:
        """Pick pictures, uint8 `[N, H, W, C]` on the training device. `places` is int64 `[N]` on the CPU."""
        ...


def hold_pictures(pixels: np.ndarray, indices: np.ndarray, device: torch.device) -> HeldPictures:
    """The pictures with these numbers, on the device where they take a quarter of its free memory at most."""
    if device.type == "cuda":
        needed = pixels[0].nbytes * len(indices)
        if needed <= torch.cuda.mem_get_info(device)[0] * _SHARE_OF_FREE_MEMORY:
            return _OnDevice(pixels, indices, device)
        return _Pinned(pixels, indices, device)
    return _OnHost(pixels, indices, device)


class _OnDevice:
    def __init__(self, pixels: np.ndarray, indices: np.ndarray, device: torch.device) -> None:
        self._pixels = torch.empty((len(indices), *pixels.shape[1:]), dtype=torch.uint8, device=device)
        for start in range(0, len(indices), _CHUNK):
            part = torch.from_numpy(pixels[indices[start : start + _CHUNK]])
            self._pixels[start : start + len(part)].copy_(part)

    def take(self, places: Tensor) -> Tensor:
        return self._pixels[places.to(self._pixels.device)]


class _OnHost:
    def __init__(self, pixels: np.ndarray, indices: np.ndarray, device: torch.device) -> None:
        # A plain view: indexing a memory map makes a new memory map each time, which costs more than the copy.
        self._pixels = pixels.view(np.ndarray)
        self._indices = indices
        self._device = device

    def take(self, places: Tensor) -> Tensor:
        return torch.from_numpy(self._pixels[self._indices[places.numpy()]]).to(self._device)


class _Pinned:
    """One page-locked buffer: the copy to the GPU runs while the processor goes on."""

    def __init__(self, pixels: np.ndarray, indices: np.ndarray, device: torch.device) -> None:
        self._pixels = pixels.view(np.ndarray)
        self._indices = indices
        self._device = device
        self._buffer = torch.empty(0, dtype=torch.uint8)
        self._copied = torch.cuda.Event()

    def take(self, places: Tensor) -> Tensor:
        shape = (len(places), *self._pixels.shape[1:])
        if self._buffer.shape != shape:
            self._buffer = torch.empty(shape, dtype=torch.uint8, pin_memory=True)
        # The copy before this one must have left the buffer.
        self._copied.synchronize()
        # Any mode but the default one writes straight into the buffer; all places are within bounds.
        np.take(self._pixels, self._indices[places.numpy()], axis=0, out=self._buffer.numpy(), mode="clip")
        batch = self._buffer.to(self._device, non_blocking=True)
        self._copied.record(torch.cuda.current_stream(self._device))
        return batch
