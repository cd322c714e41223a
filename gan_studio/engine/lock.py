"""One writer a run: a lock file whose heartbeat tells a living trainer from one that was killed. Imports no torch."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from gan_studio.engine.errors import RunError
from gan_studio.engine.files import write_error

STALE_SECONDS = 60.0
BEAT_SECONDS = 5.0
LOCK_NAME = "lock.json"


@dataclass(frozen=True)
class LockHolder:
    """A living trainer that writes a run."""

    pid: int
    host: str

    @property
    def is_this_process(self) -> bool:
        return self.pid == os.getpid() and self.host == socket.gethostname()


def lock_holder(run: Path) -> LockHolder | None:
    """Who writes this run at the moment; None for nobody, also where somebody died and left a lock behind."""
    return RunLock(run).holder()


class RunLock:
    """Held from before the first look at a run's state until its training has ended."""

    def __init__(self, run: Path) -> None:
        self._path = run / LOCK_NAME
        self._last_beat = 0.0
        self._held = False

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
        left_behind = self._read()
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
        return self._living_holder(self._read())

    def follow(self, run: Path) -> None:
        """The folder was moved, with the lock in it."""
        self._path = run / LOCK_NAME

    def beat(self) -> None:
        """Tell others that the trainer lives; cheap enough for every report."""
        now = time.monotonic()
        if self._held and now - self._last_beat > BEAT_SECONDS:
            self._last_beat = now
            try:
                os.utime(self._path)
            except OSError:
                return

    def release(self) -> None:
        if self._held:
            self._held = False
            with suppress(OSError):
                self._path.unlink()

    def _read(self) -> str:
        try:
            return self._path.read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def _remove(self, left_behind: str) -> None:
        """Take away what was found dead, and that alone: two that start at once must not delete each other's lock."""
        with suppress(FileNotFoundError):
            age_seconds = time.time() - self._path.stat().st_mtime
            # An empty one is being written at this moment, or was left by a power cut
            if self._read() == left_behind and (left_behind or age_seconds > STALE_SECONDS):
                self._path.unlink()

    def _create(self) -> None:
        me = psutil.Process()
        text = json.dumps({"pid": me.pid, "host": socket.gethostname(), "started": me.create_time()})
        descriptor = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)

    def _living_holder(self, text: str) -> LockHolder | None:
        try:
            values = json.loads(text)
            age_seconds = time.time() - self._path.stat().st_mtime
            holder, started = LockHolder(int(values["pid"]), str(values["host"])), float(values["started"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if holder.host == socket.gethostname():
            return holder if _is_running(holder.pid, started) else None
        return holder if age_seconds < STALE_SECONDS else None


def _is_running(pid: int, started: float) -> bool:
    """Whether the very process that took the lock still runs: a process id alone may have been given out again."""
    try:
        return abs(psutil.Process(pid).create_time() - started) < 1.0
    except psutil.Error:
        return False
