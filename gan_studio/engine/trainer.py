"""The loop over steps. Knows no family, no file format and no front end."""

from __future__ import annotations

import math
import time
from typing import Any

import psutil
import torch

from gan_studio.engine.checkpoint import flat_tensors, load_state
from gan_studio.engine.config import RunConfig
from gan_studio.engine.control import Control, Intervention
from gan_studio.engine.errors import CheckpointError, StudioError, TrainingDiverged, first_line
from gan_studio.engine.events import (
    Emit,
    Finished,
    LearningRateChanged,
    Notice,
    Paused,
    PlanChanged,
    Report,
    Resumed,
    SnapshotReady,
    Stopped,
    TerminalEvent,
)
from gan_studio.engine.journal import Journal
from gan_studio.engine.limits import progress, reached, seconds_left
from gan_studio.engine.metrics.while_training import SECONDS, TrainingMetrics
from gan_studio.engine.pace import Budget, Clock, Throughput
from gan_studio.engine.reception import Reception
from gan_studio.engine.recorder import Recorder
from gan_studio.engine.run import RunFolder
from gan_studio.engine.samples import GridMaker, RawGrids
from gan_studio.engine.speed import Plan
from gan_studio.engine.state import TrainingState, copied
from gan_studio.engine.stats import Statistics
from gan_studio.engine.step import StepDiscarded

REPORT_SECONDS = 0.1
MOST_REPORTS = 20_000
MOST_GRIDS = 200
"""Per doubling or so of a run's age, once the pace of reports and grids slows."""
LONG_STEP_SECONDS = 1.0
"""Before a step that takes longer, the state is kept in memory, so that Stop need not wait for its end."""
POLL_SECONDS = 0.2
SKIPPED_IN_A_ROW = 25
MOST_RETRIES = 3
NO_GRAPHS = "No step of this training can be captured as a CUDA graph."


class Trainer:
    """Steps until the limit, a stop or a failure, and serves what is asked for in between."""

    def __init__(
        self,
        config: RunConfig,
        run: RunFolder,
        reception: Reception,
        state: TrainingState,
        statistics: Statistics,
        grids: GridMaker,
        plan: Plan,
        raw_grids: RawGrids | None = None,
        metrics: TrainingMetrics | None = None,
    ) -> None:
        self._settings = config.training
        self._run, self._reception, self._journal = run, reception, Journal(run)
        self._state, self._counters, self._stepper = state, state.counters, state.stepper
        self._statistics, self._plan = statistics, plan
        self._recorder = Recorder(config, run, state, grids, raw_grids)
        self._emit: Emit = lambda event: None
        self._control = Control()
        self._throughput = Throughput()
        self._step_seconds = math.inf
        """Of the step before; nobody knows how long the first one takes."""
        self._may_leave = False
        self._skipped = 0
        """Updates in a row that were skipped because gradients were not finite, as of the last report."""
        self._metrics = metrics
        self._measured: dict[str, float] = {}
        """What the next report brings along."""
        self._metrics_budget = Budget(self._settings.measure_steps)
        self._report_clock = Clock(REPORT_SECONDS, most_in_a_run=MOST_REPORTS)
        self._grid_clock = Clock(self._settings.sample_seconds, self._settings.sample_steps, MOST_GRIDS)
        self._checkpoint_clock = Clock(self._settings.checkpoint_minutes * 60, self._settings.checkpoint_steps)

    def load(self, state: dict[str, Any]) -> None:
        """Put a checkpoint's state in place. Raises CheckpointError for one of other networks."""
        try:
            self._state.restore(state)
        except (KeyError, IndexError, AttributeError, RuntimeError, ValueError, TypeError) as error:
            raise CheckpointError(
                f"The checkpoint does not fit the run {self._run.path} ({error}).",
                "Take another checkpoint of the run with --from-step.",
            ) from error
        self._recorder.loaded()

    def run(self, emit: Emit, control: Control) -> TerminalEvent:
        """Train, and return how it ended. Called once, in the thread that owns torch's random state.

        Raises TrainingDiverged, or whatever a loss raises.
        """
        self._emit, self._control = emit, control
        self._stepper.wants_to_leave = self._wants_to_leave
        try:
            self._recorder.open(emit)
            self._follow_plan()
            self._recorder.grid()
            self._recorder.checkpoint()
            self._loop()
            return self._end()
        finally:
            self._recorder.close()

    # --- the loop ---

    def _loop(self) -> None:
        while not self._control.stopping and not self._done():
            self._serve_requests()
            if self._hold():
                continue
            if not self._step():
                return
            self._after_step()
            self._rest()

    def _done(self) -> bool:
        return reached(self._settings, self._counters.step, self._counters.images, self._counters.seconds)

    def _step(self) -> bool:
        """One step; False when it was discarded because the user wants to stop."""
        is_long = self._step_seconds > LONG_STEP_SECONDS and self._stepper.may_be_left
        backup = copied(self._state.capture()) if is_long else None
        self._may_leave = backup is not None
        start = time.perf_counter()
        try:
            images = self._stepper.step(self._counters.step, self._counters.images)
        except StepDiscarded:
            self._state.restore(backup or {})
            self._statistics.forget()
            return False
        self._counters.step += 1
        self._counters.images += images
        self._state.averages.update(self._counters.images, images)
        self._step_seconds = time.perf_counter() - start
        self._counters.seconds += self._step_seconds
        return True

    def _wants_to_leave(self) -> bool:
        """Asked inside a step: it may be a long one."""
        self._reception.serve()
        return self._may_leave and self._control.stopping

    def _after_step(self) -> None:
        step, age = self._counters.step, self._counters.seconds
        if self._metrics and self._metrics_budget.due(step, age):
            self._measure(self._metrics)
        checkpoint_due = self._checkpoint_clock.due(step, age)
        if checkpoint_due or self._report_clock.due(step, age):
            self._report_clock.run(self._report)
        if self._skipped >= SKIPPED_IN_A_ROW:
            self._retry()
            return
        if self._grid_clock.due(step, age):
            self._grid_clock.run(self._recorder.grid)
        if checkpoint_due and not self._skipped:
            self._checkpoint_clock.run(self._recorder.checkpoint)

    def _hold(self) -> bool:
        """While paused, rest until something is asked for; False when a step is to be run."""
        if not self._control.paused or self._control.take_single_step():
            return False
        self._report()
        self._emit(Paused(self._counters.step))
        self._throughput.clear()
        while self._control.paused and not self._control.stopping:
            self._serve_requests()
            if self._control.take_single_step():
                return False
            self._control.wait(POLL_SECONDS)
        if not self._control.stopping:
            self._emit(Resumed(self._counters.step))
        return True

    def _rest(self) -> None:
        """Slow motion; what is asked for meanwhile is served at once."""
        start = time.monotonic()
        while (left := start + self._control.seconds_between_steps - time.monotonic()) > 0:
            self._control.wait(min(left, POLL_SECONDS))
            if self._control.stopping or self._control.paused:
                return
            self._serve_requests()

    def _end(self) -> TerminalEvent:
        """Keep everything of the last step, and say how it ended."""
        self._serve_requests()
        self._report()
        self._recorder.grid()
        saved = self._save_if_sound()
        step = self._counters.step
        done = self._done() and saved
        event = Finished(step, self._run.path) if done else Stopped(step, self._run.path, saved)
        self._run.log(f"{type(event).__name__} at step {step}.")
        return event

    # --- what is asked for from outside ---

    def _serve_requests(self) -> None:
        self._reception.serve()
        while intervention := self._next_intervention():
            self._counters.interventions += 1
            self._intervene(intervention)
        if self._control.take_request("sample"):
            self._grid_clock.run(self._recorder.grid)
        if self._control.take_request("checkpoint"):
            self._report()
            self._checkpoint_clock.run(self._save_if_sound)
        if self._control.take_request("snapshot"):
            snapshot = self._control.put_snapshot(self._counters.step, flat_tensors(self._state.averages.networks))
            self._emit(SnapshotReady(snapshot.version, snapshot.step))

    def _next_intervention(self) -> Intervention | None:
        """What a person asks for now, else what was done at this point before the run was resumed."""
        asked = self._control.take_intervention()
        if asked:
            self._write_down(asked)
            return asked
        return self._journal.recorded(self._counters.step, self._counters.interventions)

    def _write_down(self, intervention: Intervention) -> None:
        counters = self._counters
        self._recorder.attempt(
            "interventions", lambda: self._journal.add(counters.step, counters.interventions, intervention)
        )

    def _intervene(self, intervention: Intervention) -> None:
        if intervention.kind == "phase":
            self._may_leave = False
            images = self._stepper.half_step(intervention.name, self._counters.images)
            self._state.averages.update(self._counters.images, images)
            self._report()
        elif intervention.name in self._stepper.rates:
            self._stepper.rates[intervention.name] = intervention.value
            self._run.log(f"Learning rate of {intervention.name} set to {intervention.value:g}.")
            self._emit(LearningRateChanged(self._counters.step, intervention.name, intervention.value))

    # --- what is told and kept ---

    def _report(self) -> None:
        scalars, self._skipped = self._statistics.read()
        self._follow_plan()
        counters = self._counters
        pace = self._throughput.mark(counters.seconds, counters.images)
        left = seconds_left(self._settings, counters.step, counters.images, counters.seconds, pace)
        if scalars:
            rates = {f"rate/{name}": rate for name, rate in self._stepper.rates.items()}
            scalars |= rates | dict(self._stepper.stage.values) | self._measured
            self._measured = {}
            self._recorder.scalars(scalars)
            memory = self._memory_bytes()
            done = progress(self._settings, counters.step, counters.images, counters.seconds)
            self._emit(Report(counters.step, counters.images, counters.seconds, scalars, pace, left, memory, done))

    def _follow_plan(self) -> None:
        """Say so where steps are computed otherwise than was asked for: graphs cannot be captured of all."""
        plan, captured = self._stepper.plan, self._stepper.captured
        if plan == self._plan:
            return
        self._plan = plan
        what = f"A step could not be captured as a CUDA graph ({captured.failure})." if captured else NO_GRAPHS
        self._run.log(f"{what} Goes on: {plan.describe()}.")
        self._emit(PlanChanged(self._counters.step, plan.describe()))
        self._emit(Notice(what, "Training goes on without graphs."))

    def _measure(self, metrics: TrainingMetrics) -> None:
        """Measure the averaged networks; what fails is said, and not tried again."""
        budget, first = self._metrics_budget, not self._metrics_budget.spent_seconds
        try:
            budget.run(lambda: self._measured.update(metrics.measure()))
        except (StudioError, RuntimeError) as error:
            self._metrics = None
            self._emit(
                Notice(f"Samples cannot be measured: {first_line(error)}.".replace("..", "."), "Training goes on.")
            )
            return
        self._measured[SECONDS] = budget.cost_seconds
        if first:
            self._run.log(f"Measured samples at step {self._counters.step}, in {budget.cost_seconds:.2f} s.")

    def _save_if_sound(self) -> bool:
        """A checkpoint, unless what would be kept is of no use to anybody."""
        if self._skipped and not self._state.is_finite():
            self._emit(Notice("The networks hold numbers that are not finite.", "The checkpoint before is untouched."))
            return False
        return self._recorder.checkpoint()

    def _memory_bytes(self) -> int:
        if self._plan.device.startswith("cuda"):
            return torch.cuda.max_memory_allocated(self._plan.device)
        return psutil.Process().memory_info().rss

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
        # The checkpoint may be from before an earlier retry, and then knows nothing of its halved rates
        factor = 0.5 ** (tries - self._counters.retries)
        self._counters.retries = tries
        self._skipped = 0
        self._statistics.forget_skipped()
        self._recorder.cut()
        for name, rate in list(self._stepper.rates.items()):
            change = Intervention("learning_rate", name, rate * factor)
            self._write_down(change)
            self._counters.interventions += 1
            self._intervene(change)
        message = (
            f"Training diverged; back to step {self._counters.step}, learning rates times {factor:g} "
            f"(retry {tries} of {MOST_RETRIES})."
        )
        self._run.log(message)
        self._emit(Notice(message, "If it happens again, lower the learning rates."))
