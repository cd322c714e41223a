"""Any picture file becomes a square uint8 array. Imports no torch."""

from __future__ import annotations

import functools
import threading
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
from PIL import Image, ImageColor, ImageOps

from gan_studio.engine.data import reasons
from gan_studio.engine.data.levels import to_eight_bits
from gan_studio.engine.data.reasons import UnreadablePicture, unreadable

PictureFile = BinaryIO | Path
_FORMATS = ("PNG", "JPEG", "MPO", "WEBP", "BMP", "DIB", "GIF", "TIFF", "AVIF", "HEIF")
_PIXEL_LIMIT = 90_000_000
_SHRINKING_FORMATS = frozenset({"JPEG", "MPO"})  # Pillow reads them at a fraction of their size
_SHRINKING_PIXEL_LIMIT = 178_000_000
_BIG_PIXELS = 20_000_000
_EXAMINED_SIDE = 128
_GREY_TOLERANCE = 10
_GREY_MODES = frozenset({"1", "L", "LA", "La", "I", "F", "I;16", "I;16B", "I;16L", "I;16N"})

# One at a time, so that threads do not hold a dozen huge pictures in memory together.
_one_big_picture = threading.Lock()
# What is wrong with a file is told as its reason; Pillow would print it for every such file as well.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")


@dataclass(frozen=True)
class Target:
    """What pictures are made into: `[size, size, channels]`, or `whole` ones that crops of this size are taken from."""

    size: int
    channels: Literal[1, 3] = 3
    fit: Literal["crop", "pad", "stretch", "whole"] = "crop"
    background: str = "#ffffff"


@dataclass(frozen=True)
class Header:
    """What a file says of itself before its pixels are read."""

    size: tuple[int, int]
    mode: str
    format: str
    may_hold_colour: bool


@dataclass(frozen=True)
class Looks:
    """What the pixels show."""

    grey: bool
    transparent: bool


def decode(file: PictureFile, target: Target) -> np.ndarray:
    """Read a picture, uint8 `[size, size, channels]`, or `[H, W, channels]` where it stays whole.

    The first frame, turned as its EXIF says, composed on the background, 16 bits scaled to 8. Raises
    UnreadablePicture, also for one that is smaller than the crops of it would be: enlarging it would pass blur off as
    detail.
    """
    whole = target.fit == "whole"
    with _opened(file) as picture:
        if whole and min(picture.size) < target.size:
            raise UnreadablePicture(reasons.smaller_than(target.size))
        flat = _flattened(_loaded(picture, max(picture.size) if whole else 2 * target.size), target.background)
        flat = flat.convert("L" if target.channels == 1 else "RGB")
        if whole:
            return np.array(flat, dtype=np.uint8).reshape(flat.height, flat.width, target.channels)
        square = _fitted(_reduced(flat, target.size), target)
        return np.array(square, dtype=np.uint8).reshape(target.size, target.size, target.channels)


def read_whole(file: PictureFile, shorter_side: int, background: str) -> Image.Image:
    """A picture of mode RGB, upright, in its own shape; JPEGs shrink to not less than `shorter_side`.

    Raises UnreadablePicture.
    """
    with _opened(file) as picture:
        return _flattened(_loaded(picture, shorter_side), background).convert("RGB")


def read_header(file: PictureFile) -> Header:
    """Size and mode, without the pixels. Raises UnreadablePicture."""
    with _opened(file) as picture:
        return Header(picture.size, picture.mode, picture.format or "", picture.mode not in _GREY_MODES)


def examine(file: PictureFile) -> Looks:
    """Whether a picture holds colour or transparency, found in its pixels. Raises UnreadablePicture."""
    with _opened(file) as picture:
        picture = _loaded(picture, _EXAMINED_SIDE)
        transparent = picture.has_transparency_data and _least_alpha(picture) < 255
        small = _reduced(_flattened(picture, "#ffffff").convert("RGB"), _EXAMINED_SIDE // 3)
        pixels = np.asarray(small)
        spread = pixels.max(axis=2) - pixels.min(axis=2)
        return Looks(grey=int(spread.max()) <= _GREY_TOLERANCE, transparent=transparent)


@contextmanager
def _opened(file: PictureFile) -> Iterator[Image.Image]:
    try:
        with Image.open(file, formats=_formats()) as picture:
            _check_size(picture)
            with _turn_of(picture):
                yield picture
    except Exception as error:
        raise unreadable(error) from error


@functools.cache
def _formats() -> tuple[str, ...]:
    try:
        import pillow_heif  # pyright: ignore[reportMissingImports]  # an extra

        pillow_heif.register_heif_opener()
    except ImportError:
        pass
    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)


def _check_size(picture: Image.Image) -> None:
    limit = _SHRINKING_PIXEL_LIMIT if picture.format in _SHRINKING_FORMATS else _PIXEL_LIMIT
    if picture.width * picture.height > limit:
        raise UnreadablePicture(reasons.TOO_LARGE)


def _turn_of(picture: Image.Image) -> AbstractContextManager[object]:
    shrinks = picture.format in _SHRINKING_FORMATS
    return nullcontext() if shrinks or picture.width * picture.height < _BIG_PIXELS else _one_big_picture


def _loaded(picture: Image.Image, shorter_side: int) -> Image.Image:
    """With its pixels, upright, 8 bits a channel; JPEGs shrink to not less than `shorter_side`."""
    ratio = max(shorter_side, 1) / min(picture.size)
    if ratio < 1:
        picture.draft(None, (round(picture.width * ratio), round(picture.height * ratio)))
    picture.load()
    return to_eight_bits(_upright(picture))


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # broken EXIF takes many shapes, and the pixels are good without it
        return picture


def _flattened(picture: Image.Image, background: str) -> Image.Image:
    """Without transparency."""
    if not picture.has_transparency_data:
        return picture
    return Image.alpha_composite(Image.new("RGBA", picture.size, background), _with_alpha(picture)).convert("RGB")


def _least_alpha(picture: Image.Image) -> int:
    return int(np.asarray(_with_alpha(picture).getchannel("A")).min())


def _with_alpha(picture: Image.Image) -> Image.Image:
    # Premultiplied grey has no direct way to RGBA.
    return (picture.convert("LA") if picture.mode == "La" else picture).convert("RGBA")


def _reduced(picture: Image.Image, size: int) -> Image.Image:
    """Averaged over whole blocks as far as that loses nothing: much faster than resampling from full size."""
    factor = min(picture.size) // (3 * size)
    return picture.reduce(factor) if factor > 1 else picture


def _fitted(picture: Image.Image, target: Target) -> Image.Image:
    side = (target.size, target.size)
    if target.fit == "stretch" or picture.width == picture.height:
        return picture.resize(side, Image.Resampling.LANCZOS)
    if target.fit == "crop":
        return ImageOps.fit(picture, side, Image.Resampling.LANCZOS)
    scale = target.size / max(picture.size)
    # At least one pixel: a picture may be a thousand times as long as it is wide.
    inner = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    padded = Image.new(picture.mode, side, ImageColor.getcolor(target.background, picture.mode))
    padded.paste(
        picture.resize(inner, Image.Resampling.LANCZOS),
        ((target.size - inner[0]) // 2, (target.size - inner[1]) // 2),
    )
    return padded
