"""Runs that were read from disk, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class RunView:
    """A run that was read from disk."""

    path: Path
    source: Path
    """The pictures it was trained on."""
    family: str
    family_settings: Mapping[str, Any]
    data: Mapping[str, Any]
    training: Mapping[str, Any]
    metrics: tuple[Mapping[str, Any], ...] = field(repr=False)
    """The objects of `metrics.jsonl`, in their order."""
    grids: tuple[tuple[int, Path], ...] = field(repr=False)
    """Sample grids by step."""
