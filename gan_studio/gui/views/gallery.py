"""Pictures that a page wants read from disk, and what it is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class PictureWish:
    """A picture at its own size, or no larger than a thumbnail."""

    path: Path
    side: int = 0
    """Longest side in pixels; 0 for the picture's own size."""


@dataclass(frozen=True)
class PictureRead:
    """The answer to a wish."""

    wish: PictureWish
    changed_ns: int
    """When the file was changed last; 0 where it is gone."""
    image: Any
    """A QImage, null where there is no picture."""
