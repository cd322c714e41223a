"""A menu of what was open before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.widgets.mnemonics import escaped


class RecentMenu(QMenu):
    """Runs and models first, then folders of pictures; greyed while there are none."""

    chosen = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Open re&cent", parent)
        self.setObjectName("recent_menu")
        self.setToolTipsVisible(True)
        self.triggered.connect(self._choose)
        self.show_paths((), ())

    def show_paths(self, runs: Sequence[Path], folders: Sequence[Path]) -> None:
        """Newest first, both."""
        self.clear()
        for path in runs:
            self._add(path, "clock-counter-clockwise")
        if runs and folders:
            self.addSeparator()
        for path in folders:
            self._add(path, "folder")
        self.setEnabled(bool(runs or folders))

    def _add(self, path: Path, symbol: str) -> None:
        action = self.addAction(icon(symbol), escaped(path.name))
        action.setToolTip(str(path))
        action.setData(str(path))

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.chosen.emit(Path(action.data()))
