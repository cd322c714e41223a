"""Two grids of one run: side by side, or one over the other with a divider that can be dragged."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gan_studio.gui.theme import SPACING, colours

SIDE_BY_SIDE, WIPE = 0, 1
_CAPTION = 24
_MARGIN = 8
_HANDLE = 11
_KEY_STEP = 0.02


class CompareCanvas(QWidget):
    """Shows A and B, which have captions; of both the same part."""

    key_help = (("← / →", "Comparison by a wipe: move the divider"),)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_canvas")
        self.setAccessibleName("Two steps compared")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 160)
        self._pixmaps: tuple[QPixmap | None, QPixmap | None] = (None, None)
        self._captions = ("", "")
        self._mode = SIDE_BY_SIDE
        self._divider = 0.5
        self._dragging = False

    @property
    def divider(self) -> float:
        """Where A ends and B begins, from 0 (left) to 1."""
        return self._divider

    def show_pictures(self, first: QPixmap | None, second: QPixmap | None, captions: tuple[str, str]) -> None:
        self._pixmaps, self._captions = (first, second), captions
        self.update()

    @Slot(int)
    def set_mode(self, mode: int) -> None:
        """`SIDE_BY_SIDE` or `WIPE`."""
        self._mode = mode
        self.setCursor(Qt.CursorShape.SplitHCursor if mode == WIPE else Qt.CursorShape.ArrowCursor)
        self.update()

    def set_divider(self, share: float) -> None:
        self._divider = min(max(share, 0.0), 1.0)
        self.update()

    def places(self) -> tuple[QRectF, QRectF]:
        """Where A and B lie; the same place while one is wiped over the other."""
        whole = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        if self._mode == WIPE:
            room = whole.adjusted(0, _CAPTION, 0, 0)
            return self._placed(0, room), self._placed(1, room)
        half = (whole.width() - SPACING.m) / 2
        left = QRectF(whole.left(), whole.top() + _CAPTION, half, whole.height() - _CAPTION)
        return self._placed(0, left), self._placed(1, left.translated(half + SPACING.m, 0))

    def _placed(self, number: int, room: QRectF) -> QRectF:
        """In whole-number zoom where there is room for it, edges on whole screen pixels."""
        pixmap, ratio = self._pixmaps[number], self.devicePixelRatioF()
        size = pixmap.size() if pixmap is not None else QSize(1, 1)
        fitting = max(0.01, min(room.width() * ratio / size.width(), room.height() * ratio / size.height()))
        scale = math.floor(fitting) if fitting >= 1 else fitting
        width, height = size.width() * scale / ratio, size.height() * scale / ratio
        left = round((room.center().x() - width / 2) * ratio) / ratio
        top = round((room.center().y() - height / 2) * ratio) / ratio
        return QRectF(left, top, width, height)

    def sizeHint(self) -> QSize:
        return QSize(800, 560)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(theme.field))
        painter.setPen(QPen(QColor(theme.focus if self.hasFocus() else theme.border), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        first, second = self.places()
        if self._mode == WIPE:
            cut = self._cut()
            everything = QRectF(self.rect())
            self._paint(painter, 0, first, QRectF(0, 0, cut, everything.height()))
            self._paint(painter, 1, second, QRectF(cut, 0, everything.width() - cut, everything.height()))
            self._paint_divider(painter, cut, first)
        else:
            self._paint(painter, 0, first, QRectF(self.rect()))
            self._paint(painter, 1, second, QRectF(self.rect()))
        self._paint_captions(painter, first, second)
        painter.end()

    def _paint(self, painter: QPainter, number: int, place: QRectF, clip: QRectF) -> None:
        pixmap = self._pixmaps[number]
        if pixmap is None:
            return
        painter.save()
        painter.setClipRect(clip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, place.width() < pixmap.width())
        painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))
        painter.restore()

    def _paint_divider(self, painter: QPainter, cut: float, place: QRectF) -> None:
        theme = colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.on_accent), 2))
        painter.drawLine(QPointF(cut, place.top()), QPointF(cut, place.bottom()))
        painter.setPen(QPen(QColor(theme.on_accent), 2))
        painter.setBrush(QColor(theme.accent))
        middle = QPointF(cut, place.center().y())
        painter.drawEllipse(middle, _HANDLE, _HANDLE)
        for side in (-1, 1):
            tip = middle + QPointF(6 * side, 0)
            painter.drawLine(tip, tip + QPointF(-3 * side, -3))
            painter.drawLine(tip, tip + QPointF(-3 * side, 3))

    def _paint_captions(self, painter: QPainter, first: QRectF, second: QRectF) -> None:
        painter.setPen(QColor(colours().muted))
        aligned = (Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignHCenter)
        if self._mode == WIPE:
            aligned = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
        for place, caption, side in zip((first, second), self._captions, aligned, strict=True):
            above = QRect(round(place.left()), round(place.top()) - _CAPTION, round(place.width()), _CAPTION)
            painter.drawText(above, side | Qt.AlignmentFlag.AlignVCenter, caption)

    def _cut(self) -> float:
        place = self.places()[0]
        return place.left() + self._divider * place.width()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._mode == WIPE and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = True
            self._drag_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._drag_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -_KEY_STEP, Qt.Key.Key_Right: _KEY_STEP}.get(Qt.Key(event.key()))
        if step is None or self._mode != WIPE:
            super().keyPressEvent(event)
        else:
            self.set_divider(self._divider + step)

    def _drag_to(self, x: float) -> None:
        place = self.places()[0]
        self.set_divider((x - place.left()) / max(1.0, place.width()))
