"""The window: composes pages, menus and sessions, and wires their signals. Decides nothing else."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from gan_studio.assets import trained_example
from gan_studio.engine.config import DataSettings, TrainingSettings
from gan_studio.engine.events import Failed, Finished, SnapshotReady, Started, Stopped, TerminalEvent, TrainEvent
from gan_studio.engine.folders import runs_folder
from gan_studio.gui import dialogs
from gan_studio.gui.actions import Actions
from gan_studio.gui.pages.explorer.page import ExplorerPage
from gan_studio.gui.pages.gallery import GalleryPage
from gan_studio.gui.pages.train.page import TrainPage
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.sessions.catalogue import CatalogueSession
from gan_studio.gui.sessions.dataset import DatasetSession
from gan_studio.gui.sessions.explorer import ExplorerSession
from gan_studio.gui.sessions.runs import RunsSession
from gan_studio.gui.sessions.training import TrainingSession
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.theme import Scheme, apply_theme
from gan_studio.gui.views import DatasetView, FamilyForm, ModelView, ResumeRequest, RunView, TrainingRequest, Viewpoint
from gan_studio.gui.what_is import PathKind, what_is
from gan_studio.gui.widgets.nav_rail import NavRail

TRAIN, GALLERY, EXPLORER = range(3)
FIRST_SIZE = (1360, 840)


class MainWindow(QMainWindow):
    """GAN Studio's one window."""

    def __init__(self, settings: UserSettings | None = None) -> None:
        super().__init__()
        self.settings = settings or UserSettings()
        self._closing = False
        self._build_sessions()
        self._build_pages()
        self._build_menus()
        self._connect_dataset()
        self._connect_training()
        self._connect_explorer()
        self._connect_actions()
        self._restore_layout()
        QTimer.singleShot(0, self._load_engine)

    # --- opening things ---

    @Slot(Path)
    def open_path(self, path: Path) -> None:
        """Open whatever this is: pictures, a run, a generator file, a saved picture."""
        match what_is(path):
            case PathKind.RUN:
                self._open_run(path)
            case PathKind.MODEL | PathKind.PICTURE:
                self._explore(path)
            case PathKind.DATASET:
                self._open_dataset(path)

    def _open_dataset(self, path: Path) -> None:
        self._show_page(TRAIN)
        self.dataset.open(path)

    def _open_run(self, path: Path) -> None:
        if self.training.active:
            self.train_page.show_error("A training is under way.", "Stop it before you open another run.")
            return
        self._show_page(TRAIN)
        self.runs.open(path)
        self.explorer.open_file(path)

    def _explore(self, path: Path) -> None:
        self._show_page(EXPLORER)
        self.explorer.open_file(path)

    # --- building ---

    def _build_sessions(self) -> None:
        self.catalogue = CatalogueSession(self)
        self.dataset = DatasetSession(self)
        self.training = TrainingSession(self)
        self.explorer = ExplorerSession(self)
        self.runs = RunsSession(self)

    def _build_pages(self) -> None:
        self.setObjectName("main_window")
        self.setWindowTitle("GAN Studio")
        self.setAcceptDrops(True)
        self.rail = NavRail()
        self.pages = QStackedWidget()
        self.train_page, self.gallery_page = TrainPage(), GalleryPage()
        self.explorer_page = ExplorerPage(self.explorer.suggest_path, trained_example())
        self._add_page("train", "Train", "chart-line-up", self.train_page)
        self._add_page("gallery", "Gallery", "image-square", self.gallery_page)
        self._add_page("explorer", "Explore", "compass", self.explorer_page)
        self.rail.selected.connect(self.pages.setCurrentIndex)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.pages, 1)
        self.setCentralWidget(centre)

    def _add_page(self, name: str, label: str, symbol: str, page: QWidget) -> None:
        self.rail.add_page(name, label, symbol)
        self.pages.addWidget(page)

    def _build_menus(self) -> None:
        self.actions_ = Actions(self)
        self.actions_.fill_menu_bar()
        self.actions_.schemes[self.settings.scheme].setChecked(True)
        self._refresh_recent()
        self._refresh_training_actions(RunState.IDLE)

    # --- wiring ---

    def _connect_dataset(self) -> None:
        page, session = self.train_page, self.dataset
        page.dataset_chosen.connect(self.open_path)
        page.demo_requested.connect(session.open_demo)
        page.dataset_cancelled.connect(session.cancel)
        session.progress.connect(page.show_dataset_progress)
        session.ready.connect(self._keep_dataset)
        session.cancelled.connect(page.show_dataset_cancelled)
        session.failed.connect(page.show_dataset_error)
        self.catalogue.loaded.connect(self._show_families)
        self.catalogue.failed.connect(page.show_error)

    def _connect_training(self) -> None:
        page, session = self.train_page, self.training
        page.train_requested.connect(self._train)
        page.continue_requested.connect(self._continue)
        page.stop_requested.connect(session.stop)
        page.pause_requested.connect(session.pause)
        page.step_requested.connect(session.step_once)
        page.half_step_requested.connect(session.train_only)
        page.sample_requested.connect(session.sample_now)
        page.checkpoint_requested.connect(session.checkpoint_now)
        page.learning_rate_changed.connect(session.set_learning_rate)
        page.state_changed.connect(self._refresh_training_actions)
        session.reported.connect(self._show_training)
        self.gallery_page.step_chosen.connect(self._show_step)
        self.runs.opened.connect(self._show_run)
        self.runs.failed.connect(page.show_error)

    # --- data and engine ---

    @Slot()
    def _load_engine(self) -> None:
        """After the first paint: torch takes seconds, and the window is of use without it."""
        self.catalogue.load()

    @Slot(object)
    def _show_families(self, families: list[FamilyForm]) -> None:
        self.catalogue.shutdown()
        self.train_page.set_families(families, DataSettings, TrainingSettings)

    @Slot(object)
    def _keep_dataset(self, view: DatasetView) -> None:
        self.train_page.show_dataset(view)
        self.settings.add_recent_folder(view.source)
        self._refresh_recent()

    # --- training ---

    @Slot(object)
    def _train(self, request: TrainingRequest) -> None:
        self.training.start(request)

    @Slot(Path)
    def _continue(self, run: Path) -> None:
        """Go on with a run; a limit that it has reached already is lifted."""
        self.training.start(ResumeRequest(run, lift_reached_limits=True))

    @Slot(object)
    def _show_training(self, event: TrainEvent) -> None:
        self.train_page.show_event(event)
        self.gallery_page.show_event(event)
        if isinstance(event, Started):
            self.settings.add_recent_run(event.run)
            self._refresh_recent()
        self._show_training_to_explorer(event)
        if isinstance(event, TerminalEvent) and self._closing:
            self.close()

    @Slot(int)
    def _show_step(self, step: int) -> None:
        self._show_page(TRAIN)
        self.train_page.show_step(step)

    @Slot(object)
    def _show_run(self, run: RunView) -> None:
        self.train_page.load_history(run.path, run.metrics, run.grids)
        self.gallery_page.set_grids(run.path, run.grids)
        self.settings.add_recent_run(run.path)
        self._refresh_recent()
        if run.source.exists():
            self.dataset.open(run.source)

    # --- explorer ---

    def _connect_explorer(self) -> None:
        page, session = self.explorer_page, self.explorer
        page.open_requested.connect(session.open_file)
        page.model_provided.connect(session.provide_model)
        page.live_requested.connect(self._follow)
        page.picture_requested.connect(session.request)
        page.seed_requested.connect(session.request_seed)
        page.save_requested.connect(self._save_picture)
        session.model_opened.connect(self._show_model)
        session.seed_drawn.connect(page.show_seed)
        session.picture_ready.connect(page.show_picture)
        session.model_needed.connect(page.ask_for_model)
        session.failed.connect(page.show_failure)
        session.saved.connect(page.show_saved)
        session.following_changed.connect(page.set_following)

    @Slot(bool)
    def _follow(self, wanted: bool) -> None:
        control, run = self.training.control, self.training.run_folder
        if wanted and control and run:
            self.explorer.follow(control, run)
        else:
            self.explorer.unfollow()

    def _show_training_to_explorer(self, event: TrainEvent) -> None:
        match event:
            case Started():
                self.explorer_page.set_training(True)
            case SnapshotReady(version, step):
                self.explorer.snapshot_ready(version, step)
            case Finished() | Stopped() | Failed():
                self.explorer_page.set_training(False)
                self.explorer.unfollow()

    @Slot(object, object)
    def _show_model(self, view: ModelView, viewpoint: Viewpoint | None) -> None:
        self.explorer_page.show_model(view, viewpoint)
        if view.source:
            self.settings.add_recent_run(view.source)
            self._refresh_recent()

    @Slot(object)
    def _save_picture(self, path: Path) -> None:
        self.settings.save_folder = path.parent
        self.explorer.save(path)

    # --- actions ---

    def _connect_actions(self) -> None:
        actions = self.actions_
        actions.open_folder.triggered.connect(self._ask_folder)
        actions.open_zip.triggered.connect(self._ask_zip)
        actions.open_demo.triggered.connect(self._open_demo)
        actions.open_run.triggered.connect(self._ask_run)
        actions.open_model.triggered.connect(self._ask_model)
        actions.quit.triggered.connect(self.close)
        actions.train.triggered.connect(self.train_page.run_bar.train.click)
        actions.pause.triggered.connect(self.train_page.run_bar.pause.click)
        actions.stop.triggered.connect(self.train_page.run_bar.stop.click)
        actions.sample.triggered.connect(self.training.sample_now)
        actions.checkpoint.triggered.connect(self.training.checkpoint_now)
        actions.save_image.triggered.connect(self.explorer_page.save_picture)
        actions.copy_image.triggered.connect(self.explorer_page.copy_picture)
        actions.shortcuts.triggered.connect(self._show_shortcuts)
        actions.about.triggered.connect(self._show_about)
        for action in actions.schemes.values():
            action.triggered.connect(self._change_scheme)

    @Slot()
    def _ask_folder(self) -> None:
        self._open_if(dialogs.ask_folder(self, "Open a folder of pictures"))

    @Slot()
    def _ask_zip(self) -> None:
        self._open_if(dialogs.ask_file(self, "Open a zip of pictures", "Zip (*.zip)"))

    @Slot()
    def _ask_run(self) -> None:
        self._open_if(dialogs.ask_folder(self, "Open a run", runs_folder()))

    @Slot()
    def _ask_model(self) -> None:
        self._open_if(dialogs.ask_file(self, "Open a model or a saved picture", dialogs.MODEL_FILTER, runs_folder()))

    def _open_if(self, path: Path | None) -> None:
        if path:
            self.open_path(path)

    @Slot()
    def _open_demo(self) -> None:
        self._show_page(TRAIN)
        self.dataset.open_demo()

    @Slot()
    def _change_scheme(self) -> None:
        scheme: Scheme = next(name for name, action in self.actions_.schemes.items() if action.isChecked())
        self.settings.scheme = scheme
        apply_theme(dialogs.application(), scheme)

    @Slot()
    def _show_shortcuts(self) -> None:
        dialogs.show_shortcuts(self, self.actions_.all())

    @Slot()
    def _show_about(self) -> None:
        dialogs.show_about(self)

    @Slot(object)
    def _refresh_training_actions(self, state: RunState) -> None:
        actions = self.actions_
        actions.train.setEnabled(not state.active)
        for action in (actions.pause, actions.stop, actions.sample, actions.checkpoint):
            action.setEnabled(state.active)

    def _refresh_recent(self) -> None:
        self.train_page.set_recent_datasets(self.settings.recent_folders)
        menu = self.actions_.recent_menu
        menu.clear()
        for path in [*self.settings.recent_runs, *self.settings.recent_folders]:
            action = menu.addAction(path.name)
            action.setToolTip(str(path))
            action.setData(str(path))
            action.triggered.connect(self._open_recent)
        menu.setEnabled(not menu.isEmpty())

    @Slot()
    def _open_recent(self) -> None:
        action = self.sender()
        path = Path(action.data())  # type: ignore[attr-defined]
        self.open_path(path)

    def _show_page(self, index: int) -> None:
        self.rail.set_current(index)

    # --- the window's own life ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pauses and resumes, unless a control that has the focus wanted it."""
        if event.key() == Qt.Key.Key_Space and self.training.active:
            self.train_page.run_bar.pause.click()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event) -> None:
        if dialogs.dropped_path(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event) -> None:
        path = dialogs.dropped_path(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """While training, ask; a training that is to be saved is waited for without blocking the window."""
        if self.training.active and not self._may_close():
            event.ignore()
            return
        self._save_layout()
        for session in (self.training, self.explorer, self.dataset, self.runs, self.catalogue):
            session.shutdown()
        super().closeEvent(event)

    def _may_close(self) -> bool:
        if self._closing:
            return False
        answer = dialogs.ask_before_closing(self)
        if answer is dialogs.Closing.STOP_AND_SAVE:
            self._closing = True
            self.train_page.run_bar.stop.click()
            return not self.training.active
        if answer is dialogs.Closing.KEEP_RUNNING:
            self.showMinimized()
        return False

    def _restore_layout(self) -> None:
        self.resize(*FIRST_SIZE)
        if not self.settings.geometry.isEmpty():
            self.restoreGeometry(self.settings.geometry)

    def _save_layout(self) -> None:
        self.settings.geometry = self.saveGeometry()
        self.settings.sync()
