"""The watching session: follows a run that another process or machine trains, and asks that trainer for things.

A clock in the GUI thread asks a worker to look at the folder; while one look is under way, on a disk that hangs, no
other is asked for, and the window goes on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gan_studio.engine.errors import StudioError
from gan_studio.engine.events import Started, TerminalEvent, TrainEvent
from gan_studio.engine.requests_folder import Word, post, withdraw
from gan_studio.engine.watching import Look, RunWatcher
from gan_studio.gui.sessions.worker_thread import WorkerThread
from gan_studio.gui.views import RunView
from gan_studio.gui.views.watching import WatchView

logger = logging.getLogger(__name__)
LOOK_MS = 500
IDLE_MS = 2000
"""Between two looks at a run that nobody trains: somebody may begin to."""
PATIENCE_SECONDS = 10.0
"""After which a request is taken back."""


class WatchWorker(QObject):
    """Lives in the thread: all that touches the folder."""

    looked = Signal(int, object)
    """Number of the watch, and the Look."""
    posted = Signal(int, str, str)
    """Number of the watch, word and id."""
    failed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._watcher: RunWatcher | None = None
        self._number = 0

    @Slot(int, object)
    def watch(self, number: int, run: RunView) -> None:
        last_step = int(run.scalars.last.get("step", -1))
        last_grid = max((step for step, _ in run.grids), default=-1)
        self._number, self._watcher = (
            number,
            RunWatcher(run.path, run.metrics_bytes, last_step, last_grid),
        )

    @Slot()
    def look(self) -> None:
        """Always answers, so that the next look can be asked for."""
        found = Look(None)
        try:
            if self._watcher is not None:
                found = self._watcher.look()
        except Exception:
            logger.exception("Looking at a run that is watched failed.")
        self.looked.emit(self._number, found)

    @Slot(int, object, str)
    def ask(self, number: int, run: Path, word: Word) -> None:
        try:
            self.posted.emit(number, word, post(run, word))
        except StudioError as error:
            self.failed.emit(error.message, error.advice)

    @Slot(object, str)
    def withdraw(self, run: Path, request: str) -> None:
        withdraw(run, request)


class WatchSession(QObject):
    """One run at a time. Every method returns at once."""

    reported = Signal(object)
    """A TrainEvent of the trainer that is watched."""
    changed = Signal(object)
    """WatchView: how it stands with the trainer; at least once a second while there is one."""
    left = Signal()
    """A trainer that was watched is watched no longer; it trains on."""
    unanswered = Signal(str, float)
    """Word that was asked for in vain, and the seconds that were waited."""
    failed = Signal(str, str)
    _watch = Signal(int, object)
    _look = Signal()
    _ask = Signal(int, object, str)
    _withdraw = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: Path | None = None
        self._number = 0
        self._found = Look(None)
        self._references: Mapping[str, float] = {}
        self._asked: dict[Word, tuple[str, float]] = {}
        """Word → id (empty until it is written) and when it was asked for."""
        self._beat: object = None
        self._changed_at = self._looking_since = 0.0
        self._is_looking = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._worker = WatchWorker()
        self._thread = WorkerThread("watching", self._worker)
        self._connect_worker()

    def _connect_worker(self) -> None:
        worker = self._worker
        self._watch.connect(worker.watch)
        self._look.connect(worker.look)
        self._ask.connect(worker.ask)
        self._withdraw.connect(worker.withdraw)
        worker.looked.connect(self._take)
        worker.posted.connect(self._note_posted)
        worker.failed.connect(self._tell_failure)

    @property
    def active(self) -> bool:
        """Whether another process trains the run, and is followed."""
        return self._found.trainer is not None

    @property
    def run(self) -> Path | None:
        """The run that is looked at, trained or not."""
        return self._run

    @Slot(object)
    def watch(self, run: RunView) -> None:
        """Look at this run from now on; what it holds so far is on show already."""
        self.leave()
        self._run, self._references = run.path, {}
        self._changed_at = time.monotonic()
        self._thread.start()
        self._watch.emit(self._number, run)
        self._timer.start(LOOK_MS)
        self._tick()

    @Slot()
    def leave(self) -> None:
        """Look no longer; the training goes on without being watched."""
        was_active = self.active
        self._timer.stop()
        self._number += 1
        self._run, self._found, self._beat = None, Look(None), None
        self._asked.clear()
        if was_active:
            self.left.emit()

    def set_references(self, run: Path, values: Mapping[str, float]) -> None:
        """Levels for the plots, which no folder holds."""
        if run == self._run:
            self._references = values

    @Slot(bool)
    def pause(self, paused: bool) -> None:
        """True asks it to hold, False to go on."""
        self.ask("pause" if paused else "resume")

    @Slot()
    def stop(self) -> None:
        self.ask("stop")

    @Slot()
    def sample_now(self) -> None:
        self.ask("sample")

    @Slot()
    def checkpoint_now(self) -> None:
        self.ask("checkpoint")

    def ask(self, word: Word) -> None:
        """Ask the trainer, where one is watched; what it was asked for already is not asked for twice."""
        if self.active and word not in self._asked:
            self._asked[word] = ("", time.monotonic())
            self._ask.emit(self._number, self._run, word)
            self._tell()

    def shutdown(self) -> None:
        """End the thread, at the latest after the look under way; a disk that hangs is not waited for long."""
        self.leave()
        self._thread.shutdown()

    # --- looking ---

    @Slot()
    def _tick(self) -> None:
        if not self._is_looking:
            self._is_looking, self._looking_since = True, time.monotonic()
            self._look.emit()
        if self.active:
            self._give_up()
            self._tell()

    @Slot(int, object)
    def _take(self, number: int, found: Look) -> None:
        self._is_looking = False
        if number != self._number:
            return
        self._found = found
        self._note_change(found)
        self._tell()
        for event in found.events:
            if number == self._number:  # whoever was told of an event may have left
                self.reported.emit(self._dressed(event))
        if number != self._number:
            return
        self._tell()
        self._timer.setInterval(LOOK_MS if self.active else IDLE_MS)
        if found.more:
            self._tick()

    def _note_change(self, found: Look) -> None:
        beat = (found.trainer, found.status.beat if found.status else None)
        if beat != self._beat or found.events:
            self._beat, self._changed_at = beat, time.monotonic()
        answered = found.status.answered if found.status else ()
        over = any(isinstance(event, TerminalEvent) for event in found.events)
        self._asked = {word: (id_, at) for word, (id_, at) in self._asked.items() if not over and id_ not in answered}

    def _dressed(self, event: TrainEvent) -> TrainEvent:
        return replace(event, reference_lines=self._references) if isinstance(event, Started) else event

    # --- asking ---

    @Slot(int, str, str)
    def _note_posted(self, number: int, word: Word, request: str) -> None:
        if number != self._number:
            return
        if word in self._asked:
            self._asked[word] = (request, self._asked[word][1])
        else:  # it took so long to write that it was given up
            self._withdraw.emit(self._run, request)

    @Slot(str, str)
    def _tell_failure(self, message: str, advice: str) -> None:
        self._asked.clear()
        self._tell()
        self.failed.emit(message, advice)

    def _give_up(self) -> None:
        """A trainer that comes back later must not do what nobody waits for any more."""
        now = time.monotonic()
        for word, (request, at) in list(self._asked.items()):
            if now - at >= PATIENCE_SECONDS:
                del self._asked[word]
                self._withdraw.emit(self._run, request)
                self.unanswered.emit(word, now - at)

    def _tell(self) -> None:
        trainer, status, now = self._found.trainer, self._found.status, time.monotonic()
        if trainer is None:
            return
        self.changed.emit(
            WatchView(
                host=status.host if status else trainer.host,
                here=trainer.is_here,
                quiet_seconds=now - self._changed_at,
                waiting_seconds=now - self._looking_since if self._is_looking else 0.0,
                asked=frozenset(self._asked),
            )
        )
