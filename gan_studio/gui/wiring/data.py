"""Connects the Data side of the training page with the session that reads pictures."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from gan_studio.gui.pages.train.page import TrainPage
from gan_studio.gui.sessions.dataset import DatasetSession


class DataWiring(QObject):
    """Owns no widget."""

    def __init__(self, page: TrainPage, dataset: DatasetSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page, self._dataset = page, dataset
        view = page.display.data_view
        view.thumbnails_wanted.connect(dataset.wish)
        view.picture_wanted.connect(self._open_picture)
        view.choice_made.connect(dataset.remember)
        dataset.thumbnails.connect(view.add_thumbnails)
        dataset.picture_opened.connect(view.show_picture)
        dataset.picture_failed.connect(view.show_picture_problem)

    @Slot(int)
    def _open_picture(self, number: int) -> None:
        """Read a picture large, as the settings chosen now would have it."""
        self._dataset.open_picture(number, self._page.settings.values("data"))
