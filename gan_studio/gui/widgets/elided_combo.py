"""A choice whose long words end in an ellipsis where there is no room; Qt's own would cut a letter in two."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QPaintEvent
from PySide6.QtGui import Qt as QtOfGui  # the one that knows rich text
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QToolTip


class ElidedComboBox(QComboBox):
    """Says all of a shortened choice above its tooltip."""

    def shown_text(self) -> str:
        """What is on the screen at the present width."""
        option = self._option()
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width() - 2
        return self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = self._option()
        option.currentText = self.shown_text()
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def event(self, event: QEvent) -> bool:
        whole = self.currentText() or self.placeholderText()
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.shown_text() != whole:
            tip = self.toolTip() if QtOfGui.mightBeRichText(self.toolTip()) else escape(self.toolTip())
            QToolTip.showText(event.globalPos(), f"<b>{escape(whole)}</b><br>{tip}", self)
            return True
        return super().event(event)

    def _option(self) -> QStyleOptionComboBox:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = option.currentText or self.placeholderText()
        return option
