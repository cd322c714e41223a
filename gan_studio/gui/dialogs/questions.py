"""The few questions the window asks."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

MODEL_FILTER = "Models and saved pictures (*.safetensors *.png)"


class Closing(Enum):
    """What to do with what is under way when the window is closed."""

    STOP_AND_SAVE = "stop and save"
    KEEP_RUNNING = "keep running"
    FINISH = "finish"
    CALL_OFF = "call off"
    CANCEL = "cancel"


def ask_folder(parent: QWidget, title: str, start: Path | None = None) -> Path | None:
    name = QFileDialog.getExistingDirectory(parent, title, str(start or ""))
    return Path(name) if name else None


def ask_file(parent: QWidget, title: str, name_filter: str, start: Path | None = None) -> Path | None:
    name, _ = QFileDialog.getOpenFileName(parent, title, str(start or ""), name_filter)
    return Path(name) if name else None


def ask_before_closing(parent: QWidget) -> Closing:
    """A training is under way: stop and save it, let it run in a minimised window, or stay."""
    return _ask(
        parent,
        "A training is under way.",
        "Stop and save writes a checkpoint; the run can be continued later exactly where it was.",
        {Closing.STOP_AND_SAVE: "&Stop and save", Closing.KEEP_RUNNING: "&Keep running, minimised"},
    )


def ask_about_jobs(parent: QWidget) -> Closing:
    """Exports or downloads are under way: wait for them and close then, call them off, or stay."""
    return _ask(
        parent,
        "Something is still being written.",
        "Its progress is at the foot of the window. What is called off leaves nothing behind.",
        {Closing.FINISH: "&Finish, then close", Closing.CALL_OFF: "Call &off and close"},
    )


def _ask(parent: QWidget, text: str, more: str, answers: dict[Closing, str]) -> Closing:
    """The first answer is the one that Enter gives; Escape cancels."""
    box = QMessageBox(parent)
    box.setObjectName("closing_dialog")
    box.setIcon(QMessageBox.Icon.Question)
    box.setText(text)
    box.setInformativeText(more)
    roles = (QMessageBox.ButtonRole.AcceptRole, QMessageBox.ButtonRole.ActionRole)
    buttons = {box.addButton(answers[answer], role): answer for answer, role in zip(answers, roles, strict=True)}
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(next(iter(buttons)))
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return buttons.get(clicked, Closing.CANCEL)  # type: ignore[call-overload]


def application() -> QApplication:
    return cast(QApplication, QApplication.instance())
