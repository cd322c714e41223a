"""One writer a run: a lock file whose heartbeat tells a living trainer from one that was killed. Imports no torch."""

from __future__ import annotations

import json
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from gan_studio.engine.errors import RunError
from gan_studio.engine.files import read_small, write_error
from gan_studio.engine.one_line import shown

STALE_SECONDS = 60.0
BEAT_SECONDS = 5.0
LOCK_NAME = "lock.json"
MOST_BYTES = 4096
LONGEST_HOST = 255


@dataclass(frozen=True)
class LockHolder:
    """A trainer that writes a run."""

    pid: int
    host: str
    started: float = 0.0
    """When its process began, in seconds since 1970 by the clock of its machine."""

    @classmethod
    def this_process(cls) -> LockHolder:
        me = psutil.Process()
        return cls(me.pid, socket.gethostname(), me.create_time())

    @property
    def is_this_process(self) -> bool:
        return self.pid == os.getpid() and self.is_here

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine: of another one, no process can be looked at."""
        return self.host == socket.gethostname()

    def runs(self) -> bool:
        """Whether the very process still runs on this machine: a process id alone may have been given out again."""
        try:
            process = psutil.Process(self.pid)
            # One that was killed stays in the list until its parent has asked for it
            return abs(process.create_time() - self.started) < 1.0 and process.status() != psutil.STATUS_ZOMBIE
        except (psutil.Error, ValueError, OverflowError):
            return False


def written_holder(run: Path) -> LockHolder | None:
    """Whom the lock of this run names, dead or alive; None where there is no lock, or a damaged one."""
    return _parsed(RunLock(run).text())


def lock_holder(run: Path) -> LockHolder | None:
    """Who writes this run at the moment; None for nobody, also where somebody died and left a lock behind."""
    return RunLock(run).holder()


class RunLock:
    """Held from before the first look at a run's state until its training has ended."""

    def __init__(self, run: Path) -> None:
        self._path = run / LOCK_NAME
        self._last_beat = 0.0
        self._held = False
        self._text = ""
        """What it holds while it is held."""
        self.is_lost = False
        """Whether another trainer took it, because this one was silent for so long that it counted as dead."""

    @contextmanager
    def held(self) -> Iterator[RunLock]:
        """Acquired inside the block, released behind it. Raises RunError."""
        self.acquire()
        try:
            yield self
        finally:
            self.release()

    def acquire(self) -> None:
        """Raises RunError when another living trainer holds the run. The lock of a dead one is taken over."""
        left_behind = self.text()
        holder = self._living_holder(left_behind)
        if holder:
            raise RunError(
                f"{self._path.parent} is being trained by process {holder.pid} on {holder.host}.",
                "Stop that training first.",
            )
        try:
            self._remove(left_behind)
            self._create()
        except FileExistsError as error:
            raise RunError(
                f"{self._path.parent} was just taken by another training.", "Stop that one first."
            ) from error
        except OSError as error:
            raise write_error(self._path, error) from error
        self._held = True

    def holder(self) -> LockHolder | None:
        """The living trainer that has it, this process included."""
        return self._living_holder(self.text())

    def follow(self, run: Path) -> None:
        """The folder was moved, with the lock in it."""
        self._path = run / LOCK_NAME

    def beat(self) -> None:
        """Tell others that the trainer lives; cheap enough for every report.

        A lock that somebody deleted is laid anew. Raises RunError where another trainer's lies in its place.
        """
        now = time.monotonic()
        if self._held and now - self._last_beat > BEAT_SECONDS:
            self._last_beat = now
            with suppress(OSError):
                if not self._path.exists():
                    self._create()
                if (text := self.text()) == self._text:
                    os.utime(self._path)
                elif another := _parsed(text):
                    self._give_way(another)

    def release(self) -> None:
        if self._held:
            self._held = False
            with suppress(OSError):
                if self.text() == self._text:
                    self._path.unlink()

    def text(self) -> str:
        """What the file holds; empty where it is not there or cannot be read."""
        try:
            return read_small(self._path, MOST_BYTES).decode()
        except (OSError, ValueError):
            return ""

    def _give_way(self, another: LockHolder) -> None:
        """Two must not write one run: the one that woke up late ends. Raises RunError."""
        self._held, self.is_lost = False, True
        raise RunError(
            f"{self._path.parent} is trained by process {another.pid} on {another.host} now.",
            "This training was silent for so long that it was taken for dead, and ends without saving.",
        )

    def _remove(self, left_behind: str) -> None:
        """Take away what was found dead, and that alone: two that start at once must not delete each other's lock."""
        with suppress(FileNotFoundError):
            age_seconds = time.time() - self._path.lstat().st_mtime
            # An empty one is being written at this moment, or was left by a power cut
            if self.text() == left_behind and (left_behind or age_seconds > STALE_SECONDS):
                self._path.unlink()

    def _create(self) -> None:
        self._text = json.dumps(asdict(LockHolder.this_process()))
        descriptor = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(self._text)

    def _living_holder(self, text: str) -> LockHolder | None:
        holder = _parsed(text)
        if holder is None:
            return None
        if holder.is_here:
            return holder if holder.runs() else None
        return holder if self._age_seconds() < STALE_SECONDS else None

    def _age_seconds(self) -> float:
        """Since the last beat. Where it looks old, the folder's own clock is asked: another machine's may be wrong."""
        try:
            beat = self._path.stat().st_mtime
        except OSError:
            return float("inf")
        age_seconds = time.time() - beat
        return age_seconds if age_seconds < STALE_SECONDS else _now_in(self._path.parent) - beat


def _now_in(folder: Path) -> float:
    """The time by the file system's clock, in seconds since 1970; by this machine's where nothing can be written."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".clock-") as file:
            return os.fstat(file.fileno()).st_mtime
    except OSError:
        return time.time()


def _parsed(text: str) -> LockHolder | None:
    try:
        values = json.loads(text)
        return LockHolder(int(values["pid"]), shown(str(values["host"])[:LONGEST_HOST]), float(values["started"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
