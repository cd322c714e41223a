"""The real window for a benchmark: its own home, the demonstration pictures, and the usual way to train."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from gan_studio.app import name_application, open_window
from gan_studio.engine.events import Report, Started, TerminalEvent, TrainEvent
from gan_studio.gui.main_window import MainWindow
from tests.bench.home import temporary_home

PATIENCE_SECONDS = 90.0
_POLL_MS = 10
E = TypeVar("E")


class Events(QObject):
    """Every event of a window's trainings, with the time at which it reached the GUI thread."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.all: list[tuple[float, TrainEvent]] = []
        window.training.reported.connect(self._keep)

    @Slot(object)
    def _keep(self, event: TrainEvent) -> None:
        self.all.append((time.perf_counter(), event))

    def of(self, kind: type[E], since: float = 0.0) -> list[tuple[float, E]]:
        """Those of a kind that came after a time."""
        return [(at, event) for at, event in self.all if at >= since and isinstance(event, kind)]


@contextmanager
def studio() -> Iterator[tuple[MainWindow, Events]]:
    """The window in a home of its own, with the demonstration pictures opened and the engine loaded."""
    with temporary_home():
        name_application(QApplication.instance() or QApplication(sys.argv[:1]))
        window = open_window(None)
        try:
            window.train_page.data_card.demo.click()
            wait_until(lambda: window.train_page.readiness.request() is not None)
            yield window, Events(window)
        finally:
            end(window)


def train(window: MainWindow, events: Events, reports: int = 5) -> Started:
    """Press Train and wait for the first reports, so that networks are built and kernels chosen.

    Raises RuntimeError where the training ends before.
    """
    pressed = time.perf_counter()
    window.train_page.run_bar.train.click()
    wait_until(lambda: len(events.of(Report, pressed)) >= reports or not window.training.active)
    if not window.training.active:
        raise RuntimeError(f"The training ended early: {events.all[-1][1]}")
    return events.of(Started, pressed)[-1][1]


def stop(window: MainWindow, events: Events) -> TerminalEvent:
    """Press Stop and wait for the end."""
    pressed = time.perf_counter()
    window.train_page.run_bar.stop.click()
    wait_until(lambda: not window.training.active)
    return next(event for at, event in reversed(events.all) if at >= pressed and isinstance(event, TerminalEvent))


def end(window: MainWindow) -> None:
    """Stop what trains, close the window and give everything back."""
    window.training.stop()
    wait_until(lambda: not window.training.active)
    window.close()
    window.deleteLater()
    run_for(0)


def setting(window: MainWindow, started: Started) -> str:
    """What trains, in words: networks, batch, plan, window."""
    counts = ", ".join(f"{name} {count:,}" for name, count in started.parameter_counts.items())
    return (
        f"DCGAN 64 px ({counts} parameters), demonstration pictures, batch {started.batch_size}, {started.plan}; "
        f"window {window.width()} × {window.height()}"
    )


def wait_until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Let the window work until something is so. Raises TimeoutError."""
    deadline = time.perf_counter() + seconds
    loop, poll = QEventLoop(), QTimer()
    poll.timeout.connect(lambda: loop.quit() if condition() or time.perf_counter() > deadline else None)
    poll.start(_POLL_MS)
    if not condition():
        loop.exec()
    poll.stop()
    if not condition():
        raise TimeoutError(f"The window did not get there within {seconds:.0f} s.")


def run_for(seconds: float) -> None:
    """Let the window work for a while, with nothing of ours in between."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
