"""Connects the training page with the sessions that look at pictures, train, and read runs."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from gan_studio.engine.config import DataSettings, TrainingSettings
from gan_studio.engine.events import Started, TerminalEvent, TrainEvent
from gan_studio.engine.run import RunFolder
from gan_studio.gui.pages.train.page import TrainPage
from gan_studio.gui.sessions.awake import AwakeSession
from gan_studio.gui.sessions.catalogue import CatalogueSession
from gan_studio.gui.sessions.dataset import DatasetSession
from gan_studio.gui.sessions.runs import RunsSession
from gan_studio.gui.sessions.training import TrainingSession
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.views import DatasetView, FamilyForm, ResumeRequest, RunView, TrainingRequest
from gan_studio.gui.wiring.data import DataWiring

if TYPE_CHECKING:
    from gan_studio.gui.pages.train.monitor import Monitor

FIRST_FAMILY = "dcgan"
"""Offered at the first start: it takes any pictures."""
LOOKING = "Looking at the pictures"
UNDER_WAY = "A training is under way."


class Purpose(Enum):
    """What a run is read for."""

    SHOW = auto()
    CONTINUE = auto()
    TRAIN_AGAIN = auto()
    FINE_TUNE = auto()
    COMPARE = auto()


class TrainingWiring(QObject):
    """Owns no widget. What concerns the whole window is told by signals."""

    page_wanted = Signal()
    """The training page has something to show that was asked for."""
    recent_changed = Signal()
    grids_found = Signal(Path, object)
    """Folder of a run that is to be shown, and its grids, paths by step."""
    opened = Signal(object)
    """RunView of the run that is on show now, so far as it lies on disk."""
    left = Signal()
    """Something else than that run is to be shown, or it is trained here."""
    comparing_changed = Signal(bool)
    """Whether a second run is on the plots."""
    ended = Signal(object)
    """The TerminalEvent of a training, after the pages have shown it."""

    def __init__(
        self,
        page: TrainPage,
        training: TrainingSession,
        settings: UserSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._settings = page, settings
        self._shown_run: Path | None = None
        """The run whose pictures are being looked at because it was opened; its training stays on show."""
        self._run_excluded: tuple[str, ...] | None = None
        """The pictures that the run whose pictures are being looked at was not trained on; None for no run's."""
        self._purposes: deque[Purpose] = deque()
        """Of the runs that are being read, in their order."""
        self.training = training
        self.catalogue, self.dataset, self.runs = CatalogueSession(self), DatasetSession(self), RunsSession(self)
        self.awake = AwakeSession(settings, self)
        self._connect_data()
        self._connect_buttons()
        self._connect_events()
        page.settings.recall_sections(self._section_unfolded)

    # --- what the window asks for ---

    @Slot()
    def load_engine(self) -> None:
        """Import torch in the background; the forms appear when it is there."""
        self.catalogue.load()

    def open_dataset(self, path: Path) -> None:
        """Look at a folder or zip of pictures."""
        if self._may_change("you choose other pictures"):
            self._shown_run = self._run_excluded = None
            self._look(path, self._second())

    @Slot(Path)
    def open_second(self, path: Path) -> None:
        """Look at the pictures that are there as A, together with these as B."""
        if self._page.dataset is not None and self._may_change("you choose other pictures"):
            self._shown_run = self._run_excluded = None
            self._look(self._page.dataset.source, path)

    @Slot()
    def remove_second(self) -> None:
        """Look at the first of a pair alone."""
        if self._page.dataset is not None and self._may_change("you choose other pictures"):
            self._shown_run = self._run_excluded = None
            self._look(self._page.dataset.source)

    @Slot()
    def open_demo(self) -> None:
        """Look at the demonstration pictures, which are drawn where they are not there yet."""
        if self._may_change("you choose other pictures"):
            self._shown_run = self._run_excluded = None
            self._look(None)

    def open_run(self, path: Path) -> bool:
        """Show a run from disk; False, with words on the page, while another one is being trained."""
        return self._read(path, Purpose.SHOW, "you open another run")

    def continue_run(self, path: Path) -> None:
        """Show a run and train on from its last checkpoint."""
        self._read(path, Purpose.CONTINUE, "you continue another run")

    def train_again(self, path: Path) -> None:
        """Fill the form with a run's settings, and look at its pictures."""
        self._read(path, Purpose.TRAIN_AGAIN, "you prepare another training")

    def fine_tune(self, path: Path) -> None:
        """The same for a training that begins with what the run has learned."""
        self._read(path, Purpose.FINE_TUNE, "you prepare another training")

    def compare(self, path: Path, other: Path) -> None:
        """Show a run, and lay another over its plots; of the two, one that is being trained stays on show."""
        pair = [path, other]
        if self.training.active and self.training.run_folder in pair:
            pair.remove(self.training.run_folder)
            self.page_wanted.emit()
        elif not self.open_run(pair.pop(0)):
            return
        self._purposes.append(Purpose.COMPARE)
        self.runs.open(pair[0])

    @Slot(int)
    def show_step(self, step: int) -> None:
        """Show the grid of a step beside the plots."""
        self.page_wanted.emit()
        self._page.shown.show_step(step)

    @Slot()
    def stop_comparing(self) -> None:
        self._page.shown.clear_comparison()
        self._tell_alone()

    @Slot()
    def _tell_alone(self) -> None:
        self.comparing_changed.emit(False)

    def move_run(self, before: Path, now: Path) -> None:
        """A run's folder has another name: what is on show follows."""
        on_show = self._page.run == before
        self._page.shown.move(before, now)
        if on_show:
            self.grids_found.emit(now, dict(RunFolder(now).sample_files()))

    def shutdown(self) -> None:
        """End every thread, at the latest after what it does at the moment."""
        for session in (self.training, self.dataset, self.runs, self.catalogue, self.awake):
            session.shutdown()

    # --- wiring ---

    def _connect_data(self) -> None:
        page, dataset = self._page, self.dataset
        page.demo_requested.connect(self.open_demo)
        page.second_chosen.connect(self.open_second)
        page.second_removed.connect(self.remove_second)
        page.dataset_cancelled.connect(dataset.cancel)
        dataset.progress.connect(page.show_dataset_progress)
        dataset.ready.connect(self._show_dataset)
        dataset.cancelled.connect(page.show_dataset_cancelled)
        dataset.failed.connect(page.show_dataset_error)
        self.data = DataWiring(page, dataset, self)
        self.catalogue.loaded.connect(self._show_families)
        self.catalogue.failed.connect(page.show_engine_error)

    def _connect_buttons(self) -> None:
        page, training = self._page, self.training
        page.train_requested.connect(self._train)
        page.train_requested.connect(self.left)
        page.continue_requested.connect(self.left)
        page.continue_requested.connect(self._continue)
        page.stop_requested.connect(training.stop)
        page.pause_requested.connect(training.pause)
        page.step_requested.connect(training.step_once)
        page.half_step_requested.connect(training.train_only)
        page.sample_requested.connect(training.sample_now)
        page.checkpoint_requested.connect(training.checkpoint_now)
        page.learning_rate_changed.connect(training.set_learning_rate)
        page.folder_requested.connect(self._open_folder)
        page.display.monitor_built.connect(self._connect_monitor)
        page.settings.section_folded.connect(self._remember_section)
        page.speed_changed.connect(training.set_pause_after_step)

    def _connect_events(self) -> None:
        self.training.reported.connect(self._show_event)
        self.training.reported.connect(self.awake.follow)
        self.runs.opened.connect(self._show_run)
        self.runs.completed.connect(self._page.shown.fill_history)
        self.runs.references.connect(self._show_references)
        self.runs.failed.connect(self._show_unreadable_run)

    @Slot(object)
    def _connect_monitor(self, monitor: Monitor) -> None:
        monitor.kinds.set_chosen(self._settings.grid_kinds)
        monitor.kinds.changed.connect(self._remember_kinds)
        monitor.plots.comparison_closed.connect(self._tell_alone)

    # --- reacting ---

    @Slot(object)
    def _show_families(self, families: list[FamilyForm]) -> None:
        wanted = (self._settings.family or FIRST_FAMILY) if self._page.run is None else ""  # else the run's own
        self._page.set_families(families, DataSettings, TrainingSettings, wanted)

    @Slot(object)
    def _show_dataset(self, view: DatasetView) -> None:
        if self._run_excluded is not None:
            view = replace(view, taken_out=self._run_excluded)
        self._page.show_dataset(view, in_front=self._shown_run is None)
        self._shown_run = self._run_excluded = None
        if not view.points:
            self._settings.add_recent_folder(view.source)
            self.recent_changed.emit()

    @Slot(object)
    def _train(self, request: TrainingRequest) -> None:
        self._settings.family = request.family
        self.training.start(request)

    @Slot(Path)
    def _continue(self, run: Path) -> None:
        """Go on with a run; a limit that it has reached already is lifted."""
        self.training.start(ResumeRequest(run, lift_reached_limits=True))

    @Slot(object)
    def _show_event(self, event: TrainEvent) -> None:
        if isinstance(event, TerminalEvent):
            self._page.take_back(UNDER_WAY)
        self._page.show_event(event)
        if isinstance(event, Started):
            self._remember_run(event.run)
        if isinstance(event, TerminalEvent):
            self.ended.emit(event)

    @Slot(Path)
    def _open_folder(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _section_unfolded(self, section: str, at_first: bool) -> bool:
        return self._settings.flag(f"unfolded/{section}", at_first)

    @Slot(str, bool)
    def _remember_section(self, section: str, unfolded: bool) -> None:
        self._settings.set_flag(f"unfolded/{section}", unfolded)

    @Slot(object)
    def _remember_kinds(self, kinds: tuple[str, ...]) -> None:
        self._settings.grid_kinds = kinds

    @Slot(object)
    def _show_run(self, run: RunView) -> None:
        purpose = self._purposes.popleft()
        if purpose is Purpose.COMPARE:
            self._page.shown.show_comparison(run.path, run.scalars)
            self.comparing_changed.emit(True)
            return
        if self.training.active:  # it was started while the run was being read
            return
        if purpose in (Purpose.TRAIN_AGAIN, Purpose.FINE_TUNE):
            self._fill_form(run, purpose is Purpose.FINE_TUNE)
            return
        self._show_history(run)
        if purpose is Purpose.CONTINUE:
            self._page.run_bar.resume_run.click()

    @Slot(str, str)
    def _show_unreadable_run(self, message: str, advice: str) -> None:
        self._purposes.popleft()
        self._page.show_error(message, advice)

    def _fill_form(self, run: RunView, fine_tuned: bool) -> None:
        """The settings and pictures of a run, so that Train does the same again, or goes on from there."""
        self._page.settings.show_run(replace(run, data=run.decided_data) if fine_tuned else run)
        self._page.set_start(run.start if fine_tuned else None)
        self._shown_run = None
        self._look_at_pictures_of(run, "Choose others, then press Train.")

    def _show_history(self, run: RunView) -> None:
        self.stop_comparing()
        self._page.set_start(None)
        self._page.shown.load_history(run.path, run.scalars, run.grids)
        self._page.settings.show_run(run)
        self.grids_found.emit(run.path, dict(run.grids))
        self._remember_run(run.path)
        self._shown_run = run.path
        self._look_at_pictures_of(run, "It can be looked at and explored; to continue it, put them back.")
        self.opened.emit(run)

    def _look_at_pictures_of(self, run: RunView, advice: str) -> None:
        gone = [source for source in (run.source, run.second) if source and not source.exists()]
        if run.points or not gone:
            self._run_excluded = run.excluded
            self._page.data_card.domains.wish(run.classes)
            self._look(run.source, run.second)
        else:
            self._shown_run = None
            if not run.trained_elsewhere:
                self._page.show_warning(f"The pictures of this run are no longer at {gone[0]}.", advice)

    def _read(self, path: Path, purpose: Purpose, what: str) -> bool:
        """False, with words on the page, while another run is being trained."""
        may = self._may_change(what)
        if may:
            self._purposes.append(purpose)
            self.runs.open(path, scalars=purpose in (Purpose.SHOW, Purpose.CONTINUE))
        return may

    @Slot(object, object)
    def _show_references(self, run: Path, values: Mapping[str, float]) -> None:
        if not self.training.active:  # it says its own
            self._page.shown.show_reference_lines(run, values)

    def _second(self) -> Path | None:
        """Pictures B that stay when others are chosen for A: those of a family that translates."""
        family, dataset = self._page.settings.chosen_family(), self._page.dataset
        return dataset.second if family and family.translates and dataset else None

    def _look(self, source: Path | None, second: Path | None = None) -> None:
        """None for the demonstration pictures. From now on, not from the first progress, others are not trained on."""
        self._page.show_dataset_progress(LOOKING, 0, 0)
        if source is None:
            self.dataset.open_demo()
        else:
            self.dataset.open(source, second)

    def _may_change(self, what: str) -> bool:
        self.page_wanted.emit()
        if self.training.active:
            self._page.show_error(UNDER_WAY, f"Stop it before {what}.")
        else:
            self.left.emit()
        return not self.training.active

    def _remember_run(self, path: Path) -> None:
        self._settings.add_recent_run(path)
        self.recent_changed.emit()
