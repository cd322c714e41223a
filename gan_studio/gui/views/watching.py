"""What is known of a training that another process or machine does, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from gan_studio.engine.requests_folder import Word

__all__ = ["WatchView", "Word"]


@dataclass(frozen=True)
class WatchView:
    """A trainer elsewhere, some moments ago."""

    host: str
    here: bool
    """It is another process of this machine."""
    quiet_seconds: float
    """Since something of it was seen to change, by this machine's clock."""
    waiting_seconds: float = 0.0
    """How long the folder has not answered a look: a network disk may hang."""
    asked: frozenset[Word] = frozenset()
    """What it was asked for and has not answered yet."""
