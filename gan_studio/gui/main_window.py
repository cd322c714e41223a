"""The window: composes pages, menus and sessions, and ends in good order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from gan_studio.assets import trained_example
from gan_studio.gui.actions import Actions
from gan_studio.gui.closing import ClosingGuard
from gan_studio.gui.end_notice import EndNotice
from gan_studio.gui.late_pages import EXPLORER, MENUS, TRAIN, LatePages
from gan_studio.gui.layout_memory import LayoutMemory
from gan_studio.gui.pages.train.page import TrainPage
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.sessions.training import TrainingSession
from gan_studio.gui.sessions.watching import WatchSession
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.banner import Banner
from gan_studio.gui.widgets.drop_zone import local_paths
from gan_studio.gui.widgets.job_strip import JobStrip
from gan_studio.gui.widgets.nav_rail import NavRail
from gan_studio.gui.window_title import WindowTitle
from gan_studio.gui.wiring.downloads import DownloadsWiring
from gan_studio.gui.wiring.evaluation import EvaluationWiring
from gan_studio.gui.wiring.jobs import JobsWiring
from gan_studio.gui.wiring.opening import OpeningWiring
from gan_studio.gui.wiring.sheets import SheetsWiring
from gan_studio.gui.wiring.training import TrainingWiring
from gan_studio.gui.wiring.watching import WatchWiring

if TYPE_CHECKING:
    from gan_studio.gui.pages.explorer.page import ExplorerPage
    from gan_studio.gui.pages.gallery import GalleryPage
    from gan_studio.gui.pages.runs import RunsPage
    from gan_studio.gui.pages.train.monitor import Monitor
    from gan_studio.gui.sessions.explorer import ExplorerSession

PLOTS = "plots"
"""What the user chose about the plots, in the user's settings."""


class MainWindow(QMainWindow):
    """GAN Studio's one window.

    It is shown with the training page alone; `LatePages` makes the others.
    """

    key_help = (("Space", "Pause or resume training, wherever Space means nothing else"),)

    painted = Signal()
    """The window was painted for the first time; what takes long starts only now."""
    recent_changed = Signal()
    """Another run or folder was opened."""

    def __init__(self, settings: UserSettings | None = None) -> None:
        super().__init__()
        self.settings = settings or UserSettings()
        self._was_painted = False
        self._build_pages()
        self._build_menus()
        self._build_wiring()
        self._connect_wiring()
        self._connect_pages()
        self._connect_actions()
        self.layout_memory = LayoutMemory(self, self.settings)
        self.late = LatePages(self)
        self._restore_layout()

    # --- opening and showing ---

    @Slot(Path)
    def open_path(self, path: Path) -> None:
        """Open whatever this is: pictures, a run, a generator file, a saved picture."""
        self.opening.open_paths([path])

    @Slot(Path)
    def explore(self, path: Path) -> None:
        """Open a run or a model in the explorer, in front."""
        self.show_page(EXPLORER)
        self.explorer_page.open_path(path)

    @Slot()
    def explore_example(self) -> None:
        """Explore the generator that comes with the program, where it does."""
        if example := trained_example():
            self.explore(example)

    @Slot()
    def show_training_page(self) -> None:
        self.show_page(TRAIN)

    def show_page(self, index: int) -> None:
        """Bring `TRAIN`, `GALLERY`, `EXPLORER` or `RUNS` to the front."""
        self.rail.set_current(index)

    # --- pages that are made later ---

    @property
    def complete(self) -> bool:
        """Whether every page is there."""
        return self.late.complete

    @property
    def gallery_page(self) -> GalleryPage:
        return self.late.gallery

    @property
    def explorer(self) -> ExplorerSession:
        return self.late.explorer_session

    @property
    def explorer_page(self) -> ExplorerPage:
        return self.late.explorer

    @property
    def runs_page(self) -> RunsPage:
        return self.late.runs

    # --- building ---

    def _build_pages(self) -> None:
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self.training, self.watching = TrainingSession(self), WatchSession(self)
        self.rail, self.pages = NavRail(), QStackedWidget()
        self.train_page = TrainPage()
        self._add_page("train", "Train", "chart-line-up", self.train_page)
        self._add_page("gallery", "Gallery", "image-square", QWidget())
        self._add_page("explorer", "Explore", "compass", QWidget())
        self._add_page("runs", "Runs", "clock-counter-clockwise", QWidget())
        self.job_strip = JobStrip()
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addLayout(self._build_notice())
        column.addWidget(self.pages, 1)
        column.addWidget(self.job_strip)
        centre = QWidget()
        centre.setAccessibleName("GAN Studio")
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)
        self.setCentralWidget(centre)
        # Tab leads on from here to the first control; none shows a focus ring before somebody uses the keyboard
        centre.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        centre.setFocus()

    def _build_notice(self) -> QVBoxLayout:
        """What concerns no page is said above all of them."""
        self.notice = Banner()
        self.notice.setObjectName("window_notice")
        place = QVBoxLayout()
        place.setContentsMargins(SPACING.l, 0, SPACING.l, 0)
        place.addWidget(self.notice)
        return place

    def _add_page(self, name: str, label: str, symbol: str, page: QWidget) -> None:
        self.rail.add_page(name, label, symbol)
        self.pages.addWidget(page)

    def _build_menus(self) -> None:
        self.actions_ = Actions(self, list(MENUS.values()), self.rail.page_actions)
        self.actions_.fill_menu_bar()
        self.actions_.follow_training(RunState.IDLE)

    def _build_wiring(self) -> None:
        self.jobs = JobsWiring(self.job_strip, self)
        self.downloads_wiring = DownloadsWiring(self, self.jobs.downloads, self.training)
        self.title, self.end_notice = WindowTitle(self), EndNotice(self, self.settings)
        for follower in (self.title, self.end_notice):
            for source in (self.training, self.watching):
                source.reported.connect(follower.follow)
        self.wiring = TrainingWiring(self.train_page, self.training, self.settings, self)
        self.watch_wiring = WatchWiring(self.train_page, self.watching, self.wiring, self)
        self.sheets = SheetsWiring(self, self.actions_, self.pages, self.train_page, self.jobs.exports, self.settings)
        self.evaluation_wiring = EvaluationWiring(self, self.jobs.exports, self.settings, self)
        self.opening = OpeningWiring(self)
        self._closing = ClosingGuard(self, self.training, self.jobs)
        self._ending = [self.watching, self.wiring, self.evaluation_wiring, self.jobs, self.sheets]
        """What has threads to be ended."""

    def _connect_wiring(self) -> None:
        self.wiring.page_wanted.connect(self.show_training_page)
        self.wiring.grids_found.connect(self._show_grids)
        self.wiring.ended.connect(self._closing.training_ended)
        self.wiring.catalogue.loaded.connect(self.sheets.suggest_settings)
        self.wiring.recent_changed.connect(self.recent_changed)
        self.downloads_wiring.arrived.connect(self.open_path)
        self._closing.stop_wanted.connect(self.train_page.run_bar.stop.click)
        self._closing.may_go.connect(self.close)
        self.recent_changed.connect(self._refresh_recent)

    def _connect_pages(self) -> None:
        self.rail.selected.connect(self._turn_to)
        self.train_page.display.monitor_built.connect(self._settle_monitor)
        self.train_page.dataset_chosen.connect(self.open_path)
        self.train_page.data_card.get_requested.connect(self.downloads_wiring.ask)
        self.train_page.explore_requested.connect(self.explore)
        if trained_example():
            self.train_page.display.offer_example()
            self.train_page.example_requested.connect(self.explore_example)
        self.train_page.state_changed.connect(self.actions_.follow_training)
        self.train_page.export_requested.connect(self.jobs.exports.start)
        self._refresh_recent()

    @Slot(object)
    def _settle_monitor(self, monitor: Monitor) -> None:
        self.layout_memory.adopt(monitor)
        monitor.plots.restore(self.settings.choices(PLOTS))

    def _connect_actions(self) -> None:
        actions = self.actions_
        for action, slot in (
            (actions.open_demo, self.wiring.open_demo),
            (actions.get_data, self.downloads_wiring.ask),
            (actions.quit, self.close),
            (actions.train, self._train),
            (actions.pause, self.train_page.run_bar.pause.click),
            (actions.stop, self.train_page.run_bar.stop.click),
            (actions.sample, self.train_page.sample_requested),
            (actions.checkpoint, self.train_page.checkpoint_requested),
            (actions.full_screen, self._toggle_full_screen),
            (actions.reset_layout, self._reset_layout),
        ):
            action.triggered.connect(slot)

    # --- actions ---

    @Slot()
    def _train(self) -> None:
        """Where training cannot start, its page says why."""
        self.show_page(TRAIN)
        self.train_page.run_bar.train.click()

    @Slot()
    def _toggle_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    @Slot()
    def _reset_layout(self) -> None:
        self.layout_memory.reset()
        self.actions_.full_screen.setChecked(False)

    @Slot()
    def _refresh_recent(self) -> None:
        folders = self.settings.recent_folders
        self.train_page.set_recent_datasets(folders)
        self.actions_.recent_menu.show_paths(self.settings.recent_runs, folders)

    @Slot(Path, object)
    def _show_grids(self, run: Path, grids: dict[int, Path]) -> None:
        self.gallery_page.set_grids(run, grids.items())

    @Slot(int)
    def _turn_to(self, index: int) -> None:
        """A page that is not there yet is made before it comes into sight."""
        self.late.make(index)
        self.pages.setCurrentIndex(index)

    # --- the window's own life ---

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            # After this paint, of which the window's own comes first
            QTimer.singleShot(0, self.painted.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pauses and resumes, unless a control that has the focus wanted it."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat() and self.train_page.state.active:
            self.train_page.run_bar.pause.click()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # What is dragged out of the gallery is not brought to the window
        if event.source() is None and local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Whatever page it is dropped on: the window knows what can be done with it."""
        paths = local_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.opening.open_paths(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        """While something is under way, ask; what is to be finished is waited for without blocking the window."""
        if not self._closing.allows():
            event.ignore()
            return
        self.settings.page = self.rail.current_name()
        self.layout_memory.save()
        # Threads may take a moment to end: nobody should look at a window that no longer answers.
        self.hide()
        self.late.finish()
        self.settings.set_choices(PLOTS, self.train_page.monitor.plots.state())
        for part in (*self._ending, *self.late.ending):
            part.shutdown()
        super().closeEvent(event)

    def _restore_layout(self) -> None:
        self.layout_memory.restore()
        self.rail.choose(self.settings.page)
