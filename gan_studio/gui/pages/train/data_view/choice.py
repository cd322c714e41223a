"""Which pictures were taken out, with undo and redo. Numbers of pictures only; nothing on disk is ever touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

_REMEMBERED = 500
"""Steps that can be undone."""


@dataclass(frozen=True)
class _Step:
    numbers: np.ndarray
    """int64: the pictures that really changed."""
    out: bool


class Choice(QObject):
    """A bool for each picture, and the steps that led to it."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._out = np.zeros(0, np.bool_)
        self._done: list[_Step] = []
        self._undone: list[_Step] = []

    def begin(self, count: int, out: Sequence[int] = ()) -> None:
        """Other pictures, of which some are out already; that cannot be undone."""
        self._out = np.zeros(count, np.bool_)
        self._out[np.asarray(out, np.int64)] = True
        self._done, self._undone = [], []
        self.changed.emit()

    @property
    def out(self) -> np.ndarray:
        """Whether each picture is taken out, bool `[N]`; a copy."""
        return self._out.copy()

    @property
    def out_count(self) -> int:
        return int(self._out.sum())

    @property
    def kept_count(self) -> int:
        return len(self._out) - self.out_count

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def take_out(self, numbers: Sequence[int] | np.ndarray) -> None:
        """Take these out; one step, whatever they are. Nothing happens where they are out already."""
        self._do(np.asarray(numbers, np.int64), True)

    def put_back(self, numbers: Sequence[int] | np.ndarray) -> None:
        self._do(np.asarray(numbers, np.int64), False)

    def put_all_back(self) -> None:
        self.put_back(np.flatnonzero(self._out))

    def undo(self) -> np.ndarray:
        """Take the last step back; returns the pictures that it concerned, none where there is no step."""
        return self._move(self._done, self._undone, back=True)

    def redo(self) -> np.ndarray:
        return self._move(self._undone, self._done, back=False)

    def _do(self, numbers: np.ndarray, out: bool) -> None:
        numbers = numbers[self._out[numbers] != out]
        if len(numbers):
            self._out[numbers] = out
            self._done = [*self._done, _Step(numbers, out)][-_REMEMBERED:]
            self._undone = []
            self.changed.emit()

    def _move(self, from_: list[_Step], to: list[_Step], back: bool) -> np.ndarray:
        if not from_:
            return np.zeros(0, np.int64)
        step = from_.pop()
        to.append(step)
        self._out[step.numbers] = step.out != back
        self.changed.emit()
        return step.numbers
