"""Undo and redo over everything that is edited in the explorer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtGui import QUndoCommand, QUndoStack

from gan_studio.gui.views import Viewpoint

LIMIT = 300


@dataclass(frozen=True)
class Place:
    """A viewpoint, and the latents that its seed alone gives, by name."""

    viewpoint: Viewpoint = field(default_factory=Viewpoint)
    baseline: Mapping[str, np.ndarray] = field(default_factory=dict)


Restore = Callable[[Place], None]


class Move(QUndoCommand):
    """From one place to another; moves of one gesture become one."""

    def __init__(self, restore: Restore, before: Place, after: Place, gesture: str) -> None:
        super().__init__("move")
        self._restore = restore
        self._before, self.after = before, after
        self.gesture = gesture
        self._done = True

    def id(self) -> int:
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - Qt's name
        if not isinstance(other, Move) or not self.gesture or other.gesture != self.gesture:
            return False
        self.after = other.after
        return True

    def undo(self) -> None:
        self._restore(self._before)

    def redo(self) -> None:
        # Qt calls this when the move is recorded, too; by then it was made already.
        if self._done:
            self._done = False
        else:
            self._restore(self.after)


class History:
    """Records where the user went from `place`, and leads back.

    Moves with the same gesture name, one right after the other, are undone together; `""` never merges.
    """

    def __init__(self, stack: QUndoStack, restore: Restore) -> None:
        self.stack = stack
        self.stack.setUndoLimit(LIMIT)
        self.place = Place()
        self._restore = restore

    def start(self, place: Place) -> None:
        """Forget all and begin here."""
        self.stack.clear()
        self.place = place

    def record(self, place: Place, gesture: str) -> None:
        """The user went to `place`."""
        before, self.place = self.place, place
        self.stack.push(Move(self._go, before, place, gesture))

    def _go(self, place: Place) -> None:
        self.place = place
        self._restore(place)
