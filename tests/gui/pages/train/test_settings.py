"""Forms: usable before the engine is there, filled by suggestions, kept across families."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel

from gan_studio.engine.config import DataSettings, TrainingSettings
from gan_studio.gui.pages.train.settings_panel import LOADING


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
    page.show_dataset(dataset)
    assert page.run_bar.train.isEnabled()
    page.settings.select_family("classy")
    assert not page.run_bar.train.isEnabled()
    assert page.run_bar.obstacle.text() == "Classy needs classes: One folder a class."
    page.show_dataset(replace(dataset, classes=(("a", 600), ("b", 634))))
    assert page.run_bar.train.isEnabled()
