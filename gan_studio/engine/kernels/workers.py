"""Threads that each compute a share of a layer from end to end.

Torch shares out single operations, and its threads meet at the end of each. A layer in another way than torch's is a
hundred small ones: shared out by pictures instead, its threads meet once, and other programs hold up little. On a busy
machine that was twice as fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise

import torch

_pools: dict[int, ThreadPoolExecutor] = {}
"""At most one, by its number of threads; here while a training runs."""


@contextmanager
def working(threads: int) -> Iterator[None]:
    """Share work out while this lasts. Without it everything is done by the calling thread."""
    if threads == 1 or _pools:
        yield
        return
    with ThreadPoolExecutor(threads, "kernels", torch.set_num_threads, (1,)) as pool:
        # Each thread starts now, for what it sets is also what threads made later begin with
        list(pool.map(lambda _: None, range(threads)))
        torch.set_num_threads(threads)
        _pools[threads] = pool
        try:
            yield
        finally:
            _pools.clear()


def share(count: int, work: Callable[[slice], None]) -> None:
    """Call `work` on slices that make up `range(count)`, without gradients: one for each thread, at the same time."""
    threads = min(next(iter(_pools), 1), count)
    bounds = [count * number // threads for number in range(threads + 1)]
    slices = [slice(start, end) for start, end in pairwise(bounds)]
    if threads == 1:
        _without_gradients(work, slices[0])
        return
    for done in [_pools[next(iter(_pools))].submit(_without_gradients, work, one) for one in slices]:
        done.result()


def _without_gradients(work: Callable[[slice], None], one: slice) -> None:
    with torch.no_grad():
        work(one)
