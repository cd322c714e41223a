"""The few questions the window asks, and the two sheets it shows."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from gan_studio import __version__
from gan_studio.gui.theme import SPACING

MODEL_FILTER = "Models and saved pictures (*.safetensors *.png)"
MORE_KEYS = (
    ("Ctrl+1 … Ctrl+3", "Go to a page"),
    ("Space", "Pause or resume training"),
    ("← / →", "Timeline: one grid back or on"),
)


class Closing(Enum):
    """What to do with a training when the window is closed."""

    STOP_AND_SAVE = "stop and save"
    KEEP_RUNNING = "keep running"
    CANCEL = "cancel"


def ask_folder(parent: QWidget, title: str, start: Path | None = None) -> Path | None:
    name = QFileDialog.getExistingDirectory(parent, title, str(start or ""))
    return Path(name) if name else None


def ask_file(parent: QWidget, title: str, name_filter: str, start: Path | None = None) -> Path | None:
    name, _ = QFileDialog.getOpenFileName(parent, title, str(start or ""), name_filter)
    return Path(name) if name else None


def ask_before_closing(parent: QWidget) -> Closing:
    """A training is under way: stop and save it, let it run in a minimised window, or stay."""
    box = QMessageBox(parent)
    box.setObjectName("closing_dialog")
    box.setIcon(QMessageBox.Icon.Question)
    box.setText("A training is under way.")
    box.setInformativeText("Stop and save writes a checkpoint; the run can be continued later exactly where it was.")
    stop = box.addButton("&Stop and save", QMessageBox.ButtonRole.AcceptRole)
    keep = box.addButton("&Keep running, minimised", QMessageBox.ButtonRole.ActionRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(stop)
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return {stop: Closing.STOP_AND_SAVE, keep: Closing.KEEP_RUNNING}.get(clicked, Closing.CANCEL)  # type: ignore[call-overload]


def show_shortcuts(parent: QWidget, actions: Sequence[QAction]) -> None:
    """Every key and what it does."""
    keys = [
        (action.shortcut().toString(QKeySequence.SequenceFormat.NativeText), action.text().replace("&", "").rstrip("…"))
        for action in actions
        if not action.shortcut().isEmpty()
    ]
    dialog = QDialog(parent)
    dialog.setObjectName("shortcuts_dialog")
    dialog.setWindowTitle("Keyboard shortcuts")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(SPACING.xl, SPACING.l, SPACING.xl, SPACING.l)
    form = QFormLayout()
    form.setHorizontalSpacing(SPACING.xl)
    for key, what in [*keys, *MORE_KEYS]:
        form.addRow(f"<b>{key}</b>", QLabel(what))
    column.addLayout(form)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column.addWidget(buttons)
    dialog.open()


def show_about(parent: QWidget) -> None:
    box = QMessageBox(parent)
    box.setObjectName("about_dialog")
    box.setWindowTitle("About GAN Studio")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setText(f"<b>GAN Studio {__version__}</b>")
    box.setInformativeText(
        "Train GANs on your own pictures, watch the game between generator and discriminator, and explore what was "
        "learned.\n\nMIT licence."
    )
    box.open()


def application() -> QApplication:
    return cast(QApplication, QApplication.instance())
