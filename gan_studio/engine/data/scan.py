"""Looks a folder or zip over before anything is trained: what is there, and what is left out and why.

Imports no torch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

from gan_studio.engine.data import reasons
from gan_studio.engine.data.decode import Header, Looks, examine, read_header
from gan_studio.engine.data.layout import find_classes
from gan_studio.engine.data.names import display_name, natural_key
from gan_studio.engine.data.parallel import IsCancelled, Progress, ordered_map
from gan_studio.engine.data.reasons import UnreadablePicture, attempt
from gan_studio.engine.data.report import PictureEntry, ScanReport
from gan_studio.engine.data.sources import Entry, PictureSource, Skipped, open_source
from gan_studio.engine.errors import DatasetError

T = TypeVar("T")

EXAMINED_PICTURES = 300
"""So many pictures are looked at pixel by pixel, spread evenly; the rest are read when they are decoded."""
_EXAMINED_PIXELS = 300_000_000


@dataclass(frozen=True)
class _Found:
    entry: Entry
    header: Header


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
        found, skipped = _read_headers(opened, entries, progress, cancelled)
        looks, unfit = _examine(opened, found, examining, cancelled)
    bad = {skip.name for skip in unfit}
    found = [one for one in found if one.entry.name not in bad]
    all_skipped = _sorted_skips([*listing.skipped, *skipped, *unfit])
    if not found:
        raise DatasetError(*_nothing_usable(source, all_skipped))
    return replace(_report(Path(source), found, all_skipped, looks), second=second)


def _read_headers(
    source: PictureSource, entries: Sequence[Entry], progress: Progress | None, cancelled: IsCancelled | None
) -> tuple[list[_Found], list[Skipped]]:
    def work(entry: Entry) -> Header | UnreadablePicture:
        return attempt(source.peek, entry.name, read_header)

    found, skipped = [], []
    results = ordered_map(work, entries, progress=progress, cancelled=cancelled)
    for entry, result in zip(entries, results, strict=True):
        if isinstance(result, Header):
            found.append(_Found(entry, result))
        else:
            skipped.append(Skipped(entry.name, _plain_reason(entry.name, result.message)))
    return found, skipped


def _examine(
    source: PictureSource, found: Sequence[_Found], progress: Progress | None, cancelled: IsCancelled | None
) -> tuple[dict[str, Looks], list[Skipped]]:
    """How a spread of the pictures looks, by name, and which of them turned out to be unreadable."""

    def work(one: _Found) -> Looks | UnreadablePicture:
        return attempt(source.open, one.entry.name, examine)

    looks: dict[str, Looks] = {}
    unfit: list[Skipped] = []
    chosen = _chosen(found)
    results = ordered_map(work, chosen, progress=progress, cancelled=cancelled)
    for one, result in zip(chosen, results, strict=True):
        if isinstance(result, Looks):
            looks[one.entry.name] = result
        else:
            unfit.append(Skipped(one.entry.name, result.message))
    return looks, unfit


def _chosen(found: Sequence[_Found]) -> list[_Found]:
    """Half of the examined ones from all pictures, half from those whose mode can hold colour."""
    if len(found) > EXAMINED_PICTURES:
        colour = [one for one in found if one.header.may_hold_colour]
        half = EXAMINED_PICTURES // 2
        chosen = {one.entry.name: one for one in (*spread(found, half), *spread(colour, half))}
        found = list(chosen.values())
    pixels = sum(one.header.size[0] * one.header.size[1] for one in found)
    return spread(found, max(16, int(len(found) * min(1, _EXAMINED_PIXELS / max(1, pixels)))))


def spread(items: Sequence[T], count: int) -> list[T]:
    """At most `count` of the items, evenly spread, in their order."""
    count = min(count, len(items))
    return [items[index * len(items) // count] for index in range(count)]


def _report(
    source: Path, found: Sequence[_Found], skipped: tuple[Skipped, ...], looks: Mapping[str, Looks]
) -> ScanReport:
    classes, labels = find_classes([one.entry.name for one in found])
    return ScanReport(
        source=source,
        files=tuple(
            PictureEntry(one.entry.name, label, one.entry.size_bytes, one.entry.stamp, one.header.size, one.header.mode)
            for one, label in zip(found, labels, strict=True)
        ),
        skipped=skipped,
        classes=tuple(display_name(name) for name in classes),
        sizes=Counter(one.header.size for one in found),
        modes=Counter(one.header.mode for one in found),
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
