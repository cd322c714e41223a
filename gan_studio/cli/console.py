"""What commands print: progress on stderr, results on stdout, so that output can be piped."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

console = Console(stderr=True)
PLAIN_SECONDS = 10.0
"""Between two lines of progress where stderr is no terminal."""


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for a job of known length; hands out `update(done, total)`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or None)


class PlainPace:
    """Says when the next line of progress is due where there is no terminal to redraw."""

    def __init__(self) -> None:
        self._last = -PLAIN_SECONDS

    def due(self) -> bool:
        now = time.monotonic()
        if now - self._last < PLAIN_SECONDS:
            return False
        self._last = now
        return True


def say(text: str) -> None:
    """A line for the person at the terminal, on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def put(text: str) -> None:
    """A line of the result, on stdout."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def put_json(values: Any) -> None:
    put(json.dumps(values, indent=2))
