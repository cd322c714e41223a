"""Connects the runs page with the sessions that list runs and change them on disk, and with the other pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine.events import CheckpointSaved, GridSaved, Started, TerminalEvent, TrainEvent
from gan_studio.engine.folders import runs_folder
from gan_studio.engine.run_list import summary_of
from gan_studio.gui.pages.runs import RunsPage
from gan_studio.gui.sessions.explorer import ExplorerSession
from gan_studio.gui.sessions.run_files import RunFilesSession
from gan_studio.gui.sessions.run_list import RunListSession
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.views import TrashedRun
from gan_studio.gui.wiring.training import TrainingWiring

TABLE = "runs"
"""The table's columns, in the user's settings."""


class RunsWiring(QObject):
    """Owns no widget. What concerns the whole window is told by signals."""

    recent_changed = Signal()

    def __init__(
        self,
        page: RunsPage,
        training: TrainingWiring,
        explorer: ExplorerSession,
        settings: UserSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._training, self._explorer, self._settings = page, training, explorer, settings
        self.list, self.files = RunListSession(self), RunFilesSession(self)
        self._connect_list()
        self._connect_files()
        self._connect_training()
        page.restore_layout(settings.header(TABLE))

    def shutdown(self) -> None:
        """End both threads, at the latest after the file they are at, and keep how the columns were left."""
        self._settings.set_header(TABLE, self._page.layout_state())
        self.list.shutdown()
        self.files.shutdown()

    # --- wiring ---

    def _connect_list(self) -> None:
        page, runs = self._page, self.list
        page.refresh_requested.connect(self.refresh)
        runs.folder_changed.connect(self.refresh)
        runs.found.connect(page.show_run)
        runs.listed.connect(page.show_listed)
        runs.thumbnail.connect(page.show_thumbnail)
        runs.size.connect(page.show_size)
        runs.failed.connect(page.show_error)

    def _connect_files(self) -> None:
        page, files = self._page, self.files
        page.details_requested.connect(files.look_closely)
        page.rename_requested.connect(files.rename)
        page.trash_requested.connect(files.throw_away)
        page.take_back_requested.connect(files.take_back)
        page.delete_requested.connect(files.empty_trash)
        page.keep_requested.connect(files.keep)
        page.trash_list_requested.connect(self._list_trash)
        files.details.connect(page.show_details)
        files.renamed.connect(self._show_renamed)
        files.thrown_away.connect(self._show_thrown_away)
        files.taken_back.connect(self._show_taken_back)
        files.emptied.connect(page.show_emptied)
        files.trash_listed.connect(page.show_trash)
        files.kept.connect(self._show_kept)
        files.failed.connect(page.show_error)

    def _connect_training(self) -> None:
        page, training = self._page, self._training
        page.continue_requested.connect(training.continue_run)
        page.again_requested.connect(training.train_again)
        page.fine_tune_requested.connect(training.fine_tune)
        page.compare_requested.connect(training.compare)
        page.stop_comparing_requested.connect(training.stop_comparing)
        training.comparing_changed.connect(page.set_comparing)
        training.catalogue.loaded.connect(page.set_families)
        training.training.reported.connect(self._show_event)

    # --- reacting ---

    @Slot()
    def refresh(self) -> None:
        """Look at the runs again, as long as somebody sees them."""
        if self._page.isVisible():
            self.list.refresh(self._elsewhere())

    @Slot(object)
    def _show_event(self, event: TrainEvent) -> None:
        """The row of a run in training follows it; a list that nobody sees is made anew when it comes into sight."""
        if not self._page.isVisible():
            return
        run = self._training.training.run_folder
        if isinstance(event, Started | TerminalEvent):
            self.refresh()
        elif isinstance(event, GridSaved | CheckpointSaved) and run is not None:
            self.list.look_at(run)

    @Slot()
    def _list_trash(self) -> None:
        folders = [runs_folder(), *(run.parent for run in self._elsewhere(gone_too=True))]
        self.files.list_trash(list(dict.fromkeys(folders)))

    @Slot(object, object)
    def _show_renamed(self, before: Path, now: Path) -> None:
        self._follow(before, now)
        self._page.show_renamed(before, summary_of(now))

    @Slot(object)
    def _show_thrown_away(self, runs: Sequence[TrashedRun]) -> None:
        for run in runs:
            self._explorer.run_moved(run.was, run.path)
            self._settings.move_recent_run(run.was, None)
        self.recent_changed.emit()
        self._page.show_thrown_away(runs)

    @Slot(object, object)
    def _show_taken_back(self, run: TrashedRun, now: Path) -> None:
        self._explorer.run_moved(run.path, now)
        self._settings.add_recent_run(now)
        self.recent_changed.emit()
        self._page.show_taken_back(run, now)
        self.refresh()

    @Slot(object, object)
    def _show_kept(self, path: Path, freed_bytes: int) -> None:
        self._page.show_kept(path, freed_bytes)
        self.list.look_at(path)

    def _follow(self, before: Path, now: Path) -> None:
        """Recent lists and open pages know the run by its new name."""
        self._training.move_run(before, now)
        self._explorer.run_moved(before, now)
        self._settings.move_recent_run(before, now)
        self.recent_changed.emit()

    def _elsewhere(self, gone_too: bool = False) -> list[Path]:
        """Runs that were opened from other places."""
        known = runs_folder()
        return [run for run in self._settings.recent_runs if run.parent != known and (gone_too or run.is_dir())]
