"""Where the pixels wait while training: on the GPU where they fit, else in the disk's cache, a batch ahead."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from gan_studio.engine.data.ahead import Ahead, CudaLane, Gather

SHARE_OF_FREE_MEMORY = 0.25
"""Of a GPU that pictures may take; the rest is for networks, activations and whoever else uses it."""
_CHUNK = 4096


class HeldPictures(Protocol):
    """Pictures that can be picked by their place."""

    def take(self, places: np.ndarray, samples: np.ndarray) -> Tensor:
        """Pick pictures, uint8 `[N, H, W, C]` on the training device, by places and numbers of samples, int64 `[N]`."""
        ...


def hold_pictures(pixels: np.ndarray, rows: np.ndarray, device: torch.device) -> HeldPictures:
    """The pictures of these rows, on the device where they take a quarter of its free memory at most."""
    # A plain view: indexing a memory map makes a new memory map each time, which costs more than the copy.
    plain = pixels.view(np.ndarray)
    if device.type == "cuda" and fits(pixels[0].nbytes * len(rows), torch.cuda.mem_get_info(device)[0]):
        return OnDevice(plain, rows, device)

    def gather(places: np.ndarray, samples: np.ndarray, out: np.ndarray) -> None:
        # Any mode but the default one writes straight into the target; all places are within bounds.
        np.take(plain, rows[places], axis=0, out=out, mode="clip")

    return on_host(gather, plain.shape[1:], device)


def fits(needed_bytes: int, free_bytes: int) -> bool:
    return needed_bytes <= free_bytes * SHARE_OF_FREE_MEMORY


def on_host(gather: Gather, shape: tuple[int, ...], device: torch.device) -> HeldPictures:
    """Pictures `[H, W, C]` that are gathered for each batch; for a GPU, the next one while it computes."""
    return Ahead(gather, shape, CudaLane(device)) if device.type == "cuda" else OnHost(gather, shape, device)


class OnDevice:
    """All pixels in the memory of the device."""

    def __init__(self, pixels: np.ndarray, rows: np.ndarray, device: torch.device) -> None:
        self._pixels = torch.empty((len(rows), *pixels.shape[1:]), dtype=torch.uint8, device=device)
        for start in range(0, len(rows), _CHUNK):
            part = torch.from_numpy(pixels[rows[start : start + _CHUNK]])
            self._pixels[start : start + len(part)].copy_(part)

    def take(self, places: np.ndarray, samples: np.ndarray) -> Tensor:
        return self._pixels[sent(places, self._pixels.device)]


class OnHost:
    """Gathered when asked for."""

    def __init__(self, gather: Gather, shape: tuple[int, ...], device: torch.device) -> None:
        self._gather, self._shape, self._device = gather, shape, device

    def take(self, places: np.ndarray, samples: np.ndarray) -> Tensor:
        pictures = np.empty((len(places), *self._shape), np.uint8)
        self._gather(places, samples, pictures)
        return torch.from_numpy(pictures).to(self._device)


def sent(values: np.ndarray, device: torch.device) -> Tensor:
    """A small array on the device; a GPU is not waited for, which any copy of pageable memory would do."""
    tensor = torch.from_numpy(values)
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor.to(device)
