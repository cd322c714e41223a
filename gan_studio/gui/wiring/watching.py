"""Connects the training page with the session that watches a run which another process or machine trains."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from gan_studio.engine.events import TerminalEvent, TrainEvent
from gan_studio.gui.pages.train.page import TrainPage
from gan_studio.gui.sessions.watching import WatchSession
from gan_studio.gui.wiring.training import TrainingWiring


class WatchWiring(QObject):
    """Owns no widget. The buttons ask whichever trainer there is: that of the window, or the one that is watched."""

    def __init__(
        self,
        page: TrainPage,
        watching: WatchSession,
        training: TrainingWiring,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._watching = page, watching
        training.opened.connect(watching.watch)
        training.left.connect(watching.leave)
        training.runs.references.connect(self._keep_references)
        self._connect_page()
        self._connect_session()

    def _connect_page(self) -> None:
        page, watching = self._page, self._watching
        page.pause_requested.connect(watching.pause)
        page.stop_requested.connect(watching.stop)
        page.sample_requested.connect(watching.sample_now)
        page.checkpoint_requested.connect(watching.checkpoint_now)
        page.leave_requested.connect(watching.leave)

    def _connect_session(self) -> None:
        watching = self._watching
        watching.reported.connect(self._show_event)
        watching.changed.connect(self._page.course.show_watch)
        watching.unanswered.connect(self._page.course.show_unanswered)
        watching.failed.connect(self._page.show_error)
        watching.left.connect(self._page.course.end_watching)

    @Slot(object)
    def _show_event(self, event: TrainEvent) -> None:
        if isinstance(event, TerminalEvent):
            self._page.run_bar.set_watching(False)
        self._page.show_event(event)

    @Slot(object, object)
    def _keep_references(self, run: Path, values: Mapping[str, float]) -> None:
        self._watching.set_references(run, values)
