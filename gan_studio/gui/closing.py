"""The end of the window: asks while something is under way, and waits for what is to be finished without blocking."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from gan_studio.engine.events import Failed, Stopped, TerminalEvent
from gan_studio.gui import dialogs
from gan_studio.gui.dialogs import Closing
from gan_studio.gui.sessions.training import TrainingSession
from gan_studio.gui.wiring.jobs import JobsWiring


class ClosingGuard(QObject):
    """Decides whether the window may go. A training comes before jobs: it is what cannot be done again."""

    stop_wanted = Signal()
    """The training is to be stopped and saved; its end is told to `training_ended`."""
    may_go = Signal()
    """What the window waited for is done."""

    def __init__(self, window: QMainWindow, training: TrainingSession, jobs: JobsWiring) -> None:
        super().__init__(window)
        self._window, self._training, self._jobs = window, training, jobs
        self._waits_for_training = self._waits_for_jobs = False
        for session in (jobs.exports, jobs.downloads):
            session.finished.connect(self._job_done)
            session.cancelled.connect(self._job_gone)
            session.failed.connect(self._job_failed)

    def allows(self) -> bool:
        """Whether the window may close now; it asks where that is not clear."""
        if self._training.active and not self._without_training():
            return False
        return not self._jobs.busy or self._without_jobs()

    @Slot(object)
    def training_ended(self, event: TerminalEvent) -> None:
        """What went wrong with a training that the window waited for is read before the window goes."""
        if not self._waits_for_training:
            return
        self._waits_for_training = False
        began = self._training.run_folder is not None
        lost = isinstance(event, Failed) or (isinstance(event, Stopped) and began and not event.saved)
        if not lost:
            self.may_go.emit()

    def _without_training(self) -> bool:
        if self._waits_for_training:
            return False
        answer = dialogs.ask_before_closing(self._window)
        if not self._training.active:  # it ended by itself while the question stood there
            return answer is Closing.STOP_AND_SAVE
        if answer is Closing.STOP_AND_SAVE:
            self._waits_for_training = True
            self.stop_wanted.emit()
        elif answer is Closing.KEEP_RUNNING:
            self._window.showMinimized()
        return False

    def _without_jobs(self) -> bool:
        """A second press, while the window waits for jobs, asks again: they may take longer than was thought."""
        answer = dialogs.ask_about_jobs(self._window)
        self._waits_for_jobs = answer is Closing.FINISH and self._jobs.busy
        return answer is Closing.CALL_OFF or (answer is Closing.FINISH and not self._jobs.busy)

    @Slot(int, object)
    def _job_done(self, _number: int, _result: object) -> None:
        self._go_if_idle()

    @Slot(int)
    def _job_gone(self, _number: int) -> None:
        self._go_if_idle()

    @Slot(int, str, str)
    def _job_failed(self, _number: int, _message: str, _advice: str) -> None:
        """It says so at the foot of the window, which therefore stays."""
        self._waits_for_jobs = False

    def _go_if_idle(self) -> None:
        if self._waits_for_jobs and not self._jobs.busy:
            self._waits_for_jobs = False
            self.may_go.emit()
