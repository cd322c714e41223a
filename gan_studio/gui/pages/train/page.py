"""The training page: from a folder of pictures to a training that is watched. Starts nothing itself: it asks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from gan_studio.engine.events import (
    CheckpointSaved,
    GridSaved,
    LearningRateChanged,
    Notice,
    Paused,
    PlanChanged,
    Preparing,
    Report,
    Resumed,
    SnapshotReady,
    Started,
    TrainEvent,
)
from gan_studio.engine.settings import Settings
from gan_studio.gui.pages.train.control_column import NARROWEST, ControlColumn
from gan_studio.gui.pages.train.display import DATA, TRAINING, Display
from gan_studio.gui.pages.train.endings import EXPLORE, FOLDER, LONGER, Ending, ending
from gan_studio.gui.pages.train.readiness import Readiness
from gan_studio.gui.pages.train.run_on_show import RunOnShow
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.pages.train.watched import unanswered, watch_line
from gan_studio.gui.quantities import memory, whole
from gan_studio.gui.views import DatasetView, FamilyForm, StartView
from gan_studio.gui.views.watching import WatchView, Word

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
        self._began = False
        """Whether the training that was asked for last has come to its first step."""
        self._seconds = 0.0
        """How long the training on show has trained."""
        self._before_stopping = RunState.IDLE
        self._build_layout()
        self._connect_data_signals()
        self._connect_run_signals()
        self._refresh_obstacle()

    @property
    def state(self) -> RunState:
        return self.run_bar.state

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
        match event:
            case Preparing(what, done, total):
                self._set_state(RunState.PREPARING)
                self.status.show_progress(what, done, total)
            case Started():
                self._begin(event)
            case Report():
                self._seconds = event.seconds
                self.status.show_report(event)
                self.monitor.add_report(event)
            case GridSaved(step, path):
                self.monitor.add_grid(step, path)
            case CheckpointSaved(step, _, size_bytes, _):
                self.status.show_passing(f"Checkpoint of step {whole(step)} saved ({memory(size_bytes)})")
            case Paused(step):
                self._set_state(RunState.PAUSED)
                self.status.show_message(f"Paused at step {whole(step)}")
            case Resumed():
                self._set_state(RunState.RUNNING)
                self.status.show_message("Training")
            case LearningRateChanged(step, optimizer, rate):
                self.run_bar.rates.set_rate(optimizer, rate)
                self.status.show_passing(f"Learning rate of {optimizer} is {rate:g} from step {whole(step)}")
            case PlanChanged(plan=plan):
                self.display.set_run_caption(f"{self.run.name} · {plan}" if self.run else plan)
            case Notice(message, advice):
                self.show_warning(message, advice)
            case SnapshotReady():
                pass  # the explorer's business
            case _:
                self._end(ending(event, self._began, self._seconds))

    @Slot(object)
    def show_watch(self, view: WatchView) -> None:
        """How it stands with a training of another process or machine."""
        self.run_bar.set_watching(True, view.asked)
        self.status.show_lasting(watch_line(view))

    @Slot(str, float)
    def show_unanswered(self, word: Word, seconds: float) -> None:
        """A trainer elsewhere was asked for something, and said nothing for so long."""
        self.show_warning(*unanswered(word, seconds))
        if word == "stop":
            self._change_state(self._before_stopping)

    def end_watching(self) -> None:
        """The training elsewhere is over, or no longer looked at; its run stays on show."""
        self.run_bar.set_watching(False)
        if self.state.active:
            self._set_state(RunState.IDLE)
            self.run_bar.set_continuable(self.run.name if self.run else "")
            self.status.show_message("Watched until here")
            self._refresh_obstacle()

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
            self._prepare()
            self.train_requested.emit(request)

    @Slot()
    def _continue(self) -> None:
        if self.run is not None:
            self._prepare()
            self.continue_requested.emit(self.run)

    @Slot()
    def _stop(self) -> None:
        self._before_stopping = self.state
        self._set_state(RunState.STOPPING)
        self.status.show_message("Stopping; a checkpoint will be saved…")
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

    def _prepare(self) -> None:
        self._began = False
        self.run_bar.hand.reset_speed()
        self.status.clear_progress()
        self._set_state(RunState.PREPARING)
        self.display.banner.dismiss()
        self.display.show_side(TRAINING)
        self.status.show_progress("Preparing…", 0, 0)
        # Not on a button: a Space or Enter too many must not stop what was just started.
        self.monitor.sample_view.setFocus()

    @Slot()
    def _show_skipped(self) -> None:
        self.display.show_side(DATA)
        self.display.data_view.show_skipped()

    # --- what events do ---

    def _begin(self, started: Started) -> None:
        self._began = True
        self.set_start(None)
        self.monitor.begin(started)
        self.run_bar.set_phase_networks(started.phase_networks)
        self.run_bar.rates.set_rates(started.learning_rates, started.initial_rates)
        self._set_state(RunState.RUNNING)
        self.status.clear_facts()
        self.status.show_message("Training")
        if started.remarks:
            self.status.show_passing(" ".join(started.remarks))
        self.display.set_run_caption(f"{started.run.name} · {started.plan}")
        self.display.show_side(TRAINING)

    def _end(self, end: Ending) -> None:
        self.monitor.show_coming()
        self._set_state(RunState.IDLE)
        self.run_bar.set_continuable(self.run.name if self.run else "")
        self.status.show_message(end.status)
        self._refresh_obstacle()
        banner = self.display.banner
        # What went wrong meanwhile and was not put away yet matters more than that all went well in the end
        if end.message and (end.kind == "error" or banner.isHidden() or banner.kind() in ("info", "success")):
            banner.show_message(end.message, end.advice, end.kind, end.details, end.actions)

    def _set_state(self, state: RunState) -> None:
        """A trainer's report that crossed a press of Stop on its way does not take the press back."""
        if self.state is RunState.STOPPING and state is not RunState.IDLE:
            return
        if state is not self.state:
            self._change_state(state)

    def _change_state(self, state: RunState) -> None:
        self.run_bar.set_state(state)
        self.monitor.sample_view.set_waiting(state.active)
        self.data_card.set_locked(state.active)
        self.settings.set_locked(state.active)
        self.display.data_view.set_training(state.active)
        self.state_changed.emit(state)

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
