"""Pictures A and B: asked for by families that translate, and by these alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QPushButton, QToolButton

from gan_studio.engine.config import DataSettings, TrainingSettings
from gan_studio.engine.settings import Settings
from gan_studio.gui.views import FamilyForm
from gan_studio.gui.widgets.number_edits import IntSpinBox


@pytest.fixture
def translating(page, dataset, families):
    """The page with pictures of two classes, where a family that translates is chosen."""
    form = FamilyForm(
        "swap", "Swap GAN", "There and back.", Settings, {}, "Two kinds, A and B.", translates=True,
        suggestions={"batch_size": 1},
    )  # fmt: skip
    page.set_families([*families, form], DataSettings, TrainingSettings)
    page.show_dataset(replace(dataset, domains=("cats", "dogs")))
    page.settings.select_family("swap")
    return page


def combo(page, letter) -> QComboBox:
    return page.findChild(QComboBox, f"domain_{letter}_combo")


def paired(dataset, second):
    return replace(dataset, second=second, classes=(("A", 1000), ("B", 234)), domains=("A", "B"))


def test_a_family_that_translates_asks_in_a_sentence_and_one_that_does_not_asks_nothing(translating):
    page = translating
    explanation = page.findChild(QLabel, "domains_explanation")
    assert explanation.isVisible()
    assert explanation.text() == "Two kinds, A and B."
    page.settings.select_family("toy")
    assert not page.data_card.domains.isVisible()
    assert page.readiness.request().domain_a == page.readiness.request().domain_b == ""


def test_the_two_classes_are_chosen_and_change_places(translating):
    page = translating
    assert (page.readiness.request().domain_a, page.readiness.request().domain_b) == ("cats", "dogs")
    combo(page, "a").setCurrentText("dogs")
    assert (page.readiness.request().domain_a, page.readiness.request().domain_b) == ("dogs", "cats")
    combo(page, "b").setCurrentText("dogs")
    assert (page.readiness.request().domain_a, page.readiness.request().domain_b) == ("cats", "dogs")


def test_of_many_classes_any_two_can_be_chosen(translating, dataset):
    page = translating
    page.show_dataset(replace(dataset, classes=(("ant", 1), ("bee", 2), ("cow", 3)), domains=("ant", "bee")))
    combo(page, "b").setCurrentText("cow")
    assert (page.readiness.request().domain_a, page.readiness.request().domain_b) == ("ant", "cow")
    combo(page, "a").setCurrentText("cow")
    assert (page.readiness.request().domain_a, page.readiness.request().domain_b) == ("cow", "ant")


def test_classes_of_a_run_are_chosen_again(translating, dataset):
    page = translating
    page.data_card.domains.wish(("dogs", "cats"))
    page.show_dataset(replace(dataset, domains=("cats", "dogs")))
    assert page.data_card.domains.classes() == ("dogs", "cats")


def test_pictures_of_one_kind_need_a_second_source(translating, dataset):
    page = translating
    page.show_dataset(replace(dataset, classes=(), domains=()))
    assert page.readiness.request() is None
    assert not combo(page, "a").isVisible()
    assert "needs pictures B" in page.findChild(QPushButton, "train_button").toolTip() + page.readiness.obstacle()
    page.show_dataset(paired(dataset, Path("/data/dogs")))
    request = page.readiness.request()
    assert (request.second_source, request.domain_a) == (Path("/data/dogs"), "")
    assert page.findChild(QLineEdit, "dataset_b_edit").text() == str(Path("/data/dogs"))
    assert not combo(page, "a").isVisible()


def test_pictures_b_are_typed_browsed_and_dropped(translating, qtbot, tmp_path, monkeypatch):
    page, chosen = translating, []
    page.second_chosen.connect(chosen.append)
    edit = page.findChild(QLineEdit, "dataset_b_edit")
    qtbot.keyClicks(edit, "/data/typed")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: "/data/folder")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: ("/data/b.zip", ""))
    for action in page.findChild(QToolButton, "dataset_b_browse").menu().actions():
        action.trigger()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    page.data_card.domains.zone.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    assert chosen == [Path("/data/typed"), Path("/data/folder"), Path("/data/b.zip"), tmp_path]


def test_a_pair_is_too_much_for_other_families_until_b_is_removed(translating, dataset, qtbot):
    page = translating
    page.show_dataset(paired(dataset, Path("/data/dogs")))
    page.settings.select_family("toy")
    assert page.readiness.request() is None
    assert "remove pictures B" in page.readiness.obstacle()
    with qtbot.waitSignal(page.second_removed, timeout=1000):
        qtbot.mouseClick(page.findChild(QToolButton, "dataset_b_remove"), Qt.MouseButton.LeftButton)
    page.show_dataset(dataset)
    assert page.readiness.request() is not None


def test_what_suits_a_family_is_suggested_until_another_is_chosen(translating, dataset):
    page = translating
    batch = page.findChild(IntSpinBox, "setting_batch_size")
    assert batch.value() == 1
    assert page.findChild(QLabel, "note_batch_size").text() == "Usual for Swap GAN"
    page.settings.select_family("toy")
    assert batch.value() == dataset.suggestions["batch_size"]
    page.settings.select_family("swap")
    batch.setValue(7)
    page.settings.select_family("toy")
    assert batch.value() == 7, "the user's own choice stays"
