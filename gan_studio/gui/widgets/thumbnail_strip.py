"""A row of named thumbnails: chosen by a click, renamed in place, reordered by dragging or with Alt and the arrows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QDropEvent, QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from gan_studio.gui.images import to_qimage
from gan_studio.gui.theme import TYPE, colours
from gan_studio.gui.widgets.steady_delegate import SteadyDelegate

SIDE = 56
"""Of a thumbnail, in device-independent pixels."""
_NAME = 16
_CELL = QSize(SIDE + 22, SIDE + _NAME + 14)
_NUMBER = int(Qt.ItemDataRole.UserRole)
_PICTURE = _NUMBER + 1
_REMOVE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_OPEN = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class _Below(SteadyDelegate):
    """A thumbnail with its name below it."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, cell, state = colours(), _rect(option), _state(option)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(theme.accent_soft if selected else theme.hover))
            painter.drawRoundedRect(cell.adjusted(2, 2, -2, -2), 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.drawRoundedRect(cell.adjusted(2, 2, -2, -2), 6, 6)
        self._paint_content(painter, cell, index, selected)
        painter.restore()

    def _paint_content(
        self, painter: QPainter, cell: QRect, index: QModelIndex | QPersistentModelIndex, selected: bool
    ) -> None:
        theme, where = colours(), QRect(cell.left() + (cell.width() - SIDE) // 2, cell.top() + 6, SIDE, SIDE)
        picture = index.data(_PICTURE)
        if isinstance(picture, QPixmap):
            size = picture.deviceIndependentSize().toSize()
            painter.drawPixmap(where.center() - QRect(QPoint(0, 0), size).center(), picture)
        else:
            painter.fillRect(where, QColor(theme.hover))
        font = QFont(painter.font())
        font.setPixelSize(TYPE.small)
        painter.setFont(font)
        painter.setPen(QColor(theme.text if selected else theme.muted))
        below = QRect(cell.left() + 4, where.bottom() + 3, cell.width() - 8, _NAME)
        name = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, name)

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The name is typed where it stands, over the whole cell's width."""
        cell = _rect(option)
        editor.setStyleSheet("QLineEdit { padding: 0 3px; min-height: 0; }")
        editor.setGeometry(cell.left(), cell.bottom() - 24, cell.width(), 24)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return _CELL


def _rect(option: QStyleOptionViewItem) -> QRect:
    return option.rect  # type: ignore[attr-defined]


def _state(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    return option.state  # type: ignore[attr-defined]


class ThumbnailStrip(QListWidget):
    """Names and pictures by their place in the row; knows nothing of what they stand for."""

    key_help = (
        ("Enter", "Favourites: go there"),
        ("Delete", "Favourites: remove what is selected"),
        ("Alt+← / Alt+→", "Favourites: move one place"),
    )

    chosen = Signal(int)
    """A plain click, Enter or Space; several are selected with Ctrl or Shift and a click."""
    renamed = Signal(int, str)
    removed = Signal(object)
    """Places of those to be taken out, as a list."""
    reordered = Signal(object)
    """The former places, in the new order, as a list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setItemDelegate(_Below(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(_CELL.height() + 14)
        self.itemChanged.connect(self._tell_name)

    def show_names(self, names: Sequence[str]) -> None:
        """As many thumbnails as there are names; pictures come with `set_picture`."""
        self._filling = True
        self.clear()
        for number, name in enumerate(names):
            item = QListWidgetItem(name)
            item.setData(_NUMBER, number)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setToolTip(f"{name}\nClick to go there · F2 renames · Delete takes it out · drag to reorder")
            self.addItem(item)
        self._filling = False

    def set_picture(self, place: int, pixels: np.ndarray) -> None:
        """Show pixels uint8 `[H, W, 3]`."""
        item = self.item(place)
        if item is not None:
            self._filling = True
            item.setData(_PICTURE, _thumbnail(to_qimage(pixels), self.devicePixelRatioF()))
            self._filling = False

    def selected(self) -> list[int]:
        """Places of those that are selected, in the order of the row."""
        return sorted(self.row(item) for item in self.selectedItems())

    def rename_selected(self) -> None:
        """Open the editor of the one in focus."""
        if self.currentItem() is not None:
            self.editItem(self.currentItem())

    def remove_selected(self) -> None:
        if self.selected():
            self.removed.emit(self.selected())

    def move_selected(self, by: int) -> None:
        """Move the one in focus along the row."""
        place = self.currentRow()
        target = place + by
        if place < 0 or not 0 <= target < self.count():
            return
        order = list(range(self.count()))
        order.insert(target, order.pop(place))
        self.reordered.emit(order)
        self.setCurrentRow(target)

    # --- mouse and keys ---

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        item = self.itemAt(event.position().toPoint())
        if item and event.button() == Qt.MouseButton.LeftButton and not event.modifiers():
            self.chosen.emit(self.row(item))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alone = not event.modifiers()
        if event.key() in _REMOVE and alone:
            self.remove_selected()
        elif event.key() in _OPEN and alone and self.currentRow() >= 0:
            self.chosen.emit(self.currentRow())
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() == Qt.Key.Key_Left:
            self.move_selected(-1)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() == Qt.Key.Key_Right:
            self.move_selected(1)
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Let Qt move the items, then tell in which order they lie now."""
        if event.source() is not self:
            event.ignore()
            return
        super().dropEvent(event)
        order = [self.item(place).data(_NUMBER) for place in range(self.count())]
        if order != sorted(order):
            self.reordered.emit(order)

    @Slot(QListWidgetItem)
    def _tell_name(self, item: QListWidgetItem) -> None:
        if not self._filling:
            self.renamed.emit(self.row(item), item.text().strip())


def _thumbnail(image: QImage, ratio: float) -> QPixmap:
    """Fitted into the square, with hard pixels where it is enlarged."""
    side = round(SIDE * ratio)
    enlarged = max(image.width(), image.height()) <= side
    mode = Qt.TransformationMode.FastTransformation if enlarged else Qt.TransformationMode.SmoothTransformation
    pixmap = QPixmap.fromImage(image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, mode))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
