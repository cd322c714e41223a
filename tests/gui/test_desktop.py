"""What a desktop program owes its user: several files dropped, recent files, jobs at the end, its place kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QSplitter

from gan_studio.engine.errors import Cancelled
from gan_studio.gui.late_pages import EXPLORER
from gan_studio.gui.layout_memory import LayoutMemory, keep_on_screen
from gan_studio.gui.opening import chosen
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.views.jobs import JobResult
from tests.gui.studio import Studio, write_pictures


def action(studio: Studio, name: str) -> QAction:
    found = studio.window.findChild(QAction, f"action_{name}")
    assert isinstance(found, QAction)
    return found


# --- opening ---


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "a run"
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "checkpoints" / "step-00000010.pt").touch()
    return folder


def test_a_training_state_leads_to_its_run(run: Path, tmp_path: Path) -> None:
    assert chosen([run / "checkpoints" / "step-00000010.pt"]).path == run
    (tmp_path / "lonely.pt").touch()
    choice = chosen([tmp_path / "lonely.pt"])
    assert choice.path is None and "lonely.pt" in choice.message and choice.advice


def test_pictures_of_one_folder_mean_the_folder(tmp_path: Path) -> None:
    pictures = write_pictures(tmp_path / "cats")
    choice = chosen(sorted(pictures.iterdir())[:3])
    assert choice.path == pictures and "cats" in choice.message
    others = write_pictures(tmp_path / "dogs")
    assert chosen([*pictures.iterdir(), *others.iterdir()]).path is None


def test_of_several_things_a_run_is_opened_before_a_picture(run: Path, tmp_path: Path) -> None:
    pictures = write_pictures(tmp_path / "cats", count=1)
    choice = chosen([*pictures.iterdir(), pictures, run])
    assert choice.path == run and "3 things" in choice.message


def test_a_single_photo_is_answered_in_words(studio, tmp_path):
    studio.wait(lambda: studio.window.train_page.settings.ready)
    photo = tmp_path / "holiday.jpg"
    Image.new("RGB", (8, 8)).save(photo)
    studio.drop(photo)
    assert studio.window.notice.isVisible() and "holiday.jpg" in studio.window.notice.message()
    pictures = write_pictures(tmp_path / "cats")
    studio.drop(*pictures.iterdir())
    studio.wait(lambda: studio.window.train_page.dataset is not None and studio.dataset.source == pictures)
    assert "cats" in studio.window.notice.message()
    studio.drop(pictures)
    assert not studio.window.notice.isVisible()


def test_recent_files_that_are_gone_are_greyed_and_the_list_can_be_cleared(studio, tmp_path):
    gone = write_pictures(tmp_path / "gone")
    for path in (gone, write_pictures(tmp_path / "kept")):
        studio.window.settings.add_recent_folder(path)
    studio.window._refresh_recent()
    shutil.rmtree(gone)
    menu = studio.window.actions_.recent_menu
    menu.aboutToShow.emit()
    states = {entry.text(): (entry.isEnabled(), entry.toolTip()) for entry in menu.actions() if entry.data()}
    assert states["kept"][0] and not states["gone"][0] and "not there any more" in states["gone"][1]
    action(studio, "clear_recent").trigger()
    assert UserSettings().recent_folders == [] and not menu.isEnabled()


# --- closing ---


def start_job(studio: Studio, gate: Callable[..., None]) -> None:
    def work(_progress, cancelled) -> JobResult:
        gate(cancelled)
        if cancelled():
            raise Cancelled
        return JobResult("Done")

    studio.window.jobs.exports.start("Writing a film", work)


def test_closing_while_something_is_written_can_wait_for_it(studio, gate):
    start_job(studio, gate)
    studio.answer_next_question("Cancel")
    assert not studio.window.close()
    studio.answer_next_question("Finish")
    assert not studio.window.close()
    assert studio.window.isVisible() and studio.window.jobs.busy
    gate.open()
    studio.wait(lambda: not studio.window.isVisible())


def test_closing_while_something_is_written_can_call_it_off(studio, gate):
    start_job(studio, gate)
    studio.answer_next_question("Call off")
    assert studio.window.close()


def test_a_job_that_fails_keeps_the_window_that_waited_for_it(studio, gate):
    def fail(_progress, cancelled) -> JobResult:
        gate(cancelled)
        raise OSError("no space left")

    studio.window.jobs.exports.start("Writing a film", fail)
    studio.answer_next_question("Finish")
    studio.window.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gan_studio.gui.sessions.jobs.logger.exception", lambda *_: None)
        gate.open()
        studio.wait(lambda: not studio.window.jobs.busy)
    assert studio.window.isVisible() and "no space left" in studio.text("job_label")


# --- its place ---


def test_the_page_comes_back_at_the_next_start(qtbot, home):
    first = Studio(qtbot)
    first.window.rail.set_current(EXPLORER)
    first.end()
    second = Studio(qtbot)
    assert second.page() == EXPLORER
    second.window.settings.page = "no such page"
    second.end()


def test_full_screen_is_a_key_there_and_back(studio):
    full_screen = action(studio, "full_screen")
    full_screen.trigger()
    assert studio.window.isFullScreen() and full_screen.isChecked()
    full_screen.trigger()
    assert not studio.window.isFullScreen() and not full_screen.isChecked()


def test_the_layout_goes_back_to_that_of_the_first_start(studio):
    studio.window.train_page.display.show_side(1)
    monitor = studio.window.train_page.monitor
    first = monitor.sizes()
    monitor.setSizes([first[0] - 120, first[1] + 120])
    assert monitor.sizes() != first
    action(studio, "reset_layout").trigger()
    studio.window.resize(1366, 768)
    studio.wait(lambda: max(abs(a - b) for a, b in zip(monitor.sizes(), first, strict=True)) <= 2)


@pytest.mark.parametrize("place", [QRect(9000, 9000, 600, 400), QRect(-500, -300, 600, 400), QRect(0, 0, 9000, 9000)])
def test_a_window_is_never_off_the_screen(qtbot, place):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setGeometry(place)
    keep_on_screen(window)
    room = window.screen().availableGeometry()
    assert room.contains(window.frameGeometry())


def test_a_splitter_of_another_version_keeps_its_direction(qtbot, tmp_path):
    window, other = QMainWindow(), QSplitter(Qt.Orientation.Vertical)
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.setObjectName("panels")
    window.setCentralWidget(splitter)
    for made in (window, other):
        qtbot.addWidget(made)
    settings = UserSettings(tmp_path / "settings.ini")
    settings.set_splitter("panels", other.saveState())
    LayoutMemory(window, settings).restore()
    assert splitter.orientation() is Qt.Orientation.Horizontal


def test_every_splitter_that_can_be_moved_is_remembered(studio):
    """One without a name would come back as it was at the first start."""
    assert [splitter for splitter in studio.window.findChildren(QSplitter) if not splitter.objectName()] == []
