"""Connects the explorer's page with its session and with the model in training."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine.events import CheckpointSaved, SnapshotReady, Started, TerminalEvent, TrainEvent
from gan_studio.engine.run import find_run
from gan_studio.gui.pages.explorer.page import ExplorerPage
from gan_studio.gui.sessions.explorer import ExplorerSession
from gan_studio.gui.sessions.folder_snapshots import FolderSnapshots
from gan_studio.gui.sessions.jobs import JobsSession
from gan_studio.gui.sessions.training import TrainingSession
from gan_studio.gui.sessions.watching import WatchSession
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.views import ModelView, Viewpoint
from gan_studio.gui.views.explorer import FilmRequest
from gan_studio.gui.views.jobs import Work


class ExplorerWiring(QObject):
    """Owns no widget. What concerns the whole window is told by signals."""

    recent_changed = Signal()

    def __init__(
        self,
        page: ExplorerPage,
        session: ExplorerSession,
        training: TrainingSession,
        watching: WatchSession,
        settings: UserSettings,
        example: Path | None,
        exports: JobsSession,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._session, self._training, self._settings = page, session, training, settings
        self._watching = watching
        self._example, self._exports = example, exports
        self.follow_folders()
        self.show_recent()
        self._connect_requests()
        self._connect_answers()
        for source in (training, watching):
            source.reported.connect(self._show_event)
        watching.left.connect(self._end_following)

    def _connect_requests(self) -> None:
        page, session = self._page, self._session
        navigation, saving = page.navigation, page.saving
        page.open_requested.connect(session.open_file)
        page.model_provided.connect(session.provide_model)
        page.live_requested.connect(self._follow)
        navigation.picture_requested.connect(session.request)
        navigation.seed_requested.connect(session.request_seed)
        navigation.path_requested.connect(session.request_path)
        page.batch_requested.connect(session.request_batch)
        page.picture_given.connect(session.request_from_picture)
        page.picture_cancelled.connect(session.cancel_picture)
        page.step_requested.connect(session.open_step)
        saving.save_requested.connect(self._save)
        saving.grid_save_requested.connect(self._save_grid)
        page.favourites_save_requested.connect(session.save_favourites)
        saving.film_requested.connect(self._film)
        saving.export_requested.connect(self._export)

    def _connect_answers(self) -> None:
        page, session = self._page, self._session
        session.model_opened.connect(self._show_model)
        session.seed_drawn.connect(page.navigation.show_seed)
        session.picture_ready.connect(page.show_picture)
        session.picture_begun.connect(page.pictures.begin)
        session.picture_progress.connect(page.pictures.progress)
        session.picture_ended.connect(page.pictures.end)
        session.path_drawn.connect(page.navigation.show_place_on_path)
        session.batch_ready.connect(page.show_pictures)
        session.checkpoints_found.connect(page.show_checkpoints)
        session.favourites_found.connect(page.show_favourites)
        session.model_needed.connect(page.ask_for_model)
        session.failed.connect(page.show_failure)
        session.saved.connect(page.show_saved)
        session.following_changed.connect(page.set_following)

    @Slot()
    def follow_folders(self) -> None:
        """Pictures are saved where the preferences say."""
        self._session.save_folder = self._settings.save_folder

    @Slot()
    def show_recent(self) -> None:
        """Runs that were opened lately, for the page's menu."""
        self._page.set_recent(self._settings.recent_runs)

    @Slot(bool)
    def _follow(self, wanted: bool) -> None:
        control, run = self._training.control, self._training.run_folder
        if wanted and control and run:
            self._session.follow(control, run)
        elif wanted and self._watching.active and self._watching.run:
            self._session.follow(FolderSnapshots(self._watching.run), self._watching.run)
            self._session.look_for_snapshot()
        else:
            self._session.unfollow()

    @Slot(object)
    def _show_event(self, event: TrainEvent) -> None:
        if isinstance(event, Started):
            self._page.set_training(True)
        elif isinstance(event, SnapshotReady | CheckpointSaved):
            self._session.look_for_snapshot()
        elif isinstance(event, TerminalEvent):
            self._end_following()

    @Slot()
    def _end_following(self) -> None:
        self._page.set_training(False)
        self._session.unfollow()

    @Slot(object, object)
    def _show_model(self, view: ModelView, viewpoint: Viewpoint | None) -> None:
        self._page.show_model(view, viewpoint)
        if view.source and view.source != self._example:
            # Checkpoints come and go; their run stays.
            run = find_run(view.source.parent)
            self._settings.add_recent_run(run.path if run else view.source)
            self.recent_changed.emit()

    @Slot(object)
    def _save(self, path: Path) -> None:
        self._settings.save_folder = path.parent
        self._session.save(path)

    @Slot(object)
    def _save_grid(self, path: Path) -> None:
        self._settings.save_folder = path.parent
        self._session.save_grid(path)

    @Slot(object)
    def _film(self, request: FilmRequest) -> None:
        self._settings.save_folder = request.file.parent
        self._session.save_folder = request.file.parent
        self._start(f"Film {request.file.name}", self._session.film(request))

    @Slot(object)
    def _export(self, path: Path) -> None:
        self._start(f"Export {path.name}", self._session.export(path))

    def _start(self, title: str, work: Work | None) -> None:
        if work is not None:
            self._exports.start(title, work)
