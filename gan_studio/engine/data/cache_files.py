"""The files of one cache: written whole or not at all, opened by memory map. Imports no torch."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.cache_progress import LEFT_OUT, PIXELS, Progress, pixel_bytes, read_shapes
from gan_studio.engine.data.cache_upkeep import in_use, mark_used, release
from gan_studio.engine.data.decode import Target
from gan_studio.engine.data.names import display_name
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.reasons import UnreadablePicture
from gan_studio.engine.data.report import PictureEntry, ScanReport
from gan_studio.engine.data.sources import Skipped
from gan_studio.engine.data.whole_pictures import WholePictures

_INDEX = "index.json"
_LEFTOVER_SECONDS = 3 * 24 * 3600


class CacheWriter:
    """Writes a cache into a folder of its own and moves it into place.

    What an interruption left behind is gone on with, unless a living process works on it. Pixels go through an ordinary
    file, not through a memory map: a full disk is then an error and not a crash.
    """

    PREFIX = ".unfinished-"

    def __init__(self, final: Path, report: ScanReport, target: Target) -> None:
        """`final` is where the cache is to lie. Raises OSError."""
        self._final, self._report, self._target = final, report, target
        self._folder = _claimed(final) or _new_folder(final)
        try:
            self._progress = Progress(self._folder, target.channels)
        except OSError:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    @property
    def done(self) -> int:
        """So many files of the report, from its beginning, are dealt with."""
        return self._progress.done

    @property
    def kept(self) -> int:
        """So many of them are pictures."""
        return self._progress.kept

    def add(self, entry: PictureEntry, pixels: np.ndarray) -> None:
        self._progress.add(pixels)

    def skip(self, entry: PictureEntry, problem: UnreadablePicture) -> None:
        self._progress.leave_out(display_name(entry.name), problem.message, problem.passing)

    def finish(self) -> Path:
        """Flush and rename; returns where the cache lies: at its place, unless that is in use."""
        progress = self._progress
        progress.save()
        progress.close()
        index = {
            "shape": list(_shape(progress.kept, self._target)),
            "left_out": [[name, reason] for _, name, reason, _ in progress.left_out],
            "complete": not any(passing for *_, passing in progress.left_out),
        }
        with (self._folder / _INDEX).open("wb") as file:
            file.write(json.dumps(index).encode())
            file.flush()
            os.fsync(file.fileno())
        (self._folder / LEFT_OUT).unlink()
        return self._move_to(self._final)

    def suspend(self) -> None:
        """Leave what there is to whoever makes this cache next."""
        try:
            self._progress.save()
        except OSError:
            self.discard()
            return
        self._progress.close()
        if self.kept:
            release(self._folder)
        else:
            shutil.rmtree(self._folder, ignore_errors=True)

    def discard(self) -> None:
        """Remove everything written so far."""
        with suppress(OSError):
            self._progress.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _move_to(self, final: Path) -> Path:
        if final.exists() and not self._is_whole(final):
            shutil.rmtree(final, ignore_errors=True)
        try:
            self._folder.rename(final)
        except OSError:
            # Somebody else was first, or a damaged one is held open and cannot go.
            if not self._is_whole(final):
                return self._folder
            self.discard()
        return final

    def _is_whole(self, folder: Path) -> bool:
        return open_cache(folder, self._report, self._target) is not None


def open_cache(folder: Path, report: ScanReport, target: Target, *, also_incomplete: bool = False) -> PictureSet | None:
    """Map a cache into memory; None where there is none, or it is damaged or incomplete."""
    try:
        index = json.loads((folder / _INDEX).read_bytes())
        if not (index["complete"] or also_incomplete):
            return None
        return _picture_set(folder, index, report, target)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _picture_set(folder: Path, index: dict[str, Any], report: ScanReport, target: Target) -> PictureSet:
    shapes = read_shapes(folder)
    kept = np.flatnonzero(shapes[:, 0])
    if list(_shape(len(kept), target)) != index["shape"] or len(shapes) != len(report.files):
        raise ValueError("the index does not match the pixels")
    files = report.files if len(kept) == len(shapes) else report.files.chosen(kept)
    pixels, whole = _map(folder / PIXELS, shapes[kept], target)
    return PictureSet(
        pixels=pixels,
        whole=whole,
        labels=files.labels.astype(np.int64),
        names=tuple(map(display_name, files.names)),
        classes=report.classes,
        spec=PictureSpec(size=target.size, channels=target.channels, classes=report.classes),
        skipped=(*report.skipped, *(Skipped(str(name), str(reason)) for name, reason in index["left_out"])),
    )


def _map(path: Path, shapes: np.ndarray, target: Target) -> tuple[np.ndarray, WholePictures | None]:
    if path.stat().st_size != pixel_bytes(shapes, target.channels):
        raise ValueError("the shapes do not match the pixels")
    if target.fit == "whole":
        flat = np.memmap(path, np.uint8, mode="r").view(np.ndarray)
        sizes = [(height, width) for height, width in shapes.tolist()]
        return np.empty(_shape(0, target), np.uint8), WholePictures(flat, sizes, target.channels, target.size)
    return np.memmap(path, np.uint8, mode="r", shape=_shape(len(shapes), target)), None


def _shape(count: int, target: Target) -> tuple[int, int, int, int]:
    return count, target.size, target.size, target.channels


def remove_old_leftovers(home: Path) -> None:
    """Remove what interruptions left behind and nobody went on with."""
    for folder in home.glob(CacheWriter.PREFIX + "*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _LEFTOVER_SECONDS and not in_use(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _claimed(final: Path) -> Path | None:
    """What was left of the making of this cache, under a name that only this writer knows; None where nothing was."""
    for left in sorted(final.parent.glob(f"{CacheWriter.PREFIX}{final.name}-*")):
        if not in_use(left):
            mine = left.with_name(_name_of_own(final))
            with suppress(OSError):  # somebody else was quicker
                left.rename(mine)
                mark_used(mine)
                return mine
    return None


def _new_folder(final: Path) -> Path:
    # Marked before it has the name by which others look for it
    made = Path(tempfile.mkdtemp(prefix=f"{CacheWriter.PREFIX}new-", dir=final.parent))
    mark_used(made)
    return made.rename(made.with_name(_name_of_own(final)))


def _name_of_own(final: Path) -> str:
    return f"{CacheWriter.PREFIX}{final.name}-{uuid.uuid4().hex[:12]}"
