"""How far long work has come, and whether it was called off. Imports no torch."""

from __future__ import annotations

import time
from collections.abc import Callable

from gan_studio.engine.errors import Cancelled

Progress = Callable[[int, int], None]
"""Called with what is done and the total (0: not known), from the thread that called the long function."""
IsCancelled = Callable[[], bool]


def check(cancelled: IsCancelled | None) -> None:
    """Raises Cancelled once the user has called the job off."""
    if cancelled is not None and cancelled():
        raise Cancelled


def paced(progress: Progress, seconds: float) -> Progress:
    """Tells once in so many seconds, and the end: a hundred thousand files must not flood a window."""
    last = -seconds

    def tell_if_due(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= seconds or done == total:
            last = now
            progress(done, total)

    return tell_if_due
