"""Whatever is done to a page while a training runs: no exception, no warning of Qt, nothing left behind."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.gui.studio import write_pictures
from tests.gui.whole.hands import Hands, forget_what_was_deleted

FEW, MANY = 150, 5000
FIRST_SEED = 20_26


@pytest.fixture
def things(tmp_path, generator, classed) -> list[Path]:
    """What is dropped: good and bad, of every kind that there is."""
    others = write_pictures(tmp_path / "others")
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in others.iterdir():
            archive.write(file, file.name)
    text = tmp_path / "notes.txt"
    text.write_text("no picture")
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(bytes(100))
    return [generator, others, packed, text, damaged, next(others.iterdir()), classed, tmp_path / "gone"]


def work(in_state, things: list[Path], page: int, events: int) -> None:
    studio = in_state("training")
    window = studio.window
    if page >= window.pages.count():
        pytest.skip("there is no such page")
    studio.window.open_path(things[0])
    studio.wait(lambda: window.explorer_page.stage.canvas.image() is not None)
    forget_what_was_deleted()
    windows = len(QApplication.topLevelWidgets())
    Hands(studio, page, things, FIRST_SEED + page).work(events)
    if not window.training.active and window.train_page.dataset is not None:
        window.rail.set_current(0)
        studio.wait(lambda: not studio.find("dataset_progress").isVisible())
    forget_what_was_deleted()
    assert window.isVisible()
    assert len(QApplication.topLevelWidgets()) <= windows + 10, "dialogs or menus are left behind"


@pytest.mark.usefixtures("answers", "only_tiny")
@pytest.mark.parametrize("page", range(4))
def test_a_page_stands_what_is_done_to_it(in_state, things, page):
    work(in_state, things, page, FEW)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("answers", "only_tiny")
@pytest.mark.parametrize("page", range(4))
def test_a_page_stands_thousands_of_events(in_state, things, page):
    work(in_state, things, page, MANY)
