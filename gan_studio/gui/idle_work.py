"""What the window does once it can be seen: piece by piece, whenever there is nothing else to do."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal, Slot


class IdleWork(QObject):
    """Does pieces of work in their order, one a moment; clicks, keys and paints come in between.

    What a piece makes may be needed sooner: a `cached_property` that the piece asks for is made once, by whoever asks
    first.
    """

    finished = Signal()

    def __init__(self, pieces: Iterable[Callable[[], object]], parent: QObject) -> None:
        super().__init__(parent)
        self._pieces = deque(pieces)
        self._told = False
        self._moments = QTimer(self)
        self._moments.setInterval(0)  # a turn of the event loop in which nothing else was waiting
        self._moments.timeout.connect(self._do_one)

    @property
    def done(self) -> bool:
        return self._told

    @Slot()
    def start(self) -> None:
        """Begin with the next idle moment."""
        self._moments.start()

    @Slot()
    def finish(self) -> None:
        """Do what is left at once."""
        while not self._told:
            self._do_one()

    @Slot()
    def _do_one(self) -> None:
        if self._pieces:
            self._pieces.popleft()()
        if not self._pieces and not self._told:
            self._told = True
            self._moments.stop()
            self.finished.emit()
