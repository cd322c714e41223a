"""A line for the path of a file, typed, dropped, or chosen with the button at its end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QToolButton, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.settings import UserSettings

_GAP = 2


class FileEdit(QLineEdit):
    """The dialog opens where the file lies that is named, else where one was chosen last, also before a restart."""

    def __init__(self, endings: Sequence[str] = (), parent: QWidget | None = None) -> None:
        """`endings` are those of the files that are offered: `.safetensors`; all where there are none."""
        super().__init__(parent)
        self._endings = tuple(endings)
        self.setPlaceholderText("None")
        self.button = QToolButton(self)
        self.button.setObjectName("choose_file")
        self.button.setIcon(icon("folder-open"))
        self.button.setCursor(Qt.CursorShape.ArrowCursor)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.open_dialog)
        self.button.setAccessibleName("Choose a file")
        self.button.setToolTip("Choose a file")

    @Slot()
    def open_dialog(self) -> None:
        """Let the user choose; the dialog is not modal to the program and goes away by itself."""
        dialog = QFileDialog(self.window(), f"Choose a file: {self.accessibleName()}", self._start())
        dialog.setObjectName("file_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        if self._endings:
            patterns = " ".join(f"*{ending}" for ending in self._endings)
            dialog.setNameFilters([f"Usual files ({patterns})", "All files (*)"])
        dialog.fileSelected.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self.height() - 2 * _GAP
        self.button.setGeometry(self.width() - side - _GAP, _GAP, side, side)
        self.setTextMargins(0, 0, side, 0)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if path := _dropped(event):
            self.setText(path)
            event.acceptProposedAction()
        else:
            super().dropEvent(event)

    @Slot(str)
    def _take(self, path: str) -> None:
        self.setText(str(Path(path)))
        UserSettings().file_folder = Path(path).parent

    def _start(self) -> str:
        named = Path(self.text()).expanduser() if self.text().strip() else None
        if named and named.parent.is_dir():
            return str(named.parent)
        return str(UserSettings().file_folder or "")


def _dropped(event: QDropEvent) -> str:
    """The path of the one file that is dragged; empty for anything else."""
    paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 else ""
