"""The window as a user meets it: found by objectName, moved by clicks and keys, waited for by what it shows."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.gui.images import from_qimage
from gan_studio.gui.main_window import MainWindow
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.sessions.catalogue import NEEDED_BY_OPTIMIZERS
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.views import DatasetView

W = TypeVar("W", bound=QWidget)
WAIT = 90_000
SMALL = {
    "features": "2",
    "most_features": "4",
    "latent_size": "6",
    "batch_size": "4",
    "sample_steps": "20",
    "threads": "1",
}
"""What is typed into the form, so that a step takes milliseconds, also beside other programs."""


def write_pictures(folder: Path, count: int = 9, size: int = 16) -> Path:
    """A folder of small pictures, each in a colour of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    for number in range(count):
        pixels = np.full((size, size, 3), random.integers(0, 255, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"picture {number}.png")
    return folder


@cache
def _load_engine() -> None:
    """What the window imports behind itself, and waits for when it is closed: on a busy machine, for too long."""
    for module in ("gan_studio.engine.training", NEEDED_BY_OPTIMIZERS):
        importlib.import_module(module)


class Studio:
    """One window and the hands on it. Close it with `end`."""

    def __init__(
        self, qtbot: QtBot, settings: Path | None = None, resize: bool = True, window: MainWindow | None = None
    ) -> None:
        _load_engine()
        self._qtbot = qtbot
        self.window = window or MainWindow(UserSettings(settings))
        if resize:
            self.window.resize(1366, 768)
        self.window.show()
        self.wait(lambda: self.window.isVisible() and self.window.windowHandle().isExposed())
        self.wait(lambda: self.window.complete)

    def end(self) -> None:
        """Stop what trains and close, without the question."""
        if self.window.training.active:
            self.window.training.stop()
            self.wait(lambda: not self.window.training.active)
        self.window.close()
        self.window.deleteLater()

    # --- looking ---

    def find(self, name: str, kind: type[W] = QWidget) -> W:
        """The widget of that name; where pages have one each, the one in sight."""
        found = sorted(self.window.findChildren(kind, name), key=lambda widget: not widget.isVisible())
        assert found, f"there is no {name}"
        return found[0]

    def text(self, name: str) -> str:
        return self.find(name).text()  # type: ignore[attr-defined]

    @property
    def state(self) -> RunState:
        return self.window.train_page.state

    @property
    def dataset(self) -> DatasetView:
        assert self.window.train_page.dataset is not None
        return self.window.train_page.dataset

    def looked_at(self, folder: Path) -> bool:
        """Whether these pictures can be trained on."""
        page = self.window.train_page
        looking = self.find("dataset_progress").isVisible()
        return not looking and page.dataset is not None and page.dataset.source == folder

    @property
    def steps(self) -> list[int]:
        """Steps of which there is a sample grid."""
        return self.window.train_page.monitor.timeline.steps

    @property
    def cursors(self) -> set[float | None]:
        return {plot.cursor_step for plot in self.window.train_page.monitor.plots.plots}

    def grid(self) -> np.ndarray:
        """The sample grid on show, as it lies on disk."""
        pixmap = self.window.train_page.monitor.sample_view.samples.pixmap
        assert pixmap is not None
        return from_qimage(pixmap.toImage())

    def explored(self) -> np.ndarray:
        """The explorer's picture."""
        image = self.window.explorer_page.stage.canvas.image()
        assert image is not None
        return from_qimage(image)

    def settle(self) -> None:
        """Wait until the explorer shows what was asked for last."""
        explorer = self.window.explorer_page
        self.wait(lambda: explorer.stage.canvas.stamp() == explorer.navigation.stamp)

    def banner(self) -> tuple[str, str]:
        """Kind and message of the training page's banner; empty while it is hidden."""
        banner = self.window.train_page.display.banner
        return (banner.kind(), banner.message()) if not banner.isHidden() else ("", "")

    def page(self) -> int:
        return self.window.pages.currentIndex()

    # --- doing ---

    def wait(self, condition: Any) -> None:
        self._qtbot.waitUntil(condition, timeout=WAIT)

    def wait_for(self, state: RunState) -> None:
        self.wait(lambda: self.state is state)

    def click(self, name: str) -> None:
        widget = self.find(name)
        assert widget.isVisible(), f"{name} cannot be seen"
        assert widget.isEnabled(), f"{name} is greyed"
        self.click_inside(widget, widget.rect().center())

    def click_inside(self, widget: QWidget, place: QPoint) -> None:
        self._qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place)

    def press(self, key: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, as it goes to the widget with the focus."""
        self._qtbot.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def drag(self, widget: QWidget, start: QPoint, by: QPoint) -> None:
        """Press, move in a few steps, release."""
        self._qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
        for part in range(1, 5):
            self._qtbot.mouseMove(widget, start + by * part / 4)
        self._qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=start + by)

    def type(self, name: str, text: str) -> None:
        """Put `text` in the place of what stands in an editor, and press Enter."""
        widget = self.find(name)
        widget.setFocus()
        if isinstance(widget, QComboBox):
            self._qtbot.keyClicks(widget, text)
            return
        widget.selectAll()  # type: ignore[attr-defined]
        self._qtbot.keyClicks(widget, text)
        self._qtbot.keyClick(widget, Qt.Key.Key_Return)

    def drop(self, *paths: Path, on: QWidget | None = None) -> bool:
        """Drag files over a widget and let them fall; whether they were taken."""
        target, data = on or self.window, QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        where = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        enter = QDragEnterEvent(QPoint(5, 5), *where)
        enter.ignore()
        QApplication.sendEvent(target, enter)
        if enter.isAccepted():
            QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), *where))
        return enter.isAccepted()

    def answer_next_question(self, words: str) -> None:
        """Click the button with these words in the dialog that opens next."""
        QTimer.singleShot(0, self.window, lambda: self._answer(words))

    def _answer(self, words: str) -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        button = next(button for button in box.buttons() if words in button.text().replace("&", ""))
        self._qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    # --- whole parts of the path ---

    def choose_pictures(self, folder: Path) -> None:
        self.type("dataset_edit", str(folder))
        self.wait(lambda: self.looked_at(folder))

    def set_small(self, **more: str) -> None:
        """Small networks and frequent grids, set through the form."""
        self.wait(lambda: self.window.train_page.settings.ready)
        for fold in ("more_networks", "more_output", "more_machine"):
            if not self.find(fold, QAbstractButton).isChecked():
                self.find(fold, QAbstractButton).click()
        for name, value in {**SMALL, **more}.items():
            self.type(f"setting_{name}", value)

    def train(self, folder: Path, grids: int = 1, **settings: str) -> None:
        """From the folder to a training with so many grids; a short one may have ended by then."""
        self.choose_pictures(folder)
        self.set_small(**settings)
        self.click("train_button")
        self.wait(lambda: self.state is not RunState.PREPARING)
        self.wait(lambda: len(self.steps) >= grids)

    def stop(self) -> None:
        self.click("stop_button")
        self.wait_for(RunState.IDLE)

    @property
    def run(self) -> Path:
        run = self.window.training.run_folder
        assert run is not None
        return run
