"""What happens round a training while somebody does something else: title, sleep, notices, and the first minute."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QToolButton, QWidget

from gan_studio.engine import training
from gan_studio.engine.data import demo
from gan_studio.engine.events import Failed, Finished, Paused, Preparing, Report, Resumed, Started, Stopped
from gan_studio.engine.run import RunFolder
from gan_studio.gui import end_notice, window_title
from gan_studio.gui.end_notice import EndNotice
from gan_studio.gui.late_pages import EXPLORER, TRAIN
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.sessions.awake import AwakeSession
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.window_title import WindowTitle
from tests.gui.studio import Studio

RUN = Path("runs") / "flags dcgan 64 2026-11-21 14.05"
STARTED = Started(RUN, 0, None, 8, 10, {}, {}, ("D", "G"), "CPU")


def report(step: int, progress: float | None = None) -> Report:
    return Report(step, step * 8, 1.0, {}, 100.0, None, 2**20, progress)


# --- the title ---


@pytest.fixture
def title(qtbot, monkeypatch):
    monkeypatch.setattr(window_title, "_PACE_SECONDS", 0.0)
    window = QWidget()
    qtbot.addWidget(window)
    return window, WindowTitle(window)


def test_the_title_tells_a_training_from_its_beginning_to_its_end(title):
    window, follower = title
    said = [window.windowTitle()]
    for event in (
        Preparing("Decoding", 1, 2),
        STARTED,
        report(1240),
        report(1241, 0.429),
        Paused(1250),
        Resumed(1250),
        Stopped(1250, RUN),
    ):
        follower.follow(event)
        said.append(window.windowTitle())
    assert said == [
        "GAN Studio",
        "Preparing – GAN Studio",
        "Training – flags dcgan 64 – GAN Studio",
        "1,240 steps – flags dcgan 64 – GAN Studio",
        "42 %, 1,241 steps – flags dcgan 64 – GAN Studio",
        "Paused at 1,250 – flags dcgan 64 – GAN Studio",
        "1,250 steps – flags dcgan 64 – GAN Studio",
        "GAN Studio",
    ]


def test_the_title_changes_no_faster_than_it_can_be_read(title, monkeypatch):
    window, follower = title
    monkeypatch.setattr(window_title, "_PACE_SECONDS", 3600.0)
    follower.follow(STARTED)
    follower.follow(report(7))
    assert window.windowTitle() == "Training – flags dcgan 64 – GAN Studio"


# --- sleep ---


class Mode:
    """What `wakepy` gives, with a system behind it that does as it is told."""

    def __init__(self, log: list[str], works: bool = True) -> None:
        self._log, self.active = log, works

    def __enter__(self) -> Mode:
        self._log.append("held" if self.active else "tried")
        return self

    def __exit__(self, *error: object) -> None:
        self._log.append("let go")


@pytest.fixture
def system(monkeypatch):
    """What is asked of the system; set `works` to False for one that offers nothing."""
    log: list[str] = []
    state = {"works": True}
    monkeypatch.setattr("wakepy.modes.keep.running", lambda **_: Mode(log, state["works"]))
    return log, state


@pytest.fixture
def awake(qtbot, system, tmp_path):
    session = AwakeSession(UserSettings(tmp_path / "awake.ini"))
    yield session
    session.shutdown()


def follow(qtbot, session, *events):
    """Each of these events is expected to be told to the system."""
    for event in events:
        with qtbot.waitSignal(session.told):
            session.follow(event)


def test_sleep_is_held_off_from_the_preparation_to_the_end_and_not_in_a_pause(qtbot, awake, system):
    log, _ = system
    follow(qtbot, awake, Preparing("Decoding"))
    awake.follow(STARTED)
    awake.follow(report(5))
    follow(qtbot, awake, Paused(5), Resumed(5), Failed("Out of memory."))
    assert log == ["held", "let go", "held", "let go"]


def test_sleep_is_let_come_when_the_window_goes(qtbot, awake, system):
    follow(qtbot, awake, STARTED)
    awake.shutdown()
    assert system[0] == ["held", "let go"]


def test_who_wants_the_computer_to_sleep_lets_it(awake, system):
    awake._settings.keep_awake = False
    awake.follow(STARTED)
    awake.shutdown()
    assert system[0] == []


def test_a_system_that_cannot_be_kept_awake_costs_a_line_in_the_log(qtbot, awake, system, caplog):
    system[1]["works"] = False
    with caplog.at_level(logging.INFO, "gan_studio"):
        follow(qtbot, awake, STARTED, Finished(5, RUN))
    assert caplog.messages == ["This system offers no way to hold off sleep while training."]


def test_a_system_that_breaks_off_costs_a_line_in_the_log(qtbot, awake, monkeypatch, caplog):
    def broken(**_: Any) -> None:
        raise OSError("the bus is gone")

    monkeypatch.setattr("wakepy.modes.keep.running", broken)
    with caplog.at_level(logging.INFO, "gan_studio"):
        follow(qtbot, awake, STARTED, Finished(5, RUN))
    assert caplog.messages == ["Sleep could not be held off: the bus is gone."]


# --- notices ---


class Tray(QObject):
    """A tray that remembers what was shown in it."""

    messageClicked = Signal()  # noqa: N815 - Qt's name
    activated = Signal(object)
    said: list[tuple[str, str]]
    Reason = QSystemTrayIcon.ActivationReason

    def __init__(self, symbol: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._symbol, self.visible = symbol, False

    @staticmethod
    def isSystemTrayAvailable() -> bool:  # noqa: N802 - Qt's name
        return True

    supportsMessages = isSystemTrayAvailable  # noqa: N815 - Qt's name

    def setToolTip(self, text: str) -> None:  # noqa: N802 - Qt's name
        pass

    def icon(self) -> Any:
        return self._symbol

    def show(self) -> None:
        self.visible = True

    def hide(self) -> None:
        self.visible = False

    def showMessage(self, title: str, text: str, *_: Any) -> None:  # noqa: N802 - Qt's name
        Tray.said.append((title, text))


@pytest.fixture
def notice(qtbot, monkeypatch, tmp_path):
    """A window that is not looked at, and the notices of its trainings."""
    Tray.said = []
    alerted: list[QWidget] = []
    monkeypatch.setattr(end_notice, "QSystemTrayIcon", Tray)
    monkeypatch.setattr(QApplication, "alert", lambda window: alerted.append(window))
    window = QWidget()
    qtbot.addWidget(window)
    made = EndNotice(window, UserSettings(tmp_path / "notice.ini"))
    made.follow(STARTED)
    return made, window, alerted


def test_an_end_is_told_where_the_window_is_not_looked_at(notice):
    made, window, alerted = notice
    made.follow(Finished(1240, RUN))
    made.follow(Failed("Out of memory."))
    assert alerted == [window, window]
    assert Tray.said == [
        ("Training finished", "flags dcgan 64: 1,240 steps"),
        ("Training ended early", "Out of memory."),
    ]


def test_a_stop_by_hand_is_no_news(notice):
    made, _, alerted = notice
    made.follow(Stopped(12, RUN))
    assert not alerted and not Tray.said


def test_who_wants_no_notices_gets_none(notice):
    made, _, alerted = notice
    made._settings.notice_when_done = False
    made.follow(Finished(12, RUN))
    assert not alerted and not Tray.said


def test_a_click_on_the_notice_brings_the_window_which_takes_the_icon_away(notice, qtbot):
    made, window, _ = notice
    window.showMinimized()
    made.follow(Finished(12, RUN))
    tray = made._tray
    assert isinstance(tray, Tray) and tray.visible
    tray.messageClicked.emit()
    qtbot.waitUntil(lambda: not window.isMinimized() and made._tray is None)


def test_who_looks_at_the_window_needs_no_notice(notice, qtbot):
    made, window, alerted = notice
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made.follow(Finished(12, RUN))
    assert not alerted and not Tray.said


# --- the first minute, and what comes after the end ---


def test_from_the_start_to_a_training_in_two_clicks(studio: Studio, monkeypatch):
    monkeypatch.setattr(demo, "draw_demo", partial(demo.draw_demo, count=40))
    monkeypatch.setattr(training, "fastest_plan", lambda plan, *_: plan)
    studio.click("empty_action")
    studio.wait(lambda: studio.find("train_button").isEnabled())
    studio.click("train_button")
    studio.wait(lambda: studio.state is RunState.RUNNING)
    assert studio.window.windowTitle().startswith("Training – Demonstration pictures dcgan")
    studio.stop()


def test_from_the_start_to_the_explorer_in_one_click(studio: Studio):
    studio.click("empty_second_action")
    assert studio.page() == EXPLORER
    studio.wait(lambda: studio.window.explorer_page.stage.canvas.image() is not None)


def test_after_the_end_a_run_is_explored_shown_and_trained_longer(studio: Studio, pictures, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    studio.train(pictures, steps="4")
    studio.wait_for(RunState.IDLE)
    assert studio.banner()[0] == "success" and studio.text("run_percent") == "100 %"
    studio.click("banner_folder")
    assert opened == [studio.run]
    studio.click("banner_explore")
    assert studio.page() == EXPLORER
    studio.wait(lambda: studio.window.explorer_page.stage.canvas.image() is not None)
    studio.click("nav_train")
    assert studio.page() == TRAIN
    studio.click("banner_longer")
    studio.wait(lambda: studio.state is RunState.RUNNING and studio.steps[-1] > 4)
    studio.stop()


def test_slow_motion_and_the_raw_grids_in_a_real_training(studio: Studio, pictures):
    studio.train(pictures, grids=2)
    studio.find("speed_combo").setFocus()
    studio.press(Qt.Key.Key_End)
    control = studio.window.training.control
    assert control is not None and control.seconds_between_steps == 3.0
    studio.click("raw_toggle")
    view = studio.window.train_page.monitor.sample_view
    assert view.raw.isVisible() and view.raw.pixmap is not None
    assert RunFolder(studio.run).raw_sample_file(studio.steps[-1]).exists()
    studio.stop()


def test_folded_sections_and_the_width_of_the_column_survive_a_restart(qtbot, studio: Studio):
    page = studio.window.train_page
    studio.wait(lambda: page.settings.ready)
    page.columns.setSizes([361, 900])
    folded = studio.find("group_pictures").findChild(QToolButton, "section_toggle")
    assert folded is not None
    studio.click_inside(folded, folded.rect().center())
    assert not page.settings.form("data").groups()["Pictures"]
    studio.window.close()
    again = Studio(qtbot)
    try:
        assert not again.window.train_page.settings.form("data").groups()["Pictures"]
        again.wait(lambda: again.window.train_page.controls.width() == 361)
    finally:
        again.end()


def test_grids_that_were_compared_are_compared_after_a_restart(qtbot, studio: Studio):
    studio.window.train_page.display.show_side(1)
    studio.click("reals_toggle")
    studio.window.close()
    again = Studio(qtbot)
    try:
        assert again.window.train_page.monitor.kinds.chosen() == ("averaged", "reals")
    finally:
        again.end()
