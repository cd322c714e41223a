"""One row of a settings form: label, editor, and a note below for what was found or what is wrong."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gan_studio.engine.settings import SettingInfo
from gan_studio.gui.stylesheet import repolish, set_role
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.setting_editors import make_editor, tooltip

LABEL_WIDTH = 116
_EDITOR_WIDTH = 96
FOUND = "Found by looking"


class SettingRow(QWidget):
    """Holds one setting. Knows its default, what was suggested, and whether the user has touched it."""

    edited = Signal()
    """The value changed; emitted for changes by hand and by program."""

    def __init__(self, info: SettingInfo, mnemonic_label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.info = info
        self.touched = False
        self._baseline = info.default
        self._found = self._said = ""
        self._writing = False
        self.editor = make_editor(info)
        self._build(mnemonic_label)
        self.editor.changed.connect(self._edited)

    def _build(self, mnemonic_label: str) -> None:
        self._note = QLabel()
        self._note.setObjectName(f"note_{self.info.name}")
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.hide()
        cell = QVBoxLayout()
        cell.setSpacing(2)
        cell.addWidget(self.editor.widget)
        cell.addWidget(self._note)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING.s)
        self._label = self._build_label(mnemonic_label)
        row.addWidget(self._label, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(cell, 1)

    def _build_label(self, mnemonic_label: str) -> QLabel:
        label = QLabel()
        label.setMinimumWidth(LABEL_WIDTH)
        label.setToolTip(tooltip(self.info))
        widget = self.editor.widget
        if isinstance(widget, QCheckBox):
            # The box carries its own text, so that a click on the words toggles it.
            widget.setText(mnemonic_label)
            return label
        widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # One long choice must not make the whole form wider than its place.
        widget.setMinimumWidth(_EDITOR_WIDTH)
        label.setText(mnemonic_label)
        label.setBuddy(widget)
        return label

    def showEvent(self, event: QShowEvent) -> None:
        """The words stand beside the editor's first line; how high that is, its style says, which it has by now."""
        super().showEvent(event)
        if self._label.buddy() is not None:
            self._label.setMinimumHeight(self.editor.widget.sizeHint().height())

    def value(self) -> Any:
        """What the editor holds now."""
        return self.editor.read()

    def set_value(self, value: Any) -> None:
        """Set on behalf of the user: later suggestions leave it alone."""
        self.touched = True
        self._write(value)

    def suggest(self, value: Any, why: str = FOUND) -> None:
        """Make `value` the one to go back to, and show it unless the user has chosen another; `why` stands below it."""
        self._baseline, self._found = value, why
        if not self.touched:
            self._write(value)

    def reset(self) -> None:
        """Back to what was suggested, or to the default."""
        self.touched = False
        self._write(self._baseline)

    def is_changed(self) -> bool:
        """Whether `reset` would change the value."""
        return self.value() != self._baseline

    def say(self, words: str) -> None:
        """Say below the editor what its value comes to; an empty text takes it away."""
        if words != self._said:
            self._said = words
            self.show_problem("")

    def show_problem(self, message: str) -> None:
        """Say below the editor what is wrong; an empty message takes it away."""
        problem = bool(message)
        if self.editor.widget.property("problem") != problem:
            self.editor.widget.setProperty("problem", problem)
            repolish(self.editor.widget)
        found = self._said or ("" if self.touched else self._found)
        set_role(self._note, "error" if problem else "small")
        self._note.setText(message or found)
        self._note.setVisible(bool(message or found))

    def _write(self, value: Any) -> None:
        self._writing = True
        self.editor.write(value)
        self._writing = False
        self.show_problem("")

    @Slot()
    def _edited(self) -> None:
        if not self._writing:
            self.touched = True
        self.edited.emit()
