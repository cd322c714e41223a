"""Window, splitters and page as they were at the last end of the program, on whatever screen there is now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from gan_studio.gui.settings import UserSettings

FIRST_SIZE = QSize(1360, 840)
TITLE_BAR = QSize(0, 36)
"""Room that a window manager's frame takes above a window; what is at its foot must not lie below the screen's edge."""


class LayoutMemory:
    """Remembers every splitter that has an objectName, but for those whose property `own_memory` says that others do.

    Args:
        window: not shown yet: what its splitters have now is what `reset` goes back to.
    """

    def __init__(self, window: QMainWindow, settings: UserSettings) -> None:
        self._window = window
        self._settings = settings
        self._first = {name: splitter.saveState() for name, splitter in _splitters(window).items()}

    def restore(self) -> None:
        """At the start."""
        self._window.resize(self._first_size())
        if not self._settings.geometry.isEmpty():
            self._window.restoreGeometry(self._settings.geometry)
            keep_on_screen(self._window)
        self._restore_splitters(list(self._first))

    def adopt(self, part: QWidget) -> None:
        """A part of the window was made later, and has not been laid out yet."""
        splitters = _splitters(part)
        self._first.update({name: splitter.saveState() for name, splitter in splitters.items()})
        self._restore_splitters(list(splitters))

    def save(self) -> None:
        """At the end. A window over the whole screen is remembered with the size it had before."""
        if self._window.isFullScreen():
            self._window.showNormal()
        self._settings.geometry = self._window.saveGeometry()
        for name, splitter in _splitters(self._window).items():
            self._settings.set_splitter(name, splitter.saveState())
        self._settings.sync()

    def reset(self) -> None:
        """As at the first start."""
        self._window.showNormal()
        self._window.resize(self._first_size())
        keep_on_screen(self._window)
        for name, state in self._first.items():
            self._restore_splitter(name, state)

    def _first_size(self) -> QSize:
        return FIRST_SIZE.boundedTo(self._window.screen().availableSize() - TITLE_BAR)

    def _restore_splitters(self, names: Sequence[str]) -> None:
        for name in names:
            self._restore_splitter(name, self._settings.splitter(name))

    def _restore_splitter(self, name: str, state: QByteArray) -> None:
        splitter = _splitters(self._window).get(name)
        if splitter is not None and not state.isEmpty():
            orientation = splitter.orientation()
            splitter.restoreState(state)
            # A state of another version may say otherwise
            splitter.setOrientation(orientation)


def _splitters(part: QWidget) -> dict[str, QSplitter]:
    """Those that are remembered, by name."""
    inside = part.findChildren(QSplitter)
    found = [part, *inside] if isinstance(part, QSplitter) else inside
    return {splitter.objectName(): splitter for splitter in found if _named(splitter)}


def keep_on_screen(window: QMainWindow) -> None:
    """Bring a window wholly onto the screen that it overlaps most, smaller where it must be."""
    if window.isMaximized() or window.isFullScreen():
        return
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    frame = window.geometry()
    room = max(screens, key=lambda screen: _area(screen.intersected(frame)))
    window.resize(frame.size().boundedTo(room.size() - TITLE_BAR))
    window.move(_inside(window.frameGeometry(), room))


def _inside(frame: QRect, room: QRect) -> QPoint:
    x = max(room.left(), min(frame.left(), room.right() + 1 - frame.width()))
    y = max(room.top(), min(frame.top(), room.bottom() + 1 - frame.height()))
    return QPoint(x, y)


def _area(rect: QRect) -> int:
    return max(0, rect.width()) * max(0, rect.height())


def _named(splitter: QSplitter) -> bool:
    name = splitter.objectName()
    return bool(name) and not name.startswith("qt_") and not splitter.property("own_memory")
