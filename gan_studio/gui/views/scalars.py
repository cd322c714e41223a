"""The scalars of a run, as plots take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from gan_studio.engine.metrics_table import MetricsTable

SPEED = "speed/images"
"""Images per second, which a run's metrics do not hold; they hold the images and the seconds."""
FLOOR = "floor/"
"""Before the name of a metric: what real pictures reach by it. It is a level of that metric, no curve."""
_PLACES = ("images", "seconds")


@dataclass(frozen=True)
class ScalarTable:
    """Ascending steps, and what was measured at each."""

    steps: np.ndarray = field(repr=False)
    """float64 `[N]`."""
    columns: Mapping[str, np.ndarray] = field(repr=False)
    """By scalar name float64 `[N]`, NaN where a report lacks it."""
    last: Mapping[str, float] = field(default_factory=dict, repr=False)
    """The newest report as it was written, with its `step`, `images` and `seconds`; empty without one."""

    @classmethod
    def of(cls, metrics: MetricsTable) -> ScalarTable:
        """With images per second from the differences of images and seconds."""
        columns = {name: column for name, column in metrics.columns.items() if name not in _PLACES}
        unknown = np.full(len(metrics), np.nan)
        speed = images_per_second(*(metrics.columns.get(name, unknown) for name in _PLACES))
        if np.isfinite(speed).any():
            columns[SPEED] = speed
        return cls(metrics.steps, columns, metrics.row(-1) if len(metrics) else {})


def floors_in(scalars: Mapping[str, float]) -> dict[str, float]:
    """Levels by the names of the metrics that they belong to."""
    floors = {name.removeprefix(FLOOR): value for name, value in scalars.items() if name.startswith(FLOOR)}
    return {f"metric/{name}": value for name, value in floors.items() if np.isfinite(value)}


def newest(column: np.ndarray) -> float:
    """The last number of a column; NaN where it holds none."""
    sound = column[np.isfinite(column)]
    return float(sound[-1]) if len(sound) else float("nan")


def images_per_second(images: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Between each report and the one before, `[N]`; NaN for the first, and where time or images did not go on.

    A run that was continued counts on in both; one whose counters went back in between has a gap there.
    """
    speed = np.full(len(images), np.nan)
    done, took = np.diff(images), np.diff(seconds)
    sound = (done > 0) & (took > 0)
    speed[1:][sound] = done[sound] / took[sound]
    return speed
