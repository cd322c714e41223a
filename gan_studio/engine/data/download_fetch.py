"""Fetches files over HTTP: checked by MD5, going on where a connection broke, called off at once. Imports no torch."""

from __future__ import annotations

import errno
import hashlib
import http.client
import shutil
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from gan_studio.engine.errors import Cancelled, DatasetError
from gan_studio.engine.progress import IsCancelled, Progress, check

TIMEOUT_SECONDS = 8.0
"""Of silence; then the connection counts as broken. Shorter than the window waits for a job when it closes."""
ATTEMPTS = 3
_CHUNK_BYTES = 64 * 1024
_SPARE_BYTES = 64 * 2**20


@dataclass(frozen=True)
class RemoteFile:
    """A file on a server, and how to know that it arrived whole."""

    url: str
    md5: str
    size_bytes: int
    """About; for progress and to see whether there is room."""

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]


def fetch(
    file: RemoteFile, folder: Path, progress: Progress | None = None, cancelled: IsCancelled | None = None
) -> Path:
    """The file in `folder`: at once where it lies there already, else fetched and checked.

    A broken connection is tried again and leaves what has come for the next time; calling it off leaves nothing.
    Raises DatasetError, Cancelled.
    """
    path = folder / file.name
    if path.is_file() and md5_of(path, cancelled) == file.md5:
        return path
    part = folder / f"{file.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _check_room(folder, file.size_bytes)
        _fetch_all(file, part, progress, cancelled)
        if md5_of(part, cancelled) != file.md5:
            part.unlink()
            raise _advised(file, folder, f"{file.name} arrived damaged: its checksum is not what it should be.")
        part.replace(path)
    except Cancelled:
        part.unlink(missing_ok=True)
        raise
    except OSError as error:
        raise _advised(file, folder, _in_words(file, error)) from error
    return path


def md5_of(path: Path, cancelled: IsCancelled | None = None) -> str:
    """Checksum of a file, hexadecimal. Raises OSError, Cancelled."""
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as content:
        while chunk := content.read(2**20):
            check(cancelled)
            digest.update(chunk)
    return digest.hexdigest()


def _fetch_all(file: RemoteFile, part: Path, progress: Progress | None, cancelled: IsCancelled | None) -> None:
    for attempt in range(ATTEMPTS):
        check(cancelled)
        try:
            return _fetch_rest(file, part, progress, cancelled)
        except (urllib.error.HTTPError, http.client.HTTPException, OSError) as error:
            # Asking again helps against a connection that broke, not against a full disk or a file that is not there.
            hopeless = isinstance(error, urllib.error.HTTPError) or getattr(error, "errno", 0) == errno.ENOSPC
            if hopeless or attempt == ATTEMPTS - 1:
                raise error if isinstance(error, OSError) else OSError(str(error)) from error
    return None


def _fetch_rest(file: RemoteFile, part: Path, progress: Progress | None, cancelled: IsCancelled | None) -> None:
    """From where the part ends. Raises OSError where the connection breaks before the end."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(file.url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code != 416:  # nothing is left to send
            raise
        error.close()
        return
    with answer:
        if answer.status != 206:  # the server sends it all once more
            have = 0
        length = answer.headers.get("Content-Length")
        total = have + int(length) if length else file.size_bytes
        with part.open("ab" if have else "wb") as target:
            have = _copy(answer, target, have, total, progress, cancelled)
        if length and have < total:
            raise OSError("the connection broke before the end")


def _copy(
    answer: BinaryIO, target: BinaryIO, have: int, total: int, progress: Progress | None, cancelled: IsCancelled | None
) -> int:
    while chunk := answer.read(_CHUNK_BYTES):
        check(cancelled)
        target.write(chunk)
        have += len(chunk)
        if progress is not None:
            progress(min(have, total), total)
    check(cancelled)
    return have


def _check_room(folder: Path, size_bytes: int) -> None:
    if shutil.disk_usage(folder).free < size_bytes + _SPARE_BYTES:
        raise OSError(errno.ENOSPC, "no space left")


def _in_words(file: RemoteFile, error: OSError) -> str:
    server = urlsplit(file.url).hostname or file.url
    if error.errno == errno.ENOSPC:
        return f"The disk is full: {file.name} needs {file.size_bytes / 2**20:,.0f} MiB."
    if isinstance(error, urllib.error.HTTPError):
        with suppress(OSError):
            error.close()
        what = "is not there any more" if error.code in (404, 410) else f"was refused (HTTP {error.code})"
        return f"{file.name} {what} on {server}."
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    return f"Cannot reach {server}: {getattr(reason, 'strerror', None) or reason}."


def _advised(file: RemoteFile, folder: Path, message: str) -> DatasetError:
    return DatasetError(
        message, f"Check the connection and the disk and try again, or download {file.url} by hand into {folder}."
    )
