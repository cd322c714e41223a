"""The data set session: looks at pictures in threads of its own. Needs no torch.

What reads and draws pictures is imported in those threads: the window is painted before.
"""

from __future__ import annotations

import importlib
import logging
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine.errors import Cancelled, StudioError
from gan_studio.engine.folders import cache_folder, demo_folder
from gan_studio.engine.progress import Progress, paced
from gan_studio.gui.quantities import kind_in_words
from gan_studio.gui.sessions.picture_worker import PictureWorker, Wishes
from gan_studio.gui.sessions.worker_thread import WorkerThread
from gan_studio.gui.views import DatasetView
from gan_studio.gui.views.dataset import CacheView

if TYPE_CHECKING:
    from gan_studio.engine.data.scan import ScanReport

logger = logging.getLogger(__name__)
PROGRESS_SECONDS = 0.05


class DatasetWorker(QObject):
    """Lives in the thread; one job at a time, each with its own flag for calling it off."""

    progress = Signal(str, int, int)
    ready = Signal(object, object)
    """DatasetView and ScanReport."""
    cancelled = Signal()
    failed = Signal(str, str)
    forgotten = Signal(str, str)
    """A choice of pictures could not be written down: message and advice."""
    cache_measured = Signal(object)
    """CacheView."""

    @Slot(object, object, object)
    def look(self, source: Path | None, second: Path | None, called_off: threading.Event) -> None:
        """Scan a folder or zip, or a pair of them; None draws the demonstration pictures first."""
        try:
            self.ready.emit(*self._look(source, second, called_off.is_set))
        except Cancelled:
            self.cancelled.emit()
        except StudioError as error:
            self.failed.emit(error.message, error.advice)
        except Exception as error:
            logger.exception("Looking at %s failed.", source)
            self.failed.emit(f"Looking at the pictures failed: {error}.", "The log holds the details.")

    @Slot(object, object, object)
    def remember(self, source: Path, names: tuple[str, ...], second: Path | None) -> None:
        """Keep which pictures were taken out."""
        choice = importlib.import_module("gan_studio.engine.data.choice")
        try:
            choice.remember(source, names, second)
        except StudioError as error:
            self.forgotten.emit(error.message, error.advice)

    @Slot(bool)
    def look_after_cache(self, emptying: bool) -> None:
        """Measure what decoded pictures take on the disk, after emptying it where that was asked for."""
        upkeep = importlib.import_module("gan_studio.engine.data.cache_upkeep")
        if emptying:
            upkeep.empty(cache_folder())
        use = upkeep.measure(cache_folder())
        self.cache_measured.emit(CacheView(use.size_bytes, use.in_use_bytes))

    def _look(
        self, source: Path | None, second: Path | None, cancelled: Callable[[], bool]
    ) -> tuple[DatasetView, ScanReport]:
        scanning = importlib.import_module("gan_studio.engine.data.scan")
        choice = importlib.import_module("gan_studio.engine.data.choice")
        folder = source or self._draw_demo(cancelled)
        report = scanning.scan(
            folder,
            second,
            progress=self._reporter("Looking at the files:"),
            examining=self._reporter("Looking for colour:"),
            cancelled=cancelled,
        )
        view = dataset_view(report, choice.recall(folder, second), "" if source else "Demonstration pictures")
        return view, report

    def _draw_demo(self, cancelled: Callable[[], bool]) -> Path:
        demo = importlib.import_module("gan_studio.engine.data.demo")
        return demo.draw_demo(demo_folder(), progress=self._reporter("Drawing the pictures"), cancelled=cancelled)

    def _reporter(self, what: str) -> Progress:
        return paced(lambda done, total: self.progress.emit(what, done, total), PROGRESS_SECONDS)


class DatasetSession(QObject):
    """The newest wish wins: opening another folder calls off the look at the one before."""

    progress = Signal(str, int, int)
    ready = Signal(object)
    """DatasetView."""
    cancelled = Signal()
    failed = Signal(str, str)
    """Message and advice."""
    thumbnails = Signal(object, object, object)
    """The source's path, numbers of pictures, and these as uint8 `[h, w, 3]`, or None where one cannot be read."""
    picture_opened = Signal(object)
    """PictureView."""
    picture_failed = Signal(str, str)
    """Message and advice; also where a choice of pictures could not be kept."""
    cache_measured = Signal(object)
    """CacheView."""
    _look = Signal(object, object, object)
    _remember = Signal(object, object, object)
    _look_after_cache = Signal(bool)
    _serve = Signal()
    _open_picture = Signal(object, int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._called_off = threading.Event()
        self._waiting = 0
        self._worker = DatasetWorker()
        self._thread = WorkerThread("dataset", self._worker)
        self._report: ScanReport | None = None
        self._wishes = Wishes()
        self._reader = PictureWorker(self._wishes)
        self._reading = WorkerThread("pictures", self._reader)
        self._connect_worker()
        self._connect_reader()

    def _connect_worker(self) -> None:
        self._look.connect(self._worker.look)
        self._remember.connect(self._worker.remember)
        self._look_after_cache.connect(self._worker.look_after_cache)
        self._worker.forgotten.connect(self.picture_failed)
        self._worker.cache_measured.connect(self.cache_measured)
        self._worker.progress.connect(self._show_progress)
        self._worker.ready.connect(self._finish_ready)
        self._worker.cancelled.connect(self._finish_cancelled)
        self._worker.failed.connect(self._finish_failed)

    def _connect_reader(self) -> None:
        self._serve.connect(self._reader.serve)
        self._open_picture.connect(self._reader.open)
        self._reader.thumbnails.connect(self._pass_thumbnails)
        self._reader.opened.connect(self.picture_opened)
        self._reader.failed.connect(self.picture_failed)

    @Slot(Path)
    def open(self, source: Path, second: Path | None = None) -> None:
        """Look at a folder or zip, or at two of these as a pair: the pictures of A and of B."""
        self._begin(Path(source), second)

    @Slot()
    def open_demo(self) -> None:
        """Draw the demonstration pictures where they are not there yet, and look at them."""
        self._begin(None)

    @Slot()
    def cancel(self) -> None:
        self._called_off.set()

    @Slot(object)
    def wish(self, numbers: list[int]) -> None:
        """Read these pictures small, the first of them first; what was wished before and is not read yet is void."""
        if self._report is not None and self._wishes.put(numbers):
            self._reading.start()
            self._serve.emit()

    @Slot(int, object)
    def open_picture(self, number: int, settings: dict[str, Any]) -> None:
        """Read one picture large, with what a network sees under these settings of the data."""
        if self._report is not None:
            self._reading.start()
            self._open_picture.emit(self._report, number, settings)

    @Slot(object, object)
    def remember(self, source: Path, names: tuple[str, ...]) -> None:
        """Keep which pictures of a source were taken out."""
        self._thread.start()
        second = self._report.second if self._report is not None and self._report.source == source else None
        self._remember.emit(source, names, second)

    @Slot()
    def measure_cache(self) -> None:
        """Ask for `cache_measured`."""
        self._thread.start()
        self._look_after_cache.emit(False)

    @Slot()
    def empty_cache(self) -> None:
        """Delete decoded pictures, but for those that are being trained on; `cache_measured` follows."""
        self._thread.start()
        self._look_after_cache.emit(True)

    def shutdown(self) -> None:
        self.cancel()
        self._wishes.begin(None)
        self._thread.shutdown()
        self._reading.shutdown()
        self._reader.close()  # nobody else touches it any more

    def _begin(self, source: Path | None, second: Path | None = None) -> None:
        self.cancel()
        self._called_off = threading.Event()
        self._waiting += 1
        self._thread.start()
        self._look.emit(source, second, self._called_off)

    def _is_newest(self) -> bool:
        """Whether the job that just ended is the one that was asked for last."""
        self._waiting -= 1
        return self._waiting == 0

    @Slot(str, int, int)
    def _show_progress(self, what: str, done: int, total: int) -> None:
        if self._waiting == 1:
            self.progress.emit(what, done, total)

    @Slot(object, object)
    def _finish_ready(self, view: DatasetView, report: ScanReport) -> None:
        if self._is_newest():
            self._report = report
            self._wishes.begin(report)
            self.ready.emit(view)

    @Slot(object, object, object)
    def _pass_thumbnails(self, report: ScanReport, numbers: list[int], pictures: list[np.ndarray | None]) -> None:
        """Those of pictures that are no longer looked at are passed over."""
        if report is self._report:
            self.thumbnails.emit(report.source, numbers, pictures)

    @Slot()
    def _finish_cancelled(self) -> None:
        if self._is_newest():
            self.cancelled.emit()

    @Slot(str, str)
    def _finish_failed(self, message: str, advice: str) -> None:
        if self._is_newest():
            self.failed.emit(message, advice)


def dataset_view(report: ScanReport, taken_out: tuple[str, ...], title: str = "") -> DatasetView:
    """What pages show of a report. `title` takes the place of the folder's name; a shape of points has its own."""
    display_name = importlib.import_module("gan_studio.engine.data.names").display_name
    domains = importlib.import_module("gan_studio.engine.data.domains")
    shapes = importlib.import_module("gan_studio.engine.data.points").SHAPES
    names = [display_name(source.name) for source in (report.source, report.second) if source]
    return DatasetView(
        source=report.source,
        second=report.second,
        domains=domains.chosen_pair(report.classes) if report.classes else (),
        title=title or (shapes[report.points].title if report.points else " and ".join(names)),
        picture_count=len(report.files),
        summary=report.summary(),
        skipped=tuple((skipped.name, skipped.reason) for skipped in report.skipped),
        classes=tuple(report.class_counts().items()),
        suggestions=report.suggestions(),
        names=tuple(display_name(name) for name in report.files.names),
        labels=report.files.labels.astype(np.int64),
        sizes=report.files.shapes.astype(np.int64),
        kinds=_kinds(report),
        reasons=report.reasons(),
        taken_out=taken_out,
        points=bool(report.points),
    )


def _kinds(report: ScanReport) -> tuple[tuple[str, int], ...]:
    """Pillow's modes in words, the most common first."""
    counts: Counter[str] = Counter()
    for mode, count in report.modes.items():
        counts[kind_in_words(mode)] += count
    return tuple(counts.most_common())
