"""Reads runs from disk in a thread of its own: a long night's metrics take a moment."""

from __future__ import annotations

import importlib
import logging
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine.errors import StudioError
from gan_studio.engine.run import RunFolder
from gan_studio.gui.sessions.worker_thread import WorkerThread
from gan_studio.gui.views import RunView, StartView

logger = logging.getLogger(__name__)


class RunsWorker(QObject):
    opened = Signal(object)
    references = Signal(object, object)
    failed = Signal(str, str)

    @Slot(object)
    def open(self, path: Path) -> None:
        try:
            run = RunFolder.open(path)
            config = run.config()
            self.opened.emit(
                RunView(
                    path=run.path,
                    source=Path(config.source),
                    family=config.family,
                    family_settings=config.family_settings,
                    data=config.data.model_dump(),
                    training=config.training.model_dump(),
                    metrics=tuple(run.metrics()),
                    grids=tuple(run.sample_files().items()),
                    decided_data=config.decided_data().model_dump(),
                    start=_start(run),
                    excluded=config.excluded,
                )
            )
        except StudioError as error:
            self.failed.emit(error.message, error.advice)
        except Exception as error:
            logger.exception("Opening %s failed.", path)
            self.failed.emit(f"{path} could not be opened: {error}.", "The log holds the details.")
        else:
            self._read_references(run)

    def _read_references(self, run: RunFolder) -> None:
        """Afterwards, because the family's module brings torch along, which a run on show need not wait for."""
        try:
            make_family = importlib.import_module("gan_studio.engine.checkpoint").make_family
            self.references.emit(run.path, dict(make_family(run.config()).reference_lines()))
        except Exception:  # a run of a family that is not there can be looked at all the same
            logger.info("%s has no reference lines.", run.path, exc_info=True)


def _start(run: RunFolder) -> StartView | None:
    files = run.generator_files()
    return StartView(files[max(files)], run.path.name, max(files)) if files else None


class RunsSession(QObject):
    """Opens run folders for the training page and the gallery."""

    opened = Signal(object)
    """RunView."""
    references = Signal(object, object)
    """Path of the run that was opened, and its reference lines by scalar name; soon after `opened`."""
    failed = Signal(str, str)
    _open = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = RunsWorker()
        self._thread = WorkerThread("runs", self._worker)
        self._open.connect(self._worker.open)
        self._worker.opened.connect(self.opened)
        self._worker.references.connect(self.references)
        self._worker.failed.connect(self.failed)

    @Slot(object)
    def open(self, path: Path) -> None:
        self._thread.start()
        self._open.emit(Path(path))

    def shutdown(self) -> None:
        self._thread.shutdown()
