"""Stop pressed → the training has stopped, the checkpoint's writing apart."""

from __future__ import annotations

import argparse
import time

from gan_studio.engine.events import CheckpointSaved, Started, Stopped
from gan_studio.gui.main_window import MainWindow
from tests.bench import command
from tests.bench.load import OtherLoad
from tests.bench.results import Figure, Result, Round, median, values_of
from tests.bench.studio import Events, run_for, setting, stop, studio, train

AIM_SECONDS = 3.0
FIRST_DELAY, NEXT_DELAY = 0.3, 0.37
"""Seconds of training before Stop: of the first round, and how many more of each further, to stop at any place."""


def measure(options: argparse.Namespace) -> Result:
    with studio() as (window, events):
        delays = [FIRST_DELAY + number * NEXT_DELAY for number in range(options.rounds)]
        rounds = [_round(window, events, delay) for delay in delays]
        what = setting(window, events.of(Started)[-1][1])
    apart = values_of(rounds, "stopped_seconds")
    figures = (
        Figure("Stop to stopped, without the checkpoint, worst", max(apart), "s", AIM_SECONDS),
        Figure("Stop to stopped, without the checkpoint, median", median(apart), "s"),
        Figure("writing the checkpoint, median", median(values_of(rounds, "checkpoint_seconds")), "s"),
        Figure("both together, worst", max(values_of(rounds, "total_seconds")), "s"),
    )
    return Result("Stop to stopped", what, figures, tuple(rounds))


def _round(window: MainWindow, events: Events, delay: float) -> Round:
    load = OtherLoad()
    train(window, events, reports=1)
    run_for(delay)
    pressed = time.perf_counter()
    stop(window, events)
    arrived = events.of(Stopped, pressed)[-1][0]
    writing = sum(event.seconds for _, event in events.of(CheckpointSaved, pressed))
    total = arrived - pressed
    values = {"total_seconds": total, "checkpoint_seconds": writing, "stopped_seconds": total - writing}
    return Round(values, load.cores())


if __name__ == "__main__":
    command.run(measure, "Measure how soon a training stops.", rounds=5)
