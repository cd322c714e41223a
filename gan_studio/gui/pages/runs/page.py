"""The runs page: the home of everything that was ever trained. Touches no file itself: it asks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QByteArray, QPoint, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gan_studio.gui.pages.runs.actions import RunActions
from gan_studio.gui.pages.runs.browser import RunsBrowser
from gan_studio.gui.pages.runs.details import DetailsPanel
from gan_studio.gui.pages.runs.keep_dialog import KeepDialog
from gan_studio.gui.pages.runs.model import RunsModel
from gan_studio.gui.pages.runs.trash_dialog import TrashDialog
from gan_studio.gui.pages.runs.words import disk_use, quoted
from gan_studio.gui.views import FamilyForm, RunDetails, RunSummary, TrashedRun, TrashView
from gan_studio.gui.widgets.empty_state import EmptyState

_NOTHING = (
    "Nothing trained yet",
    "Every training is kept here, with its pictures, its curves and its model. Choose some pictures and press Train.",
    "Choose pictures",
)
_LOOKING = ("Looking for runs…",)


class RunsPage(QWidget):
    """Shows what sessions report through its slots, and says what the user wants through its signals."""

    refresh_requested = Signal()
    """The page has come into sight."""
    details_requested = Signal(object)
    open_requested = Signal(object)
    explore_requested = Signal(object)
    evaluate_requested = Signal(object)
    continue_requested = Signal(object)
    again_requested = Signal(object)
    fine_tune_requested = Signal(object)
    compare_requested = Signal(object, object)
    """Paths of the run to be opened, and of the one to be laid over it."""
    stop_comparing_requested = Signal()
    rename_requested = Signal(object, str)
    keep_requested = Signal(object, int)
    trash_requested = Signal(object)
    """Paths of runs to be thrown away."""
    take_back_requested = Signal(object)
    """TrashedRuns to be put back."""
    delete_requested = Signal(object)
    """TrashedRuns to be deleted for good."""
    trash_list_requested = Signal()
    training_page_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._families: dict[str, FamilyForm] = {}
        self._thrown_away: list[TrashedRun] = []
        self._listed = False
        self._wanted: Path | None = None
        """The run to be chosen as soon as it is there."""
        self._trash: TrashDialog | None = None
        self.model = RunsModel(self)
        self.run_actions = RunActions(self)
        self.addActions(self.run_actions.all())
        self._build_middle()
        self._build_layout()
        self._connect_table()
        self._connect_actions()
        self._show_selection()

    # --- what the list session reports ---

    @Slot(object)
    def show_run(self, run: RunSummary) -> None:
        """A run that is new, or has changed."""
        self.model.put(run)
        if run.path == self._wanted:
            self._wanted = None
            self.table.select(run.path)
        shown = self.details.details
        if shown is not None and shown.summary.path == run.path and shown.summary != run:
            self.details_requested.emit(run.path)
        self._refresh_actions()

    @Slot(object)
    def show_listed(self, paths: Sequence[Path]) -> None:
        """These are all that there are."""
        self._listed = True
        self.model.keep_only(paths)
        if not self.table.selected():
            self.table.select_first()
        self._show_stack()

    @Slot(object, object)
    def show_thumbnail(self, path: Path, pixels: np.ndarray) -> None:
        self.model.set_thumbnail(path, pixels)

    @Slot(object, object)
    def show_size(self, path: Path, size_bytes: int) -> None:
        self.model.set_size(path, size_bytes)
        if self.details.details is not None and self.details.details.summary.path == path:
            self._show_details(self.details.details)
        self.browser.refresh()

    # --- what the files session reports ---

    @Slot(object)
    def show_details(self, details: RunDetails) -> None:
        """Passed over where another run is chosen by now."""
        if [run.path for run in self.table.selected()] == [details.summary.path]:
            self._show_details(details)

    @Slot(object)
    def look_again(self, file: Path) -> None:
        """Something in the run that is on show has changed: `file` lies in it."""
        shown = self.details.details
        if shown is not None and shown.summary.path in file.parents:
            self.details_requested.emit(shown.summary.path)

    def show_renamed(self, before: Path, run: RunSummary) -> None:
        self.model.move(before, run)
        self.details_requested.emit(run.path)

    @Slot(object)
    def show_thrown_away(self, runs: Sequence[TrashedRun]) -> None:
        """Offer to take it back."""
        sizes = [self.model.size_of(run.was) for run in runs]
        for run in runs:
            self.model.remove(run.was)
        if not self.table.selected():
            self.table.select_first()
        self._thrown_away = list(runs)
        known = sum(size for size in sizes if size is not None)
        size = f" ({disk_use(known)})" if known else ""
        self.undo_bar.offer(f"{quoted([run.was.name for run in runs])} moved to the trash{size}.")
        self._show_stack()
        self.table.setFocus()

    @Slot(object, object)
    def show_taken_back(self, run: TrashedRun, path: Path) -> None:
        self._thrown_away = [other for other in self._thrown_away if other != run]
        if not self._thrown_away:
            self.undo_bar.hide()
        self._wanted = path
        if self._trash is not None:
            self.trash_list_requested.emit()

    @Slot(object)
    def show_emptied(self, runs: Sequence[TrashedRun]) -> None:
        """What is gone for good can no longer be taken back."""
        self._thrown_away = [run for run in self._thrown_away if run not in runs]
        if not self._thrown_away:
            self.undo_bar.hide()
        if self._trash is not None:
            self.trash_list_requested.emit()

    @Slot(object, object)
    def show_kept(self, path: Path, freed_bytes: int) -> None:
        run = self.model.run(path)
        what = f"“{run.name if run else path.name}”"
        text = f"{disk_use(freed_bytes)} freed" if freed_bytes else "The number is kept"
        self.banner.show_message(f"{text} for {what}.", kind="info")

    @Slot(object)
    def show_trash(self, runs: Sequence[TrashView]) -> None:
        if self._trash is None:
            self._trash = TrashDialog(self)
            self._trash.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._trash.restore_requested.connect(self.take_back_requested)
            self._trash.delete_requested.connect(self.delete_requested)
            self._trash.finished.connect(self._forget_trash)
            self._trash.open()
        self._trash.show_trash(runs)

    @Slot(str, str)
    def show_error(self, message: str, advice: str = "") -> None:
        self.banner.show_message(message, advice, "error")

    # --- what the window says ---

    def set_families(self, families: Sequence[FamilyForm]) -> None:
        """The engine is loaded: families have titles and defaults."""
        self._families = {family.name: family for family in families}
        self.model.set_families(self._titles())
        if self.details.details is not None:
            self._show_details(self.details.details)

    def set_comparing(self, comparing: bool) -> None:
        self.run_actions.set_comparing(comparing)

    def layout_state(self) -> QByteArray:
        """Widths and order of the columns, and what is sorted by."""
        return self.table.layout_state()

    def restore_layout(self, state: QByteArray) -> None:
        self.table.restore_layout(state)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh_requested.emit()
        if self._listed and self.window().isActiveWindow():
            self.table.setFocus()

    # --- building ---

    def _build_middle(self) -> None:
        self.browser = RunsBrowser(self.model)
        self.table, self.banner, self.undo_bar = self.browser.table, self.browser.banner, self.browser.undo_bar
        self.details = DetailsPanel(self.run_actions)
        self.empty = EmptyState("clock-counter-clockwise", *_LOOKING)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setObjectName("runs_splitter")
        self.splitter.addWidget(self.browser)
        self.splitter.addWidget(self.details)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([940, 350])

    def _build_layout(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.splitter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _connect_table(self) -> None:
        self.table.selection_changed.connect(self._show_selection)
        self.table.open_requested.connect(self.run_actions.open.trigger)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.model.rename_wanted.connect(self.rename_requested)
        self.model.rowsInserted.connect(self._show_stack)
        self.model.rowsRemoved.connect(self._show_stack)
        self.empty.action_triggered.connect(self.training_page_requested)
        self.undo_bar.undo_requested.connect(self._undo)

    def _connect_actions(self) -> None:
        actions = self.run_actions
        for action, slot in (
            (actions.open, self._open),
            (actions.explore, self._explore),
            (actions.evaluate, self._evaluate),
            (actions.resume, self._continue),
            (actions.again, self._train_again),
            (actions.fine_tune, self._fine_tune),
            (actions.compare, self._compare),
            (actions.stop_comparing, self.stop_comparing_requested),
            (actions.rename, self.table.rename_selected),
            (actions.keep, self._ask_how_many),
            (actions.folder, self._open_folder),
            (actions.trash, self._throw_away),
            (actions.show_trash, self.trash_list_requested),
        ):
            action.triggered.connect(slot)
        self.browser.trash_wanted.connect(actions.show_trash.trigger)

    # --- what buttons and keys do ---

    def _only(self) -> RunSummary | None:
        selected = self.table.selected()
        return selected[0] if len(selected) == 1 else None

    def _ask_for(self, signal: object) -> None:
        run = self._only()
        if run is not None:
            self.banner.dismiss()
            signal.emit(run.path)  # type: ignore[attr-defined]

    @Slot()
    def _open(self) -> None:
        self._ask_for(self.open_requested)

    @Slot()
    def _explore(self) -> None:
        self._ask_for(self.explore_requested)

    @Slot()
    def _evaluate(self) -> None:
        self._ask_for(self.evaluate_requested)

    @Slot()
    def _continue(self) -> None:
        self._ask_for(self.continue_requested)

    @Slot()
    def _train_again(self) -> None:
        self._ask_for(self.again_requested)

    @Slot()
    def _fine_tune(self) -> None:
        self._ask_for(self.fine_tune_requested)

    @Slot()
    def _compare(self) -> None:
        selected = self.table.selected()
        if len(selected) == 2:
            self.compare_requested.emit(selected[0].path, selected[1].path)

    @Slot()
    def _open_folder(self) -> None:
        run = self._only()
        if run is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(run.path)))

    @Slot()
    def _throw_away(self) -> None:
        selected = self.table.selected()
        if selected:
            self.banner.dismiss()
            self.trash_requested.emit([run.path for run in selected])

    @Slot()
    def _undo(self) -> None:
        self.take_back_requested.emit(list(self._thrown_away))

    @Slot()
    def _ask_how_many(self) -> None:
        run, details = self._only(), self.details.details
        if run is None or details is None:
            return
        if run.standing.being_written:
            self.show_error(
                f"“{run.name}” is being trained.", "Stop its training before its checkpoints are thinned out."
            )
            return
        dialog = KeepDialog(run.path, run.name, run.keep_checkpoints, details.checkpoint_bytes, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.keep_requested)
        dialog.open()

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("runs_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for group in self.run_actions.groups():
            menu.addActions(list(group))
            menu.addSeparator()
        menu.popup(self.table.viewport().mapToGlobal(place))

    @Slot()
    def _forget_trash(self) -> None:
        self._trash = None

    # --- showing ---

    @Slot()
    def _show_selection(self) -> None:
        run = self._only()
        if run is None:
            self.details.show_several(len(self.table.selected()))
        else:
            self.details_requested.emit(run.path)
        self._refresh_actions()

    def _refresh_actions(self) -> None:
        self.run_actions.follow(self.table.selected())

    def _show_details(self, details: RunDetails) -> None:
        run = details.summary
        family = self._families.get(run.family)
        settings = family.settings_class if family else None
        self.details.show_run(details, self._titles(), settings, self.model.size_of(run.path))

    @Slot()
    def _show_stack(self) -> None:
        """The table, or an invitation where there is nothing."""
        if self.model.rowCount():
            self._stack.setCurrentWidget(self.splitter)
        elif self._listed:
            self.empty.set_content(*_NOTHING)
            self._stack.setCurrentWidget(self.empty if self.undo_bar.isHidden() else self.splitter)
        self.browser.refresh()

    def _titles(self) -> dict[str, str]:
        return {name: family.title for name, family in self._families.items()}
