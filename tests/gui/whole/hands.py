"""Hands without a plan: clicks, keys, wheel, drags, drops and resizes, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenuBar, QWidget
from shiboken6 import isValid

from tests.gui.studio import Studio

KEYS = (
    *(
        getattr(Qt.Key, f"Key_{name}")
        for name in ("Tab", "Backtab", "Return", "Space", "Escape", "Delete", "Backspace")
    ),
    *(getattr(Qt.Key, f"Key_{name}") for name in ("Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown")),
    *(getattr(Qt.Key, f"Key_{name}") for name in ("F2", "F5", "Plus", "Minus", "0", "1", "5", "9", "Period", "E", "X")),
)
MODIFIERS = (
    *[Qt.KeyboardModifier.NoModifier] * 6,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
BUTTONS = (*[Qt.MouseButton.LeftButton] * 6, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)
SIZES = ((1366, 768), (1100, 700), (1600, 900), (2560, 1440))
CLOSER_MS = 15


class Hands:
    """Works on one page of a window. Menus and dialogs that open are closed again, also those that wait for an answer.

    Args:
        things: files and folders that are dropped.
    """

    def __init__(self, studio: Studio, page: int, things: Sequence[Path], seed: int) -> None:
        self._studio, self._page, self._things = studio, page, things
        self._random = random.Random(seed)
        self._closer = QTimer(studio.window)
        self._closer.setInterval(CLOSER_MS)
        self._closer.timeout.connect(close_what_opened)
        self._kinds = (
            *[self._click] * 8,
            *[self._key] * 8,
            *[self._wheel] * 4,
            *[self._drag] * 3,
            self._double_click,
            self._drop,
            self._resize,
        )

    def work(self, events: int) -> None:
        """So many events; from where they led to, it goes back to its page."""
        self._closer.start()
        for number in range(events):
            if self._studio.page() != self._page or not self._studio.window.isVisible():
                self._studio.window.showNormal()
                self._studio.window.rail.set_current(self._page)
            self._random.choice(self._kinds)()
            if number % 10 == 0:
                QApplication.processEvents()
            close_what_opened()
        self._closer.stop()
        self._studio.window.resize(*SIZES[0])

    def _click(self) -> None:
        widget, place = self._somewhere()
        QTest.mouseClick(widget, self._random.choice(BUTTONS), self._random.choice(MODIFIERS), place)

    def _double_click(self) -> None:
        widget, place = self._somewhere()
        QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    def _key(self) -> None:
        target = QApplication.focusWidget() or self._studio.window
        QTest.keyClick(target, self._random.choice(KEYS), self._random.choice(MODIFIERS))

    def _wheel(self) -> None:
        widget, place = self._somewhere()
        delta = QPoint(0, self._random.choice((-240, -120, 120, 240)))
        none, modifier = Qt.MouseButton.NoButton, self._random.choice(MODIFIERS)
        phase = Qt.ScrollPhase.NoScrollPhase
        where = QPointF(place), QPointF(widget.mapToGlobal(place))
        QApplication.sendEvent(widget, QWheelEvent(*where, QPoint(), delta, none, modifier, phase, False))

    def _drag(self) -> None:
        widget, place = self._somewhere()
        modifier = self._random.choice(MODIFIERS)
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, modifier, place)
        for _ in range(3):
            place += QPoint(self._random.randint(-60, 60), self._random.randint(-60, 60))
            if isValid(widget):
                QTest.mouseMove(widget, place)
        if isValid(widget):
            QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, modifier, place)

    def _drop(self) -> None:
        self._studio.drop(*self._random.sample(self._things, self._random.choice((1, 1, 2))))

    def _resize(self) -> None:
        self._studio.window.resize(*self._random.choice(SIZES))

    def _somewhere(self) -> tuple[QWidget, QPoint]:
        """A place on the window, and the widget that lies on top there; mostly of the page itself."""
        window = self._studio.window
        page = window.pages.currentWidget()
        root: QWidget = page if page is not None and self._random.random() < 0.9 else window
        place = QPoint(self._random.randrange(root.width()), self._random.randrange(root.height()))
        widget = root.childAt(place) or root
        if isinstance(
            widget, QMenuBar
        ):  # its menus are walked by a test of their own, and one of them ends the program
            widget = root
        return widget, widget.mapFrom(root, place)


def close_what_opened() -> None:
    """Menus and the lists of combo boxes first, then dialogs, also those that hold up the event loop."""
    for _ in range(5):
        popup = QApplication.activePopupWidget()
        if popup is None:
            break
        popup.close()
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog) and widget.isVisible():
            widget.reject()


def forget_what_was_deleted() -> None:
    """Run the deletions that wait for the event loop."""
    for _ in range(3):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
