"""Lists runs in a thread of its own: names and states at once, pictures and disk use as they are found.

Hundreds of runs may lie on a slow disk, so nothing waits for the list; it is filled row by row.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImageReader

from gan_studio.engine.errors import StudioError
from gan_studio.engine.folders import runs_folder
from gan_studio.engine.run import RunFolder
from gan_studio.engine.run_list import RunSummary, all_runs, summary_of
from gan_studio.gui.images import from_qimage
from gan_studio.gui.sessions.worker_thread import WorkerThread

logger = logging.getLogger(__name__)
SETTLE_MS = 300
"""After a change in the folder of runs, others follow at once: a training makes several files."""
LOOK_MS = 500
"""How often a run that is being trained is read anew at most."""
THUMBNAIL_SIDE = 112
"""Pixels that a thumbnail has at least, where the grid has so many."""
_GAP = 2


class RunListWorker(QObject):
    """Lives in the thread. Its slots end early once `closing` is set."""

    found = Signal(object)
    thumbnail = Signal(object, object)
    size = Signal(object, object)
    listed = Signal(object)
    measured = Signal()
    failed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.closing = threading.Event()
        self._thumbnails: dict[Path, tuple[Path, int]] = {}
        self._sizes: dict[Path, float] = {}

    @Slot(object)
    def list_runs(self, elsewhere: Sequence[Path]) -> None:
        """First what every row says, then the pictures, then what takes long: the disk use."""
        runs: list[RunSummary] = []
        try:
            for run in all_runs(elsewhere=elsewhere):
                if self.closing.is_set():
                    return
                runs.append(run)
                self.found.emit(run)
            self.listed.emit([run.path for run in runs])
            self._look_closer(runs)
        except StudioError as error:
            self.failed.emit(error.message, error.advice)
        except Exception as error:
            logger.exception("Listing the runs failed.")
            self.failed.emit(f"The runs could not be listed: {error}.", "The log holds the details.")
        finally:
            self.measured.emit()

    @Slot(object)
    def look_at(self, path: Path) -> None:
        """One run anew, whose training went on."""
        run = summary_of(path)
        self.found.emit(run)
        self._find_thumbnail(run)

    def _look_closer(self, runs: Sequence[RunSummary]) -> None:
        for look in (self._find_thumbnail, self._measure):
            for run in runs:
                if self.closing.is_set():
                    return
                look(run)

    def _find_thumbnail(self, run: RunSummary) -> None:
        if run.newest_grid is None:
            return
        try:
            key = (run.newest_grid, run.newest_grid.stat().st_mtime_ns)
        except OSError:
            return
        pixels = read_pixels(run.newest_grid) if self._thumbnails.get(run.path) != key else None
        if pixels is not None:
            self._thumbnails[run.path] = key
            self.thumbnail.emit(run.path, cropped(pixels, run.picture_size))

    def _measure(self, run: RunSummary) -> None:
        if self._sizes.get(run.path) != run.changed_seconds:
            self._sizes[run.path] = run.changed_seconds
            self.size.emit(run.path, RunFolder(run.path).size_bytes())


class RunListSession(QObject):
    """The list of runs. Every method returns at once."""

    found = Signal(object)
    """RunSummary: a run that is new, or has changed."""
    thumbnail = Signal(object, object)
    """Path of a run, and uint8 `[H, W, 3]`: some pictures of its newest grid."""
    size = Signal(object, object)
    """Path of a run, and its disk use in bytes (more than a C int holds)."""
    listed = Signal(object)
    """Paths of all the runs there are: those that are not among them are gone."""
    measured = Signal()
    """All is known of all of them."""
    failed = Signal(str, str)
    folder_changed = Signal()
    """A run came to the folder of runs, or left it."""
    _list = Signal(object)
    _look = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._busy, self._again = False, False
        self._elsewhere: tuple[Path, ...] = ()
        self._watcher: QFileSystemWatcher | None = None
        self._changed_run: Path | None = None
        self._settle, self._look_timer = self._timer(SETTLE_MS), self._timer(LOOK_MS)
        self._settle.timeout.connect(self.folder_changed)
        self._look_timer.timeout.connect(self._look_now)
        self._worker = RunListWorker()
        self._thread = WorkerThread("run list", self._worker)
        self._connect_worker()

    def _connect_worker(self) -> None:
        worker = self._worker
        self._list.connect(worker.list_runs)
        self._look.connect(worker.look_at)
        worker.found.connect(self.found)
        worker.thumbnail.connect(self.thumbnail)
        worker.size.connect(self.size)
        worker.listed.connect(self.listed)
        worker.failed.connect(self.failed)
        worker.measured.connect(self._end_listing)

    def refresh(self, elsewhere: Sequence[Path]) -> None:
        """List the user's runs and those of `elsewhere`; while a list is being made, once more after it."""
        self._elsewhere = tuple(elsewhere)
        self._watch()
        self._again = self._busy
        if not self._busy:
            self._busy = True
            self._thread.start()
            self._list.emit(self._elsewhere)

    def look_at(self, run: Path) -> None:
        """Read one run anew, soon: a quick training tells of a hundred changes a second."""
        if self._watcher is not None and not self._look_timer.isActive():  # else nobody has asked for a list yet
            self._look_timer.start()
        self._changed_run = run

    def shutdown(self) -> None:
        """End the thread; waits for the file that is being read."""
        self._settle.stop()
        self._look_timer.stop()
        self._worker.closing.set()
        self._again = False
        self._thread.shutdown()

    def _watch(self) -> None:
        """Where the folder of runs is there, tell of what comes and goes in it."""
        if self._watcher is None:
            self._watcher = QFileSystemWatcher(self)
            self._watcher.directoryChanged.connect(self._wait_until_settled)
        folder = runs_folder()
        if str(folder) not in self._watcher.directories() and folder.is_dir():
            self._watcher.addPath(str(folder))

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        return timer

    @Slot()
    def _look_now(self) -> None:
        self._thread.start()
        self._look.emit(self._changed_run)

    @Slot(str)
    def _wait_until_settled(self, folder: str) -> None:
        self._settle.start()

    @Slot()
    def _end_listing(self) -> None:
        self._busy = False
        self.measured.emit()
        if self._again:
            self.refresh(self._elsewhere)


def read_pixels(path: Path) -> np.ndarray | None:
    """A picture as uint8 `[H, W, 3]`; None where it cannot be read. In any thread."""
    image = QImageReader(str(path)).read()
    return None if image.isNull() else from_qimage(image)


def cropped(grid: np.ndarray, picture_size: int) -> np.ndarray:
    """A square of whole pictures out of a grid's upper left corner: as many as a thumbnail has room for."""
    step = picture_size + _GAP
    most = max(1, min(grid.shape[0] + _GAP, grid.shape[1] + _GAP) // step)
    side = max(1, min(most, round(THUMBNAIL_SIDE / step))) * step - _GAP
    return np.ascontiguousarray(grid[:side, :side])
