"""What a training is doing, as far as buttons are concerned. Imports no Qt."""

from __future__ import annotations

from enum import Enum, auto


class RunState(Enum):
    IDLE = auto()
    PREPARING = auto()
    """Asked for, not yet stepping."""
    RUNNING = auto()
    PAUSED = auto()
    STOPPING = auto()
    """Stop was pressed; the terminal event has not come yet."""

    @property
    def active(self) -> bool:
        return self is not RunState.IDLE

    @property
    def stepping(self) -> bool:
        """A trainer is there that takes requests."""
        return self in (RunState.RUNNING, RunState.PAUSED)
