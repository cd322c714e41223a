"""A process that a benchmark keeps ready: it reads one line of JSON, and answers with one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gan_studio.engine.request import TrainingRequest


class Process:
    """What goes in and comes out are lines of JSON."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def send(self, value: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(value, default=_plain) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """Wait for the next line. Raises RuntimeError where the process has ended."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args} ended early.")
        return json.loads(line)

    def ask(self, value: Any) -> Any:
        self.send(value)
        return self.answer()


@contextmanager
def process(module: str, first: Any, environment: Mapping[str, str] = os.environ) -> Iterator[tuple[Process, Any]]:
    """Run a module, send it its first line, and wait until it says that it is ready. It ends with its stdin."""
    arguments, pipe = [sys.executable, "-m", module], subprocess.PIPE
    running = subprocess.Popen(arguments, stdin=pipe, stdout=pipe, text=True, env=dict(environment))
    assert running.stdin is not None
    try:
        one = Process(running)
        yield one, one.ask(first)
    finally:
        running.stdin.close()
        running.wait()


@contextmanager
def headless(request: TrainingRequest) -> Iterator[tuple[Process, str]]:
    """A training without a window that stands ready, and its plan in words. Ask it with a number of seconds."""
    with process("tests.bench.headless_training", asdict(request)) as (training, plan):
        yield training, str(plan)


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else dict(value)  # type: ignore[call-overload]
