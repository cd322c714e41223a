"""Icons by name from one bundled family (Phosphor, through qtawesome), in the colours of the theme.

An icon reads its colour when it is painted, so that a change of scheme needs no new icons. Only the one font is
loaded, and only when the first icon is painted.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from qtawesome.iconic_font import IconicFont

from gan_studio.gui.theme import colours

_GLYPH_SHARE = 0.95
"""Font size over icon size: a little air keeps anti-aliased edges inside."""


@cache
def _font() -> IconicFont:
    return IconicFont(("ph", "phosphor-1.3.0.ttf", "phosphor-charmap-1.3.0.json"))


@cache
def icon_names() -> frozenset[str]:
    """Every name that `icon` knows."""
    return frozenset(_font().charmap["ph"])


def icon(name: str, role: str = "text", on_role: str = "") -> QIcon:
    """The Phosphor icon `name` in the theme's colour `role` (a field of `Colours`).

    Where `on_role` is given, it is the colour while the button is checked. A disabled icon takes the disabled colour.

    Raises ValueError when there is no such icon.
    """
    if name not in icon_names():
        raise ValueError(f"There is no icon named {name!r}.")
    return QIcon(_GlyphEngine(name, role, on_role or role))


def icon_pixmap(name: str, role: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture of `size` device-independent pixels."""
    pixmap = icon(name, role).pixmap(QSize(size, size), ratio)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


class _GlyphEngine(QIconEngine):
    """Paints one glyph of the icon font."""

    def __init__(self, name: str, role: str, on_role: str) -> None:
        super().__init__()
        self._name = name
        self._role = role
        self._on_role = on_role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.save()
        painter.setFont(_font().font("ph", round(min(rect.width(), rect.height()) * _GLYPH_SHARE)))
        painter.setPen(self._colour(mode, state))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, _font().charmap["ph"][self._name])
        painter.restore()

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        role = self._on_role if state == QIcon.State.On else self._role
        return QColor(getattr(colours(), "disabled" if mode == QIcon.Mode.Disabled else role))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        if size.isEmpty():  # a button that the layout has squeezed flat is painted all the same
            return pixmap
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._name, self._role, self._on_role)
