"""Keeps the computer from going to sleep while a training runs: a night's training must not end at midnight."""

from __future__ import annotations

import importlib
import logging
import threading
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine.events import Paused, TerminalEvent, TrainEvent
from gan_studio.gui.sessions.worker_thread import WorkerThread
from gan_studio.gui.settings import UserSettings

logger = logging.getLogger(__name__)
_PATIENCE_SECONDS = 2.0


class AwakeWorker(QObject):
    """Asks the system in a thread of its own: a session bus may take its time to answer."""

    told = Signal(bool)
    """Whether the computer is kept awake now."""

    def __init__(self) -> None:
        super().__init__()
        self._mode: Any = None
        self.idle = threading.Event()
        """Set while nothing is asked of the system, and nothing is held."""
        self.idle.set()

    @Slot(bool)
    def keep(self, awake: bool) -> None:
        """Hold sleep off, or let it come. Where that cannot be asked for, the log says so, and nothing else happens."""
        try:
            if awake and self._mode is None:
                self._hold()
            elif not awake and self._mode is not None:
                mode, self._mode = self._mode, None
                mode.__exit__(None, None, None)
        except Exception as error:
            logger.info("Sleep could not be held off: %s.", error)
        if not awake:
            self.idle.set()
        self.told.emit(self._mode is not None)

    def _hold(self) -> None:
        mode = importlib.import_module("wakepy.modes.keep").running(on_fail="pass")
        mode.__enter__()
        if mode.active:
            self._mode = mode
        else:
            mode.__exit__(None, None, None)
            logger.info("This system offers no way to hold off sleep while training.")


class AwakeSession(QObject):
    """Follows a training: awake from its preparation to its end, pauses left out, where the user wants it."""

    told = Signal(bool)
    """Whether the computer is kept awake now."""
    _keep = Signal(bool)

    def __init__(self, settings: UserSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._asked = False
        self._worker = AwakeWorker()
        self._thread = WorkerThread("awake", self._worker)
        self._keep.connect(self._worker.keep)
        self._worker.told.connect(self.told)

    @Slot(object)
    def follow(self, event: TrainEvent) -> None:
        """Something that a trainer reports."""
        over = isinstance(event, Paused | TerminalEvent)
        self._ask(not over and self._settings.keep_awake)

    def shutdown(self) -> None:
        """Let sleep come, and end the thread, which would not do first what it was asked for last."""
        self._ask(False)
        self._worker.idle.wait(_PATIENCE_SECONDS)
        self._thread.shutdown()

    def _ask(self, awake: bool) -> None:
        if awake != self._asked:
            self._asked = awake
            self._worker.idle.clear()
            self._thread.start()
            self._keep.emit(awake)
