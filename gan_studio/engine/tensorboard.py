"""TensorBoard event files beside our own: the same scalars for those who have their dashboards there.

The records are written in the calling thread: what the disk refuses is then known at once.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from gan_studio.engine.errors import RunError
from gan_studio.engine.files import write_error

FILE_VERSION = "brain.Event:2"


class TensorBoard:
    """One event file. Where earlier ones hold steps from `first_step` on, TensorBoard is told to forget those."""

    def __init__(self, folder: Path, first_step: int) -> None:
        """`first_step` is the first that will be written. Raises RunError."""
        try:
            from tensorboard.compat.proto import event_pb2, summary_pb2
            from tensorboard.summary.writer.record_writer import RecordWriter
        except ImportError as error:
            raise RunError("TensorBoard is not installed; metrics.jsonl holds the same numbers.") from error
        self._event: Any = event_pb2
        self._summary: Any = summary_pb2
        # TensorBoard reads the files of a run in the order of their names
        self._path = folder / f"events.out.tfevents.{time.time_ns()}.{socket.gethostname()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._writer = RecordWriter(self._path.open("wb"))
        except OSError as error:
            raise write_error(self._path, error) from error
        try:
            self._begin(first_step)
        except RunError:
            self.close()
            raise

    def add(self, step: int, scalars: Mapping[str, float]) -> None:
        """Raises RunError."""
        values = [self._summary.Summary.Value(tag=name, simple_value=value) for name, value in scalars.items()]
        self._write(self._event.Event(step=step, summary=self._summary.Summary(value=values)))

    def close(self) -> None:
        with suppress(OSError):
            self._writer.close()

    def _begin(self, first_step: int) -> None:
        start = self._event.SessionLog(status=self._event.SessionLog.START)
        self._write(self._event.Event(file_version=FILE_VERSION))
        self._write(self._event.Event(step=first_step, session_log=start))

    def _write(self, event: Any) -> None:
        event.wall_time = time.time()
        try:
            self._writer.write(event.SerializeToString())
            self._writer.flush()
        except OSError as error:
            raise write_error(self._path, error) from error
