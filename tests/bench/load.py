"""How busy the machine is with anything but the benchmark: such rounds are no evidence."""

from __future__ import annotations

import os
import time
from contextlib import suppress

import psutil

MOST_OTHER_CORES = 0.15
"""Processors that others may use on average while a round counts."""


def load_average() -> float:
    """Of the last minute; NaN where the system keeps none."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else float("nan")


class OtherLoad:
    """From its making on, how many processors are busy with what is not this process or a child of it."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._busy, self._own = _busy_seconds(), _own_seconds()

    def cores(self) -> float:
        """Mean number of processors that others kept busy, or the host took away."""
        elapsed = max(1e-3, time.monotonic() - self._start)
        others = (_busy_seconds() - self._busy) - (_own_seconds() - self._own)
        return round(max(0.0, others / elapsed), 3)


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return sum(getattr(times, name, 0.0) for name in ("user", "nice", "system", "irq", "softirq", "steal"))


def _own_seconds() -> float:
    """Of this process and its children, those that have ended included."""
    process = psutil.Process()
    own = process.cpu_times()
    total = own.user + own.system + getattr(own, "children_user", 0.0) + getattr(own, "children_system", 0.0)
    for child in process.children(recursive=True):
        with suppress(psutil.Error):
            times = child.cpu_times()
            total += times.user + times.system
    return total
