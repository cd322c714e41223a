"""Opens the sheet that measures a model, and connects it with its session and the jobs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from gan_studio.gui.dialogs.evaluate import EvaluateDialog
from gan_studio.gui.sessions.evaluation import EvaluationSession
from gan_studio.gui.sessions.jobs import JobsSession
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.views.evaluation import Evaluation, EvaluationRequest, ModelToMeasure

WEIGHTS = "weights"
"""Files of weights that the user has, in the user's settings."""


class EvaluationWiring(QObject):
    """Owns the sheet while it is open; a job goes on without it."""

    measured = Signal(object)
    """Path of a generator file of which something new is known."""

    def __init__(
        self, window: QWidget, exports: JobsSession, settings: UserSettings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window, self._exports, self._settings = window, exports, settings
        self._session = EvaluationSession(self)
        self._sheet: EvaluateDialog | None = None
        self._job = 0
        self._session.offered.connect(self._show_model)
        self._session.refused.connect(self._show_problem)
        self._session.measured.connect(self._show_evaluation)
        exports.failed.connect(self._show_failed)
        exports.cancelled.connect(self._show_cancelled)

    @Slot(object)
    def ask(self, model: Path) -> None:
        """Open the sheet on a run folder or a generator file."""
        if self._sheet is not None:
            self._sheet.close()
        kept = [Path(text) for text in self._settings.choices(WEIGHTS).get("files", [])]
        sheet = EvaluateDialog(model, tuple(path for path in kept if path.is_file()), self._window)
        sheet.look_requested.connect(self._look)
        sheet.evaluate_requested.connect(self._evaluate)
        sheet.finished.connect(self._forget)
        self._sheet = sheet
        sheet.show()  # not modal: measuring is called off at the foot of the window, and takes a while
        self._session.look(model, sheet.weights)

    def shutdown(self) -> None:
        self._session.shutdown()

    @Slot(object, object)
    def _look(self, model: Path, weights: tuple[Path, ...]) -> None:
        self._settings.set_choices(WEIGHTS, {"files": [str(path) for path in weights]})
        self._session.look(model, weights)

    @Slot(object)
    def _evaluate(self, request: EvaluationRequest) -> None:
        self._job = self._exports.start(f"Measure {request.model.stem}", self._session.work(request))

    @Slot(object)
    def _show_model(self, model: ModelToMeasure) -> None:
        if self._sheet is not None:
            self._sheet.show_model(model)

    @Slot(str, str)
    def _show_problem(self, message: str, advice: str) -> None:
        if self._sheet is not None:
            self._sheet.show_problem(message, advice)

    @Slot(object, object)
    def _show_evaluation(self, request: EvaluationRequest, evaluation: Evaluation) -> None:
        if self._sheet is not None:
            self._sheet.show_evaluation(evaluation)
        self.measured.emit(request.model)

    @Slot(int, str, str)
    def _show_failed(self, number: int, message: str, advice: str) -> None:
        if number == self._job:
            self._show_problem(message, advice)

    @Slot(int)
    def _show_cancelled(self, number: int) -> None:
        if number == self._job and self._sheet is not None:
            self._sheet.show_ended()

    @Slot()
    def _forget(self) -> None:
        self._sheet = None
