"""A trainer without networks: it holds a run, counts steps, and answers what it is asked through the folder.

`python -m tests.engine.far_trainer RUN [FIRST_STEP]`; starts in half a second, because it needs no torch.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.control import Control
from gan_studio.engine.events import Notice, Paused, Report, Resumed, Started, Stopped
from gan_studio.engine.lock import RunLock
from gan_studio.engine.reception import Reception
from gan_studio.engine.run import RunFolder

STEP_SECONDS = 0.02


def make_run(path: Path, lines: int = 0) -> RunFolder:
    """A run folder with so many lines of metrics, without having trained."""
    run = RunFolder.create(path, RunConfig(family="dcgan", picture=PictureSpec(size=16)))
    for step in range(1, lines + 1):
        write_line(run, step)
    return run


def write_line(run: RunFolder, step: int, loss: float = 0.5) -> None:
    run.append_metrics({"step": step, "images": 4 * step, "seconds": step / 10, "loss/D": loss})


class FarTrainer:
    """Does by hand what a training does with its folder."""

    def __init__(self, run: RunFolder, lock: RunLock, first_step: int = 0) -> None:
        self.control, self.run, self.step = Control(), run, first_step
        self.reception = Reception(run, lock, lambda event: None, self.control)
        run.cut(first_step)
        started = Started(run.path, first_step, None, 4, 9, {}, {}, (), "counting")
        self.reception.follow(started)

    def train(self) -> None:
        """One step, or what was asked for."""
        self.reception.serve()
        if self.control.paused:
            self._hold()
        self.step += 1
        write_line(self.run, self.step)
        report = Report(self.step, 4 * self.step, self.step / 10, {"loss/D": 0.5}, 40.0, None, 2**20)
        self.reception.follow(report)

    def notice(self, message: str) -> None:
        self.reception.follow(Notice(message))

    def end(self) -> None:
        self.reception.follow(Stopped(self.step, self.run.path, saved=False))

    def _hold(self) -> None:
        self.reception.follow(Paused(self.step))
        while self.control.paused and not self.control.stopping:
            self.reception.serve()
            self.control.wait(STEP_SECONDS)
        self.reception.follow(Resumed(self.step))


def main(path: Path, first_step: int) -> None:
    run = RunFolder.open(path)
    with RunLock(path).held() as lock:
        trainer = FarTrainer(run, lock, first_step)
        sys.stdout.write("training\n")
        sys.stdout.flush()
        while not trainer.control.stopping:
            trainer.train()
            time.sleep(STEP_SECONDS)
        trainer.end()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
