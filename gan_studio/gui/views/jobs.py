"""Long work beside the window: films, exports, downloads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.progress import IsCancelled, Progress


@dataclass(frozen=True)
class JobResult:
    """What a job made."""

    text: str
    """One line for the user: `Saved walk.mp4 (240 pictures, 3.1 MiB)`."""
    path: Path | None = None
    """The file or folder that can be shown to the user."""


Work = Callable[[Progress, IsCancelled], JobResult]
"""A job itself. It looks at `cancelled` often, raises `Cancelled` of `engine.errors` when it is so, and `StudioError`
where something went wrong; what it began to write is gone then."""
