"""Tells from a path what should be opened. Reads no more than a folder's listing."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

PHOTO_ENDINGS = frozenset((".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".heic", ".avif", ".jxl"))


class PathKind(Enum):
    DATASET = "dataset"
    RUN = "run"
    MODEL = "model"
    STATE = "state"
    """A training state: it belongs to a run, and means nothing without it."""
    PICTURE = "picture"
    """A PNG, which may hold a recipe."""
    PHOTO = "photo"
    """One picture that can hold none."""


def what_is(path: Path) -> PathKind:
    """A folder with config and checkpoints is a run; what is nothing else is a data set to be looked at."""
    if path.is_dir():
        return (
            PathKind.RUN if (path / "config.json").is_file() and (path / "checkpoints").is_dir() else PathKind.DATASET
        )
    return _by_ending(path.suffix.lower())


def _by_ending(ending: str) -> PathKind:
    if ending in PHOTO_ENDINGS:
        return PathKind.PHOTO
    kinds = {".safetensors": PathKind.MODEL, ".pt": PathKind.STATE, ".png": PathKind.PICTURE}
    return kinds.get(ending, PathKind.DATASET)
