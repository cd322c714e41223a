"""A few exclusive choices side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget


class SegmentedControl(QFrame):
    """Small toggle buttons of which exactly one is down; arrow keys move between them.

    The buttons' objectNames are `<own objectName>_<index>` once `setObjectName` was called.
    """

    changed = Signal(int)
    """Index chosen by the user or by `set_current`; not emitted when it stays the same."""

    def __init__(self, labels: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "segments")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._current = 0
        self._build_buttons(labels)
        self._group.idClicked.connect(self.set_current)

    def _build_buttons(self, labels: Sequence[str]) -> None:
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for index, label in enumerate(labels):
            button = QPushButton(label)
            button.setCheckable(True)
            button.setChecked(index == 0)
            self._group.addButton(button, index)
            row.addWidget(button)

    def current(self) -> int:
        """Index of the button that is down."""
        return self._current

    @Slot(int)
    def set_current(self, index: int) -> None:
        """Press the button at `index`. Raises IndexError when there is none."""
        button = self._group.button(index)
        if button is None:
            raise IndexError(f"There is no choice number {index}.")
        button.setChecked(True)
        if index != self._current:
            self._current = index
            self.changed.emit(index)

    def button(self, index: int) -> QPushButton:
        """The button at `index`, to give it an icon, a tip or to disable it."""
        button = self._group.button(index)
        assert isinstance(button, QPushButton)
        return button

    def setObjectName(self, name: str) -> None:  # type: ignore[override]  # noqa: N802 - Qt's name
        super().setObjectName(name)
        for index, button in enumerate(self._group.buttons()):
            button.setObjectName(f"{name}_{index}")
