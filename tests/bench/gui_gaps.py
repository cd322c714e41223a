"""How long the GUI thread is kept from its events while DCGAN-64 trains on the CPU, with 20,000 points on the plots.

A precise timer ticks in the GUI thread; a gap is the time between two ticks.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Slot

from gan_studio.engine.metrics_table import MetricsTable
from gan_studio.gui.main_window import MainWindow
from gan_studio.gui.views.scalars import ScalarTable
from tests.bench import command
from tests.bench.load import OtherLoad
from tests.bench.results import Figure, Result, Round, percentile, values_of
from tests.bench.studio import Events, run_for, setting, studio, train

TICK_MS = 4
POINTS = 20_000
LONG_GAP_SECONDS = 0.033
AIM_SHARE_PERCENT, AIM_WORST_MS = 1.0, 250.0
ROUND_SECONDS = 15.0
"""The whole is measured in pieces, so that one disturbed moment does not spoil all of it."""
SCALARS = ("loss/D", "loss/G", "score/real", "score/fake", "grad/D", "grad/G")


class Heartbeat(QObject):
    """Notes when its timer ticks."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ticks: list[float] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def gaps(self, seconds: float) -> np.ndarray:
        """Seconds between ticks, float64 `[N]`, over a while in which the window works."""
        self._ticks = [time.perf_counter()]
        self._timer.start()
        run_for(seconds)
        self._timer.stop()
        return np.diff(self._ticks)

    @Slot()
    def _tick(self) -> None:
        self._ticks.append(time.perf_counter())


def measure(options: argparse.Namespace) -> Result:
    with studio() as (window, events):
        started = train(window, events)
        load_points(window)
        heartbeat = Heartbeat(window)
        rounds = [_round(heartbeat, events, min(ROUND_SECONDS, options.seconds))]
        while len(rounds) * ROUND_SECONDS < options.seconds:
            rounds.append(_round(heartbeat, events, ROUND_SECONDS))
        what = f"{setting(window, started)}; {POINTS:,} points on each line, tick {TICK_MS} ms, {options.seconds:g} s"
    share, p99, worst = (values_of(rounds, name) for name in ("share_percent", "p99_ms", "worst_ms"))
    figures = (
        Figure("time in gaps over 33 ms", float(np.mean(share)), "%", AIM_SHARE_PERCENT),
        Figure("worst gap", max(worst), "ms", AIM_WORST_MS),
        Figure("99 % of gaps, worst round", max(p99), "ms"),
        Figure("training meanwhile", float(np.mean(values_of(rounds, "images_per_second"))), "images/s"),
    )
    return Result("Gaps of the GUI thread while training", what, figures, tuple(rounds))


def load_points(window: MainWindow) -> None:
    """Put points on the plots as if the run had been long, in front of its first step."""
    random = np.random.default_rng(0)
    waves = np.abs(random.normal(1.0, 0.3, (POINTS, len(SCALARS))))
    rows = [
        {"step": number - POINTS, **dict(zip(SCALARS, values, strict=True))}
        for number, values in enumerate(waves.tolist())
    ]
    window.train_page.monitor.plots.load(ScalarTable.of(MetricsTable.of(rows)))
    run_for(0.5)


def _round(heartbeat: Heartbeat, events: Events, seconds: float) -> Round:
    from gan_studio.engine.events import Report

    load, start = OtherLoad(), time.perf_counter()
    gaps = heartbeat.gaps(seconds)
    reports = [(at, report) for at, report in events.of(Report) if at >= start]
    (first_at, first), (last_at, last) = reports[0], reports[-1]
    values = {
        "share_percent": float(100 * gaps[gaps > LONG_GAP_SECONDS].sum() / gaps.sum()),
        "p99_ms": 1000 * percentile(gaps.tolist(), 0.99),
        "worst_ms": 1000 * float(gaps.max()),
        "images_per_second": (last.images - first.images) / max(1e-3, last_at - first_at),
    }
    return Round(values, load.cores())


if __name__ == "__main__":
    command.run(measure, "Measure the gaps of the GUI thread while training.", seconds=60.0)
