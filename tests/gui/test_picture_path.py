"""A picture of the user's in the explorer: dropped, made large, compared, saved with its recipe."""

import json
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QToolButton

from gan_studio.cli import main
from gan_studio.engine.checkpoint import flat_tensors, make_family, save_generator
from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.export.png import read_recipe
from gan_studio.gui.images import from_qimage, to_qimage
from tests.gui.test_explorer_path import Explorer, write_generator

WAIT = 20_000
COPY, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def model(tmp_path):
    """A generator that doubles pictures, and adds something of its own."""
    settings = {"scale": 2, "features": 4, "blocks": 1, "over_bicubic": True}
    config = RunConfig(family="srgan", name="photos", family_settings=settings, picture=PictureSpec(size=16))
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = make_family(config).build().networks["G"]
        for parameter in network.parameters():
            parameter.data += torch.randn_like(parameter) * 0.05
    path = tmp_path / "srgan.safetensors"
    save_generator(path, config, 7, flat_tensors({"G": network}))
    return path


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "my photo.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (30, 41, 3), np.uint8)).save(path)
    return path


@pytest.fixture
def explorer(qtbot, tmp_path):
    made = Explorer(qtbot, tmp_path / "settings.ini")
    yield made
    made.end()


def open_model(qtbot, explorer, path):
    with qtbot.waitSignal(explorer.session.model_opened, timeout=WAIT):
        explorer.page.open_path(path)


def drop(explorer, data):
    """As the window system does it: over the page, then on it."""
    at = QPointF(explorer.page.stage.rect().center())
    enter = QDragEnterEvent(at.toPoint(), COPY, data, LEFT, NONE)
    QApplication.sendEvent(explorer.page.stage, enter)
    if enter.isAccepted():
        QApplication.sendEvent(explorer.page.stage, QDropEvent(at, COPY, data, LEFT, NONE))
    return enter.isAccepted()


def files(*paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def shown(explorer) -> Any:
    image = explorer.page.stage.canvas.image()
    return None if image is None else from_qimage(image)


def test_drop_compare_and_save_a_picture(qtbot, explorer, model, photo, tmp_path, monkeypatch):
    open_model(qtbot, explorer, model)
    stage = explorer.page.stage
    assert stage.picture_empty.isVisible() and shown(explorer) is None
    assert not explorer.find("seed_spin").isVisible() and not explorer.page.stage.favourites.isVisible()
    assert any("Drop a picture here" in label.text() for label in stage.picture_empty.findChildren(QLabel))
    with qtbot.waitSignals([explorer.session.picture_ready, explorer.session.picture_ended], timeout=WAIT):
        assert drop(explorer, files(photo))
    result = shown(explorer)
    assert result.shape == (60, 82, 3)
    assert "41 × 30 px" in explorer.find("picture_about", QLabel).text()
    assert "MiB" in explorer.find("picture_about", QLabel).text()

    before = explorer.find("picture_before", QPushButton)
    qtbot.mousePress(before, LEFT)
    assert shown(explorer).shape == result.shape and not np.array_equal(shown(explorer), result)
    qtbot.mouseRelease(before, LEFT)
    assert np.array_equal(shown(explorer), result)

    target = tmp_path / "large.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(target), ""))
    with qtbot.waitSignal(explorer.session.saved, timeout=WAIT):
        qtbot.mouseClick(explorer.find("save_image_button", QPushButton), LEFT)
    assert np.array_equal(np.asarray(Image.open(target)), result)
    recipe = read_recipe(target)
    assert recipe.picture and recipe.picture.name == "my photo.png" and recipe.step == 7
    assert str(tmp_path) not in recipe.to_json()

    again = tmp_path / "by_command.png"
    assert main(["sample", str(model), "--picture", str(photo), "--out", str(again), "--json"]) == 0
    assert np.array_equal(np.asarray(Image.open(again)), result)
    assert json.loads(recipe.to_json())["picture"] == json.loads(read_recipe(again).to_json())["picture"]


def test_a_saved_result_says_which_picture_it_wants_and_a_pasted_one_is_taken(qtbot, explorer, model, photo, tmp_path):
    saved = tmp_path / "large.png"
    assert main(["sample", str(model), "--picture", str(photo), "--out", str(saved), "--json"]) == 0
    open_model(qtbot, explorer, model)
    open_model(qtbot, explorer, saved)
    assert explorer.page.stage.picture_empty.isVisible()
    QGuiApplication.clipboard().setImage(to_qimage(np.full((9, 8, 3), 90, np.uint8)))
    with qtbot.waitSignal(explorer.session.picture_ready, timeout=WAIT):
        qtbot.mouseClick(explorer.find("picture_paste", QPushButton), LEFT)
    assert shown(explorer).shape == (18, 16, 3)
    QGuiApplication.clipboard().clear()


def test_what_is_no_picture_is_not_taken_and_a_broken_one_is_told(qtbot, explorer, model, tmp_path):
    open_model(qtbot, explorer, model)
    assert not drop(explorer, files(tmp_path / "model.safetensors"))
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with qtbot.waitSignals([explorer.session.failed, explorer.session.picture_ended], timeout=WAIT):
        assert drop(explorer, files(broken))
    assert "broken.png" in explorer.page.stage.banner.message()


def test_work_on_a_large_picture_is_called_off(qtbot, explorer, model, tmp_path):
    open_model(qtbot, explorer, model)
    large = tmp_path / "large.png"
    Image.new("RGB", (1600, 1500)).save(large)
    cancel = explorer.find("picture_cancel", QToolButton)
    with qtbot.waitSignal(explorer.session.picture_progress, timeout=WAIT):
        assert drop(explorer, files(large))
    assert cancel.isVisible()
    with qtbot.waitSignal(explorer.session.picture_ended, timeout=WAIT):
        qtbot.mouseClick(cancel, LEFT)
    assert not cancel.isVisible() and shown(explorer) is None


def test_seeds_paths_and_favourites_keep_quiet_and_come_back_with_another_model(
    qtbot, explorer, model, photo, tmp_path
):
    open_model(qtbot, explorer, model)
    with qtbot.waitSignal(explorer.session.picture_ready, timeout=WAIT):
        drop(explorer, files(photo))
    actions = {action.objectName(): action for action in explorer.page.actions()}
    for name in ("random_seed", "grid_view", "path_view", "add_favourite", "film", "walk_left", "next_seed"):
        assert not actions[f"action_{name}"].isEnabled(), name
    assert actions["action_save_picture"].isEnabled() and actions["action_paste_picture"].isEnabled()
    explorer.page.reset()
    explorer.page.undo_stack.undo()

    def is_small(made):
        return made.pixels.shape == (16, 16, 3)

    with qtbot.waitSignal(explorer.session.picture_ready, timeout=WAIT, check_params_cb=is_small):
        open_model(qtbot, explorer, write_generator(tmp_path / "seeds.safetensors", 1, 5))
    assert explorer.find("seed_spin").isVisible() and explorer.page.stage.favourites.isVisible()
    assert shown(explorer).shape == (16, 16, 3)
    assert not drop(explorer, files(photo))
    assert actions["action_random_seed"].isEnabled() and not actions["action_paste_picture"].isEnabled()
