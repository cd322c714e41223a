"""The trainer's desk in its run folder: says there how it stands, and takes what is asked there. Imports no torch.

On a clock, because network file systems tell nobody of a change; and in the training's own thread, between steps and
inside long ones, because a look takes microseconds and what is asked is answered where it can be done.
"""

from __future__ import annotations

import time
from typing import Any, TypeVar

from gan_studio.engine.control import Control
from gan_studio.engine.events import (
    CheckpointSaved,
    Emit,
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
    TrainEvent,
)
from gan_studio.engine.lock import LockHolder, RunLock
from gan_studio.engine.one_line import shown
from gan_studio.engine.requests_folder import RequestsFolder, Word
from gan_studio.engine.run import RunFolder
from gan_studio.engine.run_status import MOST_ANSWERS, RunStatus, read_status, write_status

LOOK_SECONDS = 0.5
TELL_SECONDS = 1.0
MOST_BEATS = 10**9
"""Counted on from what lies there, which may be any number: a greater one begins anew."""
E = TypeVar("E", bound=TrainEvent)


class Reception:
    """Of one training, as long as its run is locked."""

    def __init__(self, run: RunFolder, lock: RunLock, emit: Emit, control: Control) -> None:
        self._run, self._lock, self._emit, self.control = run, lock, emit, control
        self._requests = RequestsFolder(run.path, run.log)
        before, me = read_status(run.path), LockHolder.this_process()
        beat = before.beat % MOST_BEATS if before else 0
        self._status = RunStatus(pid=me.pid, host=shown(me.host), started=me.started, beat=beat)
        self._looked_at = self._told_at = 0.0
        self._is_news = True
        self._requests.clear()
        self.serve()

    def tell(self, event: TrainEvent) -> None:
        """Pass an event on to this process's own front end; who watches from afar learns of it from the folder."""
        self.follow(event)
        self._emit(event)

    def follow(self, event: E) -> E:
        """Note what an event says; what changes the training's standing is written at once."""
        values = _values(event, self._status)
        self._status = self._status.model_copy(update=values)
        self._is_news = self._is_news or not isinstance(event, Report | Preparing)
        self.serve()
        return event

    def serve(self) -> None:
        """Say how things stand, and look for requests, where that is due. Costs nothing where it is not.

        A request counts as answered when the trainer comes here again: it has then done what it was asked for. Raises
        RunError where another trainer has taken the run meanwhile; from then on nothing is said here any more.
        """
        if self._lock.is_lost:
            return
        self._lock.beat()
        now = time.monotonic()
        if self._is_news or now - self._told_at >= TELL_SECONDS:
            self._told_at, self._is_news = now, False
            self._status = self._status.model_copy(update={"beat": self._status.beat + 1})
            write_status(self._run.path, self._status)
        if now - self._looked_at >= LOOK_SECONDS and not self._status.ended:
            self._looked_at = now
            self._take_requests()

    def _take_requests(self) -> None:
        for request in self._requests.take():
            self._run.log(f"Asked through the folder: {request.word}.")
            _ask(self.control, request.word)
            answered = (*self._status.answered, request.id)[-MOST_ANSWERS:]
            self._status = self._status.model_copy(update={"answered": answered})
            self._is_news = True


def _ask(control: Control, word: Word) -> None:
    match word:
        case "pause":
            control.pause()
        case "resume":
            control.resume()
        case "stop":
            control.stop()
        case "sample":
            control.request_sample()
        case "checkpoint":
            control.request_checkpoint()


def _values(event: TrainEvent, status: RunStatus) -> dict[str, Any]:
    """What of the status an event changes."""
    match event:
        case Preparing(what, done, total):
            return {"state": "preparing", "doing": shown(f"{what} {done:,} of {total:,}" if total else what)}
        case Started():
            return {"state": "training", "first_step": event.step, "step": event.step, **_of_start(event)}
        case Report():
            return _of_report(event)
        case Paused(step) | Resumed(step):
            return {"state": "paused" if isinstance(event, Paused) else "training", "step": step}
        case PlanChanged(plan=plan):
            return {"plan": shown(plan)}
        case GridSaved(step):
            return {"grid": step, "step": step}
        case CheckpointSaved(step):
            return {"checkpoint": step, "step": step}
        case Notice(message, advice):
            return {"notices": status.notices + 1, "message": shown(message), "advice": shown(advice)}
        case Finished(step):
            return {"state": "finished", "step": step}
        case Stopped(step, _, saved):
            return {"state": "stopped", "step": step, "saved": saved}
        case Failed(message, advice):
            return {"state": "failed", "message": shown(message), "advice": shown(advice)}
        case _:
            return {}


def _of_start(event: Started) -> dict[str, Any]:
    return {"batch_size": event.batch_size, "plan": shown(event.plan), "doing": ""}


def _of_report(event: Report) -> dict[str, Any]:
    names = ("step", "images", "seconds", "images_per_second", "seconds_left", "progress", "memory_bytes")
    return {name: getattr(event, name) for name in names}
