"""The data set session: looks at pictures in a thread of its own. Needs no torch.

What reads and draws pictures is imported in that thread: the window is painted before.
"""

from __future__ import annotations

import importlib
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine.errors import Cancelled, StudioError
from gan_studio.engine.folders import demo_folder
from gan_studio.gui.sessions.worker_thread import WorkerThread
from gan_studio.gui.views import DatasetView

if TYPE_CHECKING:
    from gan_studio.engine.data.scan import ScanReport

logger = logging.getLogger(__name__)
PROGRESS_SECONDS = 0.05


class DatasetWorker(QObject):
    """Lives in the thread; one job at a time, each with its own flag for calling it off."""

    progress = Signal(str, int, int)
    ready = Signal(object)
    cancelled = Signal()
    failed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._last_progress = 0.0

    @Slot(object, object)
    def look(self, source: Path | None, called_off: threading.Event) -> None:
        """Scan a folder or zip; None draws the demonstration pictures first."""
        try:
            self.ready.emit(self._look(source, called_off.is_set))
        except Cancelled:
            self.cancelled.emit()
        except StudioError as error:
            self.failed.emit(error.message, error.advice)
        except Exception as error:
            logger.exception("Looking at %s failed.", source)
            self.failed.emit(f"Looking at the pictures failed: {error}.", "The log holds the details.")

    def _look(self, source: Path | None, cancelled: Callable[[], bool]) -> DatasetView:
        scanning = importlib.import_module("gan_studio.engine.data.scan")
        thumbnails = importlib.import_module("gan_studio.engine.data.thumbnails")
        folder = source or self._draw_demo(cancelled)
        report = scanning.scan(folder, progress=self._reporter("Looking at the pictures"), cancelled=cancelled)
        pixels, names = thumbnails.thumbnails(report, cancelled=cancelled)
        return _view(report, pixels, names, "" if source else "Demonstration pictures")

    def _draw_demo(self, cancelled: Callable[[], bool]) -> Path:
        demo = importlib.import_module("gan_studio.engine.data.demo")
        return demo.draw_demo(demo_folder(), progress=self._reporter("Drawing the pictures"), cancelled=cancelled)

    def _reporter(self, what: str) -> Callable[[int, int], None]:
        """Progress, paced so that a hundred thousand files do not flood the window."""

        def report(done: int, total: int) -> None:
            now = time.monotonic()
            if now - self._last_progress >= PROGRESS_SECONDS or done == total:
                self._last_progress = now
                self.progress.emit(what, done, total)

        return report


class DatasetSession(QObject):
    """The newest wish wins: opening another folder calls off the look at the one before."""

    progress = Signal(str, int, int)
    ready = Signal(object)
    """DatasetView."""
    cancelled = Signal()
    failed = Signal(str, str)
    """Message and advice."""
    _look = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._called_off = threading.Event()
        self._waiting = 0
        self._worker = DatasetWorker()
        self._thread = WorkerThread("dataset", self._worker)
        self._look.connect(self._worker.look)
        self._worker.progress.connect(self._show_progress)
        self._worker.ready.connect(self._finish_ready)
        self._worker.cancelled.connect(self._finish_cancelled)
        self._worker.failed.connect(self._finish_failed)

    @Slot(Path)
    def open(self, source: Path) -> None:
        """Look at a folder or zip."""
        self._begin(Path(source))

    @Slot()
    def open_demo(self) -> None:
        """Draw the demonstration pictures where they are not there yet, and look at them."""
        self._begin(None)

    @Slot()
    def cancel(self) -> None:
        self._called_off.set()

    def shutdown(self) -> None:
        self.cancel()
        self._thread.shutdown()

    def _begin(self, source: Path | None) -> None:
        self.cancel()
        self._called_off = threading.Event()
        self._waiting += 1
        self._thread.start()
        self._look.emit(source, self._called_off)

    def _is_newest(self) -> bool:
        """Whether the job that just ended is the one that was asked for last."""
        self._waiting -= 1
        return self._waiting == 0

    @Slot(str, int, int)
    def _show_progress(self, what: str, done: int, total: int) -> None:
        if self._waiting == 1:
            self.progress.emit(what, done, total)

    @Slot(object)
    def _finish_ready(self, view: DatasetView) -> None:
        if self._is_newest():
            self.ready.emit(view)

    @Slot()
    def _finish_cancelled(self) -> None:
        if self._is_newest():
            self.cancelled.emit()

    @Slot(str, str)
    def _finish_failed(self, message: str, advice: str) -> None:
        if self._is_newest():
            self.failed.emit(message, advice)


def _view(report: ScanReport, pixels: np.ndarray, names: tuple[str, ...], title: str) -> DatasetView:
    return DatasetView(
        source=report.source,
        title=title or report.source.name,
        picture_count=len(report.files),
        summary=report.summary(),
        skipped=tuple((skipped.name, skipped.reason) for skipped in report.skipped),
        classes=tuple(report.class_counts().items()),
        suggestions=report.suggestions(),
        thumbnails=pixels,
        thumbnail_names=names,
    )
