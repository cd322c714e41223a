"""How much room the decoded pictures take, and getting it back, in a thread of its own."""

from __future__ import annotations

import importlib

from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine.folders import cache_folder
from gan_studio.engine.progress import IsCancelled, Progress
from gan_studio.gui.quantities import memory
from gan_studio.gui.sessions.jobs import JobsSession
from gan_studio.gui.views.jobs import JobResult

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


def _count(_progress: Progress, _cancelled: IsCancelled) -> JobResult:
    upkeep = importlib.import_module("gan_studio.engine.data.cache_upkeep")
    use = upkeep.measure(cache_folder())
    if not use.size_bytes:
        return JobResult(NOTHING)
    in_use = f", {memory(use.in_use_bytes)} of it in use" if use.in_use_bytes else ""
    return JobResult(memory(use.size_bytes) + in_use)


def _empty(progress: Progress, cancelled: IsCancelled) -> JobResult:
    """What is being trained on stays; the count says what is left."""
    importlib.import_module("gan_studio.engine.data.cache_upkeep").empty(cache_folder())
    return _count(progress, cancelled)
