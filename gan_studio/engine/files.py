"""Writing files so that an interruption leaves the old one or the new one, never half of one. Imports no torch."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
        # A killed process may have left one, and somebody else may have laid a link there: neither is written to
        temporary.unlink(missing_ok=True)
        with temporary.open("xb") as file:
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
        with suppress(OSError):  # a disk that became read-only refuses this too
            temporary.unlink(missing_ok=True)


def plain_file(path: str | Path, flags: int) -> int:
    """An opener for `open`: follows no link at the end of the path and waits for no pipe. Raises OSError for these."""
    extra = [getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")]
    descriptor = os.open(path, flags | extra[0] | extra[1] | extra[2], 0o666)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a plain file", str(path))
    return descriptor


def open_plain(path: Path) -> IO[bytes]:
    """Open a file for reading that anybody may have put there. Raises OSError for links, pipes and folders."""
    return open(path, "rb", opener=plain_file)


def read_small(path: Path, most_bytes: int) -> bytes:
    """A small file that anybody may have put there: no link and no pipe is followed, and no more is read than fits.

    Raises OSError, also for what is no plain file or larger than `most_bytes`.
    """
    with open_plain(path) as file:
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
