"""Taking pictures: typed, browsed, dropped, drawn; and what the page says about them."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QProgressBar, QPushButton, QTableView

from gan_studio.gui.pages.train.display import DATA


def click(qtbot, page, name):
    qtbot.mouseClick(page.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


@pytest.fixture
def chosen(page):
    paths = []
    page.dataset_chosen.connect(paths.append)
    return paths


def test_enter_takes_the_typed_path(page, qtbot, chosen):
    edit = page.findChild(QLineEdit, "dataset_edit")
    qtbot.keyClicks(edit, ' "/data/my faces" ')
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert chosen == [Path("/data/my faces")]


def test_enter_on_nothing_asks_for_nothing(page, qtbot, chosen):
    qtbot.keyClick(page.findChild(QLineEdit, "dataset_edit"), Qt.Key.Key_Return)
    assert chosen == []


def test_browsing_offers_folder_zip_and_recent(page, chosen, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: "/data/folder")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: ("/data/a.zip", ""))
    page.set_recent_datasets([Path("/old/cats & dogs")])
    page.data_card.menu.aboutToShow.emit()
    for action in page.data_card.menu.actions():
        if not action.isSeparator():
            action.trigger()
    assert chosen == [Path("/data/folder"), Path("/data/a.zip"), Path("/old/cats & dogs")]


def test_a_dialog_that_is_cancelled_changes_nothing(page, chosen, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: "")
    page.data_card.menu.actions()[0].trigger()
    assert chosen == []


def test_a_folder_can_be_dropped(page, tmp_path, chosen):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.data_card.drop_zone.dropEvent(drop)
    assert chosen == [tmp_path]


@pytest.mark.parametrize("name", ["dataset_demo", "empty_action"])
def test_demonstration_pictures_are_one_click_away(page, qtbot, name):
    with qtbot.waitSignal(page.demo_requested, timeout=1000):
        click(qtbot, page, name)


def test_the_report_is_shown_with_its_pictures(page, dataset):
    page.show_dataset(dataset)
    assert page.findChild(QLabel, "dataset_report").text() == "1,234 pictures, all 32 × 32.\nGrey."
    assert page.findChild(QLineEdit, "dataset_edit").text() == str(dataset.source)
    assert page.display.data_view.sheet.isVisible()
    assert page.display.data_view.sheet.sheet.rowCount() == 1234
    assert page.display.caption.text() == "faces · 1,234 pictures"


def test_skipped_files_are_one_click_away_with_their_reasons(page, dataset, qtbot):
    page.show_dataset(dataset)
    click(qtbot, page, "dataset_skipped")
    table = page.findChild(QTableView, "skipped_list")
    assert table.isVisible()
    assert [table.model().index(1, column).data() for column in (0, 1)] == ["<b>notes</b>.txt", "not a picture"]


def test_progress_can_be_cancelled(page, qtbot):
    page.show_dataset_progress("Looking at pictures", 30, 200)
    progress = page.findChild(QProgressBar, "dataset_progress")
    assert progress.isVisible()
    assert (progress.value(), progress.maximum()) == (30, 200)
    with qtbot.waitSignal(page.dataset_cancelled, timeout=1000):
        click(qtbot, page, "dataset_cancel")
    page.show_dataset_cancelled()
    assert not progress.isVisible()


def test_a_cancelled_look_leaves_the_set_that_was_there(page, dataset):
    page.show_dataset(dataset)
    page.show_dataset_progress("Looking at pictures", 0, 0)
    page.show_dataset_cancelled()
    assert page.dataset is dataset
    assert "1,234" in page.findChild(QLabel, "dataset_report").text()


def test_a_wrong_choice_leaves_the_set_that_was_there(page, dataset):
    page.show_dataset(dataset)
    page.show_dataset_progress("Looking at pictures", 0, 0)
    page.show_dataset_error("notes.md is no zip.", "Choose a folder or a zip.")
    assert page.dataset is dataset
    assert "1,234" in page.findChild(QLabel, "dataset_report").text()
    assert page.display.banner.message() == "notes.md is no zip."
    assert not page.display.empty_state.isVisible()


def test_an_error_says_what_happened_and_what_to_do(page):
    page.show_dataset_error("There is no folder /gone.", "Choose another one.")
    report = page.findChild(QLabel, "dataset_report")
    assert report.text() == "There is no folder /gone. Choose another one."
    assert report.property("role") == "error"
    assert page.dataset is None
    assert page.display.side() == DATA
    assert page.display.empty_state.isVisible()
