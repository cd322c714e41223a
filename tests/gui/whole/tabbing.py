"""Walks with Tab, and says what was not reached, has no name, or comes in an order nobody would guess."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from tests.gui.whole.looks import named

MOST = 600
"""Nobody presses Tab so often; a walk that does not come round goes in a circle."""


def walk(window: QWidget) -> list[QWidget]:
    """Every widget that Tab reaches from the window's first one, until it comes round."""
    window.setFocus()
    reached: list[QWidget] = []
    for _ in range(MOST):
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        now = QApplication.focusWidget() or window.focusWidget()
        if now is None or (reached and now is reached[0]):
            break
        if now in reached:
            raise AssertionError(f"Tab goes in a circle at {named(now)}")
        reached.append(now)
    return reached


def unreached(window: QWidget, reached: list[QWidget]) -> list[str]:
    """Controls that can be seen and used, and that Tab passes by. Of an exclusive group Tab reaches one."""
    seen = {id(widget) for widget in reached}
    return [named(widget) for widget in controls(window) if id(widget) not in seen and not _by_arrows(widget, seen)]


def controls(window: QWidget) -> list[QWidget]:
    return [
        widget for widget in window.findChildren(QWidget) if QWidget.window(widget) is window and _is_control(widget)
    ]


def nameless(reached: list[QWidget]) -> list[str]:
    """Those of which a screen reader could say nothing."""
    return [named(widget) for widget in reached if not _name(widget) and not isinstance(widget, QScrollArea)]


def jumps(reached: list[QWidget]) -> list[str]:
    """Steps between neighbours that go up without going to another column, or back in a row."""
    return [
        f"{named(one)} → {named(other)}"
        for one, other in pairwise(reached)
        if one.parentWidget() is other.parentWidget() and _goes_back(_place(one), _place(other))
    ]


def _is_control(widget: QWidget) -> bool:
    wants = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    inner = isinstance(widget, QLineEdit) and isinstance(widget.parentWidget(), QAbstractSpinBox)
    plot = isinstance(widget, QGraphicsView)
    # What is scrolled out of sight is reached, and comes into sight then
    return wants and widget.isVisible() and widget.isEnabled() and not inner and not plot and not _is_empty(widget)


def _is_empty(widget: QWidget) -> bool:
    return widget.width() <= 0 or widget.height() <= 0


def _by_arrows(widget: QWidget, seen: set[int]) -> bool:
    if not isinstance(widget, QAbstractButton) or widget.group() is None or not widget.group().exclusive():
        return False
    return any(id(button) in seen for button in widget.group().buttons())


def _name(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    own = widget.accessibleName() or (text() if isinstance(widget, QAbstractButton) and text else "")
    if own or isinstance(widget, QAbstractScrollArea):
        return own
    labels = QWidget.window(widget).findChildren(QLabel)
    return next((label.text() for label in labels if label.buddy() is widget), "")


def _place(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(QWidget.window(widget), widget.rect().topLeft()), widget.size())


def _goes_back(one: QRect, other: QRect) -> bool:
    above = other.bottom() <= one.top() and other.left() < one.right()
    same_row = min(one.bottom(), other.bottom()) - max(one.top(), other.top()) > min(one.height(), other.height()) / 2
    return above or (same_row and other.right() <= one.left())
