"""Scalars that reports hold and no plot draws yet: each gets its line in a turn of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gan_studio.gui.views.scalars import FLOOR

Points = list[tuple[int, float]]
"""Steps and values of one scalar, ascending."""


class ComingLines(QObject):
    """Keeps the points of lines that are still to be made.

    A plot takes some 15 ms to build and a line 6; several at once would hold up the window while it trains.
    """

    due = Signal(str)
    """Make the line of this name now, or what it needs first; it is due until `pop` has taken its points."""
    all_made = Signal()
    """Nothing waits any more."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._points: dict[str, Points] = {}
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._make_next)

    @property
    def waiting(self) -> bool:
        """Whether lines are still to be made."""
        return bool(self._points)

    def take(self, step: int, scalars: Mapping[str, float], known: Collection[str]) -> None:
        """Keep of a report what is neither `known` nor a level of something else."""
        for name, value in scalars.items():
            if name not in known and not name.startswith(FLOOR):
                self._points.setdefault(name, []).append((step, value))
        if self._points and not self._turn.isActive():
            self._turn.start(0)

    def pop(self, name: str) -> Points:
        """The line is there: what it is to show."""
        return self._points.pop(name)

    def clear(self) -> None:
        """Another run comes, or what is behind a step is forgotten: reports that come again bring their names."""
        self._points.clear()
        if self._turn.isActive():
            self._turn.stop()
            self.all_made.emit()

    @Slot()
    def _make_next(self) -> None:
        if self._points:
            self.due.emit(next(iter(self._points)))
            self._turn.start(0)
        else:
            self.all_made.emit()
