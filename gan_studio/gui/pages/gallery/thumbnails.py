"""How a grid looks in the overview: its picture, its step, and a star that can be clicked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gan_studio.gui.icons import icon
from gan_studio.gui.pages.gallery.model import FAVOURITE, STEP
from gan_studio.gui.theme import SPACING, colours

_CAPTION = 26
_STAR = 18
_PAD = SPACING.s
AnyIndex = QModelIndex | QPersistentModelIndex


class ThumbnailDelegate(QStyledItemDelegate):
    """Draws grids in squares of `side` pixels."""

    star_clicked = Signal(int, bool)
    """Step, and whether it is to be marked."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self.side = 192
        self._width = 0

    def fit(self, room: int, spacing: int) -> None:
        """Share the width of the view out among as many cards as fit, so that none of it is left over."""
        least = self.side + 2 * _PAD
        columns = max(1, (room - spacing) // (least + 2 * spacing))
        self._width = max(least, (room - spacing) // columns - 2 * spacing)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(max(self._width, self.side + 2 * _PAD), self.side + _PAD + _CAPTION + SPACING.xs)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        shown: Any = option  # PySide's stubs do not know the fields
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_card(painter, shown)
        self._paint_picture(painter, self._picture_rect(shown.rect), index.data(Qt.ItemDataRole.DecorationRole))
        self._paint_caption(painter, shown, index)
        painter.restore()

    def editorEvent(self, event: QEvent, model: Any, option: QStyleOptionViewItem, index: AnyIndex) -> bool:
        shown: Any = option
        if isinstance(event, QMouseEvent) and self.star_rect(shown.rect).contains(event.position().toPoint()):
            if event.type() == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
                self.star_clicked.emit(index.data(STEP), not index.data(FAVOURITE))
            return True
        return super().editorEvent(event, model, option, index)

    def star_rect(self, card: QRect) -> QRect:
        """Where the star lies in a card, with some room for the finger."""
        right, side = self._picture_rect(card).right(), _CAPTION
        return QRect(right - side + 5, card.bottom() - side - 1, side, side)

    def _picture_rect(self, card: QRect) -> QRect:
        return QRect(card.left() + (card.width() - self.side) // 2, card.top() + _PAD, self.side, self.side)

    def _paint_card(self, painter: QPainter, shown: Any) -> None:
        selected = bool(shown.state & QStyle.StateFlag.State_Selected)
        hovered = bool(shown.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(shown.state & QStyle.StateFlag.State_HasFocus)
        if not (selected or hovered or focused):
            return
        theme = colours()
        painter.setBrush(QColor(theme.accent_soft if selected else theme.hover if hovered else theme.field))
        painter.setPen(QPen(QColor(theme.focus), 2) if focused or selected else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(shown.rect).adjusted(1, 1, -1, -1), 7, 7)

    def _paint_picture(self, painter: QPainter, room: QRect, pixmap: QPixmap | None) -> None:
        if pixmap is None or pixmap.isNull():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours().raised))
            painter.drawRoundedRect(room, 4, 4)
            return
        ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
        size = QSize(round(pixmap.width() / ratio), round(pixmap.height() / ratio))
        if size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = QRect(room.topLeft(), size)
        place.moveCenter(room.center())
        painter.drawPixmap(place, pixmap)

    def _paint_caption(self, painter: QPainter, shown: Any, index: AnyIndex) -> None:
        card = shown.rect
        words = QRect(self._picture_rect(card).left(), card.bottom() - _CAPTION, self.side - _CAPTION, _CAPTION)
        painter.setPen(QColor(colours().text))
        text = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        marked = bool(index.data(FAVOURITE))
        if marked or shown.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            star = QRect(0, 0, _STAR, _STAR)
            star.moveCenter(QPointF(self.star_rect(card).center()).toPoint())
            icon("star-fill" if marked else "star", "warning" if marked else "muted").paint(painter, star)
