"""The lines of a `metrics.jsonl` as columns of numbers. Imports no torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

STEP = "step"
MOST_COLUMNS = 512
"""Columns beyond are passed over: a damaged file could name a new one in every line."""


@dataclass(frozen=True)
class MetricsTable:
    """Reports of a run, one a row."""

    steps: np.ndarray = field(repr=False)
    """float64 `[N]`, finite."""
    columns: Mapping[str, np.ndarray] = field(repr=False)
    """By name (`images`, `seconds`, `loss/D` …) float64 `[N]`, NaN where a line lacks it."""

    def __len__(self) -> int:
        return len(self.steps)

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> MetricsTable:
        """From objects; those without a step are left out."""
        names = list(dict.fromkeys(name for row in rows for name in row))
        kept = [name for name in names if name != STEP][:MOST_COLUMNS]
        return cls.of_columns({name: _column(rows, name) for name in (STEP, *kept)})

    @classmethod
    def of_columns(cls, columns: Mapping[str, np.ndarray]) -> MetricsTable:
        """From float64 `[N]` by name, `step` among them; rows whose step is not finite are left out."""
        kept = [name for name in columns if name != STEP][:MOST_COLUMNS]
        return cls(columns[STEP], {name: columns[name] for name in kept})._with_steps()

    def row(self, number: int) -> dict[str, float]:
        """One report as the line had it; whole numbers as int."""
        values = {STEP: self.steps[number]} | {name: column[number] for name, column in self.columns.items()}
        return {name: int(value) if value == int(value) else float(value) for name, value in _finite(values)}

    def ascending(self) -> MetricsTable:
        """Without the rows that a later one with the same or an earlier step takes the place of.

        A run that went back to a checkpoint trains the same steps again.
        """
        if len(self) < 2 or (np.diff(self.steps) > 0).all():
            return self
        least_behind = np.minimum.accumulate(self.steps[::-1])[::-1][1:]
        return self._chosen(np.append(self.steps[:-1] < least_behind, True))

    def _with_steps(self) -> MetricsTable:
        return self if np.isfinite(self.steps).all() else self._chosen(np.isfinite(self.steps))

    def _chosen(self, rows: np.ndarray) -> MetricsTable:
        return MetricsTable(self.steps[rows], {name: column[rows] for name, column in self.columns.items()})


def joined(tables: Iterable[MetricsTable]) -> MetricsTable:
    """One table after the other."""
    parts = [table for table in tables if len(table)]
    if len(parts) == 1:
        return parts[0]
    names = list(dict.fromkeys(name for part in parts for name in part.columns))[:MOST_COLUMNS]
    steps = np.concatenate([part.steps for part in parts]) if parts else np.empty(0)
    columns = {name: np.full(len(steps), np.nan) for name in names}
    start = 0
    for part in parts:
        for name in columns.keys() & part.columns.keys():
            columns[name][start : start + len(part)] = part.columns[name]
        start += len(part)
    return MetricsTable(steps, columns)


def _column(rows: Sequence[Mapping[str, Any]], name: str) -> np.ndarray:
    return np.fromiter((_number(row.get(name)) for row in rows), float, len(rows))


def _number(value: Any) -> float:
    try:
        return float(value) if isinstance(value, int | float) else float("nan")
    except OverflowError:  # an int of more digits than a float can have
        return float("nan")


def _finite(values: Mapping[str, float]) -> list[tuple[str, float]]:
    return [(name, value) for name, value in values.items() if np.isfinite(value)]
