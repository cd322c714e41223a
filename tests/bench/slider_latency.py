"""Latent slider moved → the canvas has painted the picture of that very request; idle, and while DCGAN-64 trains."""

from __future__ import annotations

import argparse
import random
import time

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer, Slot

from gan_studio.gui.late_pages import EXPLORER
from gan_studio.gui.main_window import MainWindow
from gan_studio.gui.widgets.latent_slider import LatentSlider
from tests.bench import command
from tests.bench.load import OtherLoad
from tests.bench.results import Figure, Result, Round, median, percentile, values_of
from tests.bench.studio import run_for, setting, stop, studio, train, wait_until

AIMS_MS = {"idle": 30.0, "training": 100.0}
ROUNDS = 4
PAUSE_SECONDS = 0.012
"""Between a picture and the next move: hands move a mouse at some 60 to 125 Hz."""
PATIENCE_MS = 5000
SLIDERS = 8


class Painted(QObject):
    """Knows when the canvas has painted the picture of the newest request."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._canvas = window.explorer_page.stage.canvas
        self._wanted = 0
        self._loop = QEventLoop(self)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._loop.quit)
        self._canvas.installEventFilter(self)
        window.explorer_page.navigation.picture_requested.connect(self._want)

    def seconds_after(self, slider: LatentSlider, position: int) -> float:
        """Move a slider as a drag does, and wait. Raises TimeoutError."""
        start = time.perf_counter()
        slider.setValue(position)
        self._patience.start()
        self._loop.exec()
        seconds = time.perf_counter() - start
        if not self._patience.isActive():
            raise TimeoutError(f"The picture did not come within {PATIENCE_MS} ms.")
        self._patience.stop()
        return seconds

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._canvas.stamp() >= self._wanted:
            # By then the paint, of which this is the beginning, is on the screen.
            QTimer.singleShot(0, self._loop.quit)
        return False

    @Slot(int, object)
    def _want(self, stamp: int, viewpoint: object) -> None:
        self._wanted = stamp


def measure(options: argparse.Namespace) -> Result:
    with studio() as (window, events):
        started = train(window, events)
        stop(window, events)
        window.explorer.open_file(started.run)
        window.rail.set_current(EXPLORER)
        wait_until(lambda: window.explorer_page.stage.canvas.image() is not None)
        painted = Painted(window)
        rounds = _rounds(window, painted, "idle", options.moves)
        train(window, events)
        window.rail.set_current(EXPLORER)
        run_for(0.5)
        rounds += _rounds(window, painted, "training", options.moves)
        what = f"{setting(window, started)}; explorer on a checkpoint, one thread, {options.moves} moves each"
    figures = []
    for state, aim in AIMS_MS.items():
        mine = [one for one in rounds if f"{state}_p95_ms" in one.values]
        p95, middle = values_of(mine, f"{state}_p95_ms"), values_of(mine, f"{state}_median_ms")
        figures += [
            Figure(f"slider to painted picture, {state}, 95 %", median(p95), "ms", aim),
            Figure(f"slider to painted picture, {state}, median", median(middle), "ms"),
        ]
    return Result("Slider to painted picture", what, tuple(figures), tuple(rounds))


def _rounds(window: MainWindow, painted: Painted, state: str, moves: int) -> list[Round]:
    chance = random.Random(0)
    sliders = [window.findChild(LatentSlider, f"latent_slider_{number}") for number in range(SLIDERS)]
    return [_round([s for s in sliders if s], painted, state, max(5, moves // ROUNDS), chance) for _ in range(ROUNDS)]


def _round(sliders: list[LatentSlider], painted: Painted, state: str, moves: int, chance: random.Random) -> Round:
    load, taken = OtherLoad(), []
    slider = chance.choice(sliders)
    for _ in range(moves):
        taken.append(1000 * painted.seconds_after(slider, _elsewhere(slider, chance)))
        run_for(PAUSE_SECONDS)
    values = {f"{state}_median_ms": median(taken), f"{state}_p95_ms": percentile(taken, 0.95)}
    return Round(values, load.cores())


def _elsewhere(slider: LatentSlider, chance: random.Random) -> int:
    """A position that is another one, so that there is something to paint."""
    position = chance.randint(slider.minimum(), slider.maximum() - 1)
    return position + (position >= slider.value())


if __name__ == "__main__":
    command.run(measure, "Measure the explorer's answer to a slider.", moves=200)
