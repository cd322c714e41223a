"""Small picture folders and zips for tests of the data."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.pictures import PictureSet


def write_picture(path: Path, colour: tuple[int, int, int] = (200, 30, 40), size: tuple[int, int] = (20, 20)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


def write_folder(folder: Path, count: int = 12, classes: tuple[str, ...] = ()) -> Path:
    """`count` pictures of different colours, dealt out over class folders where some are named."""
    for number in range(count):
        place = folder / classes[number % len(classes)] if classes else folder
        write_picture(place / f"{number}.png", (number * 17 % 256, 255 - number % 256, number * 5 % 256))
    return folder


def zip_of(folder: Path, target: Path, *, wrapped: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, Path(wrapped) / path.relative_to(folder))
    return target


def numbered_set(count: int, side: int = 4, channels: int = 3) -> PictureSet:
    """A set whose picture number n is labelled n and brightest on its left side."""
    pixels = np.zeros((count, side, side, channels), np.uint8)
    pixels[:, :, 0] = 255
    pixels[:, :, 1:] = (np.arange(count) % 200).astype(np.uint8)[:, None, None, None]
    return PictureSet(
        pixels=pixels,
        labels=np.arange(count, dtype=np.int64),
        names=tuple(f"{number}.png" for number in range(count)),
        classes=tuple(str(number) for number in range(count)),
        spec=PictureSpec(size=side, channels=3 if channels == 3 else 1),
        skipped=(),
    )
