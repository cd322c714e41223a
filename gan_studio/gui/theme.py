"""The look of the program: colours by name for both schemes, spacing, type sizes, and their application.

Fusion with an explicit palette: `setColorScheme` alone does nothing on bare X11 and offscreen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, cast

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from gan_studio.gui import stylesheet
from gan_studio.gui.tokens import DARK, LIGHT, SPACING, TYPE, Colours

__all__ = [
    "DARK",
    "LIGHT",
    "SPACING",
    "TYPE",
    "Colours",
    "Scheme",
    "apply_theme",
    "colours",
    "is_dark",
    "theme_changed",
]

Scheme = Literal["light", "dark", "system"]


class _Theme(QObject):
    """Holds the scheme that was asked for and follows the system where that is the scheme."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.scheme: Scheme = "system"
        self.current = LIGHT
        self._following = False

    def apply(self, app: QApplication, scheme: Scheme) -> None:
        """Style the whole application; what is already on the screen is restyled."""
        self.scheme = scheme
        self._follow_system(scheme)
        self._style(app, LIGHT if resolved(scheme) == "light" else DARK)

    @Slot()
    def restyle(self) -> None:
        """The system changed its scheme."""
        app = QApplication.instance()
        if isinstance(app, QApplication) and self.scheme == "system":
            self._style(app, LIGHT if resolved("system") == "light" else DARK)

    def _follow_system(self, scheme: Scheme) -> None:
        hints = QGuiApplication.styleHints()
        if not self._following:
            hints.colorSchemeChanged.connect(self.restyle)
            self._following = True
        # Title bars and native dialogs follow this where the platform knows schemes.
        if hasattr(hints, "setColorScheme"):
            native = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}
            hints.setColorScheme(native[scheme])

    def _style(self, app: QApplication, tokens: Colours) -> None:
        self.current = tokens
        # Each of the next steps would work out the old sheet for every widget: six times as long as without one
        app.setStyleSheet("")
        if app.style().objectName() != "fusion":
            app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(_font())
        app.setPalette(palette(tokens))
        app.setStyleSheet(stylesheet.build(tokens))
        self.changed.emit()


_theme = _Theme()
theme_changed = _theme.changed
"""Emitted after the colours changed; connect plots and own-drawn widgets that keep colours."""


def apply_theme(app: QApplication, scheme: Scheme = "system") -> None:
    """Style the application in one scheme, or in the system's, which is then followed."""
    _theme.apply(app, scheme)


@contextmanager
def unstyled(app: QApplication) -> Iterator[None]:
    """Build a window without the style sheet, which takes effect at the end.

    A sheet is worked out anew for all of a widget's children each time it is put into another one. For the window with
    all its pages that took three times as long as to do it once.
    """
    sheet = app.styleSheet()
    app.setStyleSheet("")
    try:
        yield
    finally:
        app.setStyleSheet(sheet)


def colours() -> Colours:
    """The colours in use now."""
    return _theme.current


def is_dark() -> bool:
    return _theme.current is DARK


def resolved(scheme: Scheme) -> Literal["light", "dark"]:
    """The scheme that is meant: `system` asks the platform, which counts as light when it does not know."""
    if scheme != "system":
        return cast(Literal["light", "dark"], scheme)
    return "dark" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


@dataclass(frozen=True)
class _Role:
    role: QPalette.ColorRole
    token: str
    disabled: str = ""


_R = QPalette.ColorRole
_ROLES = (
    _Role(_R.Window, "window"),
    _Role(_R.WindowText, "text", "disabled"),
    _Role(_R.Base, "field"),
    _Role(_R.AlternateBase, "surface"),
    _Role(_R.Text, "text", "disabled"),
    _Role(_R.PlaceholderText, "muted", "disabled"),
    _Role(_R.Button, "raised"),
    _Role(_R.ButtonText, "text", "disabled"),
    _Role(_R.BrightText, "on_accent"),
    _Role(_R.ToolTipBase, "tooltip"),
    _Role(_R.ToolTipText, "on_tooltip"),
    _Role(_R.Highlight, "accent", "border"),
    _Role(_R.HighlightedText, "on_accent", "disabled"),
    _Role(_R.Accent, "accent", "border"),
    _Role(_R.Link, "accent_text"),
    _Role(_R.LinkVisited, "accent_text"),
    _Role(_R.Light, "raised"),
    _Role(_R.Midlight, "border"),
    _Role(_R.Mid, "border"),
    _Role(_R.Dark, "border_strong"),
    _Role(_R.Shadow, "window"),
)


def palette(tokens: Colours) -> QPalette:
    """A palette in which no colour is left to the platform."""
    made = QPalette()
    for entry in _ROLES:
        made.setColor(entry.role, QColor(getattr(tokens, entry.token)))
        if entry.disabled:
            made.setColor(QPalette.ColorGroup.Disabled, entry.role, QColor(getattr(tokens, entry.disabled)))
    return made


def _font() -> QFont:
    """The system's family at our body size: users choose their own face, layouts need a known size."""
    font = QFont(QApplication.font())
    font.setPixelSize(TYPE.body)
    return font
