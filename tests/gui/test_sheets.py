"""Shortcuts, preferences, log, report, about and errors: what they show, and what follows from them."""

from __future__ import annotations

import json
import logging
import os
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from gan_studio import logs
from gan_studio.engine.config import TrainingSettings
from gan_studio.engine.folders import cache_folder, choose_folders, runs_folder
from gan_studio.gui.dialogs.about import AboutDialog
from gan_studio.gui.dialogs.error import ErrorDialog
from gan_studio.gui.dialogs.log_viewer import LogViewer
from gan_studio.gui.dialogs.preferences import PreferencesDialog
from gan_studio.gui.dialogs.report import ReportDialog
from gan_studio.gui.dialogs.shortcuts import ShortcutSheet
from gan_studio.gui.log_tail import BITE_BYTES, LogTail
from gan_studio.gui.sessions.report import without_home
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.theme import is_dark
from tests.gui.studio import Studio

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def usual_folders():
    yield
    choose_folders()


@pytest.fixture
def log(home):
    path = logs.start_logging()
    yield path
    logs.stop_logging()


def action(studio: Studio, name: str) -> QAction:
    found = studio.window.findChild(QAction, f"action_{name}")
    assert isinstance(found, QAction)
    return found


def sheet(studio: Studio, name: str, kind):
    action(studio, name).trigger()
    return next(found for found in studio.window.findChildren(kind) if found.isVisible())


def clipboard() -> str:
    return QApplication.clipboard().text()


# --- shortcuts ---


def said(sheet: QWidget) -> list[str]:
    return [label.text() for label in sheet.findChildren(QLabel) if label.isVisible()]


def test_f1_lists_every_key_of_every_menu_and_widget(studio):
    studio.press(Qt.Key.Key_F1)
    sheet = studio.find("shortcuts_dialog", ShortcutSheet)
    words = said(sheet)
    for text in ("F5", "Ctrl+S", "Space", "Home", "Ctrl+Shift+Z", "Save picture", "Ctrl+2", "F11", "← / →"):
        assert any(text in label for label in words), text
    keys = {keys.toString() for made in studio.window.findChildren(QAction) for keys in made.shortcuts()}
    assert keys - {"", *words} == set()
    sheet.reject()


def test_f1_finds_a_key_by_what_it_does(studio, qtbot):
    sheet = sheet_of_keys(studio)
    qtbot.keyClicks(sheet.search, "picture save")
    assert "Save picture" in said(sheet) and "Quit" not in said(sheet)
    sheet.search.clear()
    qtbot.keyClicks(sheet.search, "no such thing")
    assert "No shortcut goes by that name." in said(sheet)
    sheet.reject()


def sheet_of_keys(studio: Studio) -> ShortcutSheet:
    return sheet(studio, "shortcuts", ShortcutSheet)


def test_every_widget_of_ours_that_answers_to_keys_says_so(studio):
    silent = {
        type(widget).__name__
        for widget in studio.window.findChildren(QWidget)
        if type(widget).__module__.startswith("gan_studio")
        and "keyPressEvent" in vars(type(widget))
        and not getattr(widget, "key_help", ())
    }
    assert silent == set()


# --- preferences ---


@pytest.fixture
def preferences(studio):
    studio.wait(lambda: studio.window.train_page.settings.ready)
    made = sheet(studio, "preferences", PreferencesDialog)
    yield made
    for opened in studio.window.findChildren(PreferencesDialog):
        opened.reject()


def choose(sheet: QWidget, name: str, text: str) -> None:
    combo = sheet.findChild(QComboBox, name)
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(combo.findText(text))


def test_the_colours_change_at_once_and_the_menu_follows(studio, preferences):
    choose(preferences, "preference_scheme", "Dark")
    assert is_dark() and action(studio, "scheme_dark").isChecked()
    assert UserSettings().scheme == "dark"


def test_runs_go_where_the_preferences_say(studio, preferences, tmp_path, monkeypatch, qtbot):
    usual = runs_folder()
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *_: str(tmp_path / "elsewhere"))
    qtbot.mouseClick(preferences.runs.choose, LEFT)
    assert runs_folder() == tmp_path / "elsewhere" == UserSettings().runs_folder
    assert preferences.runs.path.text() == str(tmp_path / "elsewhere")
    qtbot.mouseClick(preferences.runs.usual, LEFT)
    assert runs_folder() == usual and not preferences.runs.usual.isVisible()


def test_pictures_are_saved_where_the_preferences_say(studio, preferences, tmp_path, monkeypatch, qtbot):
    studio.window.explorer.save_folder = tmp_path
    (tmp_path / "pictures").mkdir()
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *_: str(tmp_path / "pictures"))
    qtbot.mouseClick(preferences.pictures.choose, LEFT)
    assert studio.window.explorer.suggest_path("a").parent == tmp_path / "pictures"


def test_how_many_checkpoints_are_kept_is_what_a_new_training_starts_from(studio, preferences):
    preferences.keep.setValue(7)
    assert studio.window.train_page.settings.values("training")["keep_checkpoints"] == 7
    assert UserSettings().keep_checkpoints == 7


def test_the_next_start_suggests_what_was_chosen(qtbot):
    UserSettings().keep_checkpoints = 5
    studio = Studio(qtbot)
    studio.wait(lambda: studio.window.train_page.settings.ready)
    assert studio.window.train_page.settings.form("training").settings() == TrainingSettings(keep_checkpoints=5)
    studio.end()


def test_everything_goes_back_to_its_default(studio, preferences, qtbot):
    choose(preferences, "preference_scheme", "Dark")
    choose(preferences, "preference_scale", "150 %")
    preferences.keep.setValue(9)
    for box in (preferences.awake, preferences.notify):
        box.click()
    UserSettings().add_recent_folder(Path("/kept"))
    assert not UserSettings().keep_awake and preferences.scale_note.isVisible()
    qtbot.mouseClick(preferences.restore, LEFT)
    settings = UserSettings()
    assert (settings.scheme, settings.scale, settings.keep_checkpoints) == ("system", 100, 3)
    assert settings.keep_awake and settings.notice_when_done
    assert settings.recent_folders == [Path("/kept")]
    assert not is_dark() and preferences.awake.isChecked()


def test_the_cache_is_counted_and_emptied(studio, preferences, qtbot):
    studio.wait(lambda: preferences.cache_size.text() == "Nothing")
    (cache_folder() / "one set").mkdir(parents=True)
    (cache_folder() / "one set" / "pixels.bin").write_bytes(bytes(3 * 1024**2))
    (cache_folder() / "one set" / "index.json").touch()
    preferences.reject()
    again = sheet(studio, "preferences", PreferencesDialog)
    studio.wait(lambda: again.cache_size.text() == "3 MiB")
    qtbot.mouseClick(again.empty, LEFT)
    studio.wait(lambda: again.cache_size.text() == "Nothing")
    assert list(cache_folder().iterdir()) == []
    again.reject()


def test_the_interface_is_scaled_at_the_next_start(monkeypatch):
    from gan_studio.app import scale_interface

    monkeypatch.delenv("QT_SCALE_FACTOR", raising=False)
    scale_interface()
    assert "QT_SCALE_FACTOR" not in os.environ
    UserSettings().scale = 150
    scale_interface()
    assert os.environ.pop("QT_SCALE_FACTOR") == "1.5"


# --- log ---


def test_the_log_is_followed_and_filtered(studio, log, qtbot):
    logger = logging.getLogger("gan_studio.test")
    logger.info("first things first")
    viewer = sheet(studio, "log", LogViewer)
    assert "first things first" in viewer.text.toPlainText()
    logger.warning("mind the gap")
    studio.wait(lambda: "mind the gap" in viewer.text.toPlainText())
    viewer.level.setCurrentIndex(viewer.level.findData("warning"))
    assert "first things" not in viewer.text.toPlainText() and "mind the gap" in viewer.text.toPlainText()
    qtbot.mouseClick(viewer.copy, LEFT)
    assert "mind the gap" in clipboard()
    viewer.reject()


def test_the_log_can_be_searched(studio, log, qtbot):
    for number in range(3):
        logging.getLogger("gan_studio.test").info("needle %d in the hay", number)
    viewer = sheet(studio, "log", LogViewer)
    qtbot.keyClicks(viewer.search, "needle")
    found = [viewer.text.textCursor().block().text()]
    qtbot.keyClick(viewer.search, Qt.Key.Key_Return)
    found.append(viewer.text.textCursor().block().text())
    for _ in range(2):
        qtbot.mouseClick(viewer.after, LEFT)
        found.append(viewer.text.textCursor().block().text())
    assert [line.split(": ")[1] for line in found] == [f"needle {number} in the hay" for number in (2, 1, 2, 0)]
    assert viewer.isVisible(), "Enter goes to the next place and does not close the sheet"
    viewer.reject()


def test_the_log_of_the_run_on_show_can_be_read(studio, pictures, log):
    studio.train(pictures, grids=2)
    viewer = sheet(studio, "log", LogViewer)
    viewer.source.setCurrentIndex(1)
    assert viewer.where.text() == str(studio.run / "log.txt")
    assert viewer.text.toPlainText()
    viewer.reject()


def test_a_log_that_is_exchanged_is_read_anew_and_a_long_one_in_bites(tmp_path):
    path = tmp_path / "a.log"
    tail = LogTail(path)
    assert tail.read() == []
    path.write_text("2026-01-01 10:00:00,000 ERROR Main x: broken\nTraceback\nhalf")
    assert [(line.text[-6:], line.level) for line in tail.read()] == [("broken", "error"), ("ceback", "error")]
    with path.open("a") as file:
        file.write(" and half\n" + "x" * 99 + "\n" * (BITE_BYTES * 2))
    assert tail.read()[0].text == "half and half"
    assert len(tail.read()) <= BITE_BYTES
    path.write_text("2026-01-01 10:00:00,000 INFO Main x: new\n")
    assert [line.level for line in tail.read()] == ["info"]


# --- report ---


def test_a_report_shows_what_goes_in_and_is_written_beside_the_window(studio, pictures, log, tmp_path, monkeypatch):
    home_folder = tmp_path / "anna"
    monkeypatch.setattr(Path, "home", lambda: home_folder)
    logging.getLogger("gan_studio.test").info("looked at %s", home_folder / "holiday")
    UserSettings().add_recent_folder(Path("/volumes/anna's pictures"))
    studio.train(pictures, grids=1)
    studio.stop()
    dialog = sheet(studio, "report", ReportDialog)
    assert "GAN Studio" in dialog.text.toPlainText()
    dialog.run.click()
    listed = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    target = tmp_path / "report.zip"
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *_: (str(target), ""))
    dialog.save.click()
    studio.wait(lambda: not studio.window.jobs.busy)
    with zipfile.ZipFile(target) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert list(texts) == listed
    assert {"versions.txt", "settings.json", "log/gan-studio.log", "run/config.json", "run/log.txt"} <= texts.keys()
    assert "torch" in texts["versions.txt"]
    assert "looked at ~/holiday" in texts["log/gan-studio.log"]
    assert not any("anna" in text for text in texts.values())
    assert json.loads(texts["settings.json"])["recent/folders"].endswith("paths")


def test_a_report_without_a_run_offers_none(studio, log):
    dialog = sheet(studio, "report", ReportDialog)
    assert not dialog.run.isEnabled()
    dialog.reject()


def test_the_home_folder_is_written_as_a_tilde(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/Users/anna"))
    assert without_home('{"a": "/Users/anna/b"} /Users/anna') == '{"a": "~/b"} ~'


# --- about and errors ---


def test_about_says_which_versions_these_are_and_copies_them(studio, qtbot):
    dialog = sheet(studio, "about", AboutDialog)
    assert "GAN Studio 0" in studio.text("about_title")
    qtbot.mouseClick(dialog.copy, LEFT)
    assert "PySide6" in clipboard() and "Python: 3" in clipboard()
    dialog.reject()


def test_an_error_can_be_unfolded_copied_and_reported(qtbot: QtBot, show_error):
    dialog = show_error("It broke.", "Try again.", "Traceback: in the middle")
    details = dialog.findChild(QPlainTextEdit)
    assert not details.isVisible()
    qtbot.mouseClick(dialog.unfold, LEFT)
    assert details.isVisible()
    qtbot.mouseClick(dialog.copy, LEFT)
    assert clipboard() == "It broke.\nTry again.\nTraceback: in the middle"
    with qtbot.waitSignal(dialog.report_wanted):
        qtbot.mouseClick(dialog.report, LEFT)


@pytest.fixture
def show_error(qtbot: QtBot):
    made = []

    def show(message: str, advice: str, details: str) -> ErrorDialog:
        dialog = ErrorDialog(message, advice, details)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        made.append(dialog)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    yield show
    for dialog in made:
        dialog.close()


def test_a_sheet_that_is_open_is_not_opened_twice(studio):
    first = sheet(studio, "about", AboutDialog)
    action(studio, "about").trigger()
    assert studio.window.findChildren(AboutDialog) == [first]
    first.reject()


def test_the_settings_of_a_report_name_no_paths():
    settings = UserSettings()
    settings.add_recent_run(Path("/secret/run"))
    settings.scheme = "dark"
    assert settings.readable() == {"look/scheme": "dark", "recent/runs": "1 paths"}
