"""The whole window, for tests that take the user's way."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.errors import RunError
from gan_studio.gui.theme import apply_theme
from tests.guards import destroy_what_is_to_go
from tests.gui.studio import WAIT, Studio, write_pictures

# As long as Studio waits: a loaded machine is no failure
for _wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed):
    cast(dict[str, Any], _wait.__kwdefaults__)["timeout"] = WAIT


@pytest.fixture(autouse=True)
def _plain_look(qapp: QApplication) -> Iterator[None]:
    """Every test finds the application in no style: in one, windows take three times as long to build."""
    font, palette = qapp.font(), qapp.palette()
    yield
    if qapp.styleSheet():
        destroy_what_is_to_go()
        apply_theme(qapp, "system")
        qapp.setStyleSheet("")
        qapp.setFont(font)
        qapp.setPalette(palette)


@pytest.fixture
def studio(qtbot) -> Iterator[Studio]:
    made = Studio(qtbot)
    yield made
    made.end()


@pytest.fixture
def pictures(tmp_path) -> Path:
    return write_pictures(tmp_path / "my pictures")


@pytest.fixture
def generator(tmp_path) -> Path:
    """A generator file that belongs to no run."""
    import torch

    from gan_studio.engine.checkpoint import flat_tensors, make_family, save_generator

    settings = {"latent_size": 6, "features": 2, "most_features": 4}
    config = RunConfig(family="dcgan", family_settings=settings, picture=PictureSpec(size=16))
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = make_family(config).build().networks["G"]
    path = tmp_path / "tiny.safetensors"
    save_generator(path, config, 5, flat_tensors({"G": network}))
    return path


@pytest.fixture
def full_disk(monkeypatch) -> Callable[[], None]:
    """Call it, and from then on no checkpoint can be written."""

    def refuse(path: Path, *_: object) -> None:
        raise RunError(f"Could not write {path}: No space left on device.", "Free some space.")

    return lambda: monkeypatch.setattr("gan_studio.engine.recorder.save_state", refuse)


class Gate:
    """Something long that goes on until it is let through or called off."""

    def __init__(self) -> None:
        self._open = threading.Event()

    def __call__(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        while not cancelled() and not self._open.wait(0.01):
            pass

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open()
