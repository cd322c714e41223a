"""A button that shows a colour and lets another one be picked."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog, QPushButton, QWidget

from gan_studio.gui.theme import colours, theme_changed

_SWATCH = 16


class ColourButton(QPushButton):
    """Swatch and hexadecimal text; a click opens the colour dialog."""

    changed = Signal(str)
    """The colour as `#rrggbb`."""

    def __init__(self, colour: str = "#ffffff", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = ""
        self.setProperty("role", "field")
        self.setIconSize(QSize(_SWATCH, _SWATCH))
        self.clicked.connect(self.open_dialog)
        theme_changed.connect(self._paint_swatch)
        self.set_colour(colour)

    def colour(self) -> str:
        """`#rrggbb`."""
        return self._colour

    def set_colour(self, colour: str) -> None:
        """Show `#rrggbb`; anything that is no colour is ignored."""
        if QColor.isValidColorName(colour) and colour != self._colour:
            self._colour = colour
            self.setText(colour)
            self._paint_swatch()
            self.changed.emit(colour)

    @Slot()
    def open_dialog(self) -> None:
        """Let the user pick; the dialog is not modal to the program and goes away by itself."""
        dialog = QColorDialog(QColor(self._colour), self)
        dialog.setObjectName("colour_dialog")
        dialog.colorSelected.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(QColor)
    def _take(self, colour: QColor) -> None:
        self.set_colour(colour.name())

    @Slot()
    def _paint_swatch(self) -> None:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(QSize(_SWATCH, _SWATCH) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(0, 0, 0, 0))
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours().border_strong))
        painter.setBrush(QColor(self._colour))
        painter.drawRoundedRect(QRectF(0.5, 0.5, _SWATCH - 1, _SWATCH - 1), 4, 4)
        painter.end()
        self.setIcon(QIcon(pixmap))
