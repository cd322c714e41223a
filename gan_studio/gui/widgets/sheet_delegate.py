"""Paints one picture of a contact sheet: whole, selected, taken out, or still being read."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gan_studio.gui.icons import icon_pixmap
from gan_studio.gui.images import pixel_zoom
from gan_studio.gui.theme import colours
from gan_studio.gui.widgets.sheet_model import NUMBER_ROLE, SheetModel

_MARGIN = 3
_SMOOTH_FROM = 48
"""Thumbnails at least this large are scaled smoothly; smaller ones keep hard pixels."""
_BADGE = 20
_PALE = 0.35


class SheetDelegate(QStyledItemDelegate):
    """Colour is never the only sign: what is taken out is pale and wears a badge, what is selected a frame."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        assert isinstance(model, SheetModel)
        number = index.data(NUMBER_ROLE)
        cell: QRect = option.rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.fillRect(cell, QColor(colours().hover))
        out = model.is_out(number)
        pixmap = model.pale_thumbnail(number) if out else model.thumbnail(number)
        if pixmap is not None:
            painter.setOpacity(_PALE if out else 1.0)
            _draw_fitted(painter, cell, pixmap)
            painter.setOpacity(1.0)
        elif model.is_unreadable(number):
            self._draw_in_the_middle(painter, cell, "image", "disabled")
        if out:
            self._draw_badge(painter, cell)
        if state & QStyle.StateFlag.State_Selected:
            _draw_frame(painter, cell, colours().accent, 3)
        if state & QStyle.StateFlag.State_HasFocus:
            _draw_frame(painter, cell.adjusted(-2, -2, 2, 2), colours().focus, 2)
        elif state & QStyle.StateFlag.State_MouseOver and not state & QStyle.StateFlag.State_Selected:
            _draw_frame(painter, cell, colours().border_strong, 1)
        painter.restore()

    def _draw_badge(self, painter: QPainter, cell: QRect) -> None:
        """A crossed circle in the corner."""
        circle = QRectF(cell.right() - _BADGE - 3, cell.top() + 4, _BADGE, _BADGE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours().raised))
        painter.drawEllipse(circle)
        size = _BADGE - 2
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(circle.topLeft() + QPointF(1, 1), icon_pixmap("prohibit", "error", size, ratio))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_in_the_middle(self, painter: QPainter, cell: QRect, name: str, role: str) -> None:
        side = min(28, cell.width())
        pixmap = icon_pixmap(name, role, side, painter.device().devicePixelRatioF())
        painter.drawPixmap(cell.center() - QRect(0, 0, side, side).center(), pixmap)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return option.rect.size()  # type: ignore[attr-defined]


def fitted_size(size: QSize, room: QSize) -> tuple[QSize, bool]:
    """How large a picture is drawn in its cell, and whether smoothly: small ones by whole-number zoom."""
    longer = max(size.width(), size.height())
    if longer < _SMOOTH_FROM and longer <= min(room.width(), room.height()):
        return size * pixel_zoom(longer, min(room.width(), room.height())), False
    return size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio), True


def _draw_fitted(painter: QPainter, cell: QRect, pixmap: QPixmap) -> None:
    size, smooth = fitted_size(pixmap.size(), cell.size())
    place = QRect(cell.topLeft(), size)
    place.moveCenter(cell.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawPixmap(place, pixmap)


def _draw_frame(painter: QPainter, rect: QRect, colour: str, width: int) -> None:
    pen = QPen(QColor(colour), width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = width / 2
    painter.drawRect(QRectF(rect).adjusted(half, half, -half, -half))
