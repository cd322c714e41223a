"""Memory that is used again instead of being given back to the system after every operation.

The C library of Linux maps each large block anew and unmaps it when freed, and gives threads small heaps of their own,
so that the system fills every activation with zeros page by page, in each step. That costs a few per cent of a step on
the CPU.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""`mallopt`'s names for its settings (malloc.h)."""
_LARGEST_THRESHOLD = 32 * 2**20
_LARGEST_FREE = 2**30


@cache
def share_one_heap() -> None:
    """Have all threads take memory from one heap; a thread that took some before stays with its own.

    What a training in a thread frees would else go back to the system: 4,000 to 16,000 pages a step of DCGAN-64.
    """
    _set(_ARENA_MAX, 1)


@cache
def keep_freed_memory() -> None:
    """Ask the C library for it, once in a process; where there is no such thing, nothing happens."""
    _set(_MMAP_THRESHOLD, _LARGEST_THRESHOLD)
    _set(_TRIM_THRESHOLD, _LARGEST_FREE)


def _set(name: int, value: int) -> None:
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").mallopt(name, value)
