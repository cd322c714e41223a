"""Every action of the window: text, shortcut, icon, tip. What they do is wired by the window.

A page that has actions of its own keeps their keys (`QWidget.actions()`); they stand in a menu of that page.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from gan_studio.gui.icons import icon
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.recent_menu import RecentMenu
from gan_studio.gui.theme import Scheme

FILE, TRAINING, VIEW, HELP = "&File", "Trainin&g", "&View", "&Help"
SCHEMES: dict[Scheme, str] = {"light": "&Light", "dark": "&Dark", "system": "As the &system"}


class Actions(QObject):
    """The actions, and the menus they stand in.

    Args:
        pages: titles of the menus that belong to pages, which fill them when they are made (`fill_page_menu`).
        choices: one checkable action a page, for the View menu.
    """

    def __init__(self, window: QMainWindow, pages: Sequence[str], choices: Sequence[QAction] = ()) -> None:
        super().__init__(window)
        self._window = window
        self._pages = pages
        self.choices = list(choices)
        self._build_file_actions()
        self._build_training_actions()
        self._build_view_actions()
        self._build_help_actions()

    def _build_file_actions(self) -> None:
        self.open_folder = self._action(
            "open_folder", "Open picture &folder…", "Ctrl+O", "folder-open", "Train on the pictures of a folder"
        )
        self.open_zip = self._action(
            "open_zip", "Open &zip of pictures…", "", "archive", "Train on the pictures of a zip file"
        )
        self.open_demo = self._action(
            "open_demo", "&Demonstration pictures", "", "sparkle", "Train on drawn pictures that come with GAN Studio"
        )
        self.get_data = self._action(
            "get_data", "&Get a data set…", "", "download-simple", "Fetch a public data set, such as MNIST"
        )
        self.open_run = self._action(
            "open_run", "Open &run…", "Ctrl+Shift+O", "clock-counter-clockwise", "Look at a training again"
        )
        self.open_model = self._action(
            "open_model", "Open &model or saved picture…", "", "cube", "Explore a model, or return to a picture of it"
        )
        self.recent_menu = RecentMenu(self._window)
        self.preferences = self._action(
            "preferences", "&Preferences…", "Ctrl+,", "gear-six", "Look, folders, training and storage"
        )
        self.preferences.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.quit = self._action("quit", "&Quit", "Ctrl+Q", "x", "Close the window")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)

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
        self.full_screen = self._action(
            "full_screen", "&Full screen", "F11", "arrows-out", "Use the whole screen, and the same key to go back"
        )
        self.full_screen.setCheckable(True)
        self.reset_layout = self._action(
            "reset_layout", "&Reset layout", "", "layout", "Give window and panels the sizes of the first start"
        )

    def _build_help_actions(self) -> None:
        self.shortcuts = self._action("shortcuts", "&Keyboard shortcuts", "F1", "keyboard", "What every key does")
        self.log = self._action("log", "&Log", "", "article", "What GAN Studio and the run on show have written down")
        self.report = self._action(
            "report", "Save a &report…", "", "package", "Pack log and versions into a zip, to report a problem with"
        )
        self.runs_folder = self._action(
            "runs_folder", "Open the &folder of runs", "", "folder-notch-open", "Show where trainings are kept"
        )
        self.about = self._action(
            "about", "&About GAN Studio", "", "info", "Versions, licence, and the licences of what it is made with"
        )
        self.about.setMenuRole(QAction.MenuRole.AboutRole)

    def fill_menu_bar(self) -> None:
        """Put every action into the window's menus."""
        data = [self.open_folder, self.open_zip, self.open_demo, self.get_data]
        models = [self.open_run, self.open_model]
        self._fill(self._menu(FILE), data, models, [self.recent_menu.menuAction()], [self.preferences], [self.quit])
        running, by_hand = [self.train, self.pause, self.stop], [self.sample, self.checkpoint]
        self._fill(self._menu(TRAINING), running, by_hand)
        self._page_menus = {title: self._menu(title) for title in self._pages}
        self.view_menu = self._menu(VIEW)
        schemes = QMenu("&Colours", self.view_menu)
        self._fill(schemes, list(self.schemes.values()))
        self._fill(self.view_menu, self.choices, [schemes.menuAction()], [self.full_screen, self.reset_layout])
        self._fill(self._menu(HELP), [self.shortcuts], [self.log, self.report, self.runs_folder], [self.about])

    def fill_page_menu(self, title: str, actions: Sequence[QAction]) -> None:
        """Put a page's own actions into its menu; separators among them are kept."""
        self._fill(self._page_menus[title], actions)

    @Slot(object)
    def follow_training(self, state: RunState) -> None:
        """Offer what can be asked of a training in this state."""
        self.train.setEnabled(not state.active)
        self.stop.setEnabled(state.active and state is not RunState.STOPPING)
        for action in (self.pause, self.sample, self.checkpoint):
            action.setEnabled(state.stepping)

    def _menu(self, title: str) -> QMenu:
        menu = self._window.menuBar().addMenu(title)
        menu.setToolTipsVisible(True)
        return menu

    def _fill(self, menu: QMenu, *groups: Sequence[QAction]) -> None:
        """Put groups of actions into a menu, a line between two."""
        for group in filter(None, groups):
            if menu.actions():
                menu.addSeparator()
            menu.addActions(list(group))
            for action in group:
                # The window has no status bar; the tip is read beside the entry
                action.setStatusTip(action.statusTip() or action.toolTip())
                action.setToolTip(action.statusTip())

    def _action(self, name: str, text: str, keys: str, symbol: str, tip: str) -> QAction:
        action = QAction(text, self._window)
        action.setObjectName(f"action_{name}")
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setStatusTip(tip)
        # Else the desktop takes what is called "…run…" or "…setting…" for an entry of its own
        action.setMenuRole(QAction.MenuRole.NoRole)
        if symbol:
            action.setIcon(icon(symbol))
        self._window.addAction(action)
        return action
