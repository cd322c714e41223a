"""Keeps the decoded pictures on disk below a limit: those used longest ago go first, those in use never.

A process that uses a cache says so in a file inside it, with its id and when it began; the file of a process that is
gone counts for nothing. Imports no torch.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

CACHE_LIMIT_BYTES = 20 * 2**30
"""What the decoded pictures of all data sets may take together."""
_USER = "used-by-"
_OTHER_HOST_SECONDS = 7 * 24 * 3600
"""So long a mark of another computer counts that uses the same folder."""
_marked: set[Path] = set()


@dataclass(frozen=True)
class CacheUse:
    """What lies in the cache folder."""

    size_bytes: int
    in_use_bytes: int
    """Of caches that some process trains on now; they stay when the folder is emptied."""


def mark_used(cache: Path) -> None:
    """This process uses a cache from now on, until it ends. What cannot be marked is used all the same."""
    mark = cache / f"{_USER}{socket.gethostname()}-{os.getpid()}"
    with suppress(OSError):
        mark.write_text(str(psutil.Process().create_time()), encoding="utf-8")
        os.utime(cache)  # the time that "used longest ago" goes by
        _marked.add(mark)


def release(cache: Path) -> None:
    """This process uses a cache no longer."""
    mark = cache / f"{_USER}{socket.gethostname()}-{os.getpid()}"
    with suppress(OSError):
        mark.unlink(missing_ok=True)
    _marked.discard(mark)


def measure(home: Path) -> CacheUse:
    """How much room the caches take."""
    sizes = [(_size(cache), in_use(cache)) for cache in _caches(home)]
    return CacheUse(sum(size for size, _ in sizes), sum(size for size, used in sizes if used))


def prune(home: Path, limit_bytes: int = CACHE_LIMIT_BYTES, coming_bytes: int = 0) -> int:
    """Delete the caches used longest ago until the others and what is coming fit; returns the bytes that were freed."""
    found = sorted(((_used_at(cache), _size(cache), cache) for cache in _caches(home)), key=lambda one: one[0])
    excess, freed = sum(size for _, size, _ in found) + coming_bytes - limit_bytes, 0
    for _, size, cache in found:
        if freed >= excess:
            break
        if _delete(cache):
            freed += size
    return freed


def empty(home: Path) -> int:
    """Delete every cache that is not in use; returns the bytes that were freed."""
    return sum(size for size, cache in [(_size(cache), cache) for cache in _caches(home)] if _delete(cache))


def in_use(cache: Path) -> bool:
    """Whether a living process has marked it."""
    return any(_is_living(mark) for mark in cache.glob(_USER + "*"))


def _delete(cache: Path) -> bool:
    """Delete a cache unless it is in use; whether it is gone."""
    if in_use(cache):
        return False
    with suppress(OSError):
        # Renamed first: nobody must open what is half deleted. Where a file is held open this fails, and it stays.
        doomed = cache.with_name(f".unfinished-{cache.name}")
        cache.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
        return True
    return False


def _caches(home: Path) -> Iterable[Path]:
    with suppress(OSError):
        return [folder for folder in home.iterdir() if folder.is_dir() and (folder / "index.json").exists()]
    return []


def _size(cache: Path) -> int:
    with suppress(OSError):
        return sum(file.stat().st_size for file in cache.iterdir())
    return 0


def _used_at(cache: Path) -> float:
    with suppress(OSError):
        return cache.stat().st_mtime
    return 0.0


def _is_living(mark: Path) -> bool:
    host, _, pid = mark.name.removeprefix(_USER).rpartition("-")
    try:
        if host != socket.gethostname():
            return time.time() - mark.stat().st_mtime < _OTHER_HOST_SECONDS
        return abs(psutil.Process(int(pid)).create_time() - float(mark.read_text(encoding="utf-8"))) < 1
    except (OSError, ValueError, psutil.Error):
        return False


@atexit.register
def _remove_marks() -> None:
    for mark in _marked:
        with suppress(OSError):
            mark.unlink(missing_ok=True)
