"""Drag on the explorer's picture → how many pictures a second are painted, and the longest wait for one.

Idle, and while DCGAN-64 trains. The pointer moves as a hand moves it, whether the picture follows or not.
"""

from __future__ import annotations

import argparse
import math
import time
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from gan_studio.gui.late_pages import EXPLORER
from gan_studio.gui.main_window import MainWindow
from gan_studio.gui.widgets.image_canvas import ImageCanvas
from tests.bench import command
from tests.bench.load import OtherLoad
from tests.bench.results import Figure, Result, Round, median, percentile, values_of
from tests.bench.studio import run_for, setting, stop, studio, train, wait_until

AIMS = {"idle": (30.0, 100.0), "training": (20.0, 250.0)}
"""By state: pictures a second at least, and milliseconds of the longest gap at most."""
ROUNDS = 4
POINTER_MS = 8
"""Mice report 125 times a second."""
REACH = 150
"""Pixels that the pointer swings to each side."""


class Drag(QObject):
    """Swings the pointer over the canvas with the button down, and notes when another picture was painted."""

    def __init__(self, canvas: ImageCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(POINTER_MS)
        self._timer.timeout.connect(self._move)
        self._stamp = -1
        self._painted: list[float] = []
        canvas.installEventFilter(self)

    def painted_in(self, seconds: float) -> list[float]:
        """Times at which new pictures were painted during a drag, from its begin to its end."""
        self._began, self._stamp = time.perf_counter(), self._canvas.stamp()
        self._painted = [self._began]
        self._send(QEvent.Type.MouseButtonPress)
        self._timer.start()
        run_for(seconds)
        self._timer.stop()
        self._send(QEvent.Type.MouseButtonRelease)
        return [*self._painted, time.perf_counter()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._canvas.stamp() != self._stamp:
            self._stamp = self._canvas.stamp()
            self._painted.append(time.perf_counter())
        return False

    @Slot()
    def _move(self) -> None:
        self._send(QEvent.Type.MouseMove)

    def _send(self, kind: QEvent.Type) -> None:
        at = time.perf_counter() - self._began
        centre = QPointF(self._canvas.rect().center())
        place = centre + QPointF(REACH * math.sin(3 * at), REACH * math.sin(2 * at))
        down = Qt.MouseButton.LeftButton
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else down
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else down
        event = QMouseEvent(kind, place, self._canvas.mapToGlobal(place), button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self._canvas, event)


def measure(options: argparse.Namespace) -> Result:
    with studio() as (window, events):
        started = train(window, events)
        stop(window, events)
        window.explorer.open_file(started.run)
        window.rail.set_current(EXPLORER)
        wait_until(lambda: window.explorer_page.stage.canvas.image() is not None)
        rounds = _rounds(window, "idle", options.seconds)
        train(window, events)
        window.rail.set_current(EXPLORER)
        run_for(0.5)
        rounds += _rounds(window, "training", options.seconds)
        what = f"{setting(window, started)}; explorer on a checkpoint, one thread, {options.seconds:g} s each"
    return Result("Drag on the picture", what, tuple(_figures(rounds)), tuple(rounds))


def _rounds(window: MainWindow, state: str, seconds: float) -> list[Round]:
    drag = Drag(window.explorer_page.stage.canvas)
    return [_round(drag, state, seconds / ROUNDS) for _ in range(ROUNDS)]


def _round(drag: Drag, state: str, seconds: float) -> Round:
    load, times = OtherLoad(), drag.painted_in(seconds)
    gaps = [1000 * (later - earlier) for earlier, later in pairwise(times)]
    values = {
        f"{state}_per_second": (len(times) - 2) / (times[-1] - times[0]),
        f"{state}_longest_ms": max(gaps),
        f"{state}_p95_ms": percentile(gaps, 0.95),
    }
    return Round(values, load.cores())


def _figures(rounds: list[Round]) -> list[Figure]:
    figures = []
    for state, (most_wanted, longest) in AIMS.items():
        mine = [one for one in rounds if f"{state}_per_second" in one.values]
        pace, gaps = values_of(mine, f"{state}_per_second"), values_of(mine, f"{state}_longest_ms")
        figures += [
            Figure(f"pictures while dragging, {state}", median(pace), "a second", most_wanted, at_least=True),
            Figure(f"longest gap while dragging, {state}", max(gaps), "ms", longest),
            Figure(f"gap while dragging, {state}, 95 %", median(values_of(mine, f"{state}_p95_ms")), "ms"),
        ]
    return figures


if __name__ == "__main__":
    command.run(measure, "Measure how smoothly the explorer's picture follows a drag.", seconds=20.0)
