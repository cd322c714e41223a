"""The loop over steps. Knows no family, no file format and no front end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psutil
import torch

from gan_studio.engine.checkpoint import flat_tensors, load_state, save_generator, save_state
from gan_studio.engine.config import RunConfig
from gan_studio.engine.control import Control, Intervention
from gan_studio.engine.errors import CheckpointError, RunError, TrainingDiverged
from gan_studio.engine.events import (
    CheckpointSaved,
    Emit,
    Finished,
    GridSaved,
    LearningRateChanged,
    Notice,
    Paused,
    Report,
    Resumed,
    SnapshotReady,
    Stopped,
    TerminalEvent,
)
from gan_studio.engine.journal import Journal
from gan_studio.engine.limits import reached, seconds_left
from gan_studio.engine.lock import RunLock
from gan_studio.engine.pace import Clock, Throughput
from gan_studio.engine.run import RunFolder
from gan_studio.engine.samples import GridMaker
from gan_studio.engine.speed import Plan
from gan_studio.engine.state import TrainingState, copied
from gan_studio.engine.stats import Statistics
from gan_studio.engine.step import StepDiscarded
from gan_studio.engine.tensorboard import TensorBoard

REPORT_SECONDS = 0.1
MOST_REPORTS = 20_000
MOST_GRIDS = 200
"""Per doubling or so of a run's age, once the pace of reports and grids slows."""
LONG_STEP_SECONDS = 1.0
"""Before a step that takes longer, the state is kept in memory, so that Stop need not wait for its end."""
SKIPPED_IN_A_ROW = 25
MOST_RETRIES = 3


class Trainer:
    """Steps until the limit, a stop or a failure, and keeps the run folder up to date.

    `run` returns with one terminal event emitted, or raises a StudioError, which whoever called it turns into one.
    """

    def __init__(
        self,
        config: RunConfig,
        run: RunFolder,
        lock: RunLock,
        state: TrainingState,
        statistics: Statistics,
        grids: GridMaker,
        plan: Plan,
    ) -> None:
        self._config, self._settings = config, config.training
        self._run, self._lock, self._journal = run, lock, Journal(run)
        self._state, self._counters, self._stepper = state, state.counters, state.stepper
        self._statistics, self._grids, self._plan = statistics, grids, plan
        self._emit: Emit = lambda event: None
        self._control = Control()
        self._throughput = Throughput()
        self._board: TensorBoard | None = None
        self._step_seconds = 0.0
        self._long_step = False
        self._skipping = False
        self._grid_point: tuple[int, int] | None = None
        self._saved_point: tuple[int, int] | None = None
        self._report_clock = Clock(REPORT_SECONDS, most_in_a_run=MOST_REPORTS)
        self._grid_clock = Clock(self._settings.sample_seconds, self._settings.sample_steps, MOST_GRIDS)
        self._checkpoint_clock = Clock(self._settings.checkpoint_minutes * 60, self._settings.checkpoint_steps)

    def run(self, emit: Emit, control: Control) -> None:
        """Train. Called once, in the thread that owns torch's random state."""
        self._emit, self._control = emit, control
        self._stepper.wants_to_leave = self._may_leave_step
        if self._settings.tensorboard:
            self._board = TensorBoard(self._run.tensorboard, first_step=self._counters.step + 1)
        try:
            self._save_first()
            self._loop()
            self._end()
        finally:
            if self._board:
                self._board.close()

    # --- the loop ---

    def _loop(self) -> None:
        while not self._control.stopping and not self._done():
            self._serve_requests()
            if self._hold():
                continue
            start = time.perf_counter()
            if not self._step():
                return
            self._counters.seconds += time.perf_counter() - start
            self._after_step()
            if self._control.seconds_between_steps:
                self._control.wait(self._control.seconds_between_steps)

    def _done(self) -> bool:
        return reached(self._settings, self._counters.step, self._counters.images, self._counters.seconds)

    def _step(self) -> bool:
        """One step; False when it was discarded because the user wants to stop."""
        backup = copied(self._state.capture()) if self._step_seconds > LONG_STEP_SECONDS else None
        self._long_step = backup is not None
        start = time.perf_counter()
        try:
            images = self._stepper.step(self._counters.step, self._counters.images)
        except StepDiscarded:
            self._state.restore(backup or {})
            return False
        self._counters.step += 1
        self._counters.images += images
        self._state.averages.update(self._counters.images, images)
        self._step_seconds = time.perf_counter() - start
        return True

    def _may_leave_step(self) -> bool:
        return self._long_step and self._control.stopping

    def _after_step(self) -> None:
        step, age = self._counters.step, self._counters.seconds
        if self._report_clock.due(step, age):
            self._report_clock.run(self._report)
        if self._grid_clock.due(step, age):
            self._grid_clock.run(self._save_grid)
        if self._checkpoint_clock.due(step, age) and not self._skipping:
            self._checkpoint_clock.run(self._save_checkpoint)

    def _point(self) -> tuple[int, int]:
        """What tells one state of the networks from another: steps, and updates by hand between them."""
        return self._counters.step, self._counters.interventions

    def _hold(self) -> bool:
        """While paused, rest until something is asked for; False when a step is to be run."""
        if not self._control.paused or self._control.take_single_step():
            return False
        self._report()
        self._emit(Paused(self._counters.step))
        while self._control.paused and not self._control.stopping:
            self._serve_requests()
            self._lock.beat()
            if self._control.take_single_step():
                self._throughput.clear()
                return False
            self._control.wait(0.2)
        self._throughput.clear()
        if not self._control.stopping:
            self._emit(Resumed(self._counters.step))
        return True

    def _end(self) -> None:
        """Keep everything of the last step, then tell how it ended."""
        self._report()
        self._save_grid()
        saved = self._save_checkpoint()
        step = self._counters.step
        done = self._done() and saved
        event: TerminalEvent = Finished(step, self._run.path) if done else Stopped(step, self._run.path, saved)
        self._run.log(f"{type(event).__name__} at step {step}.")
        self._emit(event)

    # --- what is asked for from outside ---

    def _serve_requests(self) -> None:
        while intervention := self._journal.next(self._counters.step, self._counters.interventions, self._control):
            self._counters.interventions += 1
            self._intervene(intervention)
        if self._control.take_request("sample"):
            self._grid_clock.run(self._save_grid)
        if self._control.take_request("checkpoint"):
            self._checkpoint_clock.run(self._save_checkpoint)
        if self._control.take_request("snapshot"):
            snapshot = self._control.put_snapshot(self._counters.step, flat_tensors(self._state.averages.networks))
            self._emit(SnapshotReady(snapshot.version, snapshot.step))

    def _intervene(self, intervention: Intervention) -> None:
        if intervention.kind == "phase":
            self._long_step = False
            self._stepper.half_step(intervention.name, self._counters.images)
            self._state.averages.update(self._counters.images, self._stepper.batch_size)
            self._report()
        elif intervention.name in self._stepper.rates:
            self._stepper.rates[intervention.name] = intervention.value
            self._run.log(f"Learning rate of {intervention.name} set to {intervention.value:g}.")
            self._emit(LearningRateChanged(self._counters.step, intervention.name, intervention.value))

    # --- what is written ---

    def _report(self) -> None:
        scalars, skipped = self._statistics.read()
        counters = self._counters
        pace = self._throughput.mark(counters.seconds, counters.images)
        left = seconds_left(self._settings, counters.step, counters.images, counters.seconds, pace)
        if scalars:
            rates = {f"rate/{name}": rate for name, rate in self._stepper.rates.items()}
            scalars |= rates | dict(self._stepper.stage.values)
            self._try(lambda: self._write_scalars(scalars))
            memory = self._memory_bytes()
            self._emit(Report(counters.step, counters.images, counters.seconds, scalars, pace, left, memory))
        self._lock.beat()
        self._skipping = skipped > 0
        if skipped >= SKIPPED_IN_A_ROW:
            self._retry()

    def _write_scalars(self, scalars: dict[str, float]) -> None:
        counters = self._counters
        place = {"step": counters.step, "images": counters.images, "seconds": round(counters.seconds, 3)}
        self._run.append_metrics(place | scalars)
        if self._board:
            self._board.add(counters.step, scalars)

    def _save_grid(self) -> None:
        step = self._counters.step
        if self._grid_point == self._point():
            return
        path = self._run.sample_file(step)
        if self._try(lambda: self._grids.write(path)):
            self._grid_point = self._point()
            self._emit(GridSaved(step, path))

    def _save_checkpoint(self) -> bool:
        """Generator first, state last: where there is a state, its checkpoint is whole."""
        step, start = self._counters.step, time.perf_counter()
        if self._saved_point == self._point():
            return True
        path = self._run.state_file(step)
        tensors = flat_tensors(self._state.averages.networks)
        if not self._try(lambda: save_generator(self._run.generator_file(step), self._config, step, tensors)):
            return False
        if not self._try(lambda: save_state(path, {"plan": self._plan.to_dict(), **self._state.capture()})):
            return False
        self._saved_point = self._point()
        self._run.prune_checkpoints(self._settings.keep_checkpoints)
        seconds = time.perf_counter() - start
        self._run.log(f"Checkpoint at step {step}, {path.stat().st_size / 2**20:.0f} MiB in {seconds:.1f} s.")
        self._emit(CheckpointSaved(step, path, path.stat().st_size, seconds))
        return True

    def _save_first(self) -> None:
        """A run can be resumed and explored from its very first moment."""
        self._save_grid()
        self._save_checkpoint()

    def _try(self, write: Callable[[], Any]) -> bool:
        """A disk that is full costs a grid or a checkpoint, never the training."""
        try:
            write()
        except RunError as error:
            self._run.log(str(error))
            self._emit(Notice(error.message, f"{error.advice} Training goes on."))
            return False
        return True

    # --- divergence ---

    def _retry(self) -> None:
        """Back to the last checkpoint with half the learning rates, a few times; then give up."""
        tries = self._counters.retries + 1
        if tries > MOST_RETRIES:
            raise TrainingDiverged(
                f"Gradients stayed infinite or not a number after {MOST_RETRIES} retries.",
                "Start again with lower learning rates or another objective; the last checkpoint is untouched.",
            )
        self.load(load_state(self._run.state_to_resume()))
        self._counters.retries = tries
        self._statistics.forget_skipped()
        for name, rate in self._stepper.rates.items():
            change = Intervention("learning_rate", name, rate / 2)
            self._journal.add(self._counters.step, self._counters.interventions, change)
            self._counters.interventions += 1
            self._intervene(change)
        self._saved_point = None
        step = self._counters.step
        message = f"Training diverged; back to step {step} with half the learning rates ({tries} of {MOST_RETRIES})."
        self._run.log(message)
        self._emit(Notice(message, "If it happens again, lower the learning rates."))

    def load(self, state: dict[str, Any]) -> None:
        """Put a checkpoint's state in place. Raises CheckpointError for one of other networks."""
        try:
            self._state.restore(state)
        except (KeyError, RuntimeError, ValueError, TypeError) as error:
            raise CheckpointError(f"The checkpoint does not fit the run {self._run.path} ({error}).") from error
        self._saved_point = self._point()

    def _memory_bytes(self) -> int:
        if self._plan.device.startswith("cuda"):
            return torch.cuda.max_memory_allocated(self._plan.device)
        return psutil.Process().memory_info().rss
