"""The clock of the timeline: when the next grid is due, at any speed, once or for ever."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, Qt, QTimer, Signal

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
_SLOWEST_FRAME_MS = 160
_FASTEST_FRAME_MS = 40
_FILM_MS = 8_000
_SCREEN_MS = 16
"""No screen shows more; a faster film leaves grids out."""


class TimelinePlayer(QObject):
    """Ticks while it plays. At speed 1 a film takes about eight seconds, with frames of 40 to 160 ms."""

    due = Signal(int)
    """Go on by so many grids."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.speed = 1.0
        self.looping = False
        self._count = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    def start(self, count: int) -> None:
        """Play a timeline of so many grids."""
        self._count = count
        self._timer.start(self.interval_ms())

    def stop(self) -> None:
        self._timer.stop()

    def set_speed(self, speed: float) -> None:
        self.speed = speed
        if self.playing:
            self._timer.start(self.interval_ms())

    def interval_ms(self) -> int:
        return max(_SCREEN_MS, round(self._frame_ms()))

    def stride(self) -> int:
        """How many grids a tick goes on."""
        return max(1, math.ceil(_SCREEN_MS / self._frame_ms() - 0.01))

    def _frame_ms(self) -> float:
        whole = min(max(_FILM_MS / max(1, self._count), _FASTEST_FRAME_MS), _SLOWEST_FRAME_MS)
        return whole / self.speed

    def _tick(self) -> None:
        self.due.emit(self.stride())


def speed_words(speed: float) -> str:
    """0.25 → "¼×", 2.0 → "2×"."""
    return {0.25: "¼×", 0.5: "½×"}.get(speed, f"{speed:g}×")
