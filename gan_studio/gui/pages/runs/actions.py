"""Everything that can be done with runs, as actions for buttons, context menu, menu bar and keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from gan_studio.gui.icons import icon
from gan_studio.gui.views import RunStanding, RunSummary


class RunActions(QObject):
    """Made and kept up to date here; what they do is wired by the page."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._comparing = False
        self._build_going_on()
        self._build_files()

    def _build_going_on(self) -> None:
        self.open = self._make("open_selected_run", "&Open", "", "chart-line-up", "Show it on the training page")
        self.explore = self._make("explore_run", "&Explore", "", "compass", "Wander through what it has learned")
        self.resume = self._make(
            "continue_run", "&Continue", "", "arrow-clockwise", "Train on from its last checkpoint"
        )
        self.again = self._make(
            "train_again", "&Train again like this…", "", "copy", "Fill the form with its settings, on its pictures"
        )
        self.fine_tune = self._make(
            "fine_tune", "&Fine-tune…", "", "git-branch", "Begin a new training with what this one has learned"
        )
        self.compare = self._make(
            "compare_runs", "Com&pare", "Ctrl+M", "arrows-left-right", "Show two runs on one set of plots"
        )
        self.evaluate = self._make(
            "evaluate_run", "E&valuate…", "", "ruler", "Measure its pictures beside real ones, by several measures"
        )
        self.stop_comparing = self._make("stop_comparing", "&Stop comparing", "", "x", "Show one run alone again")

    def _build_files(self) -> None:
        self.rename = self._make("rename_run", "Rena&me", "F2", "pencil-simple", "Give its folder another name")
        self.keep = self._make("keep_checkpoints", "&Keep checkpoints…", "", "stack", "How many of them stay on disk")
        self.folder = self._make("open_run_folder", "Show in fo&lder", "", "folder-open", "Show its files")
        self.trash = self._make("trash_run", "Move to t&rash", "Del", "trash", "Throw it away; that can be undone")
        self.show_trash = self._make("show_trash", "Show the tras&h…", "", "trash-simple", "Runs that were thrown away")

    def groups(self) -> Sequence[Sequence[QAction]]:
        """As they stand in menus, with lines between."""
        return (
            (self.open, self.explore, self.evaluate, self.resume),
            (self.again, self.fine_tune),
            (self.compare, self.stop_comparing),
            (self.rename, self.keep, self.folder),
            (self.trash, self.show_trash),
        )

    def all(self) -> list[QAction]:
        return [action for group in self.groups() for action in group]

    def set_comparing(self, comparing: bool) -> None:
        """Whether a second run is on the plots."""
        self._comparing = comparing
        self.stop_comparing.setEnabled(comparing)

    def follow(self, selected: Sequence[RunSummary]) -> None:
        """Offer what can be done with these. What another training forbids is refused in words instead."""
        one = selected[0] if len(selected) == 1 else None
        readable = one is not None and bool(one.family)
        modelled = readable and one is not None and bool(one.checkpoints)
        still = bool(selected) and not any(run.standing.being_written for run in selected)
        self.open.setEnabled(readable)
        for action in (self.explore, self.evaluate, self.fine_tune):
            action.setEnabled(modelled)
        self.resume.setEnabled(modelled and one is not None and one.standing is not RunStanding.TRAINING)
        self.again.setEnabled(readable)
        self.compare.setEnabled(len(selected) == 2 and all(run.family for run in selected))
        self.stop_comparing.setEnabled(self._comparing)
        self.rename.setEnabled(readable and still)
        self.keep.setEnabled(modelled)
        self.folder.setEnabled(one is not None)
        self.trash.setEnabled(still)

    def _make(self, name: str, text: str, keys: str, symbol: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setObjectName(f"action_{name}")
        action.setShortcut(QKeySequence(keys))
        # Only while the focus is on the page: Delete and F2 mean other things elsewhere
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setIcon(icon(symbol))
        action.setToolTip(tip)
        action.setStatusTip(tip)
        return action
