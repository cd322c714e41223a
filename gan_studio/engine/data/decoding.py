"""Decodes every picture of a report, on all cores and in order, into whatever takes them. Imports no torch."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.decode import Target, decode
from gan_studio.engine.data.names import display_name
from gan_studio.engine.data.parallel import ordered_map
from gan_studio.engine.data.picture_files import PictureFiles
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.processes import mapped_in_processes
from gan_studio.engine.data.reasons import CHANGED, GONE, UnreadablePicture, attempt, unreadable
from gan_studio.engine.data.report import PictureEntry, ScanReport
from gan_studio.engine.data.sources import PictureSource, Skipped, open_source
from gan_studio.engine.data.whole_pictures import WholePictures
from gan_studio.engine.errors import DatasetError
from gan_studio.engine.progress import IsCancelled, Progress

log = logging.getLogger(__name__)
Decoded = np.ndarray | UnreadablePicture
MANY_FILES = 5_000
"""Starting processes takes as long as a thousand small pictures."""
SMALL_PIXELS = 256 * 256
"""Of larger pictures most time is spent in Pillow, where threads do not wait for one another."""


class PictureWriter(Protocol):
    """Takes pictures one after the other."""

    @property
    def done(self) -> int:
        """So many files of the report, from its beginning, are dealt with."""
        ...

    @property
    def kept(self) -> int:
        """So many of them are pictures."""
        ...

    def add(self, entry: PictureEntry, pixels: np.ndarray) -> None: ...

    def skip(self, entry: PictureEntry, problem: UnreadablePicture) -> None: ...


class MemoryWriter:
    """Keeps the pictures in memory."""

    def __init__(self, report: ScanReport, target: Target) -> None:
        self._report, self._target = report, target
        self._flat = np.empty(bytes_needed(report, target), np.uint8)
        self._filled = 0
        self._sizes: list[tuple[int, int]] = []
        self._entries: list[PictureEntry] = []
        self._skipped: list[Skipped] = []

    @property
    def done(self) -> int:
        return len(self._entries) + len(self._skipped)

    @property
    def kept(self) -> int:
        return len(self._entries)

    def add(self, entry: PictureEntry, pixels: np.ndarray) -> None:
        self._flat[self._filled : self._filled + pixels.size] = pixels.ravel()
        self._filled += pixels.size
        self._sizes.append((pixels.shape[0], pixels.shape[1]))
        self._entries.append(entry)

    def skip(self, entry: PictureEntry, problem: UnreadablePicture) -> None:
        self._skipped.append(Skipped(display_name(entry.name), problem.message))

    def finish(self, notice: str) -> PictureSet:
        target, (pixels, whole) = self._target, self._joined()
        return PictureSet(
            pixels=pixels,
            whole=whole,
            labels=np.array([entry.label for entry in self._entries], np.int64),
            names=tuple(display_name(entry.name) for entry in self._entries),
            classes=self._report.classes,
            spec=PictureSpec(size=target.size, channels=target.channels, classes=self._report.classes),
            skipped=(*self._report.skipped, *self._skipped),
            notices=(notice,),
        )

    def _joined(self) -> tuple[np.ndarray, WholePictures | None]:
        target, flat = self._target, self._flat[: self._filled]
        flat.flags.writeable = False
        count, whole = len(self._entries), None
        if target.fit == "whole":
            count, whole, flat = 0, WholePictures(flat, self._sizes, target.channels, target.size), flat[:0]
        return flat.reshape(count, target.size, target.size, target.channels), whole


def bytes_needed(report: ScanReport, target: Target) -> int:
    """What the decoded pictures take, at most."""
    if target.fit == "whole":
        return sum(width * height for width, height in report.sizes.elements()) * target.channels
    return len(report.files) * target.size**2 * target.channels


def decode_all(
    report: ScanReport,
    target: Target,
    writer: PictureWriter,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> tuple[str, ...]:
    """Hand every picture, or its reason, to the writer; returns what the user should know.

    A file that is another one than was scanned counts as unreadable: under the key of the old one nobody would expect
    it. Raises DatasetError where none can be read; Cancelled.
    """
    reasons: Counter[str] = Counter()
    files = report.files[writer.done :]
    # Closed here, so that nobody goes on once the writer failed.
    with closing(_decoded(report, target, writer.done, progress, cancelled)) as results:
        for entry, result in zip(files, results, strict=True):
            if isinstance(result, UnreadablePicture):
                reasons[result.message] += 1
                writer.skip(entry, result)
            else:
                writer.add(entry, result)
    if not writer.kept:
        reason, count = reasons.most_common(1)[0]
        raise DatasetError(
            f"None of the {len(report.files)} pictures in {report.source} can be decoded; {count} of them: {reason}.",
            "Check that the folder is still there, and look at it again.",
        )
    return _notices(reasons)


def _decoded(
    report: ScanReport, target: Target, done: int, progress: Progress | None, cancelled: IsCancelled | None
) -> Generator[Decoded, None, None]:
    """What becomes of each file from number `done` on; in processes where they pay."""
    files = report.files[done:]
    if _are_many_and_small(files):
        begin, told = partial(_decoder, report.source, report.second, target), _counted_from(done, progress)
        try:
            with closing(mapped_in_processes(begin, files, progress=told, cancelled=cancelled)) as results:
                for result in results:
                    yield result
                    done += 1
            return
        except (OSError, EOFError) as error:
            log.warning("Processes for decoding gave up; threads go on at picture %d. %r", done, error)
    with open_source(report.source, report.second) as source:
        work, told = partial(_decode_one, source, target), _counted_from(done, progress)
        yield from ordered_map(work, report.files[done:], progress=told, cancelled=cancelled)


def _are_many_and_small(files: PictureFiles) -> bool:
    if len(files) < MANY_FILES or os.cpu_count() == 1:
        return False
    return float(files.shapes.astype(np.int64).prod(axis=1).mean()) <= SMALL_PIXELS


def _decoder(path: Path, second: Path | None, target: Target) -> Callable[[PictureEntry], Decoded]:
    """For a process of its own, whose end closes the source."""
    return partial(_decode_one, open_source(path, second), target)


def _decode_one(source: PictureSource, target: Target, entry: PictureEntry) -> Decoded:
    result = attempt(source.open, entry.name, lambda file: decode(file, target))
    return result if isinstance(result, UnreadablePicture) else _unless_changed(source, entry, result)


def _counted_from(before: int, progress: Progress | None) -> Progress | None:
    """Files that were dealt with before count too."""
    return None if progress is None else lambda done, total: progress(before + done, before + total)


def _unless_changed(source: PictureSource, entry: PictureEntry, pixels: np.ndarray) -> Decoded:
    """Looked at after the pixels were read, so that a change meanwhile is seen too."""
    try:
        now = source.now(entry.name)
    except OSError as error:
        return unreadable(error)
    same = (now.size_bytes, now.stamp) == (entry.size_bytes, entry.stamp)
    return pixels if same else UnreadablePicture(CHANGED, passing=True)


def _notices(reasons: Counter[str]) -> tuple[str, ...]:
    count = reasons[CHANGED] + reasons[GONE]
    if not count:
        return ()
    who = "1 file was" if count == 1 else f"{count:,} files were"
    return (f"{who} changed or removed after the pictures were looked at, and left out. Open the pictures again.",)
