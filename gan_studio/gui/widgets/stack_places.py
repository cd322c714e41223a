"""Places in a stack that are kept for what is made later."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget


def fill_place(stack: QStackedWidget, index: int, widget: QWidget) -> None:
    """Put a widget where an empty one kept its place; what is in sight stays in sight."""
    empty, shown = stack.widget(index), stack.currentIndex()
    assert empty is not None
    stack.removeWidget(empty)
    stack.insertWidget(index, widget)
    stack.setCurrentIndex(shown)
    empty.deleteLater()
