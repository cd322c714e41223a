"""The files of one cache: written whole or not at all, opened by memory map. Imports no torch."""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.decode import Target
from gan_studio.engine.data.names import display_name
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.reasons import UnreadablePicture
from gan_studio.engine.data.report import PictureEntry, ScanReport
from gan_studio.engine.data.sources import Skipped
from gan_studio.engine.data.whole_pictures import WholePictures

_PIXELS, _INDEX = "pixels.bin", "index.json"
_LEFTOVER_SECONDS = 24 * 3600


class CacheWriter:
    """Writes a cache into a temporary folder and moves it into place.

    Pixels go through an ordinary file, not through a memory map: a full disk is then an error and not a crash.
    """

    PREFIX = ".unfinished-"

    def __init__(self, folder: Path, report: ScanReport, target: Target) -> None:
        self._folder, self._report, self._target = folder, report, target
        self._kept: list[int] = []
        self._sizes: list[tuple[int, ...]] = []
        self._skipped: list[Skipped] = []
        self._complete = True
        self._numbers = {entry.name: number for number, entry in enumerate(report.files)}
        self._file = (folder / _PIXELS).open("wb")

    def add(self, entry: PictureEntry, pixels: np.ndarray) -> None:
        self._file.write(pixels.tobytes())
        self._kept.append(self._numbers[entry.name])
        self._sizes.append(pixels.shape[:2])

    def skip(self, entry: PictureEntry, problem: UnreadablePicture) -> None:
        self._skipped.append(Skipped(display_name(entry.name), problem.message))
        self._complete = self._complete and not problem.passing

    def finish(self, final: Path) -> Path:
        """Flush and rename; returns where the cache lies: at `final`, unless that place is in use."""
        _sync_and_close(self._file)
        index = {
            "shape": list(_shape(len(self._kept), self._target)),
            "sizes": self._sizes if self._target.fit == "whole" else [],
            "kept": self._kept,
            "skipped": self._skipped,
            "complete": self._complete,
        }
        with (self._folder / _INDEX).open("wb") as file:
            file.write(json.dumps(index).encode())
            _sync_and_close(file)
        return self._move_to(final)

    def discard(self) -> None:
        """Remove everything written so far."""
        with suppress(OSError):
            self._file.close()
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
    entries = [report.files[number] for number in index["kept"]]
    if list(_shape(len(entries), target)) != index["shape"]:
        raise ValueError("the index does not match the pixels")
    pixels, whole = _map(folder / _PIXELS, index, target)
    return PictureSet(
        pixels=pixels,
        whole=whole,
        labels=np.array([entry.label for entry in entries], np.int64),
        names=tuple(display_name(entry.name) for entry in entries),
        classes=report.classes,
        spec=PictureSpec(size=target.size, channels=target.channels, classes=report.classes),
        skipped=(*report.skipped, *(Skipped(str(name), str(reason)) for name, reason in index["skipped"])),
    )


def _map(path: Path, index: dict[str, Any], target: Target) -> tuple[np.ndarray, WholePictures | None]:
    if target.fit == "whole":
        sizes = [(int(height), int(width)) for height, width in index["sizes"]]
        flat = np.memmap(path, np.uint8, mode="r").view(np.ndarray)
        return np.empty(_shape(0, target), np.uint8), WholePictures(flat, sizes, target.channels, target.size)
    shape = _shape(len(index["kept"]), target)
    if path.stat().st_size != np.prod(shape):
        raise ValueError("the index does not match the pixels")
    return np.memmap(path, np.uint8, mode="r", shape=shape), None


def _shape(count: int, target: Target) -> tuple[int, int, int, int]:
    return count, target.size, target.size, target.channels


def remove_old_leftovers(home: Path) -> None:
    """Remove what crashes left behind; younger ones may belong to another process."""
    for folder in home.glob(CacheWriter.PREFIX + "*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _LEFTOVER_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _sync_and_close(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
