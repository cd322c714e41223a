"""What the explorer can open, as a menu; asks for files and folders."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.widgets.mnemonics import escaped

GENERATORS = "Generators (*.safetensors)"
PICTURES = "Saved pictures (*.png)"


class OpenMenu(QMenu):
    """Generator file, run, saved picture, the example, and what was open before."""

    chosen = Signal(object)
    """Path of a file or folder."""

    def __init__(self, parent: QWidget, example: Path | None = None, pictures: bool = True) -> None:
        super().__init__(parent)
        self._example = example
        self._recent: list[Path] = []
        self._add("&Run folder…", "folder-open", self.ask_for_run)
        self._add("&Generator file…", "cube", self.ask_for_generator)
        if pictures:
            self._add("Saved &picture…", "image", self.ask_for_picture)
        if example is not None:
            self.addSeparator()
            self._add("The trained &example", "sparkle", self._open_example)
        self._recent_menu = QMenu("Re&cent", self)
        self._recent_menu.setToolTipsVisible(True)
        self._recent_menu.triggered.connect(self._open_recent)

    def set_recent(self, paths: list[Path]) -> None:
        """Offer these again."""
        self._recent_menu.clear()
        for path in paths:
            action = self._recent_menu.addAction(escaped(path.name))
            action.setToolTip(str(path))
            action.setData(str(path))
        if paths and self._recent_menu.menuAction() not in self.actions():
            self.addMenu(self._recent_menu)

    @Slot()
    def ask_for_run(self) -> None:
        self._choose(QFileDialog.getExistingDirectory(self._window(), "Open a run"))

    @Slot()
    def ask_for_generator(self) -> None:
        self._choose(QFileDialog.getOpenFileName(self._window(), "Open a generator", "", GENERATORS)[0])

    @Slot()
    def ask_for_picture(self) -> None:
        self._choose(QFileDialog.getOpenFileName(self._window(), "Open a saved picture", "", PICTURES)[0])

    @Slot()
    def _open_example(self) -> None:
        if self._example is not None:
            self.chosen.emit(self._example)

    @Slot(object)
    def _open_recent(self, action: object) -> None:
        self._choose(action.data())  # type: ignore[attr-defined]

    def _choose(self, text: str) -> None:
        if text:
            self.chosen.emit(Path(text))

    def _add(self, text: str, icon_name: str, slot: object) -> None:
        self.addAction(icon(icon_name), text).triggered.connect(slot)  # type: ignore[arg-type]

    def _window(self) -> QWidget | None:
        parent = self.parentWidget()
        return parent.window() if parent else None
