"""Every kind of GAN, the whole way by clicks: chosen, set, trained, held, continued, stopped, explored, kept."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QFileDialog, QLabel

from gan_studio.engine.families import all_families
from gan_studio.engine.settings import describe
from gan_studio.gui.late_pages import EXPLORER
from gan_studio.gui.pages.train.grid_canvas import GridCanvas
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.widgets.setting_editors import choice_text
from tests.gui.studio import write_pictures

TRAINING = {"batch_size": "4", "sample_steps": "2", "threads": "1"}
FAMILIES = all_families()


@pytest.fixture
def two_kinds(tmp_path):
    """Two class folders: what every family can be trained on."""
    folder = tmp_path / "pictures"
    for kind in ("boots", "sandals"):
        write_pictures(folder / kind, size=32)
    return folder


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_trained_and_explored_by_clicks(name, studio, two_kinds, tmp_path, monkeypatch):
    studio.choose_pictures(two_kinds)
    choose_family(studio, name)
    studio.wait(studio.find("train_button").isEnabled)  # points are looked at once their family is chosen
    studio.click("train_button")
    studio.wait(lambda: len(studio.steps) > 2)
    studio.click("pause_button")
    studio.wait_for(RunState.PAUSED)
    held = studio.steps[-1]
    studio.click("pause_button")
    studio.wait(lambda: studio.steps[-1] > held)
    studio.stop()
    stopped = studio.steps[-1]
    studio.click("continue_button")
    studio.wait(lambda: studio.state is RunState.RUNNING and studio.steps[-1] > stopped)
    studio.stop()
    explore(studio, tmp_path / "kept.png", monkeypatch)


def test_a_family_for_points_asks_for_a_shape_and_the_next_for_the_pictures_again(studio, two_kinds):
    studio.choose_pictures(two_kinds)
    page = studio.window.train_page
    choose_family(studio, "points")
    shape = studio.find("points_combo", QComboBox)
    assert shape.isVisible() and not studio.find("dataset_edit").isVisible()
    studio.wait(lambda: page.dataset.points and page.dataset.source.name == "points:ring")
    shape.setCurrentIndex(shape.findText("Grid of 25"))
    shape.activated.emit(shape.currentIndex())
    studio.wait(lambda: page.dataset.source.name == "points:grid")
    assert "5 × 5 Gaussians" in studio.find("dataset_report", QLabel).text()
    choose_family(studio, "dcgan")
    studio.wait(lambda: page.dataset.source == two_kinds)
    assert studio.find("dataset_edit").isVisible() and not shape.isVisible()
    studio.wait(studio.find("train_button").isEnabled)


def test_of_points_the_data_side_shows_the_shape_and_nothing_that_only_pictures_need(studio, two_kinds):
    studio.choose_pictures(two_kinds)
    of_pictures = ("sheet_filter", "sheet_find", "sheet_take_out", "sheet_undo", "contact_sheet", "sheet_hint")
    facts = ("size_words", "kind_bars")
    assert all(studio.find(name).isVisible() for name in (*of_pictures, *facts))
    choose_family(studio, "points")
    shape = studio.find("points_shape", GridCanvas)
    studio.wait(lambda: shape.isVisible() and shape.pixmap is not None)
    assert not any(studio.find(name).isVisible() for name in (*of_pictures, *facts))
    assert "points cost" in studio.text("suggestion_reasons")
    assert studio.window.train_page.display.caption.text() == "Ring of 8"
    ring = shape.pixmap.toImage()
    combo = studio.find("points_combo", QComboBox)
    combo.setFocus()
    studio.press(Qt.Key.Key_Down)
    studio.wait(lambda: shape.pixmap is not None and shape.pixmap.toImage() != ring)
    choose_family(studio, "dcgan")
    studio.wait(lambda: studio.find("contact_sheet").isVisible())
    assert all(studio.find(name).isVisible() for name in (*of_pictures, *facts)) and not shape.isVisible()


def choose_family(studio, name):
    """Pick it in the list, and type the settings of its smallest form."""
    studio.wait(lambda: studio.window.train_page.settings.ready)
    family = FAMILIES[name]
    combo = studio.find("family_combo", QComboBox)
    combo.setFocus()
    combo.setCurrentIndex(combo.findText(family.title, Qt.MatchFlag.MatchStartsWith))
    tiny, usual = family.tiny(), family.Config()
    unfold(studio)
    for info in describe(family.Config):
        if getattr(tiny, info.name) != getattr(usual, info.name):
            set_up(studio, info, getattr(tiny, info.name))
    for setting, value in TRAINING.items():
        studio.type(f"setting_{setting}", value)


def unfold(studio):
    for fold in studio.window.train_page.settings.findChildren(QAbstractButton):
        if fold.objectName().startswith("more_") and not fold.isChecked():
            fold.click()


def set_up(studio, info, value):
    editor = studio.find(f"setting_{info.name}")
    if isinstance(editor, QCheckBox):
        editor.setChecked(value)
    elif isinstance(editor, QComboBox):
        # Typing would open the list at the space of "2 times", and an open list keeps the keyboard
        editor.setCurrentText(choice_text(info, value))
    else:
        studio.type(editor.objectName(), str(value))


def explore(studio, path, monkeypatch):
    studio.press("3", modifier=Qt.KeyboardModifier.ControlModifier)
    assert studio.page() == EXPLORER
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(studio.run))
    studio.click("welcome_open")
    explorer = studio.window.explorer_page
    studio.wait(lambda: explorer.stage.has_picture or explorer.stage.picture_empty.isVisible())
    if explorer.stage.picture_empty.isVisible():
        given = write_pictures(path.parent / "given", count=1, size=24)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(next(given.iterdir())), ""))
        studio.click("picture_empty_action")
    else:
        studio.click("randomize_button")
    studio.wait(lambda: explorer.stage.canvas.image() is not None)
    studio.settle()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    studio.click("save_image_button")
    studio.wait(path.exists)
    shown = studio.explored()
    kept = np.asarray(Image.open(path).convert("RGB"))
    assert np.array_equal(kept, shown if shown.ndim == 3 else np.stack([shown] * 3, -1))
