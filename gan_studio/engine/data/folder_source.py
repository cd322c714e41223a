"""A folder of pictures, walked without falling into circles. Imports no torch."""

from __future__ import annotations

import os
import stat
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from gan_studio.engine.data import reasons
from gan_studio.engine.data.names import COMPANIONS, is_hidden
from gan_studio.engine.data.sources import Entry, Listing, Skipped
from gan_studio.engine.errors import DatasetError
from gan_studio.engine.progress import IsCancelled, check


class FolderSource:
    """Pictures in a folder and the folders below it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def identity(self) -> str:
        return os.fspath(self.path.resolve())

    def listing(self, cancelled: IsCancelled | None = None) -> Listing:
        return _Walk(self.path, cancelled).run()

    def now(self, name: str) -> Entry:
        facts = (self.path / name).stat()
        return Entry(name, facts.st_size, facts.st_mtime_ns)

    def peek(self, name: str) -> AbstractContextManager[BinaryIO]:
        return self.open(name)

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        return (self.path / name).open("rb")

    def close(self) -> None:
        return

    def __enter__(self) -> FolderSource:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _Walk:
    """Each folder is read once, real folders before links to them, so that links cannot lead in circles."""

    def __init__(self, root: Path, cancelled: IsCancelled | None) -> None:
        self._root = root
        self._cancelled = cancelled
        self._seen: set[tuple[int, int]] = set()
        self._links: list[str] = []
        self._entries: list[Entry] = []
        self._skipped: list[Skipped] = []

    def run(self) -> Listing:
        self._read_root()
        while self._links:
            links, self._links = sorted(self._links), []
            for link in links:
                self._read_below(link, linked=True)
        return Listing(tuple(self._entries), tuple(self._skipped))

    def _read_root(self) -> None:
        try:
            with os.scandir(self._root):
                pass
        except OSError as error:
            raise DatasetError(
                f"{self._root} cannot be read: {error.strerror or error}.",
                "Check that the folder is there and that you may read it.",
            ) from error
        self._read_below("", linked=False)

    def _read_below(self, top: str, *, linked: bool) -> None:
        waiting = [top]
        while waiting:
            check(self._cancelled)
            folder = waiting.pop()
            try:
                if not self._is_new(folder):
                    if linked:
                        self._skipped.append(Skipped(folder, reasons.CIRCLE))
                    continue
                waiting.extend(self._read_one(folder))
            except OSError as error:
                self._skipped.append(Skipped(folder, reasons.unreadable(error).message))

    def _is_new(self, folder: str) -> bool:
        facts = (self._root / folder).stat()
        key = (facts.st_dev, facts.st_ino)
        new = key not in self._seen
        self._seen.add(key)
        return new

    def _read_one(self, folder: str) -> list[str]:
        """Notes the files of a folder; returns the folders in it."""
        below = []
        with os.scandir(self._root / folder) as items:
            for item in items:
                name = f"{folder}/{item.name}" if folder else item.name
                if not _leads_to_folder(item):
                    self._note_file(name, item)
                elif is_hidden(item.name):
                    self._skipped.append(Skipped(name, reasons.HIDDEN_FOLDER))
                else:
                    (self._links if item.is_symlink() else below).append(name)
        return sorted(below, reverse=True)

    def _note_file(self, name: str, item: os.DirEntry[str]) -> None:
        if item.name in COMPANIONS:
            return
        reason = reasons.HIDDEN if is_hidden(item.name) else ""
        try:
            facts = item.stat()
            reason = reason or ("" if stat.S_ISREG(facts.st_mode) else reasons.SPECIAL)
            reason = reason or ("" if facts.st_size else reasons.EMPTY)
            if not reason:
                self._entries.append(Entry(name, facts.st_size, facts.st_mtime_ns))
                return
        except OSError as error:
            reason = reason or (reasons.BROKEN_LINK if item.is_symlink() else reasons.unreadable(error).message)
        self._skipped.append(Skipped(name, reason))


def _leads_to_folder(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir()
    except OSError:  # a link to itself
        return False
