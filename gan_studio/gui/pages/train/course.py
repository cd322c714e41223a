"""The course of a training, from preparing to its end, as the training page shows it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

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
from gan_studio.gui.pages.train.control_column import ControlColumn
from gan_studio.gui.pages.train.display import TRAINING, Display
from gan_studio.gui.pages.train.endings import Ending, ending
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.pages.train.watched import unanswered, watch_line
from gan_studio.gui.quantities import memory, whole
from gan_studio.gui.views.watching import WatchView, Word


class Course(QObject):
    """Owns no widget: it shows in the display and the control column what a trainer reports, here or elsewhere."""

    state_changed = Signal(object)
    """A `RunState`."""

    def __init__(self, display: Display, controls: ControlColumn, parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._controls = display, controls
        self._bar, self._status = controls.run_bar, display.status
        self._began = False
        """Whether the training that was asked for last has come to its first step."""
        self._seconds = 0.0
        """How long the training on show has trained."""
        self._before_stopping = RunState.IDLE

    @property
    def state(self) -> RunState:
        return self._bar.state

    # --- what was asked for ---

    def prepare(self) -> None:
        """Train was pressed, or Continue."""
        self._began = False
        self._bar.hand.reset_speed()
        self._status.clear_progress()
        self._set_state(RunState.PREPARING)
        self._display.banner.dismiss()
        self._display.show_side(TRAINING)
        self._status.show_progress("Preparing…", 0, 0)
        # Not on a button: a Space or Enter too many must not stop what was just started.
        self._display.monitor.sample_view.setFocus()

    def stop(self) -> None:
        """Stop was pressed."""
        self._before_stopping = self.state
        self._set_state(RunState.STOPPING)
        self._status.show_message("Stopping; a checkpoint will be saved…")

    # --- what trainers report ---

    def show_event(self, event: TrainEvent) -> None:
        """Show what a trainer reports."""
        match event:
            case Preparing(what, done, total):
                self._set_state(RunState.PREPARING)
                self._status.show_progress(what, done, total)
            case Started():
                self._begin(event)
            case Report():
                self._seconds = event.seconds
                self._status.show_report(event)
                self._display.monitor.add_report(event)
            case GridSaved(step, path):
                self._display.monitor.add_grid(step, path)
            case CheckpointSaved(step, _, size_bytes, _):
                self._status.show_passing(f"Checkpoint of step {whole(step)} saved ({memory(size_bytes)})")
            case Paused(step):
                self._set_state(RunState.PAUSED)
                self._status.show_message(f"Paused at step {whole(step)}")
            case Resumed():
                self._set_state(RunState.RUNNING)
                self._status.show_message("Training")
            case LearningRateChanged(step, optimizer, rate):
                self._bar.rates.set_rate(optimizer, rate)
                self._status.show_passing(f"Learning rate of {optimizer} is {rate:g} from step {whole(step)}")
            case PlanChanged(plan=plan):
                run = self._display.monitor.run
                self._display.set_run_caption(f"{run.name} · {plan}" if run else plan)
            case Notice(message, advice):
                self._display.banner.show_message(message, advice, "warning")
            case SnapshotReady():
                pass  # the explorer's business
            case _:
                self._end(ending(event, self._began, self._seconds))

    @Slot(object)
    def show_watch(self, view: WatchView) -> None:
        """How it stands with a training of another process or machine."""
        self._bar.set_watching(True, view.asked)
        self._status.show_lasting(watch_line(view))

    @Slot(str, float)
    def show_unanswered(self, word: Word, seconds: float) -> None:
        """A trainer elsewhere was asked for something, and said nothing for so long."""
        self._display.banner.show_message(*unanswered(word, seconds), "warning")
        if word == "stop":
            self._change_state(self._before_stopping)

    @Slot()
    def end_watching(self) -> None:
        """The training elsewhere is over, or no longer looked at; its run stays on show."""
        self._bar.set_watching(False)
        if self.state.active:
            self._set_state(RunState.IDLE)
            self._offer_to_continue()
            self._status.show_message("Watched until here")

    # --- what that changes ---

    def _begin(self, started: Started) -> None:
        self._began = True
        self._controls.start_chip.show_start(None)
        self._display.monitor.begin(started)
        self._bar.set_phase_networks(started.phase_networks)
        self._bar.rates.set_rates(started.learning_rates, started.initial_rates)
        self._set_state(RunState.RUNNING)
        self._status.clear_facts()
        self._status.show_message("Training")
        if started.remarks:
            self._status.show_passing(" ".join(started.remarks))
        self._display.set_run_caption(f"{started.run.name} · {started.plan}")
        self._display.show_side(TRAINING)

    def _end(self, end: Ending) -> None:
        self._display.monitor.show_coming()
        self._set_state(RunState.IDLE)
        self._offer_to_continue()
        self._status.show_message(end.status)
        banner = self._display.banner
        # What went wrong meanwhile and was not put away yet matters more than that all went well in the end
        if end.message and (end.kind == "error" or banner.isHidden() or banner.kind() in ("info", "success")):
            banner.show_message(end.message, end.advice, end.kind, end.details, end.actions)

    def _offer_to_continue(self) -> None:
        run = self._display.monitor.run
        self._bar.set_continuable(run.name if run else "")

    def _set_state(self, state: RunState) -> None:
        """A trainer's report that crossed a press of Stop on its way does not take the press back."""
        if self.state is RunState.STOPPING and state is not RunState.IDLE:
            return
        if state is not self.state:
            self._change_state(state)

    def _change_state(self, state: RunState) -> None:
        self._bar.set_state(state)
        self._display.monitor.sample_view.set_waiting(state.active)
        self._controls.data_card.set_locked(state.active)
        self._controls.settings.set_locked(state.active)
        self._display.data_view.set_training(state.active)
        self.state_changed.emit(state)
