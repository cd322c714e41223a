"""How much room the decoded pictures take, and getting it back, in a thread of its own."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine.errors import Cancelled as CancelledError
from gan_studio.engine.folders import cache_folder
from gan_studio.gui.quantities import memory
from gan_studio.gui.sessions.jobs import JobsSession
from gan_studio.gui.views.jobs import Cancelled, JobResult, Progress

NOTHING = "Nothing"


class StorageSession(QObject):
    """Counts and empties; `told` says what is there after each."""

    told = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = JobsSession("storage", self)
        self._jobs.finished.connect(self._tell)
        self._jobs.failed.connect(self._tell_failure)

    def count(self) -> None:
        """Ask for the size of the cache."""
        self._jobs.start("Counting", _count)

    def empty(self) -> None:
        """Delete every decoded picture. They are made again when their data set is trained on."""
        self._jobs.start("Emptying", _empty)

    def shutdown(self) -> None:
        self._jobs.shutdown()

    @Slot(int, object)
    def _tell(self, _number: int, result: JobResult) -> None:
        self.told.emit(result.text)

    @Slot(int, str, str)
    def _tell_failure(self, _number: int, message: str, _advice: str) -> None:
        self.told.emit(message)


def _count(_progress: Progress, cancelled: Cancelled) -> JobResult:
    size = 0
    for file in cache_folder().rglob("*"):
        if cancelled():
            raise CancelledError
        with suppress(OSError):
            size += file.stat().st_size if file.is_file() else 0
    return JobResult(memory(size) if size else NOTHING)


def _empty(progress: Progress, cancelled: Cancelled) -> JobResult:
    """What another window is using may not go; the count says what is left."""
    with suppress(OSError):
        for entry in sorted(cache_folder().iterdir()):
            if cancelled():
                raise CancelledError
            _delete(entry)
    return _count(progress, cancelled)


def _delete(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        with suppress(OSError):
            entry.unlink()
