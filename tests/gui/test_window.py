"""The window itself: keys, menus, sheets, scheme, closing, and what it remembers."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QMenu,
    QScrollArea,
    QToolButton,
)

from gan_studio.engine.events import Paused, Resumed
from gan_studio.engine.run import RunFolder
from gan_studio.gui import dialogs
from gan_studio.gui.late_pages import EXPLORER, TRAIN
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.theme import apply_theme, is_dark
from tests.gui.studio import Studio

CONTROL = Qt.KeyboardModifier.ControlModifier


def app() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def sequences(window):
    """Every key of the window with what it belongs to."""
    for action in window.findChildren(QAction):
        yield from ((keys.toString(), action.text()) for keys in action.shortcuts())
    for shortcut in window.findChildren(QShortcut):
        yield shortcut.key().toString(), shortcut.objectName()


def menu(studio: Studio, title: str) -> QMenu:
    actions = studio.window.menuBar().actions()
    found = next(action for action in actions if action.text().replace("&", "") == title).menu()
    assert isinstance(found, QMenu)
    return found


def entries(menu: QMenu) -> Iterator[QAction]:
    """Those of its submenus too."""
    for action in menu.actions():
        yield action
        below = action.menu()
        if isinstance(below, QMenu):
            yield from entries(below)


def entry(studio: Studio, title: str, name: str) -> QAction:
    return next(action for action in entries(menu(studio, title)) if action.objectName() == f"action_{name}")


# --- keys and menus ---


def test_no_key_means_two_things(studio):
    counted = Counter(keys for keys, _ in sequences(studio.window) if keys)
    assert {keys for keys, count in counted.items() if count > 1} == set()
    assert {"Ctrl+O", "Ctrl+S", "F5", "Esc", "F1", "Ctrl+Z", "Home", "Ctrl+1", "Ctrl+4", "F2", "Del"} <= counted.keys()


@pytest.mark.parametrize("page", range(4))
def test_no_menu_takes_the_letter_of_a_button(studio, page):
    studio.wait(lambda: studio.window.train_page.settings.ready)
    studio.window.rail.set_current(page)
    titles = [action.text() for action in studio.window.menuBar().actions()]
    menus = {QKeySequence.mnemonic(title).toString() for title in titles}
    assert len(menus) == len(titles) and "" not in menus
    buttons = [button for button in studio.window.findChildren(QAbstractButton) if button.isVisible()]
    counted = Counter(QKeySequence.mnemonic(button.text()).toString() for button in buttons if "&" in button.text())
    assert {letter for letter, count in counted.items() if count > 1} == set()
    labels = [label for label in studio.window.findChildren(QLabel) if label.isVisible() and label.buddy()]
    letters = {QKeySequence.mnemonic(thing.text()).toString(): thing.text() for thing in (*buttons, *labels)}
    assert {letter: text for letter, text in letters.items() if letter in menus} == {}


def test_f5_space_and_escape_steer_a_training(studio, pictures):
    studio.choose_pictures(pictures)
    studio.set_small()
    studio.press(Qt.Key.Key_F5)
    studio.wait_for(RunState.RUNNING)
    studio.press(Qt.Key.Key_Space)
    studio.wait_for(RunState.PAUSED)
    studio.press(Qt.Key.Key_Space)
    studio.wait(lambda: studio.state is RunState.RUNNING and len(studio.steps) > 1)
    studio.press("2", CONTROL)
    studio.press(Qt.Key.Key_Escape)
    studio.wait_for(RunState.IDLE)
    assert max(RunFolder.open(studio.run).state_files()) > 0


def test_f5_without_pictures_shows_what_is_missing(studio):
    studio.press("3", CONTROL)
    studio.press(Qt.Key.Key_F5)
    assert studio.page() == TRAIN and studio.find("train_obstacle").isVisible()
    assert studio.state is RunState.IDLE


def test_the_training_menu_offers_what_can_be_asked(studio, pictures):
    names = ("train", "pause", "stop", "sample", "checkpoint")

    def offered():
        return {name for name in names if entry(studio, "Training", name).isEnabled()}

    assert offered() == {"train"}
    studio.train(pictures, grids=2)
    assert offered() == {"pause", "stop", "sample", "checkpoint"}
    step = max(RunFolder.open(studio.run).state_files())
    entry(studio, "Training", "checkpoint").trigger()
    studio.wait(lambda: max(RunFolder.open(studio.run).state_files()) > step)
    entry(studio, "Training", "stop").trigger()
    assert "stop" not in offered()
    studio.wait_for(RunState.IDLE)
    assert offered() == {"train"}


def test_the_explorer_menu_is_greyed_until_there_is_a_picture(studio, generator):
    names = ("undo", "redo", "reset", "save_picture", "copy_picture")
    assert not any(entry(studio, "Explorer", name).isEnabled() for name in names)
    studio.window.open_path(generator)
    studio.wait(lambda: entry(studio, "Explorer", "save_picture").isEnabled())
    studio.click("randomize_button")
    studio.wait(lambda: entry(studio, "Explorer", "undo").isEnabled())
    entry(studio, "Explorer", "copy_picture").trigger()
    assert app().clipboard().image().size().width() == 16


@pytest.mark.parametrize("focus", ["nav_train", "seed_spin", "explorer_canvas"])
def test_one_ctrl_s_asks_once_wherever_the_focus_is(studio, generator, monkeypatch, tmp_path, focus):
    asked = []
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *_: (asked.append(1), ("", ""))[1])
    studio.window.open_path(generator)
    studio.wait(lambda: entry(studio, "Explorer", "save_picture").isEnabled())
    studio.find(focus).setFocus()
    studio.press(Qt.Key.Key_S, CONTROL)
    assert asked == [1]


def test_the_scheme_changes_at_once_and_is_kept(studio, home):
    for scheme, dark in (("dark", True), ("light", False)):
        entry(studio, "View", f"scheme_{scheme}").trigger()
        assert is_dark() is dark
        assert (studio.window.palette().window().color().lightness() < 128) is dark
        assert studio.window.settings.scheme == scheme


def test_no_setting_is_cut_off_after_a_change_of_scheme(studio):
    studio.wait(lambda: studio.window.train_page.settings.ready)
    area = studio.find("settings_scroll", QScrollArea)
    for scheme in ("dark", "light"):
        apply_theme(app(), scheme)
        studio.wait(lambda: area.widget().width() == area.viewport().width())
        assert area.widget().minimumSizeHint().width() <= area.viewport().width()


def test_no_setting_is_cut_off_however_much_is_unfolded(studio):
    studio.wait(lambda: studio.window.train_page.settings.ready)
    for fold in studio.window.train_page.settings.findChildren(QToolButton):
        if fold.objectName().startswith("more_"):
            fold.click()
    area = studio.find("settings_scroll", QScrollArea)
    studio.wait(lambda: area.verticalScrollBar().maximum() > 0)
    assert area.widget().minimumSizeHint().width() <= area.viewport().width()


# --- closing ---


def test_closing_while_training_can_be_called_off(studio, pictures):
    studio.train(pictures)
    studio.answer_next_question("Cancel")
    studio.window.close()
    assert studio.window.isVisible() and studio.state is RunState.RUNNING


def test_closing_while_training_can_leave_it_running_out_of_the_way(studio, pictures):
    studio.train(pictures)
    studio.answer_next_question("Keep running")
    studio.window.close()
    assert studio.window.isMinimized()
    steps = len(studio.steps)
    studio.wait(lambda: len(studio.steps) > steps)


def test_closing_while_training_can_stop_and_save(studio, pictures):
    studio.train(pictures, grids=2)
    studio.answer_next_question("Stop and save")
    studio.window.close()
    assert studio.window.isVisible(), "it waits for the checkpoint"
    assert studio.state is RunState.STOPPING
    studio.window.close()  # a second press asks nothing and breaks nothing off
    studio.wait(lambda: not studio.window.isVisible())
    run = RunFolder.open(studio.run)
    assert max(run.state_files()) == run.metrics()[-1]["step"]


def test_a_window_that_cannot_save_says_so_before_it_goes(studio, pictures, full_disk):
    studio.train(pictures, grids=2)
    full_disk()
    studio.answer_next_question("Stop and save")
    studio.window.close()
    studio.wait_for(RunState.IDLE)
    assert studio.window.isVisible()
    assert "No space left" in studio.banner()[1] and "could not be written" in studio.text("run_message")


def test_a_training_that_ends_while_the_question_stands_needs_no_waiting(studio, pictures, monkeypatch):
    studio.train(pictures)

    def answer(_window):
        studio.stop()
        return dialogs.Closing.STOP_AND_SAVE

    monkeypatch.setattr(dialogs, "ask_before_closing", answer)
    assert studio.window.close()


def test_a_window_closed_while_the_engine_loads_goes_quietly(qtbot):
    window = Studio(qtbot)
    window.end()
    assert not window.window.isVisible()


# --- what is remembered ---


def test_layout_scheme_and_folders_survive_a_restart(qtbot, studio, pictures, generator, tmp_path, monkeypatch):
    studio.choose_pictures(pictures)
    entry(studio, "View", "scheme_dark").trigger()
    studio.window.resize(studio.window.minimumSizeHint().width(), 700)  # as wide as the tests' screen allows
    monitor = studio.window.train_page.monitor
    studio.window.train_page.display.show_side(1)
    monitor.setSizes([300, 500])
    share = monitor.sizes()[0] / sum(monitor.sizes())
    save_into(studio, generator, tmp_path / "kept here" / "a.png", monkeypatch)
    studio.window.close()
    again = Studio(qtbot, resize=False)
    try:
        # The tests' screen is narrower than the narrowest window, whose width depends on what it shows
        assert again.window.height() == studio.window.height() == 700
        assert again.page() == EXPLORER
        again.window.rail.set_current(TRAIN)
        again.window.train_page.display.show_side(1)
        sizes = again.window.train_page.monitor.sizes
        again.wait(lambda: sizes()[0] / sum(sizes()) == pytest.approx(share, abs=0.03))
        assert entry(again, "View", "scheme_dark").isChecked()
        assert again.window.explorer.suggest_path("b").parent == tmp_path / "kept here"
        recent = [action.toolTip() for action in again.window.actions_.recent_menu.actions() if action.toolTip()]
        assert str(pictures) in recent and str(generator) in recent
    finally:
        again.end()


def save_into(studio: Studio, generator: Path, path: Path, monkeypatch) -> None:
    path.parent.mkdir()
    studio.window.open_path(generator)
    studio.wait(lambda: entry(studio, "Explorer", "save_picture").isEnabled())
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *_: (str(path), ""))
    studio.press(Qt.Key.Key_S, CONTROL)
    studio.wait(path.exists)


def test_settings_of_another_version_do_not_keep_the_window_from_opening(qtbot, tmp_path):
    path = tmp_path / "settings.ini"
    path.write_text("[window]\ngeometry=@ByteArray(nonsense)\n[splitters]\nmonitor=7\n[look]\nscheme=plaid\n")
    studio = Studio(qtbot, path)
    assert studio.window.isVisible() and UserSettings(path).scheme == "system"
    studio.end()


def test_a_page_chosen_by_key_stays_while_a_training_reports(studio, pictures):
    studio.train(pictures)
    studio.press("3", CONTROL)
    for event in (Paused(1), Resumed(1)):
        studio.window.training.reported.emit(event)
    assert studio.page() == EXPLORER


def test_the_first_window_shows_train_on_a_small_screen(qtbot, tmp_path):
    first = Studio(qtbot, tmp_path / "settings.ini", resize=False)
    try:
        assert first.window.height() < first.window.screen().availableGeometry().height()
        train = first.find("train_button")
        assert train.mapTo(first.window, train.rect().bottomRight()).y() < first.window.height()
    finally:
        first.end()
