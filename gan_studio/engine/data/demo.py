"""The demonstration pictures: drawn by the program, with known factors, one folder for each kind. Imports no torch."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np

from gan_studio.engine.data.demo_render import BACKGROUNDS, COLOURS, Factors, render
from gan_studio.engine.data.demo_shapes import SHAPES
from gan_studio.engine.data.mixing import mix
from gan_studio.engine.data.parallel import ordered_map
from gan_studio.engine.errors import DatasetError
from gan_studio.engine.progress import IsCancelled, Progress

FACTORS_FILE = "factors.csv"
_STREAM = 0x44454D4F


def draw_demo(
    folder: Path,
    count: int = 4000,
    size: int = 64,
    seed: int = 0,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> Path:
    """Draw `count` colour PNGs of `size` × `size` pixels into class folders; returns `folder`.

    `factors.csv` in it says what is on each: kind, colour, background, size, angle, mirrored, shift. The folder
    appears when it is whole; one that is there and whole is left as it is. Raises DatasetError where the folder holds
    something else or cannot be written; Cancelled.
    """
    folder = Path(folder)
    if _is_whole(folder, count):
        return folder
    try:
        _check_ours(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".drawing-", dir=folder.parent, ignore_cleanup_errors=True) as name:
            drawn = Path(name) / folder.name
            _draw_all(drawn, factors(count, seed), size, progress, cancelled)
            _put_in_place(drawn, folder, count)
    except OSError as error:
        raise DatasetError(
            f"The demonstration pictures cannot be drawn into {folder}: {error.strerror or error}.",
            "Choose another folder, or make room.",
        ) from error
    return folder


def factors(count: int, seed: int = 0) -> list[Factors]:
    """What is on each picture. Kinds take turns, so that all are equally many; everything else is drawn at random."""
    bits = mix(seed, _STREAM, counter=np.arange(count * 7)).reshape(count, 7)
    unit = (bits >> np.uint64(11)) / 2.0**53
    kinds, colours, backgrounds = tuple(SHAPES), tuple(COLOURS), tuple(BACKGROUNDS)
    return [
        Factors(
            kind=kinds[number % len(kinds)],
            colour=colours[int(row[0] * len(colours))],
            background=backgrounds[int(row[1] * len(backgrounds))],
            size=round(0.74 + 0.26 * row[2], 4),
            angle=round(-14 + 28 * row[3], 3),
            mirrored=bool(row[4] < 0.5),
            shift_x=round(-0.04 + 0.08 * row[5], 4),
            shift_y=round(-0.03 + 0.06 * row[6], 4),
        )
        for number, row in enumerate(unit)
    ]


def _draw_all(
    folder: Path, drawn: Sequence[Factors], size: int, progress: Progress | None, cancelled: IsCancelled | None
) -> None:
    for kind in SHAPES:
        (folder / kind).mkdir(parents=True)
    names = [f"{one.kind}/{number // len(SHAPES):05d}.png" for number, one in enumerate(drawn)]

    def work(number: int) -> None:
        # The lowest compression: the files are small anyway, and this is most of the time otherwise.
        render(drawn[number], size).save(folder / names[number], compress_level=1)

    for _ in ordered_map(work, range(len(drawn)), progress=progress, cancelled=cancelled):
        pass
    with (folder / FACTORS_FILE).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["file", *(field.name for field in fields(Factors))])
        table.writerows([name, *asdict(one).values()] for name, one in zip(names, drawn, strict=True))


def _is_whole(folder: Path, count: int) -> bool:
    with suppress(OSError):
        rows = (folder / FACTORS_FILE).read_bytes().count(b"\n") - 1
        return rows == count and sum(1 for _ in folder.glob("*/*.png")) == count
    return False


def _check_ours(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / FACTORS_FILE).exists():
        raise DatasetError(f"{folder} holds other files.", "Choose an empty folder for the demonstration pictures.")


def _put_in_place(drawn: Path, folder: Path, count: int) -> None:
    with suppress(FileNotFoundError):
        folder.rename(drawn.with_name("before"))
    try:
        drawn.rename(folder)
    except OSError:
        # Somebody else drew them in the meantime.
        if not _is_whole(folder, count):
            raise
    shutil.rmtree(drawn.with_name("before"), ignore_errors=True)
