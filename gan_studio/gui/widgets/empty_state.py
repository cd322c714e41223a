"""What a panel says while it has nothing to show."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon_pixmap
from gan_studio.gui.theme import SPACING, theme_changed

_ICON = 40
_TEXT_WIDTH = 380


class EmptyState(QWidget):
    """Icon, title, a sentence and an optional button, in the middle of the room there is."""

    action_triggered = Signal()

    def __init__(
        self, icon_name: str, title: str, text: str = "", action: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._build_labels()
        self._build_column()
        self.set_content(title, text, action)
        self._action.clicked.connect(self.action_triggered)
        theme_changed.connect(self._paint_icon)
        self._paint_icon()

    def _build_labels(self) -> None:
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = QLabel()
        self._title.setProperty("role", "heading")
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title.setWordWrap(True)
        self._text = QLabel()
        self._text.setProperty("role", "muted")
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._text.setWordWrap(True)
        self._text.setMaximumWidth(_TEXT_WIDTH)
        self._action = QPushButton()
        self._action.setObjectName("empty_action")

    def _build_column(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.l, SPACING.l, SPACING.l, SPACING.l)
        column.setSpacing(SPACING.xs)
        column.addStretch(1)
        column.addWidget(self._icon)
        column.addSpacing(SPACING.s)
        column.addWidget(self._title)
        column.addLayout(self._centred(self._text))
        column.addSpacing(SPACING.s)
        column.addWidget(self._action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def _centred(self, label: QLabel) -> QHBoxLayout:
        """A label with a greatest width in the middle; a column alone would put it to the left."""
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(label, 100)
        row.addStretch(1)
        return row

    def set_content(self, title: str, text: str = "", action: str = "", icon_name: str = "") -> None:
        """Say something else; parts left empty are hidden, an empty icon name keeps the icon."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        if icon_name:
            self._icon_name = icon_name
            self._paint_icon()

    def _paint_icon(self) -> None:
        self._icon.setPixmap(icon_pixmap(self._icon_name, "muted", _ICON, self.devicePixelRatioF()))
