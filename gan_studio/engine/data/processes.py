"""The same as `ordered_map` in processes of their own, for work that spends its time in Python. Imports no torch.

Of a small picture's time Pillow decodes for a moment, and the rest is Python, in one thread at a time.

The processes are plain ones that take pickled items from stdin and put pickled results to stdout. Those of
`multiprocessing` would import the program's main file first, and outlive a program that is killed.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from gan_studio.engine.data.parallel import Timed, in_order, timed, watched
from gan_studio.engine.progress import IsCancelled, Progress

T = TypeVar("T")
R = TypeVar("R")

MOST_PROCESSES = 8
"""Each takes some 60 MiB."""
_SERVE = (
    # Ctrl-C reaches all processes; the first one ends the others
    "import pickle, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); "
    f"sys.path[:] = pickle.load(sys.stdin.buffer); from {__name__} import serve; serve()"
)


def mapped_in_processes(
    begin: Callable[[], Callable[[T], R]],
    items: Sequence[T],
    *,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> Generator[R, None, None]:
    """`work(item)` for each item, in their order, where `work = begin()` is made in each process.

    `begin`, items and results have to be picklable. Raises Cancelled; what `begin` or `work` raises; OSError or
    EOFError where a process cannot be started, or died.
    """
    count = min(MOST_PROCESSES, os.cpu_count() or 1)
    idle: SimpleQueue[_Helper[T, R]] = SimpleQueue()

    def work(some: Sequence[T]) -> Timed[R]:
        helper = idle.get()
        try:
            return helper.do(some)
        finally:
            idle.put(helper)

    def submit(some: Sequence[T]) -> Future[Timed[R]]:
        return pool.submit(work, some)

    with ExitStack() as helpers, ThreadPoolExecutor(count, thread_name_prefix="pictures") as pool:
        for _ in range(count):
            idle.put(helpers.enter_context(_Helper(begin)))
        try:
            yield from watched(in_order(submit, items, count), len(items), progress, cancelled)
        finally:
            pool.shutdown(cancel_futures=True)


class _Helper(Generic[T, R]):
    """A process, seen from the one that started it."""

    def __init__(self, begin: Callable[[], Callable[[T], R]]) -> None:
        pipe, no_window = subprocess.PIPE, getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows
        command = [sys.executable, "-c", _SERVE]
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, creationflags=no_window)
        self._begin = begin

    def do(self, items: Sequence[T]) -> Timed[R]:
        self._send(list(items))
        assert self._process.stdout is not None
        try:
            answer = pickle.load(self._process.stdout)
        except pickle.UnpicklingError as error:  # it died in the midst of its answer
            raise EOFError("half an answer") from error
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _send(self, value: Any) -> None:
        assert self._process.stdin is not None
        pickle.dump(value, self._process.stdin, pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()

    def __enter__(self) -> _Helper[T, R]:
        try:
            self._send(sys.path)
            self._send(self._begin)
        except OSError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):  # it died with something in the pipe
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


def serve() -> None:
    """What such a process does, until its stdin ends: also where whoever started it was killed."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as results, suppress(EOFError, BrokenPipeError):
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints
        begin, work = pickle.load(sys.stdin.buffer), None
        while True:
            items = pickle.load(sys.stdin.buffer)
            try:
                work = work or begin()
                answer = timed(work, items)
            except Exception as error:
                answer = error
            pickle.dump(answer, results, pickle.HIGHEST_PROTOCOL)
            results.flush()
