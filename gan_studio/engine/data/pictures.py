"""Decoded pictures in one array. Imports no torch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.mixing import permutation
from gan_studio.engine.data.sources import Skipped

_HELD_OUT_STREAM = 0x48454C44
_FINGERPRINT_PICTURES = 64


@dataclass(frozen=True)
class PictureSet:
    """Every usable picture of a source, at the size that is trained on."""

    pixels: np.ndarray = field(repr=False)
    """uint8 `[N, H, W, C]`, read only: mapped from the cache, or in memory where no cache could be kept."""
    labels: np.ndarray = field(repr=False)
    """int64 `[N]`; -1 without classes."""
    names: tuple[str, ...] = field(repr=False)
    """Printable name of each picture."""
    classes: tuple[str, ...]
    spec: PictureSpec
    skipped: tuple[Skipped, ...] = field(repr=False)
    """Name and reason: what the scan left out, then what could not be decoded."""
    notices: tuple[str, ...] = ()
    """What the user should know, such as that no cache could be kept."""

    def __len__(self) -> int:
        return len(self.pixels)

    def fingerprint(self) -> str:
        """A hash of the names, the shape and a few of the pictures: tells whether they are still the same."""
        digest = hashlib.sha256(repr((self.pixels.shape, self.names)).encode())
        for index in np.linspace(0, len(self) - 1, min(_FINGERPRINT_PICTURES, len(self))).astype(int):
            digest.update(self.pixels[index].tobytes())
        return digest.hexdigest()

    def held_out(self, share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Split into (trained on, held out): sorted int64 numbers of pictures, the same for the same seed.

        With a share above 0 at least one picture is held out, and at least one is always trained on.
        """
        count = len(self)
        away = min(max(1, round(count * share)), count - 1) if share > 0 else 0
        order = permutation(count, seed, _HELD_OUT_STREAM)
        return np.sort(order[away:]), np.sort(order[:away])
