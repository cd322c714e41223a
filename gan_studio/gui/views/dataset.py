"""A data set that was looked at, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class DatasetView:
    """A data set that was looked at, ready to be shown and trained on."""

    source: Path
    title: str
    """Folder or zip name."""
    picture_count: int
    summary: tuple[str, ...]
    """Sentences of the report: sizes, modes, classes, what was decided and why."""
    skipped: tuple[tuple[str, str], ...]
    """File name and reason, one each."""
    classes: tuple[tuple[str, int], ...]
    """Class name and number of pictures; empty without class folders."""
    suggestions: Mapping[str, Any]
    """Settings that were found by looking (`image_size`, `channels`, `batch_size`), by setting name."""
    thumbnails: np.ndarray = field(repr=False)
    """uint8 `[N, side, side, 3]`: a spread of the pictures, for the contact sheet."""
    thumbnail_names: tuple[str, ...] = ()
