"""The newest grid of a run, as large as the panel is wide."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gan_studio.gui.icons import icon_pixmap
from gan_studio.gui.images import to_qimage
from gan_studio.gui.theme import colours, theme_changed

_ICON = 32
_TALLEST = 620


class GridPreview(QWidget):
    """A square; a grid that is smaller keeps its pixels whole, a larger one is shrunk smoothly."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run_preview")
        self.setAccessibleName("Newest sample grid")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._pixmap: QPixmap | None = None
        theme_changed.connect(self.update)

    @property
    def shows_picture(self) -> bool:
        return self._pixmap is not None

    def show_grid(self, pixels: np.ndarray | None) -> None:
        """uint8 `[H, W, 3]`, or nothing."""
        self._pixmap = None if pixels is None else QPixmap.fromImage(to_qimage(pixels))
        self.update()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        return min(width, _TALLEST)

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._pixmap is None:
            painter.fillRect(self.rect(), QColor(colours().field))
            symbol = icon_pixmap("image-square", "disabled", _ICON, self.devicePixelRatioF())
            painter.drawPixmap(self.rect().center().x() - _ICON // 2, self.rect().center().y() - _ICON // 2, symbol)
        else:
            ratio = self.devicePixelRatioF()
            room = self.size() * ratio
            zoom = min(room.width() / self._pixmap.width(), room.height() / self._pixmap.height())
            # Whole screen pixels for each of the picture's, where it is smaller than its place
            zoom = float(int(zoom)) if zoom >= 1 else zoom
            size = QSize(round(self._pixmap.width() * zoom / ratio), round(self._pixmap.height() * zoom / ratio))
            frame = QRect((self.width() - size.width()) // 2, (self.height() - size.height()) // 2, *size.toTuple())  # type: ignore[misc]
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < 1)
            painter.drawPixmap(frame, self._pixmap)
        painter.end()
