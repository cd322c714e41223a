"""Loads the engine behind the window: torch and the families take seconds, and nobody should wait for them."""

from __future__ import annotations

import importlib
import logging

from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.gui.sessions.worker_thread import WorkerThread
from gan_studio.gui.views import FamilyForm

logger = logging.getLogger(__name__)


NEEDED_BY_OPTIMIZERS = "torch._dynamo"
"""Imported by the first optimiser that is made, where it would hold up a training's start by one to three seconds."""


_IMPORT_MS = 120_000
"""An interpreter that ends in the midst of importing torch aborts; a busy or cold machine imports for a minute."""


class CatalogueWorker(QObject):
    loaded = Signal(object)
    failed = Signal(str, str)
    settled = Signal()

    @Slot()
    def load(self) -> None:
        """Import torch and every family, then what else a training will need."""
        try:
            families = importlib.import_module("gan_studio.engine.families").all_families()
            importlib.import_module("gan_studio.engine.training")
            self.loaded.emit([_form(family) for family in families.values()])
            importlib.import_module(NEEDED_BY_OPTIMIZERS)
        except Exception as error:
            logger.exception("The engine did not load.")
            self.failed.emit(f"The engine did not load: {error}.", "Install the packages again; the log says more.")
        finally:
            self.settled.emit()


class CatalogueSession(QObject):
    """Tells once which families there are. Its thread ends by itself."""

    loaded = Signal(object)
    """A list of FamilyForm."""
    failed = Signal(str, str)
    settled = Signal()
    """Nothing is imported any more, whether it worked or not."""
    _load = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = CatalogueWorker()
        self._thread = WorkerThread("catalogue", self._worker)
        self._load.connect(self._worker.load)
        self._worker.loaded.connect(self.loaded)
        self._worker.failed.connect(self.failed)
        self._worker.settled.connect(self._settle)

    @Slot()
    def load(self) -> None:
        self._thread.start()
        self._load.emit()

    def shutdown(self) -> None:
        """End the thread after what it imports at the moment."""
        self._thread.shutdown(_IMPORT_MS)

    @Slot()
    def _settle(self) -> None:
        self.shutdown()
        self.settled.emit()


def _form(family) -> FamilyForm:
    data = family.data()
    return FamilyForm(
        family.name,
        family.title,
        family.summary,
        family.Config,
        family.presets(),
        explanation=data.explanation,
        needs_classes=data.labels == "needed",
        shapes=_shapes() if data.kind == "points" else (),
        translates=len(data.domains) > 1,
        suggestions=family.suggestions(),
    )


def _shapes() -> tuple[tuple[str, str], ...]:
    points = importlib.import_module("gan_studio.engine.data.points")
    return tuple((points.PREFIX + name, shape.title) for name, shape in points.SHAPES.items())
