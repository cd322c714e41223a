"""A run of a million reports: how soon it can be used and is whole, how fast its plots redraw, what memory it takes.

The run is opened twice, first with nothing but its lines, then with the columns file that the first time left.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.folders import HOME_VARIABLE
from gan_studio.engine.run import RunFolder
from gan_studio.gui.main_window import MainWindow
from gan_studio.gui.pages.train.display import TRAINING
from gan_studio.gui.widgets.plots import LivePlot
from tests.bench import command
from tests.bench.load import OtherLoad
from tests.bench.results import Figure, Result, Round, median, percentile, values_of
from tests.bench.studio import run_for, studio, wait_until

NAMES = ("loss/D", "loss/G", "score/real", "score/fake", "grad/D", "grad/G")
RATES = {"rate/D": 2e-4, "rate/G": 2e-4}
AIM_USABLE, AIM_WHOLE, AIM_REDRAW_MS = 1.0, 5.0, 10.0
REDRAWS = 20
WEEK_SECONDS = 7 * 24 * 3600


def measure(options: argparse.Namespace) -> Result:
    with studio() as (window, _):
        run = make_run(Path(os.environ[HOME_VARIABLE]) / "long", options.lines)
        first, again = (_round(window, run, options.lines) for _ in range(2))
        week = _week(window)
    rounds = (first, again, week)
    figures = [
        Figure("first opening: usable", first.values["usable"], "s", AIM_USABLE),
        Figure("first opening: whole", first.values["whole"], "s", AIM_WHOLE),
        Figure("opening again: whole", again.values["whole"], "s", AIM_USABLE),
        Figure("redraw of a plot, median", median(values_of([first, again], "redraw_ms")), "ms", AIM_REDRAW_MS),
        Figure("redraw of a plot, 95 %", max(values_of([first, again], "redraw_95_ms")), "ms", AIM_REDRAW_MS),
        Figure("memory that the run takes", first.values["memory_mib"], "MiB"),
        Figure("memory from the second to the seventh day", week.values["growth_mib"], "MiB"),
    ]
    what = f"{options.lines:,} lines of {len(NAMES) + len(RATES) + 3} numbers, in the window; four plots in sight"
    return Result("A long run", what, tuple(figures), rounds)


def make_run(path: Path, lines: int) -> Path:
    """A run folder with so many reports and nothing else."""
    run = RunFolder.create(path, RunConfig(family="dcgan", picture=PictureSpec(size=64)))
    with run.metrics_file.open("w") as file:
        file.writelines(json.dumps(values) + "\n" for values in _reports(lines))
    return path


def _reports(count: int) -> Iterator[dict[str, float]]:
    chance = random.Random(0)
    for number in range(1, count + 1):
        place = {"step": 5 * number, "images": 320 * number, "seconds": round(0.6 * number, 3)}
        yield {**place, **{name: chance.gammavariate(4.0, 0.25) for name in NAMES}, **RATES}


def _round(window: MainWindow, run: Path, lines: int) -> Round:
    page, plots = window.train_page, window.train_page.monitor.plots
    page.display.show_side(TRAINING)
    plots.clear()
    run_for(0.2)
    load, before, start = OtherLoad(), _memory_mib(), time.perf_counter()
    window.wiring.open_run(run)
    wait_until(lambda: page.run == run and len(plots.loss_plot.series("loss/D")) > 0)
    plots.loss_plot.redraw()
    usable = time.perf_counter() - start
    wait_until(lambda: len(plots.loss_plot.series("loss/D")) == lines)
    whole = time.perf_counter() - start
    run_for(1.0)
    redraws = [_redraw_ms(plot) for _ in range(REDRAWS) for plot in plots.shown_plots()]
    values = {
        "usable": usable,
        "whole": whole,
        "redraw_ms": median(redraws),
        "redraw_95_ms": percentile(redraws, 0.95),
        "memory_mib": _memory_mib() - before,
    }
    return Round(values, load.cores())


def _redraw_ms(plot: LivePlot) -> float:
    """Working out what is drawn, and painting it."""
    start = time.perf_counter()
    plot.redraw()
    plot.repaint()
    return 1000 * (time.perf_counter() - start)


def _week(window: MainWindow) -> Round:
    """Reports of a week, as rare as the trainer makes them while a run grows old."""
    plots, load = window.train_page.monitor.plots, OtherLoad()
    plots.clear()
    chance, age, step, at_day = random.Random(0), 0.0, 0, {}
    while age < WEEK_SECONDS:
        age += max(0.1, age / 20_000)
        step += 1
        plots.append(step, {name: chance.random() for name in NAMES})
        at_day.setdefault(int(age // (24 * 3600)), _memory_mib())
    return Round({"reports": step, "growth_mib": _memory_mib() - at_day[1]}, load.cores())


def _memory_mib() -> float:
    return psutil.Process().memory_info().rss / 2**20


if __name__ == "__main__":
    command.run(measure, "Measure a run of a million reports in the window.", lines=100_000)
