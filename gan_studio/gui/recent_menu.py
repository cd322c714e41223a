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
    """Runs and models first, then folders of pictures; greyed while there are none.

    What is no longer there stays in the list, greyed: it may be on a drive that comes back.
    """

    chosen = Signal(Path)
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Open re&cent", parent)
        self.setObjectName("recent_menu")
        self.setToolTipsVisible(True)
        self.menuAction().setObjectName("action_recent")
        self.menuAction().setStatusTip("What was open before")
        self.triggered.connect(self._choose)
        self.aboutToShow.connect(self._refresh)
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
        self.addSeparator()
        self._add_clear()
        self.setEnabled(bool(runs or folders))

    def _add_clear(self) -> None:
        """Made anew each time: a menu that takes an action out cuts the action's connections to the menu."""
        action = self.addAction(icon("x"), "&Clear this list")
        action.setObjectName("action_clear_recent")
        action.setStatusTip("Forget what was open; nothing is deleted")
        action.setToolTip(action.statusTip())
        action.triggered.connect(self.clear_wanted)

    def _add(self, path: Path, symbol: str) -> None:
        action = self.addAction(icon(symbol), escaped(path.name))
        action.setData(str(path))
        action.setToolTip(str(path))
        action.setStatusTip(str(path))

    @Slot()
    def _refresh(self) -> None:
        """Looked at when the menu opens, not at the start: a network drive may take its time."""
        for action in self.actions():
            if action.data():
                _show_state(action)

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        if action.data():
            self.chosen.emit(Path(action.data()))


def _show_state(action: QAction) -> None:
    path = Path(action.data())
    there = path.exists()
    action.setEnabled(there)
    action.setToolTip(str(path) if there else f"{path} is not there any more")
    action.setStatusTip(action.toolTip())
