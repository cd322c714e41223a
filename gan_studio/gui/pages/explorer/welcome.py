"""What the explorer says before a model is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.empty_state import EmptyState

TEXT = (
    "Drag through what a generator has learned, change the numbers behind a picture, and save what you like. "
    "Runs, generators and pictures saved here can be dropped on this page."
)


class Welcome(EmptyState):
    """Three ways to a model."""

    open_requested = Signal()
    follow_requested = Signal()
    example_requested = Signal(object)

    def __init__(self, example: Path | None, parent: QWidget | None = None) -> None:
        super().__init__("compass", "Open a model, or follow the one in training", TEXT, parent=parent)
        self._example = example
        self._open = _button("welcome_open", "Open a r&un…", "folder-open")
        self._open.setProperty("role", "primary")
        self._open.setIcon(icon("folder-open", "on_accent"))
        self._follow = _button("welcome_follow", "Follow the &training", "broadcast")
        self._try = _button("welcome_example", "Try the exa&mple", "sparkle")
        if example is None:  # shown is what it becomes with its parent: alone it would be a window for a moment
            self._try.hide()
        self._build_row()
        self._open.clicked.connect(self.open_requested)
        self._follow.clicked.connect(self.follow_requested)
        self._try.clicked.connect(self._ask_for_example)
        self.set_training(False)

    def _build_row(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACING.s)
        row.addStretch(1)
        for button in (self._open, self._follow, self._try):
            row.addWidget(button)
        row.addStretch(1)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertLayout(column.count() - 1, row)

    @Slot(bool)
    def set_training(self, running: bool) -> None:
        """Whether there is a model in training that could be followed."""
        self._follow.setEnabled(running)
        self._follow.setToolTip("" if running else "Start a training first")

    @Slot()
    def _ask_for_example(self) -> None:
        self.example_requested.emit(self._example)


def _button(name: str, text: str, icon_name: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setIcon(icon(icon_name))
    button.setIconSize(QSize(16, 16))
    return button
