"""Shows one sample grid as large as the room allows: whole-number zoom with hard pixels, or a smooth fit."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gan_studio.gui.theme import SPACING, colours

_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class GridCanvas(QWidget):
    """A picture in the middle, or a sentence while there is none."""

    key_help = (("← / →", "Grid: the one before or after"),)

    moved = Signal(int)
    """An arrow key asks for the next grid (1) or the one before (-1)."""

    def __init__(self, name: str, empty_text: str) -> None:
        super().__init__()
        self._pixmap: QPixmap | None = None
        self._fitted: QPixmap | None = None
        self._empty_text = empty_text
        self._caption = ""
        self._focused_by_key = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 96)

    @property
    def pixmap(self) -> QPixmap | None:
        return self._pixmap

    def set_pixmap(self, pixmap: QPixmap | None) -> None:
        self._pixmap, self._fitted = pixmap, None
        self.update()

    def set_empty_text(self, text: str) -> None:
        self._empty_text = text
        self.update()

    def empty_text(self) -> str:
        """What is said while there is no picture."""
        return self._empty_text

    def set_caption(self, text: str) -> None:
        """A word right above the picture; empty for none."""
        self._caption, self._fitted = text, None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(512, 512)

    def shown_size(self) -> QSize:
        """Size of the picture on the screen, in device pixels: a whole multiple of its own, or a smaller fit."""
        if self._pixmap is None:
            return QSize(0, 0)
        room = self._room().size() * self.devicePixelRatioF()
        own = self._pixmap.size()
        zoom = min(room.width() // own.width(), room.height() // own.height())
        return own * zoom if zoom >= 1 else own.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._pixmap is None:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_text)
        else:
            place = self._place()
            painter.drawPixmap(place, self._scaled())
            self._paint_caption(painter, place)
        if self.hasFocus() and self._focused_by_key:
            painter.setPen(QColor(colours().focus))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # A frame helps who comes by keyboard; round a picture that was clicked it only disturbs.
        self._focused_by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(step)

    def _place(self) -> QRect:
        size = self.shown_size() / self.devicePixelRatioF()
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self._room().center())
        return place

    def _room(self) -> QRect:
        return self.rect().adjusted(0, self._caption_height(), 0, 0)

    def _caption_height(self) -> int:
        return self.fontMetrics().height() + SPACING.xs if self._caption else 0

    def _paint_caption(self, painter: QPainter, place: QRect) -> None:
        above = QRect(self.rect().left(), place.top() - self._caption_height(), self.width(), self._caption_height())
        painter.setPen(QColor(colours().muted))
        painter.drawText(above, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._caption)

    def _scaled(self) -> QPixmap:
        """The picture at the size shown; kept, because scaling smoothly at every repaint would be slow."""
        assert self._pixmap is not None
        size = self.shown_size()
        if self._fitted is None or self._fitted.size() != size:
            larger = size.width() >= self._pixmap.width()
            mode = Qt.TransformationMode.FastTransformation if larger else Qt.TransformationMode.SmoothTransformation
            self._fitted = self._pixmap.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
        return self._fitted
