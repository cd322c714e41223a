"""One picture as large as the room allows, or as large as somebody wants it, that can be dragged.

Small pictures are enlarged by whole numbers with hard pixels, counted in the screen's own pixels; larger ones smoothly.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gan_studio.gui.images import to_qimage
from gan_studio.gui.theme import colours
from gan_studio.gui.widgets.canvas_view import HARD_PIXELS_UP_TO, CanvasView, next_zoom

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
    """Shows the newest picture only; a drag or the arrow keys walk, finely while Shift is held.

    Ctrl and the wheel zoom; the wheel alone, or the middle button, move a picture that is larger than the room.
    """

    key_help = (
        ("← ↑ ↓ →", "Picture: walk through the latent space"),
        ("Shift + arrow", "Picture: walk in small steps"),
    )
    walked = Signal(float, float)
    """How far the pointer went, right and down, in sides of the picture."""
    walk_finished = Signal()
    zoom_changed = Signal()
    """By the user, or because the room changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._stamp = -1
        self._last: QPointF | None = None
        self._panned: QPointF | None = None
        self._view = CanvasView()
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

    # --- zoom ---

    def zoom(self) -> float:
        """Screen pixels per picture pixel."""
        return 1.0 if self._image is None else self._view.zoom(self._image.size(), self._room())

    @property
    def fits(self) -> bool:
        """Whether the picture is as large as the room allows."""
        return self._view.fits

    def picture_rect(self) -> QRectF:
        """Where the picture lies, in the widget's coordinates: its edges on whole screen pixels."""
        if self._image is None:
            return QRectF()
        ratio, target = self.devicePixelRatioF(), self._view.target(self._image.size(), self._room())
        left, top = target.x() + round(_MARGIN * ratio), target.y() + round(_MARGIN * ratio)
        return QRectF(left / ratio, top / ratio, round(target.width()) / ratio, round(target.height()) / ratio)

    @Slot()
    def fit(self) -> None:
        """As large as the room allows, from now on."""
        self._view.fit()
        self._show_zoom()

    @Slot()
    def show_actual_size(self) -> None:
        """One pixel of the screen for each of the picture."""
        self._zoom_to(1.0)

    @Slot()
    def zoom_in(self) -> None:
        self._zoom_to(next_zoom(self.zoom(), up=True))

    @Slot()
    def zoom_out(self) -> None:
        self._zoom_to(next_zoom(self.zoom(), up=False))

    def _zoom_to(self, zoom: float, about: QPointF | None = None) -> None:
        """`about` in the widget's coordinates; the middle without it."""
        if self._image is not None:
            ratio, room = self.devicePixelRatioF(), self._room()
            margin = QPointF(_MARGIN, _MARGIN)
            middle = QPointF(room.width() / 2, room.height() / 2)
            self._view.set_zoom(zoom, self._image.size(), room, (about - margin) * ratio if about else middle)
            self._show_zoom()

    def _show_zoom(self) -> None:
        self.update()
        self.zoom_changed.emit()

    def _pan(self, by: QPointF) -> bool:
        """False where all is seen anyway."""
        if self._image is None or self._view.fits:
            return False
        before = self.picture_rect()
        self._view.pan(by * self.devicePixelRatioF(), self._image.size(), self._room())
        self.update()
        return before != self.picture_rect()

    def _room(self) -> QSizeF:
        """In the screen's own pixels."""
        ratio = self.devicePixelRatioF()
        wide, high = (max(1, int((side - 2 * _MARGIN) * ratio)) for side in (self.width(), self.height()))
        return QSizeF(wide, high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pan(QPointF(0, 0))
        self.zoom_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turned = event.angleDelta().y()
            if turned:
                self._zoom_to(next_zoom(self.zoom(), up=turned > 0), event.position())
            event.accept()
        else:
            event.setAccepted(self._pan(QPointF(event.angleDelta()) / 2))

    # --- painting and walking ---

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.setBrush(QColor(theme.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self._image is not None:
            painter.setClipRect(self.rect().adjusted(2, 2, -2, -2))
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
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panned = event.position()
        if self._image is not None and event.button() == Qt.MouseButton.LeftButton:
            self._last = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._panned is not None:
            by, self._panned = event.position() - self._panned, event.position()
            self._pan(by)
        if self._last is None:
            return
        moved, self._last = event.position() - self._last, event.position()
        side = max(1.0, min(self.picture_rect().width(), self.picture_rect().height()))
        self._walk(moved.x() / side, moved.y() / side, event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panned = None
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
