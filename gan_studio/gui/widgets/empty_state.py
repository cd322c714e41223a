"""What a panel says while it has nothing to show."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon_pixmap
from gan_studio.gui.stylesheet import set_role
from gan_studio.gui.theme import SPACING, theme_changed

_ICON = 40
_TEXT_WIDTH = 380


class EmptyState(QWidget):
    """Icon, title, a sentence and up to two buttons, in the middle of the room there is."""

    action_triggered = Signal()
    second_triggered = Signal()

    def __init__(
        self,
        icon_name: str,
        title: str,
        text: str = "",
        action: str = "",
        second: str = "",
        parent: QWidget | None = None,
        names: str = "empty",
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._build_labels()
        self._action.setObjectName(f"{names}_action")
        self._second.setObjectName(f"{names}_second_action")
        self._build_column()
        self.set_content(title, text, action, second=second)
        self._action.clicked.connect(self.action_triggered)
        self._second.clicked.connect(self.second_triggered)
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
        self._second = QPushButton()

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
        column.addLayout(self._button_row())
        column.addStretch(1)

    def _button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACING.s)
        row.addStretch(1)
        row.addWidget(self._action)
        row.addWidget(self._second)
        row.addStretch(1)
        return row

    def _centred(self, label: QLabel) -> QHBoxLayout:
        """A label with a greatest width in the middle; a column alone would put it to the left."""
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(label, 100)
        row.addStretch(1)
        return row

    def set_content(self, title: str, text: str = "", action: str = "", icon_name: str = "", second: str = "") -> None:
        """Say something else; parts left empty are hidden, an empty icon name keeps the icon.

        Where there are two buttons, the first is the one that the eye meets.
        """
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        set_role(self._action, "primary" if second else "")
        self._second.setText(second)
        self._second.setVisible(bool(second))
        if icon_name:
            self._icon_name = icon_name
            self._paint_icon()

    def _paint_icon(self) -> None:
        self._icon.setPixmap(icon_pixmap(self._icon_name, "muted", _ICON, self.devicePixelRatioF()))
