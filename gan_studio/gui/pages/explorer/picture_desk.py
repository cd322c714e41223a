"""Takes pictures of the user's for models that make something of them: dropped, opened or pasted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QObject, Signal, Slot
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from gan_studio.gui.images import from_qimage
from gan_studio.gui.pages.explorer.stage import Stage
from gan_studio.gui.views import Picture, Viewpoint
from gan_studio.gui.views.explorer import PictureBegun, PictureRequest
from gan_studio.gui.widgets.drop_zone import local_paths

ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
_FILTER = f"Pictures ({' '.join('*' + ending for ending in ENDINGS)});;All files (*)"


class PictureDesk(QObject):
    """Owns no widget: it stands between the stage and the page.

    Args:
        next_stamp: a number for a request, larger than all before.
        others: the model's other controls as they stand.
    """

    wanted = Signal(object)
    """PictureRequest."""
    cancel_requested = Signal()
    failed = Signal(str, str)
    """Message and advice."""

    def __init__(
        self, stage: Stage, next_stamp: Callable[[], int], others: Callable[[], Mapping[str, Any]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._stage, self._next_stamp, self._others = stage, next_stamp, others
        self._picture: Picture | None = None
        self.name = ""
        """Of the picture that was given last; empty before one was."""
        self._has_given = self._busy = False
        bar = stage.pictures
        bar.open_requested.connect(self.ask_for_picture)
        bar.paste_requested.connect(self.paste)
        bar.cancel_requested.connect(self.cancel_requested)
        bar.before_wanted.connect(self._compare)
        stage.picture_empty.action_triggered.connect(self.ask_for_picture)
        stage.installEventFilter(self)

    @property
    def is_open(self) -> bool:
        """Whether the model on show takes pictures."""
        return self._stage.acceptDrops()

    def show_model(self, takes_pictures: bool, viewpoint: Viewpoint | None) -> None:
        """A model was opened. One that takes pictures is given the same picture again, if there is one."""
        self._stage.set_taking_pictures(takes_pictures)
        self._stage.setAcceptDrops(takes_pictures)
        if not takes_pictures:
            return
        if viewpoint is not None and viewpoint.made_from:
            self._stage.say(f"Made from “{viewpoint.made_from}”: give that picture to make it again.")
        if self._has_given and not self._busy:
            self.again()

    def again(self) -> None:
        """The same picture, under the controls as they stand now."""
        if self._has_given:
            self._ask(None, None)

    @Slot()
    def ask_for_picture(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self._stage.window(), "Open a picture", "", _FILTER)
        if chosen:
            self._ask(Path(chosen), None)

    @Slot()
    def paste(self) -> None:
        """The picture, or the file, on the clipboard."""
        if self.is_open and not self._take(QGuiApplication.clipboard().mimeData()):
            self.failed.emit("There is no picture on the clipboard.", "Copy one first, or open a file.")

    @Slot(object)
    def begin(self, begun: PictureBegun) -> None:
        self.name, self._busy = begun.name, True
        self._stage.pictures.begin(begun)

    @Slot(int, int)
    def progress(self, done: int, total: int) -> None:
        self._stage.pictures.progress(done, total)

    @Slot()
    def end(self) -> None:
        self._busy = False
        self._stage.pictures.end()

    def show_picture(self, picture: Picture) -> None:
        """Remember what to compare it with."""
        self._picture = picture
        self._stage.pictures.set_comparable(picture.before is not None)

    @Slot(bool)
    def _compare(self, before: bool) -> None:
        picture = self._picture
        if picture is not None and picture.before is not None:
            self._stage.canvas.set_picture(picture.stamp, picture.before if before else picture.pixels)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.is_open and isinstance(event, QDropEvent):
            drops, data = event.type() == QEvent.Type.Drop, event.mimeData()
            if self._take(data) if drops else _holds_picture(data):
                event.acceptProposedAction()
                return True
        return super().eventFilter(watched, event)

    def _take(self, data: QMimeData) -> bool:
        path = next((path for path in local_paths(data) if _is_picture(path)), None)
        if path is not None:
            self._ask(path, None)
            return True
        image = data.imageData() if data.hasImage() else None
        if isinstance(image, QImage) and not image.isNull():
            self._ask(None, from_qimage(image))
            return True
        return False

    def _ask(self, source: Path | None, pixels: np.ndarray | None) -> None:
        self._has_given = True
        self.wanted.emit(PictureRequest(self._next_stamp(), source, pixels, dict(self._others())))


def _holds_picture(data: QMimeData) -> bool:
    return data.hasImage() or any(_is_picture(path) for path in local_paths(data))


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS
