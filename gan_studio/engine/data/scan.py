"""Looks a folder or zip over before anything is trained: what is there, and what is left out and why.

Imports no torch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

import numpy as np

from gan_studio.engine.data import reasons
from gan_studio.engine.data.decode import Header, Looks, examine, read_header
from gan_studio.engine.data.layout import UNLABELLED, find_classes
from gan_studio.engine.data.names import display_name, natural_key
from gan_studio.engine.data.parallel import ordered_map
from gan_studio.engine.data.picture_files import PictureEntry, PictureFiles
from gan_studio.engine.data.reasons import UnreadablePicture, attempt
from gan_studio.engine.data.report import ScanReport
from gan_studio.engine.data.sources import Entry, PictureSource, Skipped, open_source
from gan_studio.engine.errors import DatasetError
from gan_studio.engine.progress import IsCancelled, Progress

T = TypeVar("T")

EXAMINED_PICTURES = 300
"""So many pictures are looked at pixel by pixel, spread evenly; the rest are read when they are decoded."""
_EXAMINED_PIXELS = 300_000_000


def scan(
    source: Path,
    second: Path | None = None,
    *,
    progress: Progress | None = None,
    examining: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> ScanReport:
    """Look at every file of a folder or zip, or of two as a pair, in several threads.

    `progress` counts the files whose headers are read, then `examining` those that are looked at pixel by pixel.

    The order of the files is natural and the same on every machine. Raises DatasetError for a source that is
    missing, unreadable, empty, damaged or without a usable picture; Cancelled.
    """
    with open_source(Path(source), second) as opened:
        listing = opened.listing(cancelled)
        if not listing.entries and not listing.skipped:
            raise DatasetError(f"{source} is empty.", "Choose a folder or zip with pictures in it.")
        entries = sorted(listing.entries, key=lambda entry: natural_key(entry.name))
        files, colourful, skipped = _read_headers(opened, entries, progress, cancelled)
        looks, unfit = _examine(opened, files, colourful, examining, cancelled)
    if unfit:
        bad = {skip.name for skip in unfit}
        files = files.chosen(np.array([n for n, name in enumerate(files.names) if name not in bad], np.int64))
    all_skipped = _sorted_skips([*listing.skipped, *skipped, *unfit])
    if not len(files):
        raise DatasetError(*_nothing_usable(source, all_skipped))
    return replace(_report(Path(source), files, all_skipped, looks), second=second)


def _read_headers(
    source: PictureSource, entries: Sequence[Entry], progress: Progress | None, cancelled: IsCancelled | None
) -> tuple[PictureFiles, np.ndarray, list[Skipped]]:
    """The pictures, bool `[N]` of those whose mode can hold colour, and what is none."""

    def work(entry: Entry) -> Header | UnreadablePicture:
        return attempt(source.peek, entry.name, read_header)

    colourful, skipped = bytearray(), []

    def pictures() -> Iterator[PictureEntry]:
        results = ordered_map(work, entries, progress=progress, cancelled=cancelled)
        for entry, result in zip(entries, results, strict=True):
            if isinstance(result, Header):
                colourful.append(result.may_hold_colour)
                yield PictureEntry(entry.name, UNLABELLED, entry.size_bytes, entry.stamp, result.size, result.mode)
            else:
                skipped.append(Skipped(entry.name, _plain_reason(entry.name, result.message)))

    files = PictureFiles(pictures())
    return files, np.frombuffer(colourful, np.bool_), skipped


def _examine(
    source: PictureSource,
    files: PictureFiles,
    colourful: np.ndarray,
    progress: Progress | None,
    cancelled: IsCancelled | None,
) -> tuple[dict[str, Looks], list[Skipped]]:
    """How a spread of the pictures looks, by name, and which of them turned out to be unreadable."""

    def work(name: str) -> Looks | UnreadablePicture:
        return attempt(source.open, name, examine)

    looks: dict[str, Looks] = {}
    unfit: list[Skipped] = []
    chosen = [files.names[number] for number in _chosen(files, colourful)]
    results = ordered_map(work, chosen, progress=progress, cancelled=cancelled)
    for name, result in zip(chosen, results, strict=True):
        if isinstance(result, Looks):
            looks[name] = result
        else:
            unfit.append(Skipped(name, result.message))
    return looks, unfit


def _chosen(files: PictureFiles, colourful: np.ndarray) -> list[int]:
    """Half of the examined ones from all pictures, half from those whose mode can hold colour."""
    numbers = list(range(len(files)))
    if len(files) > EXAMINED_PICTURES:
        half = EXAMINED_PICTURES // 2
        numbers = list(dict.fromkeys((*spread(numbers, half), *spread(np.flatnonzero(colourful).tolist(), half))))
    pixels = int(files.shapes[numbers].astype(np.int64).prod(axis=1).sum())
    return spread(numbers, max(16, int(len(numbers) * min(1, _EXAMINED_PIXELS / max(1, pixels)))))


def spread(items: Sequence[T], count: int) -> list[T]:
    """At most `count` of the items, evenly spread, in their order."""
    count = min(count, len(items))
    return [items[index * len(items) // count] for index in range(count)]


def _report(source: Path, files: PictureFiles, skipped: tuple[Skipped, ...], looks: Mapping[str, Looks]) -> ScanReport:
    classes, labels = find_classes(files.names)
    return ScanReport(
        source=source,
        files=files.labelled(labels),
        skipped=skipped,
        classes=tuple(display_name(name) for name in classes),
        sizes=Counter(map(tuple, files.shapes.tolist())),
        modes=Counter(files.modes),
        has_transparency=any(look.transparent for look in looks.values()),
        is_grey=bool(looks) and all(look.grey for look in looks.values()),
        looks=looks,
    )


def _plain_reason(name: str, reason: str) -> str:
    """A text file is not a damaged picture."""
    is_other_kind = PurePosixPath(name).suffix.lower() not in reasons.PICTURE_ENDINGS
    return reasons.NOT_A_PICTURE if reason == reasons.DAMAGED and is_other_kind else reason


def _sorted_skips(skipped: Sequence[Skipped]) -> tuple[Skipped, ...]:
    ordered = sorted(skipped, key=lambda skip: natural_key(skip.name))
    return tuple(Skipped(display_name(name), reason) for name, reason in ordered)


def _nothing_usable(source: Path, skipped: tuple[Skipped, ...]) -> tuple[str, str]:
    name, reason = skipped[0]
    files = "1 file was" if len(skipped) == 1 else f"{len(skipped)} files were"
    return (
        f"{source} holds no picture that can be read: {files} skipped, the first being {name} ({reason}).",
        "Choose a folder or zip with PNG, JPEG, WebP, BMP, GIF or TIFF pictures.",
    )
