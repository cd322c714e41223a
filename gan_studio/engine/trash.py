"""The trash of runs: a hidden folder beside them, so that a run goes there and comes back at once. Imports no torch.

A run `runs/flags` lies in the trash as `runs/.trash/2026-11-25 16.05.09/flags`: under its own name, by the time it
was thrown away. Nothing is copied, so neither size nor disk matter, and the same holds for runs elsewhere.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gan_studio.engine.errors import RunError
from gan_studio.engine.files import make_folder
from gan_studio.engine.lock import RunLock
from gan_studio.engine.run_names import free_name, move_run

TRASH = ".trash"
_STAMP = "%Y-%m-%d %H.%M.%S"


@dataclass(frozen=True)
class TrashedRun:
    """A run in the trash."""

    path: Path
    """Where it lies now."""
    was: Path
    """Where it lay."""

    @property
    def thrown_away(self) -> datetime | None:
        """When; None where the folder was renamed by hand."""
        try:
            return datetime.strptime(self.path.parent.name[: len("2026-01-01 00.00.00")], _STAMP)
        except ValueError:
            return None


def throw_away(run: Path) -> TrashedRun:
    """Move a run to the trash beside it. Raises RunError, also where somebody trains it."""
    with RunLock(run).held() as lock:
        make_folder(run.parent / TRASH)
        place = free_name(run.parent / TRASH, f"{datetime.now():{_STAMP}}")
        make_folder(place)
        try:
            move_run(run, place / run.name, lock)
        except RunError:
            _remove_if_empty(place, place.parent)
            raise
    return TrashedRun(place / run.name, run)


def take_back(trashed: TrashedRun) -> Path:
    """Put a run back to where it lay, or beside what took its place meanwhile. Raises RunError."""
    if not trashed.path.is_dir():
        raise RunError(f"{trashed.was.name} is no longer in the trash.", "Look for it there, or in your backups.")
    new = free_name(trashed.was.parent, trashed.was.name)
    with RunLock(trashed.path).held() as lock:
        move_run(trashed.path, new, lock)
    _remove_if_empty(trashed.path.parent, trashed.path.parent.parent)
    return new


def trashed_runs(folders: Iterable[Path]) -> list[TrashedRun]:
    """What lies in the trash of these folders of runs, thrown away last first."""
    found = [
        TrashedRun(path, folder / path.name)
        for folder in dict.fromkeys(folders)
        for path in (folder / TRASH).glob("*/*")
        if path.is_dir()
    ]
    return sorted(found, key=lambda run: run.path.parent.name, reverse=True)


def delete_for_ever(trashed: TrashedRun) -> None:
    """Free the room. Raises RunError; what could be deleted is gone then."""
    if trashed.path.parent.parent.name != TRASH:
        raise RunError(f"{trashed.path} is not in the trash.")
    try:
        shutil.rmtree(trashed.path)
    except OSError as error:
        raise RunError(f"Could not delete {error.filename or trashed.path}: {error.strerror}.") from error
    _remove_if_empty(trashed.path.parent, trashed.path.parent.parent)


def _remove_if_empty(*folders: Path) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
