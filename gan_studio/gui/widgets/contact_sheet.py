"""Many thumbnails in a grid that fills the width."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from gan_studio.gui.images import device_pixmap, pixel_zoom
from gan_studio.gui.theme import SPACING, colours, theme_changed

_GAP = 3
_TARGET = 64
"""Cells come out about this wide, in device-independent pixels."""
_SMOOTH_FROM = 48
"""Thumbnails at least this large are scaled smoothly; smaller ones keep hard pixels."""


class ContactSheet(QAbstractScrollArea):
    """Thumbnails side by side; only those in sight are drawn. A picture's name is its tooltip."""

    def __init__(self, empty_text: str = "No pictures yet", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = np.zeros((0, 1, 1, 3), np.uint8)
        self._names: tuple[str, ...] = ()
        self._empty_text = empty_text
        self._drawn: dict[int, QPixmap] = {}
        self.setAccessibleName(empty_text)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme_changed.connect(self.viewport().update)

    def set_pictures(self, pictures: np.ndarray, names: Sequence[str] = ()) -> None:
        """Show uint8 `[N, side, side, 3]`. Raises ValueError for any other type or shape."""
        if pictures.dtype != np.uint8 or pictures.ndim != 4 or pictures.shape[3] != 3:
            raise ValueError(f"Thumbnails are uint8 [N, side, side, 3], not {pictures.dtype} {list(pictures.shape)}.")
        self._pictures = pictures
        self._names = tuple(names)
        self._drawn.clear()
        self.setAccessibleName(f"{len(pictures)} pictures" if len(pictures) else self._empty_text)
        # With pictures the bar always has its room: were it to come and go with the grid's height, that would flicker.
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if len(pictures) else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        self._arrange()
        self.verticalScrollBar().setValue(0)

    def clear(self) -> None:
        """Back to the empty text."""
        self.set_pictures(np.zeros((0, 1, 1, 3), np.uint8))

    def set_empty_text(self, text: str) -> None:
        """What is said while there are no pictures."""
        self._empty_text = text
        if not len(self._pictures):
            self.setAccessibleName(text)
        self.viewport().update()

    def picture_count(self) -> int:
        return len(self._pictures)

    def columns(self) -> int:
        """Pictures in a row at the present width."""
        return max(1, (self.viewport().width() + _GAP) // (self._target() + _GAP))

    def cell_rect(self, index: int) -> QRect:
        """Where picture `index` lies in the viewport, scrolled as it is now."""
        cell, columns = self._cell(), self.columns()
        row, column = divmod(index, columns)
        # Rounded as a whole and not cell by cell, so that the last column ends at the edge.
        x = round(column * (self.viewport().width() + _GAP) / columns)
        return QRect(x, row * (cell + _GAP) - self.verticalScrollBar().value(), cell, cell)

    def index_at(self, position: QPoint) -> int | None:
        """Number of the picture at a place in the viewport."""
        near = (position.y() + self.verticalScrollBar().value()) // (self._cell() + _GAP) * self.columns()
        candidates = range(max(0, near), min(len(self._pictures), near + self.columns()))
        return next((index for index in candidates if self.cell_rect(index).contains(position)), None)

    def _target(self) -> int:
        side = self._pictures.shape[1]
        return side * max(1, round(_TARGET / side)) if side < _SMOOTH_FROM else _TARGET

    def _cell(self) -> int:
        return (self.viewport().width() + _GAP) // self.columns() - _GAP

    def _arrange(self) -> None:
        rows = -(-len(self._pictures) // self.columns())
        height = max(0, rows * (self._cell() + _GAP) - _GAP)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, height - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(1, self._cell() // 2))
        self.viewport().update()

    def _picture(self, index: int) -> QPixmap:
        if index not in self._drawn:
            side, cell, ratio = self._pictures.shape[1], self._cell(), self.devicePixelRatioF()
            smooth = side >= _SMOOTH_FROM or side > cell
            shown = cell if smooth else side * pixel_zoom(side, cell)
            self._drawn[index] = device_pixmap(self._pictures[index], QSize(shown, shown), ratio, smooth)
        return self._drawn[index]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drawn.clear()
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if len(self._pictures):
            # Not the colour of paper: pictures on white would have no edges on it.
            painter.fillRect(event.rect(), QColor(colours().hover))
        else:
            painter.setPen(QColor(colours().muted))
            room = self.viewport().rect().adjusted(SPACING.m, SPACING.m, -SPACING.m, -SPACING.m)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_text)
        for index in self._visible(event.rect()):
            pixmap, cell = self._picture(index), self.cell_rect(index)
            spare = (cell.size() - pixmap.deviceIndependentSize().toSize()) / 2
            painter.drawPixmap(cell.topLeft() + QPoint(spare.width(), spare.height()), pixmap)
        painter.end()

    def _visible(self, rect: QRect) -> range:
        offset, pitch = self.verticalScrollBar().value(), self._cell() + _GAP
        first, last = (rect.top() + offset) // pitch, (rect.bottom() + offset) // pitch
        return range(first * self.columns(), min(len(self._pictures), (last + 1) * self.columns()))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.index_at(event.pos())
            if index is not None and index < len(self._names):
                QToolTip.showText(event.globalPos(), self._names[index], self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)
