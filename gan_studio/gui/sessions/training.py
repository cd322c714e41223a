"""The training session: the GUI thread's side of the thread in which a trainer runs."""

from __future__ import annotations

import importlib
import logging
import traceback
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine.control import Control
from gan_studio.engine.events import Failed, Started, TerminalEvent, TrainEvent
from gan_studio.gui.sessions.priority import step_back
from gan_studio.gui.sessions.worker_thread import WorkerThread
from gan_studio.gui.views import ResumeRequest, TrainingRequest

logger = logging.getLogger(__name__)


class TrainingWorker(QObject):
    """Lives in the training thread. Its one slot runs for as long as a training does."""

    reported = Signal(object)

    @Slot(object, object)
    def run(self, request: TrainingRequest | ResumeRequest, control: Control) -> None:
        """Train; a terminal event is emitted whatever happens."""
        try:
            step_back()
            training = importlib.import_module("gan_studio.engine.training")  # torch loads here, not in the window
            training.run_training(request, self.reported.emit, control)
        except BaseException as error:
            logger.exception("The training thread failed.")
            self.reported.emit(
                Failed(f"Training could not run: {error}.", "The log holds more.", traceback.format_exc())
            )


class TrainingSession(QObject):
    """One training at a time. Every method returns at once; what happens is told by `reported`."""

    reported = Signal(object)
    """A TrainEvent, in the GUI thread."""
    _run = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._control: Control | None = None
        self._run_folder: Path | None = None
        self._worker = TrainingWorker()
        self._thread = WorkerThread("training", self._worker)
        self._run.connect(self._worker.run)
        self._worker.reported.connect(self._pass_on)

    @property
    def active(self) -> bool:
        """From `start` until the terminal event has arrived."""
        return self._control is not None

    @property
    def control(self) -> Control | None:
        """For the explorer, which asks it for snapshots; None while nothing trains."""
        return self._control

    @property
    def run_folder(self) -> Path | None:
        """The run under way or trained last; None from `start` until its folder is there."""
        return self._run_folder

    @Slot(object)
    def start(self, request: TrainingRequest | ResumeRequest) -> None:
        """Begin, or continue, a training; passed over while one is under way."""
        if self._control is None:
            self._control, self._run_folder = Control(), None
            self._thread.start()
            self._run.emit(request, self._control)

    @Slot()
    def stop(self) -> None:
        if self._control:
            self._control.stop()

    @Slot(bool)
    def pause(self, paused: bool) -> None:
        """True holds training, False lets it go on."""
        if self._control and paused:
            self._control.pause()
        elif self._control:
            self._control.resume()

    @Slot()
    def step_once(self) -> None:
        if self._control:
            self._control.step_once()

    @Slot(str)
    def train_only(self, network: str) -> None:
        if self._control:
            self._control.train_only(network)

    @Slot()
    def sample_now(self) -> None:
        if self._control:
            self._control.request_sample()

    @Slot()
    def checkpoint_now(self) -> None:
        if self._control:
            self._control.request_checkpoint()

    @Slot(float)
    def set_pause_after_step(self, seconds: float) -> None:
        """Slow motion, from this step on; 0 is full speed, which every training starts with."""
        if self._control:
            self._control.seconds_between_steps = seconds

    @Slot(str, float)
    def set_learning_rate(self, optimizer: str, rate: float) -> None:
        if self._control:
            self._control.set_learning_rate(optimizer, rate)

    def shutdown(self) -> None:
        """Stop what runs and end the thread. The window asks first; this is the last resort on quitting."""
        self.stop()
        self._thread.shutdown()

    @Slot(object)
    def _pass_on(self, event: TrainEvent) -> None:
        if isinstance(event, Started):
            self._run_folder = event.run
        if isinstance(event, TerminalEvent):
            self._control = None
        self.reported.emit(event)
