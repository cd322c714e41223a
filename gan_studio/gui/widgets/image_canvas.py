"""One picture as large as the room allows, that can be dragged.

Small pictures are enlarged by whole numbers with hard pixels, counted in the screen's own pixels; larger ones smoothly.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gan_studio.gui.images import pixel_zoom, to_qimage
from gan_studio.gui.theme import colours

HARD_PIXELS_UP_TO = 128
"""Pictures with longer sides are enlarged smoothly."""
_MARGIN = 12
_KEY_STEP = 0.05
_FINE = 0.1
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class ImageCanvas(QWidget):
    """Shows the newest picture only; a drag or the arrow keys walk, finely while Shift is held."""

    walked = Signal(float, float)
    """How far the pointer went, right and down, in sides of the picture."""
    walk_finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._stamp = -1
        self._last: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)

    def set_picture(self, stamp: int, pixels: np.ndarray) -> bool:
        """Show pixels uint8 `[H, W, 3]`; False, and nothing changes, when a newer stamp is shown already."""
        if stamp < self._stamp:
            return False
        self._stamp, self._image = stamp, to_qimage(pixels)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.update()
        return True

    def clear(self) -> None:
        """Show nothing; pictures that were asked for before stay out."""
        self._image = None
        self.unsetCursor()
        self.update()

    def image(self) -> QImage | None:
        """What is shown, pixel for pixel."""
        return None if self._image is None else self._image.copy()

    def stamp(self) -> int:
        """Of the picture that is shown; -1 before the first."""
        return self._stamp

    def sizeHint(self) -> QSize:
        return QSize(640, 640)

    def zoom(self) -> float:
        """Screen pixels per picture pixel."""
        if self._image is None:
            return 1.0
        ratio = self.devicePixelRatioF()
        wide, high = (max(1, int((side - 2 * _MARGIN) * ratio)) for side in (self.width(), self.height()))
        width, height = self._image.width(), self._image.height()
        if max(width, height) <= HARD_PIXELS_UP_TO and wide >= width and high >= height:
            return min(pixel_zoom(width, wide), pixel_zoom(height, high))
        return min(wide / width, high / height)

    def picture_rect(self) -> QRectF:
        """Where the picture lies, in the widget's coordinates: its edges on whole screen pixels."""
        if self._image is None:
            return QRectF()
        ratio, zoom = self.devicePixelRatioF(), self.zoom()
        width, height = round(self._image.width() * zoom), round(self._image.height() * zoom)
        left = (round(self.width() * ratio) - width) // 2
        top = (round(self.height() * ratio) - height) // 2
        return QRectF(left / ratio, top / ratio, width / ratio, height / ratio)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.setBrush(QColor(theme.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self._image is not None:
            self._paint_picture(painter, self._image)
        painter.end()

    def _paint_picture(self, painter: QPainter, image: QImage) -> None:
        target = self.picture_rect()
        smooth = self.zoom() != int(self.zoom()) or max(image.width(), image.height()) > HARD_PIXELS_UP_TO
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(target, image)
        theme = colours()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.focus if self.hasFocus() else theme.border), 2 if self.hasFocus() else 1))
        painter.drawRect(target.adjusted(-2, -2, 1, 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._image is not None and event.button() == Qt.MouseButton.LeftButton:
            self._last = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._last is None:
            return
        moved, self._last = event.position() - self._last, event.position()
        side = max(1.0, min(self.picture_rect().width(), self.picture_rect().height()))
        self._walk(moved.x() / side, moved.y() / side, event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._last is not None and event.button() == Qt.MouseButton.LeftButton:
            self._last = None
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self.walk_finished.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or self._image is None:
            super().keyPressEvent(event)
            return
        self._walk(step[0] * _KEY_STEP, step[1] * _KEY_STEP, event.modifiers())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.walk_finished.emit()

    def _walk(self, dx: float, dy: float, modifiers: Qt.KeyboardModifier) -> None:
        factor = _FINE if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0
        if dx or dy:
            self.walked.emit(dx * factor, dy * factor)
