"""Opens what is asked for in a menu, dropped or recent: finds out what it is and has the right page show it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from gan_studio.engine.folders import runs_folder
from gan_studio.gui import dialogs
from gan_studio.gui.opening import chosen
from gan_studio.gui.what_is import PathKind, what_is

if TYPE_CHECKING:
    from gan_studio.gui.main_window import MainWindow


class OpeningWiring(QObject):
    """Owns no widget."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        actions = window.actions_
        for action, slot in (
            (actions.open_folder, self._ask_folder),
            (actions.open_zip, self._ask_zip),
            (actions.open_run, self._ask_run),
            (actions.open_model, self._ask_model),
        ):
            action.triggered.connect(slot)
        actions.recent_menu.chosen.connect(window.open_path)
        actions.recent_menu.clear_wanted.connect(self._clear_recent)

    def open_paths(self, paths: list[Path]) -> None:
        """Open what is meant by these, and say so where that is not plain."""
        choice, notice = chosen(paths), self._window.notice
        notice.dismiss()
        if choice.path is not None:
            self._open(choice.path)
        if choice.message:
            notice.show_message(choice.message, choice.advice, "info")

    def _open(self, path: Path) -> None:
        window = self._window
        match what_is(path):
            case PathKind.RUN:
                if window.wiring.open_run(path):
                    window.explorer_page.open_path(path)
            case PathKind.MODEL | PathKind.PICTURE | PathKind.STATE:
                window.explore(path)
            case PathKind.DATASET | PathKind.PHOTO:
                window.wiring.open_dataset(path)

    # --- what the menus ask for ---

    @Slot()
    def _ask_folder(self) -> None:
        self._open_if(dialogs.ask_folder(self._window, "Open a folder of pictures"))

    @Slot()
    def _ask_zip(self) -> None:
        self._open_if(dialogs.ask_file(self._window, "Open a zip of pictures", "Zip (*.zip)"))

    @Slot()
    def _ask_run(self) -> None:
        self._open_if(dialogs.ask_folder(self._window, "Open a run", runs_folder()))

    @Slot()
    def _ask_model(self) -> None:
        title = "Open a model or a saved picture"
        self._open_if(dialogs.ask_file(self._window, title, dialogs.MODEL_FILTER, runs_folder()))

    def _open_if(self, path: Path | None) -> None:
        if path:
            self._window.open_path(path)

    @Slot()
    def _clear_recent(self) -> None:
        self._window.settings.clear_recent()
        self._window.recent_changed.emit()
