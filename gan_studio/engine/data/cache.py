"""Pictures are decoded once, into one array on disk; the next start maps it into memory. Imports no torch.

A cache is a folder `<name>-<key>` with `pixels.bin`, `entries.bin` and `index.json`. It is written under a temporary
name and renamed when whole, so that a crash leaves no half cache and two processes may build the same one; what was
decoded before an interruption is kept for the next time (`cache_progress`). The key covers the source, each file's
name, size and time (a zip: its checksums, so that a moved zip is known again) and the settings that matter.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from gan_studio.engine import folders
from gan_studio.engine.config import DataSettings
from gan_studio.engine.data.cache_files import CacheWriter, open_cache, remove_old_leftovers
from gan_studio.engine.data.cache_upkeep import mark_used, prune
from gan_studio.engine.data.decode import Target
from gan_studio.engine.data.decoding import MemoryWriter, bytes_needed, decode_all
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.report import ScanReport
from gan_studio.engine.data.sources import open_source
from gan_studio.engine.errors import DatasetError
from gan_studio.engine.progress import IsCancelled, Progress

MEMORY_LIMIT_BYTES = 2**30
"""Where no cache can be written, sets up to this size are kept in memory instead."""

_DECODER_VERSION = 1
"""Part of every key: raise it when pictures come out different than before."""
_SPARE_BYTES = 64 * 2**20


def load_pictures(
    report: ScanReport,
    settings: DataSettings,
    *,
    crops: bool = False,
    cache_folder: Path | None = None,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> PictureSet:
    """The pictures of a report, decoded as the settings say: at once where they were decoded before.

    With `crops` they keep their own size, and those that are smaller than the setting's are left out.

    A set of at most `MEMORY_LIMIT_BYTES` is held in memory, with a notice, where the cache folder cannot be written or
    the disk is full. Raises DatasetError where a larger one finds no room, or no picture can be decoded; Cancelled.
    """
    home = folders.cache_folder() if cache_folder is None else Path(cache_folder)
    spec = report.picture_spec(settings)
    target = Target(spec.size, spec.channels, "whole" if crops else settings.fit, settings.background.lower())
    final = home / _cache_name(report, target)
    known = open_cache(final, report, target)
    if known is not None:
        mark_used(final)
        return known

    notices: list[str] = []

    def decode(writer: CacheWriter | MemoryWriter) -> None:
        notices[:] = decode_all(report, target, writer, progress, cancelled)

    try:
        pictures = _decode_to_disk(final, report, target, decode)
    except OSError as error:
        pictures = _decode_to_memory(home, error, report, target, decode)
    return replace(pictures, notices=(*pictures.notices, *notices))


def _decode_to_disk(
    final: Path, report: ScanReport, target: Target, decode: Callable[[CacheWriter], None]
) -> PictureSet:
    home = final.parent
    home.mkdir(parents=True, exist_ok=True)
    remove_old_leftovers(home)
    prune(home, coming_bytes=bytes_needed(report, target))
    if shutil.disk_usage(home).free < bytes_needed(report, target) + _SPARE_BYTES:
        raise OSError(f"the disk of {home} is full")
    writer = CacheWriter(final, report, target)
    try:
        decode(writer)
        written = writer.finish()
    except (OSError, DatasetError):
        writer.discard()
        raise
    except BaseException:  # called off, or the program ends: the next time goes on from here
        writer.suspend()
        raise
    pictures = open_cache(written, report, target, also_incomplete=True)
    if pictures is None:
        raise OSError(f"{written} cannot be read back")
    mark_used(written)
    return pictures


def _decode_to_memory(
    home: Path, error: OSError, report: ScanReport, target: Target, decode: Callable[[MemoryWriter], None]
) -> PictureSet:
    needed = bytes_needed(report, target)
    if needed > MEMORY_LIMIT_BYTES:
        raise DatasetError(
            f"The decoded pictures need {needed / 2**30:.1f} GiB, and {home} cannot hold them: {error}.",
            f"Make room there, or set {folders.HOME_VARIABLE} to a folder on a larger disk.",
        ) from error
    writer = MemoryWriter(report, target)
    decode(writer)
    return writer.finish(f"The decoded pictures are kept in memory: {home} cannot hold them ({error}).")


def _cache_name(report: ScanReport, target: Target) -> str:
    digest = hashlib.blake2b(digest_size=16)
    with open_source(report.source, report.second) as source:
        identity = source.identity
    for part in (_DECODER_VERSION, identity, target, report.classes, report.files.digest()):
        digest.update(json.dumps(str(part)).encode())
    readable = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in report.source.stem)
    return f"{readable[:40]}-{digest.hexdigest()}"
