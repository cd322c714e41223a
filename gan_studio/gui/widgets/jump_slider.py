"""A slider that goes to where it is pressed, and shows marks on its groove."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider

from gan_studio.gui.theme import colours

_MARK = 3.5
"""Half the height of a mark, a small diamond above the groove."""


class JumpSlider(QSlider):
    """A horizontal slider whose handle goes to where its groove is pressed, and can be dragged on from there."""

    key_help = (("← / →", "Timeline: one grid back or on"), ("Home / End", "Timeline: first or newest grid"))

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._marks: frozenset[int] = frozenset()

    def set_marks(self, values: Collection[int]) -> None:
        """Mark these values on the groove."""
        if self._marks != frozenset(values):
            self._marks = frozenset(values)
            self.update()

    def marks(self) -> frozenset[int]:
        return self._marks

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        if ev.button() == Qt.MouseButton.LeftButton:
            self.setSliderPosition(self._value_at(ev.position().x()))
        super().mousePressEvent(ev)

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        # Up and down mean nothing over time; leaving them to the page lets it scroll.
        if ev.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            ev.ignore()
        else:
            super().keyPressEvent(ev)

    def paintEvent(self, ev: QPaintEvent) -> None:
        super().paintEvent(ev)
        if not self._marks:
            return
        start, room = self._track()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours().window))
        painter.setBrush(QColor(colours().warning if self.isEnabled() else colours().disabled))
        for value in self._marks:
            x = start + QStyle.sliderPositionFromValue(self.minimum(), self.maximum(), value, room)
            painter.drawPolygon(_diamond(QPointF(x, _MARK)))
        painter.end()

    def _value_at(self, x: float) -> int:
        start, room = self._track()
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), round(x - start), room)

    def _track(self) -> tuple[float, int]:
        """Where the middle of the handle lies at the least value, and how far it can go."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control = QStyle.ComplexControl.CC_Slider
        groove = self.style().subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
        handle = self.style().subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
        return groove.x() + handle.width() / 2, max(1, groove.width() - handle.width())


def _diamond(middle: QPointF) -> QPolygonF:
    x, y = middle.x(), middle.y()
    return QPolygonF([QPointF(x, y - _MARK), QPointF(x + _MARK, y), QPointF(x, y + _MARK), QPointF(x - _MARK, y)])
