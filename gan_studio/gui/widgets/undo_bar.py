"""A bar that says what was just done, and takes it back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.elided_label import ElidedLabel


class UndoBar(QFrame):
    """Hidden until `offer`; it stays until it is used, closed, or something else is done."""

    undo_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("undo_bar")
        self.setProperty("role", "card")
        self._build_widgets()
        self._build_layout()
        self.undo.clicked.connect(self._undo)
        self.close_button.clicked.connect(self.hide)
        self.hide()

    def offer(self, text: str) -> None:
        """Say what was done."""
        self.label.setText(text)
        self.setAccessibleName(f"{text} Undo takes it back.")
        self.show()

    def _build_widgets(self) -> None:
        self.label = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.label.setObjectName("undo_text")
        self.undo = QPushButton("U&ndo")
        self.undo.setObjectName("undo_button")
        self.undo.setIcon(icon("arrow-u-up-left"))
        self.undo.setToolTip("Take it back")
        self.close_button = QToolButton()
        self.close_button.setObjectName("undo_close")
        self.close_button.setIcon(icon("x"))
        self.close_button.setToolTip("Close")
        self.close_button.setAccessibleName("Close this notice")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _build_layout(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING.m, SPACING.s, SPACING.s, SPACING.s)
        row.setSpacing(SPACING.s)
        row.addWidget(self.label, 1)
        row.addWidget(self.undo)
        row.addWidget(self.close_button)

    @Slot()
    def _undo(self) -> None:
        self.hide()
        self.undo_requested.emit()
