"""Every action of the window: text, shortcut, icon, tip. What they do is wired by the window.

A page that has actions of its own keeps their keys (`QWidget.actions()`); they stand in a menu of that page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow

from gan_studio.gui.icons import icon
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.recent_menu import RecentMenu
from gan_studio.gui.theme import Scheme

SCHEMES: dict[Scheme, str] = {"light": "&Light", "dark": "&Dark", "system": "As the &system"}


class Actions(QObject):
    """The actions, and the menus they stand in.

    Args:
        pages: by the title of a menu, the actions of the page it belongs to.
    """

    def __init__(self, window: QMainWindow, pages: Mapping[str, Sequence[QAction]]) -> None:
        super().__init__(window)
        self._window = window
        self._pages = pages
        self._build_file_actions()
        self._build_training_actions()
        self._build_view_actions()
        self._build_help_actions()

    def _build_file_actions(self) -> None:
        self.open_folder = self._action(
            "open_folder", "Open picture &folder…", "Ctrl+O", "folder-open", "Train on a folder"
        )
        self.open_zip = self._action("open_zip", "Open &zip of pictures…", "", "archive", "Train on a zip")
        self.open_demo = self._action("open_demo", "&Demonstration pictures", "", "sparkle", "Train on drawn pictures")
        self.open_run = self._action(
            "open_run", "Open &run…", "Ctrl+Shift+O", "clock-counter-clockwise", "Look at a training again"
        )
        self.open_model = self._action("open_model", "Open &model or saved picture…", "", "cube", "Explore a model")
        self.recent_menu = RecentMenu(self._window)
        self.quit = self._action("quit", "&Quit", QKeySequence.StandardKey.Quit, "x", "Close the window")

    def _build_training_actions(self) -> None:
        self.train = self._action("train", "&Train", "F5", "play", "Start training")
        self.pause = self._action("pause", "&Pause or resume (Space)", "", "pause", "Hold training, or let it go on")
        self.stop = self._action("stop", "&Stop", "Esc", "stop", "Stop training and save a checkpoint")
        self.sample = self._action("sample", "Make a &grid now", "", "grid-four", "Sample the generator now")
        self.checkpoint = self._action(
            "checkpoint", "Save a &checkpoint now", "", "floppy-disk", "Write a checkpoint now"
        )

    def _build_view_actions(self) -> None:
        self.schemes: dict[Scheme, QAction] = {}
        group = QActionGroup(self._window)
        for scheme, text in SCHEMES.items():
            action = self._action(f"scheme_{scheme}", text, "", "", f"Colours: {text.replace('&', '').lower()}")
            action.setCheckable(True)
            group.addAction(action)
            self.schemes[scheme] = action

    def _build_help_actions(self) -> None:
        self.shortcuts = self._action("shortcuts", "&Keyboard shortcuts", "F1", "keyboard", "What every key does")
        self.about = self._action("about", "&About GAN Studio", "", "info", "Version and licence")

    def fill_menu_bar(self) -> None:
        """Put every action into the window's menus."""
        bar = self._window.menuBar()
        files = bar.addMenu("&File")
        files.addActions([self.open_folder, self.open_zip, self.open_demo, self.open_run, self.open_model])
        files.addMenu(self.recent_menu)
        files.addSeparator()
        files.addAction(self.quit)
        training = bar.addMenu("Trainin&g")
        training.addActions([self.train, self.pause, self.stop])
        training.addSeparator()
        training.addActions([self.sample, self.checkpoint])
        for title, actions in self._pages.items():
            bar.addMenu(title).addActions(list(actions))
        self.view_menu = bar.addMenu("&View")
        self.view_menu.addActions(list(self.schemes.values()))
        bar.addMenu("&Help").addActions([self.shortcuts, self.about])

    @Slot(object)
    def follow_training(self, state: RunState) -> None:
        """Offer what can be asked of a training in this state."""
        self.train.setEnabled(not state.active)
        self.stop.setEnabled(state.active and state is not RunState.STOPPING)
        for action in (self.pause, self.sample, self.checkpoint):
            action.setEnabled(state.stepping)

    def all(self) -> list[QAction]:
        """Every action, in the order of the menus."""
        return [action for action in self._window.findChildren(QAction) if action.objectName().startswith("action_")]

    def _action(self, name: str, text: str, keys: str | QKeySequence.StandardKey, symbol: str, tip: str) -> QAction:
        action = QAction(text, self._window)
        action.setObjectName(f"action_{name}")
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setStatusTip(tip)
        if symbol:
            action.setIcon(icon(symbol))
        self._window.addAction(action)
        return action
