"""Measuring a model beside real pictures, as forms and tables show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Evaluation = Mapping[str, Any]
"""One line of `evaluations.jsonl`."""


@dataclass(frozen=True)
class MeasureView:
    """One measure, and whether it can run on a model."""

    name: str
    title: str
    summary: str
    better: str
    """`higher` or `lower`."""
    reason: str = ""
    """Why it cannot run; empty where it can."""


@dataclass(frozen=True)
class ModelToMeasure:
    """What is known of a model before it is measured."""

    path: Path
    """Its generator file."""
    title: str
    step: int
    source: Path | None
    """The pictures it was trained on, where they are still there."""
    measures: tuple[MeasureView, ...]


@dataclass(frozen=True)
class EvaluationRequest:
    """What is to be measured."""

    model: Path
    source: Path
    measures: tuple[str, ...]
    count: int
    weights: tuple[Path, ...] = ()
