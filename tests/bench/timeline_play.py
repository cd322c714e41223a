"""The timeline plays: how many grids a second are painted, and the longest gap; idle, and while DCGAN-64 trains.

The grids are as large as those of a run at 64 px, differ in every pixel, and none is in memory when a round begins.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QEvent, QObject

from gan_studio.gui.late_pages import TRAIN
from gan_studio.gui.main_window import MainWindow
from tests.bench import command
from tests.bench.load import OtherLoad
from tests.bench.results import Figure, Result, Round, median, values_of
from tests.bench.studio import run_for, setting, stop, studio, train, wait_until

GRIDS, SIDE = 120, 526
SPEED = 2.0
"""With so many grids every 33 ms: 30 a second are asked for."""
ROUNDS = 4
AIMS = {"idle": (28.0, 100.0), "training": (20.0, 250.0)}
"""Grids a second at least, and the longest gap in milliseconds."""


class Paints(QObject):
    """Notes when the canvas paints another step."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._monitor = window.train_page.monitor
        self._last: int | None = None
        self.times: list[float] = []
        self._monitor.sample_view.samples.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        step = self._monitor.shown_step
        if event.type() == QEvent.Type.Paint and step != self._last:
            self._last = step
            self.times.append(time.perf_counter())
        return False


def measure(options: argparse.Namespace) -> Result:
    with studio() as (window, events):
        started = train(window, events)
        stop(window, events)
        grids = draw_grids(started.run.parent / "grids")
        paints = Paints(window)
        rounds = _rounds(window, paints, grids, "idle", options.seconds)
        train(window, events)
        rounds += _rounds(window, paints, grids, "training", options.seconds)
        what = f"{setting(window, started)}; {GRIDS} grids of {SIDE} × {SIDE} pixels, speed {SPEED:g}"
    figures = []
    for state, (pace, gap) in AIMS.items():
        figures += [
            Figure(f"timeline, {state}", median(values_of(rounds, f"{state}_fps")), "grids/s", pace, at_least=True),
            Figure(f"timeline, {state}, longest gap", max(values_of(rounds, f"{state}_gap_ms")), "ms", gap),
        ]
    return Result("The timeline plays", what, tuple(figures), tuple(rounds))


def draw_grids(folder: Path) -> list[Path]:
    """Grids that no cache and no compression makes easy."""
    folder.mkdir(parents=True, exist_ok=True)
    random, paths = np.random.default_rng(0), []
    smooth = random.integers(0, 256, (GRIDS, SIDE // 8 + 1, SIDE // 8 + 1, 3), np.uint8)
    for number, blocks in enumerate(smooth):
        pixels = blocks.repeat(8, axis=0).repeat(8, axis=1)[:SIDE, :SIDE]
        pixels = pixels ^ random.integers(0, 16, pixels.shape, np.uint8)
        paths.append(folder / f"step-{number:08d}.png")
        Image.fromarray(pixels).save(paths[-1], compress_level=1)
    return paths


def _rounds(window: MainWindow, paints: Paints, grids: list[Path], state: str, seconds: float) -> list[Round]:
    window.rail.set_current(TRAIN)
    monitor = window.train_page.monitor
    for number, path in enumerate(grids):
        monitor.add_grid(number - len(grids), path)  # before the steps of the run itself
    run_for(0.5)
    return [_round(window, paints, state, seconds / ROUNDS) for _ in range(ROUNDS)]


def _round(window: MainWindow, paints: Paints, state: str, seconds: float) -> Round:
    monitor = window.train_page.monitor
    monitor.pictures.clear()
    monitor.timeline.set_playback(SPEED, True)
    monitor.timeline.go_to(-GRIDS)
    wait_until(lambda: monitor.shown_step == -GRIDS)
    load, paints.times = OtherLoad(), []
    monitor.timeline.set_playing(True)
    run_for(seconds)
    monitor.timeline.set_playing(False)
    gaps = np.diff(paints.times)
    values = {f"{state}_fps": len(gaps) / float(gaps.sum()), f"{state}_gap_ms": 1000 * float(gaps.max())}
    return Round(values, load.cores())


if __name__ == "__main__":
    command.run(measure, "Measure how smoothly the timeline plays.", seconds=16.0)
