"""Long work beside the window, in a thread of its own: films, exports, downloads. One after the other.

A job is a function, `Work` in `gui.views.jobs`: it is told how to report progress and how to learn that it was called
off. What it needs of the engine it imports when it runs, so that the window is painted before.
"""

from __future__ import annotations

import itertools
import logging
import threading

from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine.errors import Cancelled, StudioError
from gan_studio.engine.progress import paced
from gan_studio.gui.sessions.worker_thread import WorkerThread
from gan_studio.gui.views.jobs import Work

logger = logging.getLogger(__name__)
PROGRESS_SECONDS = 0.05
_numbers = itertools.count(1)
"""Jobs of all sessions have numbers of their own, so that one strip can show them together."""


class JobWorker(QObject):
    """Lives in the thread; its slot runs one job from its beginning to its one end."""

    started = Signal(int)
    progress = Signal(int, int, int)
    finished = Signal(int, object)
    cancelled = Signal(int)
    failed = Signal(int, str, str)

    @Slot(int, object, object)
    def run(self, number: int, work: Work, called_off: threading.Event) -> None:
        try:
            if called_off.is_set():
                raise Cancelled
            self.started.emit(number)
            progress = paced(lambda done, total: self.progress.emit(number, done, total), PROGRESS_SECONDS)
            self.finished.emit(number, work(progress, called_off.is_set))
        except Cancelled:
            self.cancelled.emit(number)
        except StudioError as error:
            self.failed.emit(number, error.message, error.advice)
        except Exception as error:
            logger.exception("A job failed.")
            self.failed.emit(number, f"It broke off: {error}.", "The log holds the details.")


class JobsSession(QObject):
    """A queue of jobs. Every method returns at once, and every job ends with exactly one of the three last signals."""

    queued = Signal(int, str)
    """Number and title of a job that was asked for."""
    started = Signal(int)
    progress = Signal(int, int, int)
    """Number, done, total (0: not known)."""
    finished = Signal(int, object)
    """Number and JobResult."""
    cancelled = Signal(int)
    failed = Signal(int, str, str)
    """Number, message and advice."""
    _run = Signal(int, object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._under_way: dict[int, threading.Event] = {}
        self._worker = JobWorker()
        self._thread = WorkerThread(name, self._worker)
        self._run.connect(self._worker.run)
        self._worker.started.connect(self.started)
        self._worker.progress.connect(self.progress)
        self._worker.finished.connect(self._finish)
        self._worker.cancelled.connect(self._finish_cancelled)
        self._worker.failed.connect(self._finish_failed)

    @property
    def busy(self) -> bool:
        """Whether anything is under way or waits."""
        return bool(self._under_way)

    def start(self, title: str, work: Work) -> int:
        """Do this as soon as what was asked for before is done; returns its number."""
        number = next(_numbers)
        self._under_way[number] = threading.Event()
        self.queued.emit(number, title)
        self._thread.start()
        self._run.emit(number, work, self._under_way[number])
        return number

    @Slot(int)
    def cancel(self, number: int) -> None:
        """Call a job off; numbers of other sessions, and of jobs that have ended, are passed over."""
        if number in self._under_way:
            self._under_way[number].set()

    def shutdown(self) -> None:
        """Call everything off and end the thread; waits ten seconds at most."""
        for called_off in self._under_way.values():
            called_off.set()
        self._thread.shutdown()

    @Slot(int, object)
    def _finish(self, number: int, result: object) -> None:
        self._under_way.pop(number, None)
        self.finished.emit(number, result)

    @Slot(int)
    def _finish_cancelled(self, number: int) -> None:
        self._under_way.pop(number, None)
        self.cancelled.emit(number)

    @Slot(int, str, str)
    def _finish_failed(self, number: int, message: str, advice: str) -> None:
        self._under_way.pop(number, None)
        self.failed.emit(number, message, advice)
