"""Pictures taken out of a training and put back, in the real window: by mouse, by keys, and over a restart."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from gan_studio.engine.data.choice import recall
from tests.gui.studio import Studio, write_pictures

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def classes(tmp_path):
    for name, count in (("cats", 12), ("dogs", 3)):
        write_pictures(tmp_path / "animals" / name, count=count)
    return tmp_path / "animals"


def choose(studio: Studio, folder):
    # A busy machine may take longer to load the engine than the window waits for it when it closes.
    studio.wait(lambda: studio.window.train_page.settings.ready)
    studio.choose_pictures(folder)


def view(studio: Studio):
    return studio.window.train_page.display.data_view


def click(studio: Studio, qtbot, number: int, modifier=Qt.KeyboardModifier.NoModifier):
    sheet = view(studio).sheet
    index = sheet.sheet.index(sheet.sheet.row_of(number))
    qtbot.mouseClick(sheet.viewport(), Qt.MouseButton.LeftButton, modifier, sheet.visualRect(index).center())


def test_delete_takes_out_and_undo_redo_and_put_back_follow(studio, qtbot, classes):
    choose(studio, classes)
    page, sheet = studio.window.train_page, view(studio)
    studio.wait(lambda: sheet.sheet.sheet.kept_thumbnails == 15)
    assert not studio.find("sheet_take_out").isEnabled()
    click(studio, qtbot, 1)
    click(studio, qtbot, 4, CONTROL)
    studio.press(Qt.Key.Key_Delete)
    assert sheet.taken_out() == ("cats/picture 1.png", "cats/picture 4.png")
    assert "2 taken out" in page.display.caption.text()
    studio.press(Qt.Key.Key_Z, CONTROL)
    assert sheet.taken_out() == () and not studio.find("sheet_undo").isEnabled()
    studio.press(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert len(sheet.taken_out()) == 2
    click(studio, qtbot, 4)
    studio.click("sheet_put_back")
    assert sheet.taken_out() == ("cats/picture 1.png",)
    studio.click("sheet_put_all_back")
    assert sheet.taken_out() == () and not studio.find("sheet_put_all_back").isEnabled()
    assert sorted(path.name for path in (classes / "cats").iterdir())[0] == "picture 0.png"


def test_filters_show_classes_and_what_was_taken_out(studio, qtbot, classes):
    choose(studio, classes)
    sheet = view(studio)
    assert "Unbalanced: cats has 4 times as many pictures as dogs" in studio.text("class_warning")
    bars = sheet.overview.classes
    qtbot.mouseClick(bars.viewport(), Qt.MouseButton.LeftButton, pos=bars.visualItemRect(bars.item(1)).center())
    assert sheet.sheet.sheet.shown.tolist() == [12, 13, 14]
    assert studio.find("sheet_filter", QComboBox).currentText() == "Class: dogs"
    sheet.sheet.setFocus()
    studio.press(Qt.Key.Key_A, CONTROL)
    studio.press(Qt.Key.Key_Delete)
    assert bars.counts() == [12, 0] and not sheet.overview.warning.isVisible()
    studio.find("sheet_filter", QComboBox).setCurrentIndex(2)
    assert sheet.sheet.sheet.shown.tolist() == [12, 13, 14]
    studio.type("sheet_find", "no such name")
    studio.click("sheet_empty_action")
    assert sheet.sheet.sheet.rowCount() == 15


def test_with_everything_taken_out_nothing_can_be_trained(studio, classes):
    choose(studio, classes)
    studio.wait(lambda: studio.window.train_page.settings.ready)
    view(studio).sheet.setFocus()
    studio.press(Qt.Key.Key_A, CONTROL)
    studio.press(Qt.Key.Key_Delete)
    assert "Every picture" in studio.text("train_obstacle") and not studio.find("train_button").isEnabled()
    studio.press(Qt.Key.Key_Insert)
    assert studio.find("train_button").isEnabled()


def test_one_picture_is_shown_large_as_it_is_and_as_it_is_seen(studio, qtbot, classes):
    choose(studio, classes)
    click(studio, qtbot, 3)
    studio.press(Qt.Key.Key_Return)
    dialog = view(studio).dialog
    assert dialog is not None
    studio.wait(lambda: dialog.seen.picture_size.width() == 16)
    assert dialog.facts.text() == "16 × 16 px · RGB · PNG"
    qtbot.keyClick(dialog, Qt.Key.Key_Right)
    studio.wait(lambda: dialog.name.text() == "cats/picture 4.png")
    qtbot.mouseClick(dialog.toggle, Qt.MouseButton.LeftButton)
    assert view(studio).taken_out() == ("cats/picture 4.png",) and "Put" in dialog.toggle.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    studio.wait(lambda: view(studio).dialog is None)
    assert view(studio).sheet.selected() == [4]


def test_the_choice_goes_into_the_run_and_is_there_at_the_next_start(studio, qtbot, classes):
    choose(studio, classes)
    click(studio, qtbot, 0)
    studio.press(Qt.Key.Key_Delete)
    studio.wait(lambda: recall(classes) == ("cats/picture 0.png",))
    studio.set_small()
    studio.click("train_button")
    studio.wait(lambda: len(studio.steps) >= 1)
    studio.stop()
    assert json.loads((studio.run / "config.json").read_text())["excluded"] == ["cats/picture 0.png"]
    studio.choose_pictures(classes.parent / "animals" / "cats")
    assert view(studio).taken_out() == ()
    choose(studio, classes)
    assert view(studio).taken_out() == ("cats/picture 0.png",)
