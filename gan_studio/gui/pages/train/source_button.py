"""A button that asks for a folder or a zip."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from gan_studio.gui.icons import icon


class SourceButton(QToolButton):
    """Opens a menu of the two, because no file dialog of a system takes both."""

    chosen = Signal(Path)

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setIcon(icon("folder-open"))
        self.setIconSize(QSize(18, 18))
        self.setToolTip("Choose a folder or a zip")
        self.setAccessibleName(words)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        menu = QMenu(self)
        menu.addAction(icon("folder"), "&Folder…").triggered.connect(self._ask_for_folder)
        menu.addAction(icon("archive"), "&Zip archive…").triggered.connect(self._ask_for_zip)
        self.setMenu(menu)

    @Slot()
    def _ask_for_folder(self) -> None:
        self._choose(QFileDialog.getExistingDirectory(self, "Folder of pictures"))

    @Slot()
    def _ask_for_zip(self) -> None:
        self._choose(QFileDialog.getOpenFileName(self, "Zip of pictures", "", "Zip archives (*.zip)")[0])

    def _choose(self, text: str) -> None:
        if text:
            self.chosen.emit(Path(text))
