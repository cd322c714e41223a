"""Images per second of one plan, trained in the window over trained in a plain process, by turns.

Both trainings stand ready all the time and one of them is paused, so that each pair is measured within seconds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from gan_studio.engine.events import Paused
from gan_studio.engine.request import TrainingRequest
from gan_studio.gui.main_window import MainWindow
from tests.bench import command
from tests.bench.load import OtherLoad
from tests.bench.pace import pace
from tests.bench.results import Figure, Result, Round, median, values_of
from tests.bench.studio import Events, run_for, setting, studio, train, wait_until

AIM_RATIO = 0.95
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


class Headless:
    """Trains the same in a process without a window."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def stretch(self, seconds: float) -> float:
        """Train for so long; images per second. Raises RuntimeError where the process has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("The training without a window ended early.")
        return float(json.loads(answer))


def measure(options: argparse.Namespace) -> Result:
    with studio() as (window, events):
        request = window.train_page.request()
        assert request is not None
        with headless(request) as other:
            mine = InWindow(window, events)
            for one in (mine, other):
                one.stretch(min(WARM_UP_SECONDS, options.seconds))
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


def _round(mine: InWindow, other: Headless, seconds: float, window_first: bool) -> Round:
    load = OtherLoad()
    if window_first:
        window = mine.stretch(seconds)
        plain = other.stretch(seconds)
    else:
        plain = other.stretch(seconds)
        window = mine.stretch(seconds)
    return Round({"window": window, "headless": plain, "ratio": window / plain}, load.cores())


@contextmanager
def headless(request: TrainingRequest) -> Iterator[Headless]:
    """A plain process that stands ready with the same request."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.headless_training"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(asdict(request), default=_plain) + "\n")
        process.stdin.flush()
        yield Headless(process)
    finally:
        process.stdin.close()
        process.wait()


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else dict(value)  # type: ignore[call-overload]


if __name__ == "__main__":
    command.run(measure, "Compare training in the window with training without one.", seconds=6.0, rounds=5)
