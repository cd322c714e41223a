"""Does in a thread of its own what the user wants of runs on disk: look closely, rename, throw away, thin out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine import keeping, trash
from gan_studio.engine.errors import StudioError
from gan_studio.engine.run import RunFolder
from gan_studio.engine.run_details import log_lines, newest_sizes
from gan_studio.engine.run_list import RunStanding, summary_of
from gan_studio.engine.run_names import rename_run
from gan_studio.engine.trash import TrashedRun
from gan_studio.gui.sessions.run_list import read_pixels
from gan_studio.gui.sessions.worker_thread import WorkerThread
from gan_studio.gui.views import RunDetails, TrashView

logger = logging.getLogger(__name__)
MOST_EVALUATIONS = 5
"""So many of the newest are shown; the run's file holds them all."""


def _reported(work: Callable[..., None]) -> Callable[..., None]:
    """What goes wrong is said, and the thread lives on."""

    @wraps(work)
    def guarded(self: RunFilesWorker, *arguments: Any) -> None:
        try:
            work(self, *arguments)
        except StudioError as error:
            self.failed.emit(error.message, error.advice)
        except Exception as error:
            logger.exception("Work on a run failed.")
            self.failed.emit(f"That did not work: {error}.", "The log holds the details.")

    return guarded


class RunFilesWorker(QObject):
    """Lives in the thread."""

    details = Signal(object)
    renamed = Signal(object, object)
    thrown_away = Signal(object)
    taken_back = Signal(object, object)
    trash_listed = Signal(object)
    emptied = Signal(object)
    kept = Signal(object, object)
    failed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.closing = threading.Event()
        self.wanted: Path | None = None
        """The run to be looked at closely now; those asked for before are passed over."""

    @Slot(object)
    @_reported
    def look_closely(self, path: Path) -> None:
        if path == self.wanted:
            self.details.emit(_details(path))

    @Slot(object, str)
    @_reported
    def rename(self, path: Path, name: str) -> None:
        self.renamed.emit(path, rename_run(path, name))

    @Slot(object)
    @_reported
    def throw_away(self, paths: Sequence[Path]) -> None:
        """One after the other; those before one that cannot go are in the trash, and are told."""
        gone: list[TrashedRun] = []
        try:
            for path in paths:
                gone.append(trash.throw_away(path))
        finally:
            if gone:
                self.thrown_away.emit(gone)

    @Slot(object)
    @_reported
    def take_back(self, runs: Sequence[TrashedRun]) -> None:
        for run in runs:
            self.taken_back.emit(run, trash.take_back(run))

    @Slot(object)
    @_reported
    def list_trash(self, folders: Sequence[Path]) -> None:
        runs = trash.trashed_runs(folders)
        self.trash_listed.emit([TrashView(run, RunFolder(run.path).size_bytes()) for run in runs])

    @Slot(object)
    @_reported
    def empty_trash(self, runs: Sequence[TrashedRun]) -> None:
        gone: list[TrashedRun] = []
        try:
            for run in runs:
                if self.closing.is_set():
                    return
                trash.delete_for_ever(run)
                gone.append(run)
        finally:
            self.emptied.emit(gone)

    @Slot(object, int)
    @_reported
    def keep(self, path: Path, count: int) -> None:
        self.kept.emit(path, keeping.keep_checkpoints(path, count))


class RunFilesSession(QObject):
    """Every method returns at once; one of the signals follows."""

    details = Signal(object)
    """RunDetails of the run asked for last."""
    renamed = Signal(object, object)
    """Paths before and after."""
    thrown_away = Signal(object)
    """A list of TrashedRun."""
    taken_back = Signal(object, object)
    """TrashedRun, and where it lies again."""
    trash_listed = Signal(object)
    """A list of TrashView."""
    emptied = Signal(object)
    """The TrashedRuns that are gone for ever."""
    kept = Signal(object, object)
    """Path, and the bytes that became free."""
    failed = Signal(str, str)
    _look = Signal(object)
    _rename = Signal(object, str)
    _throw = Signal(object)
    _take = Signal(object)
    _list = Signal(object)
    _empty = Signal(object)
    _keep = Signal(object, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = RunFilesWorker()
        self._thread = WorkerThread("run files", self._worker)
        self._connect_worker()

    def _connect_worker(self) -> None:
        worker = self._worker
        for request, slot in (
            (self._look, worker.look_closely),
            (self._rename, worker.rename),
            (self._throw, worker.throw_away),
            (self._take, worker.take_back),
            (self._list, worker.list_trash),
            (self._empty, worker.empty_trash),
            (self._keep, worker.keep),
        ):
            request.connect(slot)
        for name in ("details", "renamed", "thrown_away", "taken_back", "trash_listed", "emptied", "kept", "failed"):
            getattr(worker, name).connect(getattr(self, name))

    @Slot(object)
    def look_closely(self, path: Path) -> None:
        self._worker.wanted = path
        self._ask(self._look, path)

    @Slot(object, str)
    def rename(self, path: Path, name: str) -> None:
        self._ask(self._rename, path, name)

    @Slot(object)
    def throw_away(self, paths: Sequence[Path]) -> None:
        self._ask(self._throw, paths)

    @Slot(object)
    def take_back(self, runs: Sequence[TrashedRun]) -> None:
        self._ask(self._take, runs)

    def list_trash(self, folders: Sequence[Path]) -> None:
        """Of these folders of runs."""
        self._ask(self._list, folders)

    @Slot(object)
    def empty_trash(self, runs: Sequence[TrashedRun]) -> None:
        self._ask(self._empty, runs)

    @Slot(object, int)
    def keep(self, path: Path, count: int) -> None:
        self._ask(self._keep, path, count)

    def shutdown(self) -> None:
        self._worker.closing.set()
        self._thread.shutdown()

    def _ask(self, request: Any, *arguments: Any) -> None:
        self._thread.start()
        request.emit(*arguments)


def _details(path: Path) -> RunDetails:
    summary, run = summary_of(path), RunFolder(path)
    grid = read_pixels(summary.newest_grid) if summary.newest_grid else None
    if summary.standing is RunStanding.DAMAGED and not summary.family:
        return RunDetails(summary, log=log_lines(run), grid=grid)
    config = run.config()
    weights, generator_bytes, state_bytes = newest_sizes(run)
    return RunDetails(
        summary=summary,
        family_settings=config.family_settings,
        data=config.data.model_dump(),
        training=config.training.model_dump(),
        generator_weights=weights,
        generator_bytes=generator_bytes,
        state_bytes=state_bytes,
        checkpoint_bytes=keeping.checkpoint_sizes(path),
        evaluations=tuple(run.evaluations()[-MOST_EVALUATIONS:]),
        log=log_lines(run),
        grid=grid,
    )
