"""A zip of pictures, read in place and never unpacked to disk. Imports no torch."""

from __future__ import annotations

import io
import re
import stat
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from gan_studio.engine.data import reasons
from gan_studio.engine.data.names import COMPANIONS, is_hidden
from gan_studio.engine.data.sources import Entry, Listing, Skipped
from gan_studio.engine.errors import DatasetError
from gan_studio.engine.progress import IsCancelled, check

MEMBER_LIMIT_BYTES = 512 * 2**20
"""A member that unpacks to more is left out: no picture file is that large, and a bomb is larger."""

_DRIVE = re.compile(r"^[A-Za-z]:")


class ZipSource:
    """Pictures in a zip. A moved or copied zip counts as the same source."""

    identity = "zip"

    def __init__(self, path: Path) -> None:
        """Raises DatasetError for what is no zip or a damaged one, OSError."""
        self.path = path
        self._check_is_zip()
        self._zip = zipfile.ZipFile(path)
        # ZipFile counts its open members without a lock of its own; threads would lose counts.
        self._lock = threading.Lock()
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._skipped: list[Skipped] = []
        self._sort_members()

    def listing(self, cancelled: IsCancelled | None = None) -> Listing:
        check(cancelled)
        entries = (Entry(name, info.file_size, info.CRC) for name, info in self._members.items())
        return Listing(tuple(entries), tuple(self._skipped))

    def now(self, name: str) -> Entry:
        member = self._member(name)
        return Entry(name, member.file_size, member.CRC)

    @contextmanager
    def peek(self, name: str) -> Iterator[BinaryIO]:
        with self._lock:
            member = self._zip.open(self._member(name))
        try:
            yield cast(BinaryIO, member)
        finally:
            with self._lock:
                member.close()

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        # Read to the end, because only then is the checksum looked at.
        with self.peek(name) as member:
            content = member.read()
        yield io.BytesIO(content)

    def close(self) -> None:
        self._zip.close()

    def __enter__(self) -> ZipSource:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _sort_members(self) -> None:
        for info in self._zip.infolist():
            # Zips made on Windows may hold backslashes.
            name = info.filename.replace("\\", "/")
            last = name.rpartition("/")[2]
            if not last or last in COMPANIONS:
                continue
            reason = self._reason_against(name, info)
            if reason:
                self._skipped.append(Skipped(name, reason))
            else:
                self._members[name] = info

    def _member(self, name: str) -> zipfile.ZipInfo:
        if name not in self._members:
            raise FileNotFoundError(name)
        return self._members[name]

    def _reason_against(self, name: str, info: zipfile.ZipInfo) -> str:
        parts = name.split("/")
        if name.startswith("/") or ".." in parts or _DRIVE.match(name):
            return reasons.UNSAFE_NAME
        if any(is_hidden(part) for part in parts):
            return reasons.HIDDEN
        if info.flag_bits & 0x1:
            return reasons.ENCRYPTED
        if stat.S_ISLNK(info.external_attr >> 16):
            return reasons.SPECIAL
        if info.file_size == 0:
            return reasons.EMPTY
        if info.file_size > MEMBER_LIMIT_BYTES:
            return reasons.UNPACKS_HUGE
        return reasons.TWICE if name in self._members else ""

    def _check_is_zip(self) -> None:
        if not self.path.is_file():
            raise DatasetError(f"{self.path} is neither a folder nor a file.", "Choose a folder or a zip.")
        if zipfile.is_zipfile(self.path):
            return
        with self.path.open("rb") as file:
            begins_as_zip = file.read(2) == b"PK"
        if begins_as_zip or self.path.suffix.lower() == ".zip":
            raise DatasetError(f"{self.path} is a damaged zip.", "Copy or download it again.")
        raise DatasetError(f"{self.path} is neither a folder nor a zip.", "Choose the folder that the picture lies in.")
