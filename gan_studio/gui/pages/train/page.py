"""The training page: from a folder of pictures to a training that is watched. Starts nothing itself: it asks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from gan_studio.engine.events import (
    TrainEvent,
)
from gan_studio.engine.settings import Settings
from gan_studio.gui.pages.train.control_column import NARROWEST, ControlColumn
from gan_studio.gui.pages.train.course import Course
from gan_studio.gui.pages.train.display import DATA, Display
from gan_studio.gui.pages.train.endings import EXPLORE, FOLDER, LONGER
from gan_studio.gui.pages.train.readiness import Readiness
from gan_studio.gui.pages.train.run_on_show import RunOnShow
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.views import DatasetView, FamilyForm, StartView

if TYPE_CHECKING:
    from gan_studio.gui.pages.train.monitor import Monitor


class TrainPage(QWidget):
    """Shows what sessions report through its slots, and says what the user wants through its signals."""

    dataset_chosen = Signal(Path)
    second_chosen = Signal(Path)
    """Pictures B, for families that translate between two kinds."""
    second_removed = Signal()
    demo_requested = Signal()
    example_requested = Signal()
    """Explore the generator that comes with the program."""
    explore_requested = Signal(Path)
    folder_requested = Signal(Path)
    """Show this folder in the system's file manager."""
    dataset_cancelled = Signal()
    train_requested = Signal(object)
    """A `TrainingRequest`."""
    continue_requested = Signal(Path)
    """Go on with the run in this folder."""
    stop_requested = Signal()
    leave_requested = Signal()
    """Watch a training elsewhere no longer."""
    pause_requested = Signal(bool)
    """True to pause, False to resume."""
    step_requested = Signal()
    half_step_requested = Signal(str)
    """Name of the network whose phases are to be run once."""
    speed_changed = Signal(float)
    """Seconds of rest after each step: slow motion."""
    sample_requested = Signal()
    checkpoint_requested = Signal()
    learning_rate_changed = Signal(str, float)
    """Optimiser and its new rate."""
    grid_shown = Signal(int)
    """The grid of this step is on show."""
    export_requested = Signal(str, object)
    """Title and `Work` of something to be written beside the window."""
    state_changed = Signal(object)
    """A `RunState`, for the menus of the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build_layout()
        self._connect_data_signals()
        self._connect_run_signals()
        self._refresh_obstacle()

    @property
    def state(self) -> RunState:
        return self.course.state

    @property
    def dataset(self) -> DatasetView | None:
        return self.readiness.dataset

    @property
    def run(self) -> Path | None:
        """Folder of the run on show."""
        return self.shown.folder

    @property
    def monitor(self) -> Monitor:
        return self.display.monitor

    # --- data ---

    @Slot(object)
    def show_dataset(self, view: DatasetView, in_front: bool = True) -> None:
        """A data set was looked at: suggest the settings that were found, and show it, where nothing is being trained.

        Not `in_front`, what is on show stays on show.
        """
        self.readiness.dataset, self.readiness.looking = view, False
        self.data_card.show_dataset(view)
        self.display.show_dataset(view)
        self.settings.suggest(view.suggestions)
        if in_front and not self.state.active:
            self.display.show_side(DATA)
            if self.display.banner.kind() == "success":  # what came of a training before, on other pictures
                self.display.banner.dismiss()
        self._refresh_obstacle()

    @Slot(str, int, int)
    def show_dataset_progress(self, what: str, done: int, total: int) -> None:
        self.readiness.looking = True
        self.data_card.show_progress(what, done, total)
        self.display.show_looking()
        self._refresh_obstacle()

    @Slot(str, str)
    def show_dataset_error(self, message: str, advice: str) -> None:
        """Nothing came of a look at files, and why. Pictures that were chosen before stay chosen."""
        self.readiness.looking = False
        if self.readiness.dataset is None:
            self.data_card.show_error(message, advice)
            self.display.show_no_data()
        else:
            self.data_card.show_cancelled()
            self.display.banner.show_message(message, advice, "error")
        self._refresh_obstacle()

    @Slot()
    def show_dataset_cancelled(self) -> None:
        """The user called the look at the files off; what was there before stays."""
        self.readiness.looking = False
        self.data_card.show_cancelled()
        self._refresh_obstacle()
        if self.readiness.dataset is None:
            self.display.show_no_data()

    def set_recent_datasets(self, paths: Sequence[Path]) -> None:
        """For the browse menu, newest first."""
        self.data_card.set_recent(paths)

    # --- settings ---

    def set_families(
        self,
        families: Sequence[FamilyForm],
        data_settings_class: type[Settings],
        training_settings_class: type[Settings],
        first: str = "",
    ) -> None:
        """The engine is loaded; training can be configured, at first of the family of the name `first`."""
        self.settings.set_families(families, data_settings_class, training_settings_class, first)
        self._refresh_obstacle()

    @Slot(str, str)
    def show_engine_error(self, message: str, advice: str) -> None:
        """Nothing can be trained in this installation, and why."""
        self.readiness.engine_problem = message
        self.settings.show_engine_error()
        self.show_error(message, advice)
        self._refresh_obstacle()

    def set_start(self, start: StartView | None) -> None:
        """Begin the next training with the weights of another one."""
        self.controls.start_chip.show_start(start)

    # --- training ---

    @Slot(object)
    def show_event(self, event: TrainEvent) -> None:
        """Show what a trainer reports."""
        self.course.show_event(event)

    def show_warning(self, message: str, advice: str = "") -> None:
        """Something that the user should know and that stops nothing."""
        self.display.banner.show_message(message, advice, "warning")

    @Slot(str, str)
    def show_error(self, message: str, advice: str = "", details: str = "") -> None:
        """Something asked for did not work; the training, if any, goes on."""
        self.display.banner.show_message(message, advice, "error", details)

    def take_back(self, message: str) -> None:
        """What was said no longer holds; anything else that was said since stays."""
        if self.display.banner.message() == message:
            self.display.banner.dismiss()

    # --- building ---

    def _build_layout(self) -> None:
        self.controls = ControlColumn()
        self.display = Display()
        self.data_card, self.settings = self.controls.data_card, self.controls.settings
        self.run_bar = self.controls.run_bar
        self.status = self.display.status
        self.readiness = Readiness(self.controls, self.display.data_view)
        self.shown = RunOnShow(self.display, self.controls, self)
        self.course = Course(self.display, self.controls, self)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.columns.setObjectName("columns_splitter")
        self.columns.setChildrenCollapsible(False)
        self.columns.addWidget(self.controls)
        self.columns.addWidget(self.display)
        # A window that grows gives its room to the pictures
        self.columns.setStretchFactor(0, 0)
        self.columns.setStretchFactor(1, 1)
        self.columns.setSizes([NARROWEST, NARROWEST * 3])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.columns)

    def _connect_data_signals(self) -> None:
        self.data_card.dataset_chosen.connect(self.dataset_chosen)
        self.data_card.demo_requested.connect(self.demo_requested)
        self.data_card.second_chosen.connect(self.second_chosen)
        self.data_card.second_removed.connect(self.second_removed)
        self.data_card.domains_changed.connect(self._refresh_obstacle)
        self.data_card.dataset_cancelled.connect(self.dataset_cancelled)
        self.data_card.skipped_wanted.connect(self._show_skipped)
        self.display.data_view.choice.changed.connect(self._refresh_obstacle)
        self.display.empty_state.action_triggered.connect(self.demo_requested)
        self.display.empty_state.second_triggered.connect(self.example_requested)
        self.display.banner.action_triggered.connect(self._after_the_end)
        self.display.monitor_built.connect(self._connect_monitor)
        self.settings.changed.connect(self._refresh_obstacle)
        self.settings.family_changed.connect(self._ask_for_data)

    @Slot(object)
    def _connect_monitor(self, monitor: Monitor) -> None:
        monitor.grid_shown.connect(self.grid_shown)
        monitor.plot_export.wanted.connect(self.export_requested)

    def _connect_run_signals(self) -> None:
        self.course.state_changed.connect(self._refresh_obstacle)
        self.course.state_changed.connect(self.state_changed)
        bar = self.run_bar
        bar.train_requested.connect(self._train)
        bar.continue_requested.connect(self._continue)
        bar.stop_requested.connect(self._stop)
        bar.leave_requested.connect(self.leave_requested)
        bar.pause_requested.connect(self.pause_requested)
        bar.hand.step_requested.connect(self.step_requested)
        bar.hand.half_step_requested.connect(self._half_step)
        bar.hand.sample_requested.connect(self.sample_requested)
        bar.hand.checkpoint_requested.connect(self.checkpoint_requested)
        bar.hand.speed_changed.connect(self.speed_changed)
        bar.rates.rate_changed.connect(self.learning_rate_changed)

    # --- what the buttons do ---

    @Slot()
    def _train(self) -> None:
        request = self.readiness.request()
        if request is not None:
            self.course.prepare()
            self.train_requested.emit(request)

    @Slot()
    def _continue(self) -> None:
        if self.run is not None:
            self.course.prepare()
            self.continue_requested.emit(self.run)

    @Slot()
    def _stop(self) -> None:
        self.course.stop()
        self.stop_requested.emit()

    @Slot(str)
    def _after_the_end(self, action: str) -> None:
        """What is done next with the run on show."""
        if self.run is None:
            return
        if action == EXPLORE:
            self.explore_requested.emit(self.run)
        elif action == FOLDER:
            self.folder_requested.emit(self.run)
        elif action == LONGER and not self.state.active:
            self._continue()

    @Slot(str)
    def _half_step(self, network: str) -> None:
        self.status.show_passing(f"{network} alone was updated")
        self.half_step_requested.emit(network)

    @Slot()
    def _show_skipped(self) -> None:
        self.display.show_side(DATA)
        self.display.data_view.show_skipped()

    @Slot()
    def _ask_for_data(self) -> None:
        """Pictures, those of A and B, or points, as the chosen family takes them."""
        family = self.settings.chosen_family()
        if family is not None:
            self.data_card.ask_for_points(family.explanation, family.shapes)
            self.data_card.domains.ask(family.explanation if family.translates else "")
        self._refresh_obstacle()

    @Slot()
    def _refresh_obstacle(self) -> None:
        self.run_bar.set_obstacle(self.readiness.obstacle())
