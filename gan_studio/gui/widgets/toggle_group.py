"""A few choices side by side of which any may be down, but never none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget


@dataclass(frozen=True)
class Toggle:
    """One choice; its button's objectName is `<name>_toggle`."""

    name: str
    label: str
    tip: str


class ToggleGroup(QFrame):
    """The first choice is down at first; the last one that is down cannot be let up."""

    changed = Signal(object)
    """Names of the choices that are down now, as a tuple in their order."""

    def __init__(self, toggles: Sequence[Toggle], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "segments")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._buttons: dict[str, QPushButton] = {}
        self._build(toggles)

    def chosen(self) -> tuple[str, ...]:
        """Names of the choices that are down."""
        return tuple(name for name, button in self._buttons.items() if button.isChecked())

    def set_chosen(self, names: Iterable[str]) -> None:
        """Press these and let the others up; names that are not known count for nothing, and none changes nothing."""
        wanted = set(names) & self._buttons.keys()
        if wanted and wanted != set(self.chosen()):
            for name, button in self._buttons.items():
                button.setChecked(name in wanted)
            self.changed.emit(self.chosen())

    def button(self, name: str) -> QPushButton:
        return self._buttons[name]

    def _build(self, toggles: Sequence[Toggle]) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for toggle in toggles:
            button = QPushButton(toggle.label)
            button.setObjectName(f"{toggle.name}_toggle")
            button.setToolTip(toggle.tip)
            button.setCheckable(True)
            button.setChecked(not self._buttons)
            button.clicked.connect(self._on_click)
            self._buttons[toggle.name] = button
            row.addWidget(button)

    @Slot()
    def _on_click(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton) and not self.chosen():
            button.setChecked(True)
        else:
            self.changed.emit(self.chosen())
