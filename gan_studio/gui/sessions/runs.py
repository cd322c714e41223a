"""Reads runs from disk in a thread of its own: a long night's metrics take a moment.

A run is shown within a second: where reading its metrics takes longer, an overview comes first and the whole follows.
"""

from __future__ import annotations

import importlib
import logging
from collections import deque
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from gan_studio.engine.errors import StudioError
from gan_studio.engine.lock import lock_holder
from gan_studio.engine.metrics_reader import MetricsReader
from gan_studio.engine.metrics_table import joined
from gan_studio.engine.run import RunFolder
from gan_studio.gui.sessions.worker_thread import WorkerThread
from gan_studio.gui.views import RunView, StartView
from gan_studio.gui.views.scalars import ScalarTable

logger = logging.getLogger(__name__)

AT_ONCE_SECONDS = 0.25
"""Metrics that are read so soon need no overview."""
_SLICE_SECONDS = 0.1
"""What else is asked for waits no longer than that."""
_MOST_READINGS = 2
"""One run on show and one that is compared with it."""


class RunsWorker(QObject):
    opened = Signal(object)
    completed = Signal(object, object)
    references = Signal(object, object)
    failed = Signal(str, str)
    _more = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._readings: deque[tuple[RunFolder, MetricsReader]] = deque(maxlen=_MOST_READINGS)
        """Runs whose overview is on show; of more, the oldest is wanted no longer."""
        # Queued, so that other requests come in between
        self._more.connect(self._read_on, Qt.ConnectionType.QueuedConnection)

    @Slot(object, bool)
    def open(self, path: Path, scalars: bool) -> None:
        try:
            run = RunFolder.open(path)
            config, metrics_bytes = run.config(), _size(run.metrics_file)
            self.opened.emit(
                RunView(
                    path=run.path,
                    source=Path(config.source),
                    family=config.family,
                    family_settings=config.family_settings,
                    data=config.data.model_dump(),
                    training=config.training.model_dump(),
                    scalars=self._scalars(run) if scalars else ScalarTable.of(joined(())),
                    grids=tuple(run.sample_files().items()),
                    decided_data=config.decided_data().model_dump(),
                    start=_start(run),
                    excluded=config.excluded,
                    metrics_bytes=metrics_bytes,
                    trained_elsewhere=_elsewhere(run.path),
                    points=bool(config.picture.points),
                    second=Path(config.second_source) if config.second_source else None,
                    classes=config.picture.classes,
                )
            )
        except StudioError as error:
            self.failed.emit(error.message, error.advice)
        except Exception as error:
            logger.exception("Opening %s failed.", path)
            self.failed.emit(f"{path} could not be opened: {error}.", "The log holds the details.")
        else:
            if not any(reading is run for reading, _ in self._readings):
                self._read_references(run)

    def _scalars(self, run: RunFolder) -> ScalarTable:
        """Everything, where that is there soon; else an overview, and the rest is read afterwards."""
        reader = MetricsReader(run.metrics_file)
        if reader.read_on(AT_ONCE_SECONDS):
            self._readings.append((run, reader))
            self._more.emit()
            return ScalarTable.of(reader.overview())
        return ScalarTable.of(reader.table())

    @Slot()
    def _read_on(self) -> None:
        if not self._readings:
            return
        run, reader = self._readings[0]
        if not reader.read_on(_SLICE_SECONDS):
            self._readings.popleft()
            self.completed.emit(run.path, ScalarTable.of(reader.table()))
            reader.keep()
            self._read_references(run)
        self._more.emit()

    def _read_references(self, run: RunFolder) -> None:
        """Afterwards, because the family's module brings torch along, which a run on show need not wait for."""
        try:
            make_family = importlib.import_module("gan_studio.engine.checkpoint").make_family
            self.references.emit(run.path, dict(make_family(run.config()).reference_lines()))
        except Exception:  # a run of a family that is not there can be looked at all the same
            logger.info("%s has no reference lines.", run.path, exc_info=True)


def _elsewhere(run: Path) -> bool:
    holder = lock_holder(run)
    return holder is not None and not holder.is_this_process


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _start(run: RunFolder) -> StartView | None:
    files = run.generator_files()
    return StartView(files[max(files)], run.path.name, max(files)) if files else None


class RunsSession(QObject):
    """Opens run folders for the training page and the gallery."""

    opened = Signal(object)
    """RunView."""
    completed = Signal(object, object)
    """Path of a run that was opened with an overview, and the ScalarTable of all it measured."""
    references = Signal(object, object)
    """Path of the run that was opened, and its reference lines by scalar name; soon after `opened`."""
    failed = Signal(str, str)
    _open = Signal(object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = RunsWorker()
        self._thread = WorkerThread("runs", self._worker)
        self._open.connect(self._worker.open)
        self._worker.opened.connect(self.opened)
        self._worker.completed.connect(self.completed)
        self._worker.references.connect(self.references)
        self._worker.failed.connect(self.failed)

    def open(self, path: Path, *, scalars: bool = True) -> None:
        """`opened` or `failed` follows; without `scalars` what it measured is not read."""
        self._thread.start()
        self._open.emit(Path(path), scalars)

    def shutdown(self) -> None:
        self._thread.shutdown()
