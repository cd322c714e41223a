"""A titled part of a panel that folds away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING


class CollapsibleSection(QWidget):
    """A header with a chevron above `body`, a vertical layout for whatever the section holds.

    The header is a real button: Tab reaches it, Space folds and unfolds. Where there is a `help` text, a button with
    a question mark puts it below the header.
    """

    toggled = Signal(bool)
    """True when unfolded."""
    folded_by_user = Signal(bool)
    """The header was pressed; True when it is unfolded now."""
    reset_requested = Signal()

    def __init__(self, title: str, help: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._build_header(title)
        self._build_help(title, help)
        self._build_body()
        self._connect()

    def _build_header(self, title: str) -> None:
        self._toggle = QToolButton()
        self._toggle.setObjectName("section_toggle")
        self._toggle.setText(title)
        self._toggle.setCheckable(True)
        self._toggle.setChecked(True)
        self._toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._toggle.setIconSize(QSize(12, 12))
        self._toggle.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._toggle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._reset = QToolButton()
        self._reset.setObjectName("section_reset")
        self._reset.setIcon(icon("arrow-counter-clockwise", "muted"))
        self._reset.setToolTip(f"Reset “{title}” to what it was at first")
        self._reset.setAccessibleName(f"Reset {title}")
        self._reset.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._reset.hide()

    def _build_help(self, title: str, help: str) -> None:
        self._help = QToolButton()
        self._help.setObjectName("section_help")
        self._help.setIcon(icon("question", "muted", "accent_text"))
        self._help.setToolTip(f"What “{title}” is for")
        self._help.setAccessibleName(f"What {title} is for")
        self._help.setCheckable(True)
        self._help.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if not help:
            self._help.hide()
        self._help_text = QLabel(help)
        self._help_text.setObjectName("section_help_text")
        self._help_text.setProperty("role", "muted")
        self._help_text.setTextFormat(Qt.TextFormat.PlainText)
        self._help_text.setWordWrap(True)
        self._help_text.setContentsMargins(SPACING.xs, 0, SPACING.xs, SPACING.s)
        self._help_text.hide()

    def _build_body(self) -> None:
        header = QHBoxLayout()
        header.setSpacing(SPACING.xs)
        header.addWidget(self._toggle, 1)
        header.addWidget(self._reset)
        header.addWidget(self._help)
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(SPACING.xs, SPACING.xs, 0, SPACING.s)
        self.body.setSpacing(SPACING.s)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(header)
        column.addWidget(self._help_text)
        column.addWidget(self._content)

    def _connect(self) -> None:
        self._toggle.toggled.connect(self._show_body)
        self._toggle.clicked.connect(self.folded_by_user)
        self._help.toggled.connect(self._help_text.setVisible)
        self._reset.clicked.connect(self.reset_requested)
        self._show_body(True)

    @Slot(bool)
    def _show_body(self, expanded: bool) -> None:
        self._content.setVisible(expanded)
        self._toggle.setIcon(icon("caret-down-bold" if expanded else "caret-right-bold", "muted"))
        self._toggle.setAccessibleName(f"{self._title}, {'unfolded' if expanded else 'folded'}")
        self.toggled.emit(expanded)

    def title(self) -> str:
        return self._title

    def is_expanded(self) -> bool:
        return self._toggle.isChecked()

    def set_expanded(self, expanded: bool) -> None:
        self._toggle.setChecked(expanded)

    def set_resettable(self, resettable: bool) -> None:
        """Show the reset button, or hide it (as at first)."""
        self._reset.setVisible(resettable)

    def set_reset_enabled(self, enabled: bool) -> None:
        """Let the reset button be pressed, or not."""
        self._reset.setEnabled(enabled)
