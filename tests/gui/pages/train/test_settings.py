"""Forms: usable before the engine is there, filled by suggestions, kept across families."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QScrollArea, QToolButton

from gan_studio.engine.config import DataSettings, TrainingSettings
from gan_studio.engine.events import Paused, Resumed
from gan_studio.engine.settings import Settings, setting
from gan_studio.gui.pages.train.settings_panel import LOADING
from gan_studio.gui.widgets.collapsible_section import CollapsibleSection


def test_before_the_engine_is_there_the_data_form_can_be_used(page):
    loading = page.findChild(QLabel, "engine_loading")
    assert loading.isVisible()
    assert loading.text() == LOADING
    assert page.settings.form("data").isEnabled()
    page.settings.set_values("data", {"flip": True})
    assert page.settings.values("data")["flip"] is True


def test_the_wait_for_the_engine_ends(ready_page):
    assert not ready_page.findChild(QLabel, "engine_loading").isVisible()


def test_early_entries_survive_the_engine(page, families):
    page.settings.set_values("data", {"flip": True})
    page.set_families(families, DataSettings, TrainingSettings)
    assert page.settings.values("data")["flip"] is True


def test_suggestions_reach_every_form(ready_page):
    assert ready_page.settings.values("data")["image_size"] == 32
    assert ready_page.settings.values("data")["channels"] == "grey"
    assert ready_page.settings.values("training")["batch_size"] == 16


def test_suggestions_that_came_before_the_engine_are_not_lost(page, dataset, families):
    page.show_dataset(dataset)
    page.set_families(families, DataSettings, TrainingSettings)
    assert page.settings.values("training")["batch_size"] == 16


def test_a_suggestion_does_not_override_a_choice(ready_page, dataset):
    ready_page.settings.set_values("training", {"batch_size": 8})
    ready_page.show_dataset(dataset)
    assert ready_page.settings.values("training")["batch_size"] == 8


def test_choosing_a_family_shows_its_form_and_its_summary(ready_page, qtbot):
    combo = ready_page.findChild(QComboBox, "family_combo")
    assert ready_page.settings.values("family") == {"features": 8}
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert ready_page.settings.family() == "other"
    assert ready_page.settings.values("family") == {"depth": 3}
    assert ready_page.findChild(QLabel, "family_summary").text() == "Deep."
    assert not ready_page.findChild(QComboBox, "preset_combo").isVisible()


def test_a_preset_fills_the_form(ready_page, qtbot):
    presets = ready_page.findChild(QComboBox, "preset_combo")
    presets.setFocus()
    qtbot.keyClick(presets, Qt.Key.Key_Down)
    assert ready_page.settings.values("family") == {"features": 32}
    qtbot.keyClick(presets, Qt.Key.Key_Up)
    assert ready_page.settings.values("family") == {"features": 8}


def test_a_family_of_classes_says_that_these_pictures_have_none(page, dataset, families):
    wanting = replace(families[0], name="classy", title="Classy", explanation="One folder a class.", needs_classes=True)
    page.set_families([*families, wanting], DataSettings, TrainingSettings)
    page.show_dataset(replace(dataset, classes=(), labels=np.full_like(dataset.labels, -1)))
    assert page.run_bar.train.isEnabled()
    page.settings.select_family("classy")
    assert not page.run_bar.train.isEnabled()
    assert page.run_bar.obstacle.text() == "Classy needs classes: One folder a class."
    page.show_dataset(dataset)
    assert page.run_bar.train.isEnabled()


def test_the_preset_is_told_until_something_is_changed_by_hand(ready_page, qtbot):
    presets = ready_page.findChild(QComboBox, "preset_combo")
    features = ready_page.settings.form("family").editor("features")
    assert presets.currentText() == "Default"
    features.setValue(9)
    assert (presets.currentIndex(), presets.placeholderText()) == (-1, "Changed by hand")
    features.setValue(32)
    assert presets.currentText() == "Wide"


def section(page, name):
    """Header, question mark and text of the section called `group_<name>`."""
    found = next(child for child in page.settings.findChildren(CollapsibleSection) if child.objectName() == name)
    buttons = (found.findChild(QToolButton, "section_toggle"), found.findChild(QToolButton, "section_help"))
    return *buttons, found.findChild(QLabel, "section_help_text")


def test_a_section_says_what_it_is_for(ready_page, qtbot):
    _, question, text = section(ready_page, "group_training")
    assert question.isVisible() and not text.isVisible()
    qtbot.mouseClick(question, Qt.MouseButton.LeftButton)
    assert text.isVisible() and "How long to train" in text.text()
    qtbot.mouseClick(question, Qt.MouseButton.LeftButton)
    assert not text.isVisible()


def test_a_family_without_help_shows_no_question_mark(ready_page):
    assert not section(ready_page, "group_networks")[1].isVisible()


def test_sections_stand_as_they_were_left_also_those_that_come_later(page, families, qtbot):
    left = {"data/Pictures": False, "training/Machine": True}
    page.settings.recall_sections(lambda name, at_first: left.get(name, at_first))
    page.set_families(families, DataSettings, TrainingSettings)
    assert not page.settings.form("data").groups()["Pictures"]
    assert page.settings.form("training").groups() == {"Training": True, "Machine": True, "Output": True}
    with qtbot.waitSignal(page.settings.section_folded, timeout=1000) as told:
        qtbot.mouseClick(section(page, "group_output")[0], Qt.MouseButton.LeftButton)
    assert told.args == ["training/Output", False]


def test_a_setting_is_found_by_its_name_and_by_what_it_does(ready_page, qtbot):
    form, find = ready_page.settings.form("training"), ready_page.findChild(QLineEdit, "settings_find")
    before = form.groups()
    qtbot.keyClicks(find, "raw grid")
    assert form.editor("raw_grids").isVisible(), "although it is folded away at first"
    assert not form.editor("seed").isVisible() and not form.editor("batch_size").isVisible()
    find.clear()
    qtbot.keyClicks(find, "memory")
    assert form.editor("batch_size").isVisible() and not form.editor("raw_grids").isVisible()
    find.clear()
    assert form.groups() == before and form.editor("seed").isVisible() and not form.editor("raw_grids").isVisible()


def test_what_no_setting_has_to_do_with_is_said(ready_page, qtbot):
    said = ready_page.findChild(QLabel, "settings_nothing_found")
    qtbot.keyClicks(ready_page.findChild(QLineEdit, "settings_find"), "<b>fish")
    assert said.isVisible() and "“<b>fish”" in said.text()


@pytest.mark.parametrize("width", [340, 480])
def test_nothing_is_cut_off_however_wide_the_column_is_drawn(trained_page, qtbot, width):
    page = trained_page
    page.columns.setSizes([width, page.width() - width])
    qtbot.waitUntil(lambda: page.controls.width() == width)
    area = page.findChild(QScrollArea, "settings_scroll")
    assert area.widget().minimumSizeHint().width() <= area.viewport().width()
    for paused in (Paused(400), Resumed(400)):
        page.show_event(paused)
        assert page.run_bar.minimumSizeHint().width() <= page.run_bar.width()


def test_the_column_is_drawn_no_narrower_and_no_wider_than_makes_sense(page):
    for wanted, became in ((10, 340), (900, 480)):
        page.columns.setSizes([wanted, page.width() - wanted])
        assert page.controls.width() == became


class SharedOut(Settings):
    """A setting that follows from size and batch."""

    share: bool = setting(True, label="Share", group="Networks", help="Pixels shared out.")

    def in_words(self, size, batch_size):
        return {"share": f"{size * size / batch_size:g} pixels each"} if self.share else {}


def test_a_setting_that_follows_from_size_and_batch_says_what_it_comes_to(page, dataset, families):
    sharing = replace(families[0], name="sharing", settings_class=SharedOut, presets={})
    page.show_dataset(dataset)
    page.set_families([sharing], DataSettings, TrainingSettings)
    note = page.findChild(QLabel, "note_share")
    assert note.text() == "64 pixels each"
    page.settings.set_values("training", {"batch_size": 8})
    assert note.text() == "128 pixels each"
    page.settings.set_values("family", {"share": False})
    assert note.isHidden()
