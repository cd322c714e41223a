"""Reads sample grids from disk in a thread of its own, newest wishes first, and keeps the marks of a run there.

Wishes meet in a list under a lock, never in the thread's queue: what was asked for before a run was closed can be
forgotten. Qt's reader lets other threads work while it decodes, so the window stays smooth.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QImageReader

from gan_studio.engine.errors import StudioError
from gan_studio.engine.run import RunFolder
from gan_studio.gui.sessions.worker_thread import WorkerThread
from gan_studio.gui.views.gallery import PictureRead, PictureWish

logger = logging.getLogger(__name__)


class PictureWorker(QObject):
    """Lives in the thread."""

    read = Signal(object)
    failed = Signal(str, str)
    _again = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._wishes: list[PictureWish] = []
        self._marks: dict[Path, frozenset[int]] = {}
        self._again.connect(self.work, Qt.ConnectionType.QueuedConnection)

    def put(self, wishes: Sequence[PictureWish]) -> None:
        """From any thread: read these next, the first of them first. A wish that waits already comes to the front."""
        with self._lock:
            new = set(wishes)
            self._wishes = [wish for wish in self._wishes if wish not in new] + list(reversed(wishes))

    def put_marks(self, run: Path, steps: frozenset[int]) -> None:
        """From any thread: the marks that `write_marks` is to keep."""
        with self._lock:
            self._marks[run] = steps

    def forget(self) -> None:
        """From any thread: read nothing of what was asked for."""
        with self._lock:
            self._wishes.clear()

    @Slot()
    def work(self) -> None:
        """One picture at a time, so that marks are written and the thread can end in between."""
        with self._lock:
            wish = self._wishes.pop() if self._wishes else None
        if wish is None:
            return
        try:
            changed_ns = wish.path.stat().st_mtime_ns
        except OSError:
            changed_ns = 0
        self.read.emit(PictureRead(wish, changed_ns, read_picture(wish)))
        self._again.emit()

    @Slot()
    def write_marks(self) -> None:
        """Those of several clicks together, the last ones only."""
        with self._lock:
            marks, self._marks = self._marks, {}
        for run, steps in marks.items():
            try:
                RunFolder(run).write_favourites(steps)
            except StudioError as error:
                self.failed.emit(error.message, error.advice)


class PictureSession(QObject):
    """The GUI thread's side. Every method returns at once."""

    read = Signal(object)
    """A PictureRead."""
    failed = Signal(str, str)
    """The marks could not be written: message and advice."""
    _wake = Signal()
    _write = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = PictureWorker()
        self._thread = WorkerThread("pictures", self._worker)
        self._wake.connect(self._worker.work)
        self._write.connect(self._worker.write_marks)
        self._worker.read.connect(self.read)
        self._worker.failed.connect(self.failed)

    @Slot(object)
    def request(self, wishes: Sequence[PictureWish]) -> None:
        """Read these before all that was asked for so far."""
        if wishes:
            self._worker.put(wishes)
            self._thread.start()
            self._wake.emit()

    @Slot()
    def forget(self) -> None:
        self._worker.forget()

    def write_favourites(self, run: Path, steps: frozenset[int]) -> None:
        """Keep the marks of a run in its folder."""
        self._worker.put_marks(run, steps)
        self._thread.start()
        self._write.emit()

    def shutdown(self) -> None:
        """End the thread, after the marks that were asked to be written."""
        self._worker.forget()
        self._thread.shutdown()
        self._worker.write_marks()  # what the thread did not come to


def read_picture(wish: PictureWish) -> QImage:
    """Null where the file is no picture."""
    reader = QImageReader(str(wish.path))
    size = reader.size()
    if wish.side and size.isValid() and max(size.width(), size.height()) > wish.side:
        reader.setScaledSize(size.scaled(QSize(wish.side, wish.side), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
