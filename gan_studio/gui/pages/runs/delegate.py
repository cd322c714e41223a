"""Draws the cells of the table of runs: a thumbnail with two lines, a state with its icon, and plain numbers."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QApplication, QLineEdit, QStyle, QStyleOptionViewItem, QWidget

from gan_studio.gui.icons import icon_pixmap
from gan_studio.gui.pages.runs.model import RUN, THUMBNAIL, Column
from gan_studio.gui.pages.runs.words import STANDING_ICONS, pictures_line
from gan_studio.gui.theme import SPACING, TYPE, colours
from gan_studio.gui.views import RunSummary
from gan_studio.gui.widgets.steady_delegate import SteadyDelegate

AnyIndex = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 60
_SIDE = 44
_ICON = 16
_CORNER = 5


class RunsDelegate(SteadyDelegate):
    """Every cell of a row is painted here, so that all of them have the same ground."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_ground(painter, option)
        inside = option.rect.adjusted(SPACING.s, 0, -SPACING.s, 0)  # type: ignore[attr-defined]
        run: RunSummary = index.data(RUN)
        if index.column() == Column.NAME:
            self._paint_name(painter, inside, run, index.data(THUMBNAIL), index.data())
        elif index.column() == Column.STATE:
            self._paint_state(painter, inside, run, index.data())
        else:
            self._paint_text(painter, inside, index.data(), index.data(Qt.ItemDataRole.TextAlignmentRole))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width() + 2 * SPACING.s, ROW_HEIGHT)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:  # noqa: N802
        editor = QLineEdit(parent)
        editor.setObjectName("run_name_edit")
        editor.setAccessibleName("Name of the run")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:  # noqa: N802
        rect = option.rect.adjusted(2 * SPACING.s + _SIDE, 0, -SPACING.xs, 0)  # type: ignore[attr-defined]
        height = editor.sizeHint().height()
        editor.setGeometry(rect.x(), rect.center().y() - height // 2, rect.width(), height)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        ground = "field"
        if state & QStyle.StateFlag.State_Selected:
            ground = "accent_soft"
        elif state & QStyle.StateFlag.State_MouseOver:
            ground = "hover"
        rect: QRect = option.rect  # type: ignore[attr-defined]
        painter.fillRect(rect, QColor(getattr(colours(), ground)))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, QColor(colours().border))

    def _paint_name(self, painter: QPainter, rect: QRect, run: RunSummary, picture: QPixmap | None, name: str) -> None:
        frame = QRect(rect.x(), rect.center().y() - _SIDE // 2, _SIDE, _SIDE)
        paint_thumbnail(painter, frame, picture)
        text = rect.adjusted(_SIDE + SPACING.m, 0, 0, 0)
        below = pictures_line(run) or "cannot be read"
        if run.started_from:
            below = f"{below} · from {run.started_from}"
        upper = text.adjusted(0, 0, 0, -text.height() // 2)
        self._line(painter, upper, name, "text", QFont.Weight.DemiBold, Qt.AlignmentFlag.AlignBottom)
        lower = text.adjusted(0, text.height() // 2 + 3, 0, 0)
        top, end = Qt.AlignmentFlag.AlignTop, Qt.TextElideMode.ElideRight
        self._line(painter, lower, below, "muted", QFont.Weight.Normal, top, TYPE.small, end)

    def _paint_state(self, painter: QPainter, rect: QRect, run: RunSummary, text: str) -> None:
        symbol, role = STANDING_ICONS[run.standing]
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(rect.x(), rect.center().y() - _ICON // 2 + 1, icon_pixmap(symbol, role, _ICON, ratio))
        beside = rect.adjusted(_ICON + SPACING.s - 2, 0, 0, 0)
        colour = role if role != "muted" else "text"
        self._line(painter, beside, text, colour, QFont.Weight.Normal, Qt.AlignmentFlag.AlignVCenter)

    def _paint_text(self, painter: QPainter, rect: QRect, text: str, alignment: int) -> None:
        painter.setPen(QColor(colours().text))
        painter.setFont(_font(QFont.Weight.Normal, TYPE.body))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, alignment | Qt.TextFlag.TextSingleLine, shown)

    def _line(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        role: str,
        weight: QFont.Weight,
        side: Qt.AlignmentFlag,
        size: int = TYPE.body,
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        painter.setPen(QColor(getattr(colours(), role)))
        painter.setFont(_font(weight, size))
        shown = painter.fontMetrics().elidedText(text, cut, rect.width())
        painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignLeft) | Qt.TextFlag.TextSingleLine, shown)


def paint_thumbnail(painter: QPainter, frame: QRect, picture: QPixmap | None) -> None:
    """A picture with round corners, or an empty place for one."""
    path = QPainterPath()
    path.addRoundedRect(frame, _CORNER, _CORNER)
    painter.fillPath(path, QColor(colours().hover))
    if picture is None:
        symbol = icon_pixmap("image-square", "disabled", _ICON, painter.device().devicePixelRatio())
        painter.drawPixmap(frame.center().x() - _ICON // 2, frame.center().y() - _ICON // 2, symbol)
        return
    painter.save()
    painter.setClipPath(path)
    painter.drawPixmap(frame, picture)
    painter.restore()


def _font(weight: QFont.Weight, size: int) -> QFont:
    font = QFont(QApplication.font())
    font.setPixelSize(size)
    font.setWeight(weight)
    return font
