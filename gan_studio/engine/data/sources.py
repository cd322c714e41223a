"""Where pictures come from: a folder, a zip or a pair of them, seen through one small interface. Imports no torch."""

from __future__ import annotations

import zipfile
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from gan_studio.engine.data.points import shape_name
from gan_studio.engine.errors import DatasetError
from gan_studio.engine.progress import IsCancelled


class Skipped(NamedTuple):
    """A file that is left out."""

    name: str
    """Path inside the source."""
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a source that may be a picture."""

    name: str
    """Path inside the source, with `/` between its parts."""
    size_bytes: int
    stamp: int
    """What changes when the file does: its time in ns, or its CRC inside a zip."""


@dataclass(frozen=True)
class Listing:
    """Everything a source holds, in no particular order."""

    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...]


class PictureSource(Protocol):
    """A folder, a zip, or two of these. Its methods may be called from several threads at once."""

    path: Path

    @property
    def identity(self) -> str:
        """What, beside names and stamps of the files, tells this source from others."""
        ...

    def listing(self, cancelled: IsCancelled | None = None) -> Listing:
        """Raises DatasetError where the source itself cannot be read, Cancelled."""
        ...

    def now(self, name: str) -> Entry:
        """A file as it is at the moment, which may differ from what the listing said. Raises OSError."""
        ...

    def peek(self, name: str) -> AbstractContextManager[BinaryIO]:
        """The beginning of a file, cheaply; seekable, unchecked."""
        ...

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A whole file. Raises OSError, zipfile.BadZipFile."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> PictureSource: ...

    def __exit__(self, *error: object) -> None: ...


def open_source(path: Path, second: Path | None = None) -> PictureSource:
    """Open a folder, a zip, a shape of points, or two as a pair. Raises DatasetError, saying what is there instead."""
    if second is None:
        return _open_one(path)
    from gan_studio.engine.data.paired_source import PairedSource

    first = _open_one(path)
    try:
        return PairedSource(first, _open_one(second))
    except DatasetError:
        first.close()
        raise


def _open_one(path: Path) -> PictureSource:
    from gan_studio.engine.data.folder_source import FolderSource
    from gan_studio.engine.data.point_source import PointSource
    from gan_studio.engine.data.zip_source import ZipSource

    if shape_name(path):
        return PointSource(path)
    path = Path(path).expanduser()
    try:
        if path.is_dir():
            return FolderSource(path)
        if not path.exists():
            raise DatasetError(f"{path} does not exist.", "Choose the folder or the zip that holds the pictures.")
        return ZipSource(path)
    except PermissionError as error:
        raise DatasetError(f"{path} may not be read.", "Check the permissions of the folder.") from error
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DatasetError(f"{path} cannot be opened: {error}.", "Choose another folder or zip.") from error
