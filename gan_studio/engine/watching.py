"""Watches a run that another process or machine trains, by its folder alone, as the events a trainer would send.

Nothing is told when a file on a network changes, so somebody calls `look` on a clock, in a thread that may wait. What
was read once is not read again. Nothing in the folder is believed beyond its form. Imports no torch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.events import (
    CheckpointSaved,
    Failed,
    Finished,
    GridSaved,
    Notice,
    Paused,
    PlanChanged,
    Preparing,
    Report,
    Resumed,
    Started,
    Stopped,
    TerminalEvent,
    TrainEvent,
)
from gan_studio.engine.lock import LOCK_NAME, STALE_SECONDS, LockHolder, written_holder
from gan_studio.engine.metrics_tail import MetricsLine, MetricsTail
from gan_studio.engine.one_line import shown
from gan_studio.engine.run import RunFolder
from gan_studio.engine.run_status import RunStatus, read_status


@dataclass(frozen=True)
class Look:
    """What one look at the folder found."""

    trainer: LockHolder | None
    """Who trains the run, another process than this; None while nobody does."""
    status: RunStatus | None = None
    """What that trainer says; None from one that is too old to say anything."""
    events: tuple[TrainEvent, ...] = ()
    more: bool = False
    """There is more to be read at once."""


class RunWatcher:
    """Follows one run. From when another process trains it, its events follow, and end with one terminal event."""

    def __init__(self, run: Path, metrics_bytes: int = 0, last_step: int = -1, last_grid: int = -1) -> None:
        """What is known already: bytes of the metrics and the step their lines reach, and the newest grid."""
        self._run = RunFolder(run)
        self._trainer: LockHolder | None = None
        self._status: RunStatus | None = None
        self._knows_its_course = True
        """Whether what was read is what the trainer goes on from; else it is read again behind its first step."""
        self._pulse, self._quiet_since = (0, 0), time.monotonic()
        self._tail = MetricsTail(self._run.metrics_file, metrics_bytes, last_step)
        self._grids = FilesByStep(self._run.sample_files, self._run.samples, last_grid)
        known = max(self._run.state_files(), default=-1)
        self._checkpoints = FilesByStep(self._run.state_files, self._run.checkpoints, known)

    def look(self) -> Look:
        """What is new since the last look. Never raises for what lies in the folder."""
        trainer = written_holder(self._run.path)
        status = read_status(self._run.path)
        if status is not None and status.trainer != (trainer or self._trainer):
            status = None  # left behind by an earlier training
        if trainer is None or trainer.is_this_process or not self._lives(trainer, status):
            self._knows_its_course = False
            return Look(None, status, self._ended(status))
        events = [*self._begun(trainer, status), *self._news(status)]
        self._trainer, self._status = trainer, status
        return Look(trainer, status, tuple(events), self._tail.more)

    def _lives(self, trainer: LockHolder, status: RunStatus | None) -> bool:
        """By its process on this machine; on another by its pulse, timed by this machine's clock alone."""
        if trainer.is_here:
            return trainer.runs()
        pulse = (_changed_ns(self._run.path / LOCK_NAME), status.beat if status else 0)
        if pulse != self._pulse:
            self._pulse, self._quiet_since = pulse, time.monotonic()
        return time.monotonic() - self._quiet_since < STALE_SECONDS

    def _begun(self, trainer: LockHolder, status: RunStatus | None) -> Iterator[TrainEvent]:
        """A trainer comes to its first step, or is found stepping. What lay behind that step is trained again."""
        if trainer != self._trainer:
            self._knows_its_course = self._knows_its_course and self._trainer is None
        elif self._stepping(self._status):
            return
        if not self._stepping(status):
            self._knows_its_course = False
            return
        if status and not self._knows_its_course:
            self._tail.start_again(status.first_step)
        self._knows_its_course = True
        yield self._started(status, self._tail.last_step)

    def _stepping(self, status: RunStatus | None) -> bool:
        """A trainer that says nothing is old, and was found at work."""
        return status is None or status.state != "preparing"

    def _started(self, status: RunStatus | None, step: int) -> Started:
        return Started(
            run=self._run.path,
            step=max(0, step),
            total_steps=None,
            batch_size=status.batch_size if status else 0,
            picture_count=0,
            parameter_counts={},
            learning_rates={},
            phase_networks=(),
            plan=status.plan if status else "",
        )

    def _news(self, status: RunStatus | None) -> Iterator[TrainEvent]:
        for line in self._tail.read():
            if line.after_a_cut:
                yield self._started(status, line.step - 1)
            yield _report(line, status)
        for step in self._grids.new(status.grid if status else None):
            yield GridSaved(step, self._run.sample_file(step))
        for step in self._checkpoints.new(status.checkpoint if status else None):
            path = self._run.state_file(step)
            yield CheckpointSaved(step, path, _size(path) + _size(self._run.generator_file(step)), 0.0)
        if status is not None:
            yield from _changes(self._status, status)

    def _ended(self, status: RunStatus | None) -> tuple[TerminalEvent, ...]:
        """How the trainer that was followed came to its end, once."""
        trainer, self._trainer, self._status = self._trainer, None, None
        return (_end(self._run.path, trainer, status, self._tail.last_step),) if trainer else ()


class FilesByStep:
    """Files of a run that come one by one. The folder is listed only where it changed."""

    def __init__(self, list_files: Callable[[], Iterable[int]], folder: Path, newest: int) -> None:
        """Up to `newest` they are known."""
        self._list, self._folder, self._newest = list_files, folder, newest
        self._changed_ns = 0

    def new(self, announced: int | None) -> list[int]:
        """Steps that came since the last look, in order. `announced` may be one that the listing does not have yet:
        a network file system hands out old listings for some seconds."""
        changed_ns = _changed_ns(self._folder)
        if changed_ns == self._changed_ns and (announced is None or announced == self._newest):
            return []
        self._changed_ns = changed_ns
        steps = {*self._list(), *([announced] if announced is not None else [])}
        if announced is not None and announced < self._newest:  # trained again from an earlier checkpoint
            self._newest = announced - 1
        new = sorted(step for step in steps if step > self._newest)
        self._newest = max(new, default=self._newest)
        return new


def _changes(before: RunStatus | None, now: RunStatus) -> Iterator[TrainEvent]:
    """What changed between two things that a trainer said."""
    if now.state == "preparing":
        yield Preparing(now.doing or "Preparing")
    if before is not None and now.notices > before.notices:
        yield Notice(now.message, now.advice)
    if before is not None and before.plan and before.plan != now.plan:
        yield PlanChanged(now.step, now.plan)
    was_paused = before is not None and before.state == "paused"
    if now.state == "paused" and not was_paused:
        yield Paused(now.step)
    if now.state == "training" and was_paused:
        yield Resumed(now.step)


def _report(line: MetricsLine, status: RunStatus | None) -> Report:
    return Report(
        step=line.step,
        images=line.images,
        seconds=line.seconds,
        scalars=line.scalars,
        images_per_second=line.images_per_second or (status.images_per_second if status else 0.0),
        seconds_left=status.seconds_left if status else None,
        memory_bytes=status.memory_bytes if status else 0,
        progress=status.progress if status else None,
    )


def _end(run: Path, trainer: LockHolder, status: RunStatus | None, last_step: int) -> TerminalEvent:
    match status.state if status else "":
        case "finished" if status:
            return Finished(status.step, run)
        case "stopped" if status:
            return Stopped(status.step, run, status.saved)
        case "failed" if status:
            return Failed(status.message, status.advice)
    if not run.is_dir():
        return Failed(
            f"The folder {run} is gone: it was moved or deleted, or its disk is not there.",
            "Whether the training goes on can be seen only where it runs.",
        )
    last = f" It was last heard of at step {last_step:,}." if last_step >= 0 else ""
    return Failed(
        f"The trainer is gone: process {trainer.pid} on {shown(trainer.host)} ended without a word.{last}",
        "It was killed, or its machine went down. The run can be continued from its last checkpoint.",
    )


def _changed_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
