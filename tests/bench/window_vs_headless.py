"""Images per second of one plan, trained in the window over trained in a plain process, by turns.

Both trainings stand ready all the time and one of them is paused, so that each pair is measured within seconds.
"""

from __future__ import annotations

import argparse
import time

from gan_studio.engine.events import Paused
from gan_studio.gui.main_window import MainWindow
from tests.bench import command
from tests.bench.load import OtherLoad
from tests.bench.pace import pace
from tests.bench.process import Process, headless
from tests.bench.results import Figure, Result, Round, median, values_of
from tests.bench.studio import Events, run_for, setting, studio, train, wait_until

AIM_RATIO = 0.97
WARM_UP_SECONDS = 4.0


class InWindow:
    """Trains by the window's own Pause button."""

    def __init__(self, window: MainWindow, events: Events) -> None:
        self._window, self._events = window, events
        self.started = train(window, events)
        self._press_pause()

    def stretch(self, seconds: float) -> float:
        """Train for so long; images per second."""
        self._window.train_page.run_bar.pause.click()
        run_for(seconds)
        self._press_pause()
        return pace(self._events.all)

    def _press_pause(self) -> None:
        pressed = time.perf_counter()
        self._window.train_page.run_bar.pause.click()
        wait_until(lambda: self._events.of(Paused, pressed))


def measure(options: argparse.Namespace) -> Result:
    with studio() as (window, events):
        request = window.train_page.readiness.request()
        assert request is not None
        with headless(request) as (other, plan):
            mine = InWindow(window, events)  # after the other stands ready, so that it takes over its plan
            if mine.started.plan != plan:
                raise RuntimeError(f"The plans differ: {mine.started.plan} in the window, {plan} without it.")
            mine.stretch(min(WARM_UP_SECONDS, options.seconds))
            other.ask(min(WARM_UP_SECONDS, options.seconds))
            rounds = [_round(mine, other, options.seconds, number % 2 == 0) for number in range(options.rounds)]
        what = f"{setting(window, mine.started)}; explorer closed, {options.seconds:g} s each by turns"
    figures = (
        Figure(
            "window over headless, median of ratios", median(values_of(rounds, "ratio")), "", AIM_RATIO, at_least=True
        ),
        Figure("in the window", median(values_of(rounds, "window")), "images/s"),
        Figure("headless", median(values_of(rounds, "headless")), "images/s"),
    )
    return Result("Training in the window over training without one", what, figures, tuple(rounds))


def _round(mine: InWindow, other: Process, seconds: float, window_first: bool) -> Round:
    load = OtherLoad()
    if window_first:
        window = mine.stretch(seconds)
        plain = float(other.ask(seconds))
    else:
        plain = float(other.ask(seconds))
        window = mine.stretch(seconds)
    return Round({"window": window, "headless": plain, "ratio": window / plain}, load.cores())


if __name__ == "__main__":
    command.run(measure, "Compare training in the window with training without one.", seconds=6.0, rounds=5)
