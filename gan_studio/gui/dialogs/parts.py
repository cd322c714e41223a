"""What the sheets have in common."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton

from gan_studio.gui.icons import icon
from gan_studio.gui.layout_memory import TITLE_BAR


def fit_to_screen(dialog: QDialog, size: QSize) -> None:
    """As large as `size`, or as the screen allows."""
    dialog.resize(size.boundedTo(dialog.screen().availableSize() - TITLE_BAR))


def bottom_buttons(dialog: QDialog, *more: QPushButton) -> QDialogButtonBox:
    """Close at the right, everything else at the left. Enter in a search field presses none of them."""
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    box.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
    box.rejected.connect(dialog.reject)
    for button in more:
        box.addButton(button, QDialogButtonBox.ButtonRole.ResetRole)
    return box


def small_button(name: str, text: str, symbol: str, tip: str) -> QPushButton:
    """A button with icon and text."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setIcon(icon(symbol))
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button


def heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def wrapped(text: str, role: str = "muted") -> QLabel:
    """A paragraph. File names in it are never read as markup."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    return label
