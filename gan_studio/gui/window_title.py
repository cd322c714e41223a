"""The window's title says how far a training is, so that it can be read in the task bar."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from gan_studio.engine.events import Paused, Preparing, Report, Resumed, Started, TerminalEvent, TrainEvent
from gan_studio.gui.quantities import run_title, whole

PROGRAM = "GAN Studio"
_PACE_SECONDS = 1.0
"""A task bar that changes ten times a second cannot be read."""


class WindowTitle(QObject):
    """Follows a training's events and names the window after them."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._run = ""
        self._said_at = 0.0
        window.setWindowTitle(PROGRAM)

    @Slot(object)
    def follow(self, event: TrainEvent) -> None:
        """Something that a trainer reports."""
        match event:
            case Preparing():
                self._say("Preparing")
            case Started():
                self._run = run_title(event.run.name)
                self._say("Training", self._run)
            case Report() if time.monotonic() - self._said_at >= _PACE_SECONDS:
                self._say(_progress(event), self._run)
            case Paused(step):
                self._say(f"Paused at {whole(step)}", self._run)
            case Resumed(step):
                self._say(f"{whole(step)} steps", self._run)
            case _ if isinstance(event, TerminalEvent):
                self._say()
            case _:
                pass

    def _say(self, *words: str) -> None:
        self._said_at = time.monotonic()
        self._window.setWindowTitle(" – ".join((*words, PROGRAM)))


def _progress(report: Report) -> str:
    steps = f"{whole(report.step)} steps"
    return steps if report.progress is None else f"{int(report.progress * 100)} %, {steps}"
