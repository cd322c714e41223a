"""Pictures with more than 8 bits a pixel, scaled: Pillow's own conversion would clip them to white.

Imports no torch.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

_SIXTEEN_BIT_MODES = frozenset({"I;16", "I;16B", "I;16L", "I;16N"})


def to_eight_bits(picture: Image.Image) -> Image.Image:
    """Grey of 16 bits, 32 bits or floating point as mode L; every other mode as it is."""
    if picture.mode in _SIXTEEN_BIT_MODES:
        return _as_grey(np.asarray(picture).astype(np.float32) / 257)
    if picture.mode == "I":
        return _as_grey(_from_integers(np.asarray(picture).astype(np.float64), picture.format))
    if picture.mode == "F":
        return _as_grey(_from_floats(np.nan_to_num(np.asarray(picture).astype(np.float64))))
    return picture


def _from_integers(values: np.ndarray, file_format: str | None) -> np.ndarray:
    # A PNG in mode I holds 16 bits, however dark it is.
    if values.min() >= 0 and values.max() <= 65535 and (file_format == "PNG" or values.max() > 255):
        return values / 257
    return values if values.min() >= 0 and values.max() <= 255 else _stretched(values)


def _from_floats(values: np.ndarray) -> np.ndarray:
    """Floating point has no agreed range: 0…1, 0…255 and 0…65535 are met, whichever holds the values is meant."""
    for white in (1, 255, 65535):
        if values.min() >= 0 and values.max() <= white:
            return values * (255 / white)
    return _stretched(values)


def _stretched(values: np.ndarray) -> np.ndarray:
    """Anything else between its own darkest and brightest value."""
    low, high = values.min(), values.max()
    return (values - low) * (255 / (high - low)) if high > low else np.zeros_like(values)


def _as_grey(values: np.ndarray) -> Image.Image:
    return Image.fromarray(np.rint(values).clip(0, 255).astype(np.uint8))
