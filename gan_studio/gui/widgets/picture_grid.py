"""Pictures side by side that arrive one after the other, each with a number below it; one of them is the current."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gan_studio.gui.images import pixel_zoom, to_qimage
from gan_studio.gui.theme import TYPE, colours
from gan_studio.gui.widgets.canvas_view import HARD_PIXELS_UP_TO

_MARGIN = 12
_GAP = 8
_CAPTION = 16
_CAPTION_FROM = 44
"""Cells that are narrower have no room for a number; it is shown while the pointer is over them."""
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PictureGrid(QWidget):
    """A click chooses, a double click or Enter opens, arrow keys choose the next, also beyond the edge."""

    key_help = (
        ("← → ↑ ↓", "Grid of seeds: choose the next, also beyond the edge"),
        ("Enter", "Grid of seeds: look at it alone"),
    )

    chosen = Signal(int)
    """Index of a cell; below 0 or beyond the last one where an arrow key left the grid."""
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns, self._rows = 1, 1
        self._captions: tuple[str, ...] = ("",)
        self._images: list[QImage | None] = [None]
        self._shape = QSize(1, 1)
        self._current, self._hovered = -1, -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)
        self.setMouseTracking(True)

    def set_cells(self, columns: int, captions: tuple[str, ...]) -> None:
        """Lay out so many cells. Their old pictures stay until the new ones come."""
        if len(captions) != len(self._images):
            self._images = [None] * len(captions)
        self._columns, self._rows = columns, max(1, -(-len(captions) // columns))
        self._captions = captions
        self.update()

    def set_pictures(self, start: int, pixels: np.ndarray) -> None:
        """Pictures uint8 `[N, H, W, 3]` from cell `start` on."""
        for number, picture in enumerate(pixels, start):
            if number < len(self._images):
                self._images[number] = to_qimage(picture)
        self._shape = QSize(pixels.shape[2], pixels.shape[1])
        self.update()

    def clear(self) -> None:
        """Show empty cells."""
        self._images = [None] * len(self._images)
        self.update()

    def set_current(self, index: int) -> None:
        """Mark a cell; -1 for none."""
        self._current = index
        self.update()

    def current(self) -> int:
        return self._current

    def image(self, index: int) -> QImage | None:
        """The picture of a cell, as it was made."""
        return self._images[index]

    def is_whole(self) -> bool:
        return all(image is not None for image in self._images)

    def whole_image(self, gap: int = 2) -> QImage:
        """All pictures in one, pixel for pixel."""
        width, height = self._shape.width() + gap, self._shape.height() + gap
        made = QImage(self._columns * width - gap, self._rows * height - gap, QImage.Format.Format_RGB888)
        made.fill(QColor("#202024"))
        painter = QPainter(made)
        for index, image in enumerate(self._images):
            if image is not None:
                painter.drawImage(QPoint(index % self._columns * width, index // self._columns * height), image)
        painter.end()
        return made

    def sizeHint(self) -> QSize:
        return QSize(640, 640)

    # --- geometry ---

    def cells_for(self, side: int, about: int) -> tuple[int, int]:
        """Columns and rows that fill the room with pictures of `side` pixels, each about `about` wide on the screen."""
        ratio = self.devicePixelRatioF()
        zoom = max(1, round(about * ratio / side)) / ratio if side <= HARD_PIXELS_UP_TO else about / side
        wide = self.width() - 2 * _MARGIN + _GAP
        high = self.height() - 2 * _MARGIN + _GAP
        caption = _CAPTION if side * zoom >= _CAPTION_FROM else 0
        return max(1, int(wide // (side * zoom + _GAP))), max(1, int(high // (side * zoom + _GAP + caption)))

    def cell_rect(self, index: int) -> QRect:
        """Where a picture lies, in the widget's coordinates."""
        side, caption = self._picture_size(), self._caption_height()
        step_x, step_y = side.width() + _GAP, side.height() + _GAP + caption
        left = (self.width() - self._columns * step_x + _GAP) // 2
        top = (self.height() - self._rows * step_y + _GAP) // 2
        return QRect(QPoint(left + index % self._columns * step_x, top + index // self._columns * step_y), side)

    def index_at(self, place: QPoint) -> int:
        """-1 beside the cells."""
        for index in range(len(self._images)):
            if self.cell_rect(index).adjusted(0, 0, 0, self._caption_height()).contains(place):
                return index
        return -1

    def _picture_size(self) -> QSize:
        """Whole-number zoom in the screen's own pixels where the pictures are small."""
        room_x, room_y = self._room()
        ratio, own = self.devicePixelRatioF(), self._shape
        zoom = min(room_x / own.width(), room_y / own.height())
        if zoom * ratio >= 1 and max(own.width(), own.height()) <= HARD_PIXELS_UP_TO:
            whole = min(pixel_zoom(own.width(), int(room_x * ratio)), pixel_zoom(own.height(), int(room_y * ratio)))
            zoom = whole / ratio
        return QSize(max(1, int(own.width() * zoom)), max(1, int(own.height() * zoom)))

    def _room(self) -> tuple[float, float]:
        wide = (self.width() - 2 * _MARGIN - (self._columns - 1) * _GAP) / self._columns
        high = (self.height() - 2 * _MARGIN - (self._rows - 1) * _GAP) / self._rows
        return max(1.0, wide), max(1.0, high - self._caption_height())

    def _caption_height(self) -> int:
        wide = (self.width() - 2 * _MARGIN) / self._columns - _GAP
        high = (self.height() - 2 * _MARGIN) / self._rows - _GAP - _CAPTION + 1
        return _CAPTION if min(wide, high) >= _CAPTION_FROM else 0

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.setBrush(QColor(theme.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        font = QFont(self.font())
        font.setPixelSize(TYPE.small)
        painter.setFont(font)
        for index, image in enumerate(self._images):
            self._paint_cell(painter, index, image)
        painter.end()

    def _paint_cell(self, painter: QPainter, index: int, image: QImage | None) -> None:
        theme, rect = colours(), self.cell_rect(index)
        if image is None:
            painter.fillRect(rect, QColor(theme.surface))
        else:
            hard = max(self._shape.width(), self._shape.height()) <= HARD_PIXELS_UP_TO
            shrunk = rect.width() * self.devicePixelRatioF() < self._shape.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunk or not hard)
            painter.drawImage(rect, image)
        if index in (self._current, self._hovered):
            current = index == self._current
            width = (3 if self.hasFocus() else 2) if current else 1
            painter.setPen(QPen(QColor(theme.focus if current else theme.muted), width))
            painter.drawRect(rect.adjusted(-3, -3, 2, 2))
        if self._caption_height():
            painter.setPen(QColor(theme.text if index == self._current else theme.muted))
            below = QRect(rect.left() - _GAP // 2, rect.bottom() + 3, rect.width() + _GAP, _CAPTION - 2)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._captions[index])

    # --- mouse and keys ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position().toPoint())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position().toPoint())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.index_at(event.position().toPoint()), event.globalPosition().toPoint())

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1, QPoint())

    def _hover(self, index: int, place: QPoint) -> None:
        if index != self._hovered:
            self._hovered = index
            self.setCursor(Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor)
            if index >= 0:
                QToolTip.showText(place, f"Seed {self._captions[index]}", self)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if arrow is not None:
            self.chosen.emit(max(0, self._current) + arrow[0] + arrow[1] * self._columns)
        elif event.key() in _ENTER and self._current >= 0:
            self.opened.emit(self._current)
        else:
            super().keyPressEvent(event)
