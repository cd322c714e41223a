"""Two folders of pictures through the whole window, by clicks: chosen, translated, resumed, looked at again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox

from gan_studio.gui.pages.train.run_state import RunState
from tests.gui.studio import write_pictures

SMALL = {"features": "4", "d_features": "4", "blocks": "1", "halvings": "1", "sample_steps": "2", "threads": "1"}


@pytest.fixture
def kinds(tmp_path):
    return write_pictures(tmp_path / "boots"), write_pictures(tmp_path / "sandals", count=5)


def test_two_folders_are_chosen_trained_on_and_shown_again(studio, kinds):
    boots, sandals = kinds
    studio.wait(lambda: studio.window.train_page.settings.ready)
    combo = studio.find("family_combo", QComboBox)
    combo.setCurrentIndex(combo.findText("CycleGAN", Qt.MatchFlag.MatchExactly))
    studio.choose_pictures(boots)
    assert not studio.find("train_button").isEnabled()
    studio.type("dataset_b_edit", str(sandals))
    studio.wait(lambda: studio.looked_at(boots) and studio.dataset.second == sandals)
    assert studio.dataset.classes == (("A", 9), ("B", 5))
    for fold in studio.window.train_page.settings.findChildren(QAbstractButton):
        if fold.objectName().startswith("more_") and not fold.isChecked():
            fold.click()
    for name, value in SMALL.items():
        studio.type(f"setting_{name}", value)
    studio.click("train_button")
    studio.wait(lambda: len(studio.steps) > 1)
    studio.stop()
    assert studio.grid().shape[1] == 6 * 16 + 5 * 2
    run, stopped = studio.run, studio.steps[-1]
    studio.click("continue_button")
    studio.wait(lambda: studio.state is RunState.RUNNING and studio.steps[-1] > stopped)
    studio.stop()
    studio.click("dataset_b_remove")
    studio.wait(lambda: studio.looked_at(boots) and studio.dataset.second is None)
    studio.window.wiring.train_again(run)
    studio.wait(lambda: studio.looked_at(boots) and studio.dataset.second == sandals)
    assert studio.find("train_button").isEnabled()
