"""The area of a plot in which the mouse means time: drag to move the cursor, turn the wheel to look closer."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPoint, Qt, Signal, Slot

_ZOOM_PER_NOTCH = 0.8


class ScrubViewBox(pg.ViewBox):
    """Hands mouse gestures on as steps (x positions) and moves nothing itself."""

    scrubbed = Signal(float)
    """Left button pressed or dragged at this x."""
    zoomed = Signal(float, float)
    """Factor on the width of what is shown (below 1 looks closer), and the x that stays in its place."""
    panned = Signal(float)
    """Middle or right drag: how far the window moves along x."""
    reset = Signal()
    """Double click: show everything."""
    menu_requested = Signal(QPoint)
    """Right click, at this place on the screen."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setMouseEnabled(x=False, y=False)
        self.disableAutoRange()
        self.sigResized.connect(self._settle)

    @Slot()
    def _settle(self) -> None:
        """Left to the paint itself, another size would move the curves in the midst of it and cause a second one."""
        self.prepareForPaint()

    def mouseClickEvent(self, ev: Any) -> None:
        if ev.button() == Qt.MouseButton.RightButton:
            ev.accept()
            self.menu_requested.emit(ev.screenPos().toPoint())
        if ev.button() != Qt.MouseButton.LeftButton:
            return
        ev.accept()
        if ev.double():
            self.reset.emit()
        else:
            self.scrubbed.emit(self._x(ev.pos()))

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        ev.accept()
        if ev.button() == Qt.MouseButton.LeftButton:
            self.scrubbed.emit(self._x(ev.pos()))
        else:
            self.panned.emit(self._x(ev.lastPos()) - self._x(ev.pos()))

    def wheelEvent(self, ev: Any, axis: int | None = None) -> None:
        ev.accept()
        notches = ev.delta() / 120
        self.zoomed.emit(_ZOOM_PER_NOTCH**notches, self._x(ev.pos()))

    def _x(self, place: Any) -> float:
        return self.mapToView(place).x()
