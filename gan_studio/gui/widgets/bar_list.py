"""Names with numbers and bars: how many of each there are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gan_studio.gui.quantities import whole
from gan_studio.gui.theme import SPACING, colours, theme_changed

_ROW = 26
_MOST_ROWS = 12
_SHARE, _COUNT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class BarList(QListWidget):
    """As high as its rows, up to a dozen; then it scrolls. Where it is for choosing, a click or Enter chooses a row."""

    chosen = Signal(int)
    """Row."""

    def __init__(self, choosing: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_BarDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setProperty("role", "bars")
        if choosing:
            self.itemClicked.connect(self._choose)
            self.itemActivated.connect(self._choose)
        else:
            self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme_changed.connect(self.viewport().update)

    def set_bars(self, bars: Sequence[tuple[str, int]], tip: str = "") -> None:
        """Show these. `tip` may hold `{name}`. A row that is selected stays so where the names stay the same."""
        most = max((count for _, count in bars), default=0)
        if [name for name, _ in bars] != self.names():
            self.clear()
            for name, _ in bars:
                self.addItem(QListWidgetItem(name))
        for row, (name, count) in enumerate(bars):
            item = self.item(row)
            item.setData(_SHARE, count / most if most else 0.0)
            item.setData(_COUNT, count)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}: {whole(count)}")
            item.setToolTip(tip.format(name=name, count=whole(count)) if tip else f"{name}: {whole(count)}")
        self.updateGeometry()

    def names(self) -> list[str]:
        return [self.item(row).text() for row in range(self.count())]

    def counts(self) -> list[int]:
        return [self.item(row).data(_COUNT) for row in range(self.count())]

    def sizeHint(self) -> QSize:
        return QSize(120, min(self.count(), _MOST_ROWS) * _ROW + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self.row(item))


class _BarDelegate(QStyledItemDelegate):
    """Name on the left, number on the right, and the bar as a tint behind both."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect: QRect = option.rect.adjusted(0, 1, 0, -1)  # type: ignore[attr-defined]
        state, metrics = option.state, option.fontMetrics  # type: ignore[attr-defined]
        painter.save()
        if state & QStyle.StateFlag.State_MouseOver and state & QStyle.StateFlag.State_Enabled:
            painter.fillRect(rect, QColor(colours().hover))
        bar = QRect(rect.left(), rect.top(), round(rect.width() * index.data(_SHARE)), rect.height())
        painter.fillRect(bar, QColor(colours().accent_soft))
        inner = rect.adjusted(SPACING.s, 0, -SPACING.s, 0)
        count = whole(index.data(_COUNT))
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QColor(colours().accent_text))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
            font = painter.font()
            font.setBold(True)
            painter.setFont(font)
        painter.setPen(QColor(colours().text))
        room = inner.width() - metrics.horizontalAdvance(count) - SPACING.m
        name = metrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, room)
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, vertical | Qt.AlignmentFlag.AlignLeft, name)
        painter.setPen(QColor(colours().muted))
        painter.drawText(inner, vertical | Qt.AlignmentFlag.AlignRight, count)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60, _ROW)
