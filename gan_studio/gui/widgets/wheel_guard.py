"""Keeps the wheel from changing editors that the pointer only passes over while a form is scrolled."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


class WheelGuard(QObject):
    """An event filter: a wheel turn over a guarded editor without the focus goes to what scrolls around it."""

    def guard(self, *editors: QWidget) -> None:
        """Guard these; the wheel no longer gives them the focus either."""
        for editor in editors:
            editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            editor.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            # Ignored and filtered: Qt offers the same event to the parent, which is how the form goes on scrolling.
            event.ignore()
            return True
        return super().eventFilter(watched, event)
