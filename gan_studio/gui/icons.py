"""Icons by name from one bundled family (Phosphor, which qtawesome brings), in the colours of the theme.

An icon reads its colour when it is painted, so that a change of scheme needs no new icons. Only the one font is
loaded, and only when the first icon is painted. qtawesome itself is not imported: with the layer over all Qt bindings
that it brings, that took a third of a second of every start.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from gan_studio.gui.theme import colours

_GLYPH_SHARE = 0.95
"""Font size over icon size: a little air keeps anti-aliased edges inside."""
_FONT, _GLYPHS = "phosphor-1.3.0.ttf", "phosphor-charmap-1.3.0.json"


class _IconFont(NamedTuple):
    family: str
    glyphs: dict[str, str]
    """The character of each icon, by its name."""


@cache
def _font() -> _IconFont:
    """Raises ImportError where qtawesome is not installed, OSError where its fonts are not those we know."""
    package = find_spec("qtawesome")
    if package is None or package.origin is None:
        raise ImportError("qtawesome is not installed")
    folder = Path(package.origin).parent / "fonts"
    codes = json.loads((folder / _GLYPHS).read_bytes())
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(folder / _FONT)))
    if not families:
        raise OSError(f"{folder / _FONT} is no font")
    return _IconFont(families[0], {name: chr(int(code, 16)) for name, code in codes.items()})


@cache
def icon_names() -> frozenset[str]:
    """Every name that `icon` knows."""
    return frozenset(_font().glyphs)


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
        font = QFont(_font().family)
        font.setPixelSize(max(1, round(min(rect.width(), rect.height()) * _GLYPH_SHARE)))
        painter.setFont(font)
        painter.setPen(self._colour(mode, state))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, _font().glyphs[self._name])
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
