"""A data set that was looked at, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class DatasetView:
    """A data set that was looked at, ready to be shown and trained on. Pictures go by their numbers, from 0."""

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
    names: tuple[str, ...] = field(default=(), repr=False)
    """Printable name of each picture, with its folders."""
    labels: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64), repr=False)
    """int64 `[N]`: number of each picture's class; -1 without classes."""
    sizes: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.int64), repr=False)
    """int64 `[N, 2]`: width and height of each picture."""
    kinds: tuple[tuple[str, int], ...] = ()
    """Kinds of colour in words ("grey", "RGB", "RGB with transparency") and how many pictures have them."""
    reasons: tuple[str, ...] = ()
    """Why the suggestions are what they are."""
    taken_out: tuple[str, ...] = field(default=(), repr=False)
    """Names of pictures that are not to be trained on."""
    points: bool = False
    """Whether it is a shape in the plane; its one picture then shows it."""
    second: Path | None = None
    """The other source of a pair, whose pictures are the class B."""
    domains: tuple[str, ...] = ()
    """Classes that are A and B unless somebody chooses others; empty with fewer than two."""


@dataclass(frozen=True)
class PictureView:
    """One picture, large, beside what a network is shown of it."""

    number: int
    original: np.ndarray = field(repr=False)
    """uint8 `[h, w, 3]`; shrunk where it is very large."""
    seen: np.ndarray = field(repr=False)
    """uint8 `[size, size, 3]`."""
    size: tuple[int, int]
    """Width and height of the file."""
    kind: str
    """"RGB · JPEG"."""


@dataclass(frozen=True)
class CacheView:
    """What decoded pictures take on the disk."""

    size_bytes: int
    in_use_bytes: int
    """Of these, what is being trained on now and therefore stays."""


@dataclass(frozen=True)
class DownloadOffer:
    """A public data set that can be fetched."""

    name: str
    """As the command line calls it."""
    title: str
    sentence: str
    pictures: str
    """"70,000 of 28 × 28, grey"."""
    classes: str
    """"10 classes" or "no classes"."""
    download_bytes: int
    licence: str
    path: Path
    """Where it lies, or will."""
    there: bool
