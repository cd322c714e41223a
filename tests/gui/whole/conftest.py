"""The window in each of the states in which people meet it, and answers to every question it may ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMessageBox

from gan_studio.engine.request import TrainingRequest
from gan_studio.gui.sessions.training import TrainingSession
from tests.gui.studio import Studio, write_pictures

TINY_FAMILY = {"features": 2, "most_features": 4, "latent_size": 6}
TINY_TRAINING = {"sample_steps": 20, "threads": 1, "batch_size": 4}
STATES = ("empty", "data", "run", "training")


@pytest.fixture
def answers(monkeypatch, tmp_path) -> None:
    """Files are asked for and none is chosen; questions are cancelled; nothing leaves the program."""
    widgets, nothing = "PySide6.QtWidgets", ("", "")
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(f"{widgets}.QFileDialog.{name}", lambda *_, **__: nothing)
    monkeypatch.setattr(f"{widgets}.QFileDialog.getOpenFileNames", lambda *_, **__: ([], ""))
    monkeypatch.setattr(f"{widgets}.QFileDialog.getExistingDirectory", lambda *_, **__: "")
    for name in ("question", "information", "warning", "critical"):
        monkeypatch.setattr(f"{widgets}.QMessageBox.{name}", lambda *_, **__: QMessageBox.StandardButton.Cancel)
    monkeypatch.setattr(f"{widgets}.QMessageBox.exec", lambda *_: QMessageBox.StandardButton.Cancel)
    monkeypatch.setattr(f"{widgets}.QDialog.exec", lambda *_: 0)
    for name in ("getText", "getItem", "getInt", "getDouble", "getMultiLineText"):
        monkeypatch.setattr(f"{widgets}.QInputDialog.{name}", lambda *_, **__: ("", False))
    monkeypatch.setattr(f"{widgets}.QColorDialog.getColor", lambda *_, **__: QColor())
    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", lambda *_: True)


@pytest.fixture
def only_tiny(monkeypatch) -> None:
    """Whatever is asked for, small networks are trained: random typing asks for anything."""
    start = TrainingSession.start

    def start_tiny(session: TrainingSession, request: Any) -> None:
        small = tiny_request(request.source) if isinstance(request, TrainingRequest) else request
        start(session, small)

    monkeypatch.setattr(TrainingSession, "start", start_tiny)


def tiny_request(source: Path, **training: Any) -> TrainingRequest:
    return TrainingRequest(source, family_settings=TINY_FAMILY, training={**TINY_TRAINING, **training})


@pytest.fixture
def classed(tmp_path) -> Path:
    """Pictures in classes, and files that are skipped: what a real folder looks like."""
    folder = tmp_path / "a folder of pictures with quite a long name, as people give them"
    for name in ("cats", "dogs"):
        write_pictures(folder / name)
    (folder / "cats" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "notes.txt").write_text("no picture")
    Image.new("RGB", (40, 20)).save(folder / "dogs" / "wide.jpg")
    return folder


@pytest.fixture
def in_state(qtbot, classed) -> Iterator[Callable[[str], Studio]]:
    """Makes a window and puts it into a state: empty · data · run (trained, stopped, opened) · training."""
    studios: list[Studio] = []

    def make(state: str) -> Studio:
        studio = Studio(qtbot)
        studios.append(studio)
        studio.wait(lambda: studio.window.train_page.settings.ready)
        if state != "empty":
            studio.window.open_path(classed)
            studio.wait(lambda: studio.looked_at(classed))
        if state in ("run", "training"):
            train(studio, classed)
        if state == "run":
            open_trained(studio)
        return studio

    yield make
    for studio in studios:
        studio.end()


def train(studio: Studio, pictures: Path) -> None:
    """Until there are two grids."""
    studio.window.training.start(tiny_request(pictures))
    studio.wait(lambda: len(studio.steps) >= 2)


def open_trained(studio: Studio) -> None:
    """Stop, and open the run again: history, gallery and explorer are filled."""
    studio.window.training.stop()
    studio.wait(lambda: not studio.window.training.active)
    studio.window.open_path(studio.run)
    studio.wait(lambda: studio.window.explorer_page.stage.canvas.image() is not None)
    studio.wait(lambda: not studio.find("dataset_progress").isVisible())


def pages(studio: Studio) -> Iterator[str]:
    """Goes to each page in turn; its name."""
    for index in range(studio.window.pages.count()):
        studio.window.rail.set_current(index)
        studio.wait(lambda index=index: studio.page() == index)
        yield studio.window.rail.current_name()
