"""Many small jobs side by side: results in order, flat memory, progress, and a way out. Imports no torch."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from gan_studio.engine.progress import IsCancelled, Progress, check, paced

T = TypeVar("T")
R = TypeVar("R")
Timed = tuple[list[R], float]
"""Results of several items, and the seconds that one of them took."""
Submit = Callable[[Sequence[T]], Future[Timed[R]]]

JOBS_A_WORKER = 4
_REPORT_SECONDS = 0.05
_MOST_THREADS = 16
_JOB_SECONDS = 0.02
_MOST_ITEMS = 64


def ordered_map(
    work: Callable[[T], R],
    items: Sequence[T],
    *,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> Generator[R, None, None]:
    """`work(item)` for each item in several threads, in the order of the items; few results wait in memory at a time.

    `progress` is called about twenty times a second and at the end. Raises Cancelled within a few items.
    """
    threads = min(_MOST_THREADS, os.cpu_count() or 1)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="pictures")
    try:
        results = in_order(lambda some: pool.submit(timed, work, some), items, threads)
        yield from watched(results, len(items), progress, cancelled)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def timed(work: Callable[[T], R], items: Sequence[T]) -> Timed[R]:
    """Do several items in a row."""
    start = time.monotonic()
    results = [work(item) for item in items]
    return results, (time.monotonic() - start) / len(items)


def in_order(submit: Submit[T, R], items: Iterable[T], workers: int) -> Iterator[R]:
    """Results of what is submitted, several items at a time where one is quick.

    Threads that meet at Python's lock after each small picture are slower than a single one, and processes would send
    each one by itself.
    """
    left, size = iter(items), 1
    waiting: deque[Future[Timed[R]]] = deque()
    while some := list(islice(left, size)):
        waiting.append(submit(some))
        if len(waiting) >= workers * JOBS_A_WORKER:
            results, seconds = waiting.popleft().result()
            size = min(_MOST_ITEMS, max(1, int(_JOB_SECONDS / max(seconds, 1e-6))))
            yield from results
    while waiting:
        yield from waiting.popleft().result()[0]


def watched(results: Iterable[R], total: int, progress: Progress | None, cancelled: IsCancelled | None) -> Iterator[R]:
    """The results, with progress told. Raises Cancelled."""
    check(cancelled)
    report = paced(progress, _REPORT_SECONDS) if progress else None
    for done, result in enumerate(results, start=1):
        check(cancelled)
        yield result
        if report:
            report(done, total)
