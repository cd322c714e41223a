"""Memory that is used again instead of being given back to the system after every operation.

The C library of Linux maps each large block anew and unmaps it when freed, so that the system fills every activation
with zeros page by page, in each step. That costs a few per cent of a step on the CPU.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""`mallopt`'s names for its settings (malloc.h)."""
_LARGEST_THRESHOLD = 32 * 2**20
_LARGEST_FREE = 2**30


@cache
def keep_freed_memory() -> None:
    """Ask the C library for it, once in a process; where there is no such thing, nothing happens."""
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL("libc.so.6")
        library.mallopt(_MMAP_THRESHOLD, _LARGEST_THRESHOLD)
        library.mallopt(_TRIM_THRESHOLD, _LARGEST_FREE)
