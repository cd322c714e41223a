"""Pictures for the eye: small ones for a contact sheet, and one large beside what a network sees. Imports no torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

import numpy as np
from PIL import Image

from gan_studio.engine.data.decode import PictureFile, Target, decode, read_header, read_whole
from gan_studio.engine.data.names import display_name
from gan_studio.engine.data.reasons import UnreadablePicture, attempt
from gan_studio.engine.data.report import PictureEntry
from gan_studio.engine.data.sources import PictureSource
from gan_studio.engine.errors import DatasetError

T = TypeVar("T")
THUMBNAIL_SIDE = 128
LARGE_SIDE = 1200


@dataclass(frozen=True)
class LargePreview:
    """One picture and what becomes of it."""

    original: np.ndarray
    """uint8 `[h, w, 3]`, at most `LARGE_SIDE` on its longer side, on the background colour where it is transparent."""
    seen: np.ndarray
    """uint8 `[size, size, 1 or 3]`: what a network is shown."""
    size: tuple[int, int]
    """Width and height of the file's picture, upright."""
    mode: str
    format: str


def thumbnail(source: PictureSource, entry: PictureEntry, background: str = "#ffffff") -> np.ndarray | None:
    """A picture whole, uint8 `[h, w, 3]`, at most `THUMBNAIL_SIDE` on its longer side; None where it is unreadable.

    Small pictures keep their size: whoever shows them larger can keep their pixels sharp.
    """

    def read(file: BinaryIO) -> np.ndarray:
        return _whole(file, THUMBNAIL_SIDE, background)

    pixels = attempt(source.open, entry.name, read)
    return pixels if isinstance(pixels, np.ndarray) else None


def large_preview(source: PictureSource, entry: PictureEntry, target: Target) -> LargePreview:
    """One picture, and how it looks to a network that `target` describes. Raises DatasetError."""
    return LargePreview(
        original=_must(source, entry, lambda file: _whole(file, LARGE_SIDE, target.background)),
        seen=_must(source, entry, lambda file: decode(file, target)),
        size=entry.size,
        mode=entry.mode,
        format=_must(source, entry, read_header).format,
    )


def _must(source: PictureSource, entry: PictureEntry, read: Callable[[BinaryIO], T]) -> T:
    result = attempt(source.open, entry.name, read)
    if isinstance(result, UnreadablePicture):
        raise DatasetError(f"{display_name(entry.name)}: {result.message}.", "Look at the folder again.")
    return result


def _whole(file: PictureFile, side: int, background: str) -> np.ndarray:
    picture = read_whole(file, side, background)
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    return np.array(picture, dtype=np.uint8)
