"""Many small jobs in several threads: results in order, flat memory, progress, and a way out. Imports no torch."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from gan_studio.engine.progress import IsCancelled, Progress, check, paced

T = TypeVar("T")
R = TypeVar("R")

_REPORT_SECONDS = 0.05
_MOST_THREADS = 16


def ordered_map(
    work: Callable[[T], R],
    items: Sequence[T],
    *,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> Generator[R, None, None]:
    """`work(item)` for each item, in the order of the items; only a few results wait in memory at a time.

    `progress` is called about twenty times a second and at the end. Raises Cancelled within a few items.
    """
    threads = min(_MOST_THREADS, os.cpu_count() or 1)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="pictures")
    try:
        results = _in_order(pool, work, iter(items), window=threads * 8)
        yield from _watched(results, len(items), progress, cancelled)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _in_order(pool: ThreadPoolExecutor, work: Callable[[T], R], items: Iterator[T], window: int) -> Iterator[R]:
    waiting: deque[Future[R]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) >= window:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _watched(results: Iterable[R], total: int, progress: Progress | None, cancelled: IsCancelled | None) -> Iterator[R]:
    check(cancelled)
    report = paced(progress, _REPORT_SECONDS) if progress else None
    for done, result in enumerate(results, start=1):
        check(cancelled)
        yield result
        if report:
            report(done, total)
