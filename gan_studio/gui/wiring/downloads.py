"""Connects "Get a data set" with the jobs that fetch, and opens what has come."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from gan_studio.gui.pages.train.get_data_dialog import GetDataDialog
from gan_studio.gui.sessions.downloads import fetching, offers
from gan_studio.gui.sessions.jobs import JobsSession
from gan_studio.gui.sessions.training import TrainingSession
from gan_studio.gui.views.dataset import DownloadOffer
from gan_studio.gui.views.jobs import JobResult


class DownloadsWiring(QObject):
    """Shows the dialog over a window. What is under way already is not fetched twice."""

    arrived = Signal(Path)
    """A data set that shall be opened now."""

    def __init__(self, window: QWidget, downloads: JobsSession, training: TrainingSession) -> None:
        super().__init__(window)
        self._window, self._downloads, self._training = window, downloads, training
        self._under_way: dict[int, str] = {}
        downloads.finished.connect(self._finish)
        downloads.cancelled.connect(self._forget)
        downloads.failed.connect(self._forget)

    @Slot()
    def ask(self) -> None:
        """Let the user choose a set."""
        dialog = GetDataDialog(offers(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.wanted.connect(self._get)
        dialog.open()

    @Slot(object)
    def _get(self, offer: DownloadOffer) -> None:
        if offer.there:
            self.arrived.emit(offer.path)
        elif offer.name not in self._under_way.values():
            self._under_way[self._downloads.start(f"Getting {offer.title}", fetching(offer.name))] = offer.name

    @Slot(int, object)
    def _finish(self, number: int, result: JobResult) -> None:
        """Open it, unless a training is under way: that keeps its pictures, and the set is in the list by now."""
        mine = self._under_way.pop(number, None) is not None
        if mine and result.path is not None and not self._training.active:
            self.arrived.emit(result.path)

    @Slot(int)
    def _forget(self, number: int) -> None:
        self._under_way.pop(number, None)
