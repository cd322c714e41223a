"""The scalars of a run, as plots take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

SPEED = "speed/images"
"""Images per second, which a run's metrics do not hold; they hold the images and the seconds."""
_PLACES = ("step", "images", "seconds")


@dataclass(frozen=True)
class ScalarTable:
    """Ascending steps, and what was measured at each."""

    steps: np.ndarray = field(repr=False)
    """float64 `[N]`."""
    columns: Mapping[str, np.ndarray] = field(repr=False)
    """By scalar name float64 `[N]`, NaN where a report lacks it."""

    @classmethod
    def of(cls, metrics: Sequence[Mapping[str, Any]]) -> ScalarTable:
        """From the objects of a `metrics.jsonl`, and images per second from their differences."""
        names = dict.fromkeys(name for row in metrics for name in row if name not in _PLACES)
        columns = {name: _column(metrics, name) for name in names}
        speed = images_per_second(_column(metrics, "images"), _column(metrics, "seconds"))
        if np.isfinite(speed).any():
            columns[SPEED] = speed
        return cls(_column(metrics, "step"), columns)


def images_per_second(images: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Between each report and the one before, `[N]`; NaN for the first, and where time or images did not go on.

    A run that was continued counts on in both; one whose counters went back in between has a gap there.
    """
    speed = np.full(len(images), np.nan)
    done, took = np.diff(images), np.diff(seconds)
    sound = (done > 0) & (took > 0)
    speed[1:][sound] = done[sound] / took[sound]
    return speed


def _column(metrics: Sequence[Mapping[str, Any]], name: str) -> np.ndarray:
    return np.fromiter((_number(row.get(name)) for row in metrics), float, len(metrics))


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
