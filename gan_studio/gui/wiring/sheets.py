"""Opens the window's sheets: preferences, shortcuts, log, report, about; the program follows what is chosen there."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QMainWindow, QMessageBox, QStackedWidget

from gan_studio.engine.folders import choose_folders, log_folder, runs_folder
from gan_studio.engine.run import RunFolder
from gan_studio.gui.actions import Actions
from gan_studio.gui.dialogs import application
from gan_studio.gui.key_help import all_keys, plain
from gan_studio.gui.pages.train.page import TrainPage
from gan_studio.gui.sessions.jobs import JobsSession
from gan_studio.gui.sessions.report import ReportPart, report_parts, write_report
from gan_studio.gui.sessions.storage import StorageSession
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.theme import Scheme, apply_theme
from gan_studio.gui.versions import as_text, facts, packages

D = TypeVar("D", bound=QDialog)


class SheetsWiring(QObject):
    """Owns no page. A sheet that is open already comes to the front; the code of each is loaded when it is opened."""

    folders_changed = Signal()
    """Runs or pictures are to be kept elsewhere from now on."""

    def __init__(
        self,
        window: QMainWindow,
        actions: Actions,
        pages: QStackedWidget,
        page: TrainPage,
        exports: JobsSession,
        settings: UserSettings,
    ) -> None:
        super().__init__(window)
        self._window, self._actions, self._pages = window, actions, pages
        self._page, self._exports, self._settings = page, exports, settings
        self._storage = StorageSession(self)
        self._connect()
        self._actions.schemes[settings.scheme].setChecked(True)
        self._follow_folders()

    def shutdown(self) -> None:
        self._storage.shutdown()

    def _connect(self) -> None:
        actions = self._actions
        for action, slot in (
            (actions.preferences, self._show_preferences),
            (actions.shortcuts, self._show_shortcuts),
            (actions.log, self._show_log),
            (actions.report, self.show_report),
            (actions.runs_folder, self._open_runs_folder),
            (actions.about, self._show_about),
        ):
            action.triggered.connect(slot)
        for action in actions.schemes.values():
            action.triggered.connect(self._change_scheme)

    # --- sheets ---

    @Slot()
    def _show_preferences(self) -> None:
        from gan_studio.gui.dialogs.preferences import PreferencesDialog

        if self._is_open(PreferencesDialog):
            return
        sheet = PreferencesDialog(self._settings, self._page.state.active, self._window)
        sheet.scheme_chosen.connect(self._apply_scheme)
        sheet.folders_changed.connect(self._follow_folders)
        sheet.keep_checkpoints_changed.connect(self.suggest_settings)
        sheet.emptying_wanted.connect(self._storage.empty)
        self._storage.told.connect(sheet.show_cache_size)
        self._storage.count()
        sheet.open()

    @Slot()
    def _show_shortcuts(self) -> None:
        from gan_studio.gui.dialogs.shortcuts import ShortcutSheet

        if not self._is_open(ShortcutSheet):
            shown = map(self._pages.widget, range(self._pages.count()))
            labels = [plain(choice.text()) for choice in self._actions.choices]
            pages = [(label, page) for label, page in zip(labels, shown, strict=True) if page is not None]
            ShortcutSheet(all_keys(self._window.menuBar(), self._window, pages), self._window).open()

    @Slot()
    def _show_log(self) -> None:
        from gan_studio.gui.dialogs.log_viewer import LogViewer

        if not self._is_open(LogViewer):
            files = {"GAN Studio": log_folder() / "gan-studio.log"}
            if self._page.run is not None:
                files[f"Run {self._page.run.name}"] = RunFolder(self._page.run).log_file
            LogViewer(files, self._window).show()

    @Slot()
    def show_report(self) -> None:
        """Also asked for by the dialog about an error."""
        from gan_studio.gui.dialogs.report import ReportDialog

        if not self._is_open(ReportDialog):
            sheet = ReportDialog(partial(self._parts), self._page.run is not None, self._window)
            sheet.save_wanted.connect(self._save_report)
            sheet.open()

    @Slot()
    def _show_about(self) -> None:
        from gan_studio.gui.dialogs.about import AboutDialog

        if not self._is_open(AboutDialog):
            AboutDialog(self._window).open()

    @Slot()
    def _open_runs_folder(self) -> None:
        folder = runs_folder()
        if folder.is_dir():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        else:
            text = f"There are no runs yet. They will be kept in {folder}."
            QMessageBox.information(self._window, "Runs", text)

    def _is_open(self, kind: type[D]) -> bool:
        for sheet in self._window.findChildren(kind):
            if sheet.isVisible():
                sheet.raise_()
                sheet.activateWindow()
                return True
        return False

    # --- reports ---

    def _parts(self, with_run: bool) -> list[ReportPart]:
        made_with = [(package.name, package.version) for package in packages()]
        run = self._page.run if with_run else None
        return report_parts(as_text([*facts(), *made_with]), self._settings.readable(), run)

    @Slot(object, object)
    def _save_report(self, path: Path, parts: list[ReportPart]) -> None:
        self._exports.start("Saving the report", write_report(path, parts))

    # --- following the preferences ---

    @Slot()
    def _change_scheme(self) -> None:
        scheme: Scheme = next(name for name, action in self._actions.schemes.items() if action.isChecked())
        self._settings.scheme = scheme
        apply_theme(application(), scheme)

    @Slot(str)
    def _apply_scheme(self, _scheme: str) -> None:
        self._actions.schemes[self._settings.scheme].setChecked(True)
        apply_theme(application(), self._settings.scheme)

    @Slot()
    def _follow_folders(self) -> None:
        choose_folders(self._settings.runs_folder, self._settings.pictures_folder)
        self.folders_changed.emit()

    @Slot()
    def suggest_settings(self) -> None:
        """What new runs start from, as soon as there is a form for it."""
        if self._page.settings.ready:
            self._page.settings.form("training").suggest({"keep_checkpoints": self._settings.keep_checkpoints})
