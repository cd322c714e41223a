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
from gan_studio.engine.data.names import display_name
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.reasons import UnreadablePicture
from gan_studio.engine.data.report import PictureEntry, ScanReport
from gan_studio.engine.data.sources import Skipped

_PIXELS, _INDEX = "pixels.bin", "index.json"
_LEFTOVER_SECONDS = 24 * 3600


class CacheWriter:
    """Writes a cache into a temporary folder and moves it into place.

    Pixels go through an ordinary file, not through a memory map: a full disk is then an error and not a crash.
    """

    PREFIX = ".unfinished-"

    def __init__(self, folder: Path, report: ScanReport, spec: PictureSpec) -> None:
        self._folder, self._report, self._spec = folder, report, spec
        self._kept: list[int] = []
        self._skipped: list[Skipped] = []
        self._complete = True
        self._numbers = {entry.name: number for number, entry in enumerate(report.files)}
        self._file = (folder / _PIXELS).open("wb")

    def add(self, entry: PictureEntry, pixels: np.ndarray) -> None:
        self._file.write(pixels.tobytes())
        self._kept.append(self._numbers[entry.name])

    def skip(self, entry: PictureEntry, problem: UnreadablePicture) -> None:
        self._skipped.append(Skipped(display_name(entry.name), problem.message))
        self._complete = self._complete and not problem.passing

    def finish(self, final: Path) -> Path:
        """Flush and rename; returns where the cache lies: at `final`, unless that place is in use."""
        _sync_and_close(self._file)
        index = {
            "shape": [len(self._kept), self._spec.size, self._spec.size, self._spec.channels],
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
        return open_cache(folder, self._report, self._spec) is not None


def open_cache(
    folder: Path, report: ScanReport, spec: PictureSpec, *, also_incomplete: bool = False
) -> PictureSet | None:
    """Map a cache into memory; None where there is none, or it is damaged or incomplete."""
    try:
        index = json.loads((folder / _INDEX).read_bytes())
        if not (index["complete"] or also_incomplete):
            return None
        return _picture_set(folder, index, report, spec)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _picture_set(folder: Path, index: dict[str, Any], report: ScanReport, spec: PictureSpec) -> PictureSet:
    entries = [report.files[number] for number in index["kept"]]
    shape = (len(entries), spec.size, spec.size, spec.channels)
    if list(shape) != index["shape"] or (folder / _PIXELS).stat().st_size != np.prod(shape):
        raise ValueError("the index does not match the pixels")
    return PictureSet(
        pixels=np.memmap(folder / _PIXELS, np.uint8, mode="r", shape=shape),
        labels=np.array([entry.label for entry in entries], np.int64),
        names=tuple(display_name(entry.name) for entry in entries),
        classes=report.classes,
        spec=spec,
        skipped=(*report.skipped, *(Skipped(str(name), str(reason)) for name, reason in index["skipped"])),
    )


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
