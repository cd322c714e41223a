"""A button whose text is shortened to the room there is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

_FEWEST_CHARACTERS = 10


class ElidedButton(QPushButton):
    """Shows as much of its text as fits, with its mnemonic; never asks for more room than a few characters."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)

    def minimumSizeHint(self) -> QSize:
        width = self.fontMetrics().averageCharWidth() * _FEWEST_CHARACTERS
        return QSize(width, super().minimumSizeHint().height())

    def shown_text(self) -> str:
        """What is on the screen at the present width."""
        option = self._option()
        style = self.style()
        room = style.subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        if not option.icon.isNull():
            room -= option.iconSize.width() + style.pixelMetric(QStyle.PixelMetric.PM_ButtonMargin, option, self)
        flags = Qt.TextFlag.TextShowMnemonic
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room, flags)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = self._option()
        option.text = self.shown_text()
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.end()

    def _option(self) -> QStyleOptionButton:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        return option
