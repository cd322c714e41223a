"""A strip that tells the user something without stopping them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gan_studio.gui.icons import icon, icon_pixmap
from gan_studio.gui.stylesheet import repolish
from gan_studio.gui.theme import SPACING, theme_changed

Kind = Literal["info", "success", "warning", "error"]
_ICONS: dict[Kind, str] = {
    "info": "info-fill",
    "success": "check-circle-fill",
    "warning": "warning-fill",
    "error": "warning-circle-fill",
}
_WORDS: dict[Kind, str] = {"info": "Note", "success": "Done", "warning": "Warning", "error": "Error"}
_DETAILS_HEIGHT = 140
_WORD_WIDTH = 66
_LEVEL = 4


class Banner(QFrame):
    """Message, advice, what can be done about it, foldable details and a close button; hidden until `show_message`.

    The kind is told by icon and word as well as by colour.
    """

    closed = Signal()
    action_triggered = Signal(str)
    """Name of the action whose button was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind: Kind = "info"
        self._build_texts()
        self._build_buttons()
        self._build_layout()
        self._connect()
        self.hide()

    def _build_texts(self) -> None:
        self._icon = QLabel()
        self._word = QLabel()
        self._word.setObjectName("banner_kind")
        self._message = _wrapped("banner_message")
        self._advice = _wrapped("banner_advice")
        self._details = QPlainTextEdit()
        self._details.setObjectName("banner_details")
        self._details.setAccessibleName("Details")
        self._details.setReadOnly(True)
        self._details.setMaximumHeight(_DETAILS_HEIGHT)

    def _build_buttons(self) -> None:
        self._actions = QWidget()
        self._action_row = QHBoxLayout(self._actions)
        self._action_row.setContentsMargins(0, 0, SPACING.s, 0)
        self._action_row.setSpacing(SPACING.s)
        self._unfold = QToolButton()
        self._unfold.setObjectName("banner_unfold")
        self._unfold.setText("Details")
        self._unfold.setCheckable(True)
        self._unfold.setIconSize(QSize(12, 12))
        self._unfold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._close = QToolButton()
        self._close.setObjectName("banner_close")
        self._close.setIcon(icon("x"))
        self._close.setToolTip("Close this notice")
        self._close.setAccessibleName("Close this notice")
        for button in (self._unfold, self._close):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _build_layout(self) -> None:
        texts = QVBoxLayout()
        # As tall as half of what the buttons are taller than a line, so that all first lines are level.
        texts.setContentsMargins(0, _LEVEL, 0, _LEVEL)
        texts.setSpacing(2)
        texts.addWidget(self._message)
        texts.addWidget(self._advice)
        top = QHBoxLayout()
        top.setSpacing(SPACING.s)
        aligned = Qt.AlignmentFlag.AlignTop
        self._word.setMinimumWidth(_WORD_WIDTH)
        for label in (self._icon, self._word):
            label.setContentsMargins(0, _LEVEL, 0, 0)
            top.addWidget(label, 0, aligned)
        top.addLayout(texts, 1)
        top.addWidget(self._actions, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self._unfold, 0, aligned)
        top.addWidget(self._close, 0, aligned)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.m, SPACING.s, SPACING.s, SPACING.s)
        column.addLayout(top)
        column.addWidget(self._details)

    def _connect(self) -> None:
        self._unfold.toggled.connect(self._show_details)
        self._close.clicked.connect(self.dismiss)
        theme_changed.connect(self._paint_icon)

    def show_message(
        self,
        message: str,
        advice: str = "",
        kind: Kind = "info",
        details: str = "",
        actions: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Say what happened and what to do; `details` (a traceback, say) wait behind a button.

        `actions` are names and labels of buttons; the objectName of each is `banner_<name>`.
        """
        self._kind = kind
        self._word.setText(_WORDS[kind])
        self._message.setText(message)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self._put_actions(actions)
        self._details.setPlainText(details)
        self._unfold.setVisible(bool(details))
        self._unfold.setChecked(False)
        self._show_details(False)
        self.setProperty("banner", kind)
        self.setAccessibleName(f"{_WORDS[kind]}: {message} {advice}".strip())
        self._paint_icon()
        for widget in (self, self._word):
            repolish(widget)
        self.show()

    def _put_actions(self, actions: Sequence[tuple[str, str]]) -> None:
        while (item := self._action_row.takeAt(0)) is not None:
            if (button := item.widget()) is not None:
                button.hide()
                button.deleteLater()
        for name, label in actions:
            button = QPushButton(label)
            button.setObjectName(f"banner_{name}")
            button.setProperty("action", name)
            button.clicked.connect(self._on_action)
            self._action_row.addWidget(button)
        self._actions.setVisible(bool(actions))

    @Slot()
    def _on_action(self) -> None:
        self.action_triggered.emit(self.sender().property("action"))

    @Slot()
    def dismiss(self) -> None:
        """Hide it, as the close button does."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def message(self) -> str:
        """What it says at present."""
        return self._message.text()

    def kind(self) -> Kind:
        return self._kind

    @Slot(bool)
    def _show_details(self, shown: bool) -> None:
        self._details.setVisible(shown)
        self._unfold.setIcon(icon("caret-down-bold" if shown else "caret-right-bold", "muted"))

    @Slot()
    def _paint_icon(self) -> None:
        self._icon.setPixmap(icon_pixmap(_ICONS[self._kind], self._kind, 18, self.devicePixelRatioF()))


def _wrapped(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    # Messages quote file names; a name must never be read as markup.
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
