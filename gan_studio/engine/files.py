"""Writing files so that an interruption leaves the old one or the new one, never half of one. Imports no torch."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gan_studio.engine.errors import RunError


@contextmanager
def atomic_write(path: Path, durable: bool = True) -> Iterator[IO[bytes]]:
    """Yield a binary file that takes the place of `path` when the block ends without an error.

    The bytes are flushed to the disk before the rename, unless nobody minds what a power cut makes of them (not
    `durable`). Raises RunError when the disk is full or not writable; the file that was there before is then untouched.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.replace(path)
        if durable:
            _flush_folder(path.parent)
    except OSError as error:
        raise write_error(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def read_small(path: Path, most_bytes: int) -> bytes:
    """A small file that anybody may have put there: no link and no pipe is followed, and no more is read than fits.

    Raises OSError, also for what is no plain file or larger than `most_bytes`.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a plain file")
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(errno.EFBIG, f"more than {most_bytes} bytes")
    return content


def make_folder(path: Path) -> None:
    """Make a folder and those around it, unless it is there. Raises RunError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(path, error) from error


def write_error(path: Path, error: OSError) -> RunError:
    """An operating system's refusal to write, in words."""
    reason = error.strerror or str(error)
    return RunError(f"Could not write {path}: {reason}.", "Free some space or choose a folder you may write to.")


def _flush_folder(folder: Path) -> None:
    """Make a rename outlive a power cut, where the system can do that."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
