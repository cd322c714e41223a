"""Tells from a path what should be opened. Reads no more than a folder's listing."""

from __future__ import annotations

from enum import Enum
from pathlib import Path


class PathKind(Enum):
    DATASET = "dataset"
    RUN = "run"
    MODEL = "model"
    PICTURE = "picture"


def what_is(path: Path) -> PathKind:
    """A folder with config and checkpoints is a run; what is nothing else is a data set to be looked at."""
    if path.is_dir():
        return (
            PathKind.RUN if (path / "config.json").is_file() and (path / "checkpoints").is_dir() else PathKind.DATASET
        )
    if path.suffix.lower() in (".safetensors", ".pt"):
        return PathKind.MODEL
    return PathKind.PICTURE if path.suffix.lower() == ".png" else PathKind.DATASET
