"""Page and session together: open, slide, save by clicks, drop the picture back."""

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from gan_studio.engine.checkpoint import flat_tensors, make_family, save_generator
from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.gui.images import from_qimage
from gan_studio.gui.pages.explorer import ExplorerPage
from gan_studio.gui.sessions.explorer import ExplorerSession
from gan_studio.gui.widgets.latent_slider import LatentSlider

WAIT = 20_000


def connect_explorer(page: ExplorerPage, session: ExplorerSession) -> None:
    """As the window connects them."""
    page.open_requested.connect(session.open_file)
    page.model_provided.connect(session.provide_model)
    page.picture_requested.connect(session.request)
    page.seed_requested.connect(session.request_seed)
    page.save_requested.connect(session.save)
    session.model_opened.connect(page.show_model)
    session.seed_drawn.connect(page.show_seed)
    session.picture_ready.connect(page.show_picture)
    session.model_needed.connect(page.ask_for_model)
    session.failed.connect(page.show_failure)
    session.saved.connect(page.show_saved)
    session.following_changed.connect(page.set_following)


@pytest.fixture
def generator(tmp_path):
    settings = {"latent_size": 8, "features": 2, "most_features": 4}
    config = RunConfig(family="dcgan", family_settings=settings, picture=PictureSpec(size=16))
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = make_family(config).build().networks["G"]
    path = tmp_path / "tiny.safetensors"
    save_generator(path, config, 5, flat_tensors({"G": network}))
    return path


@pytest.fixture
def session(qapp):
    made = ExplorerSession()
    yield made
    made.shutdown()


@pytest.fixture
def page(qtbot, session):
    made = ExplorerPage(session.suggest_path)
    connect_explorer(made, session)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    return made


def open_and_wait(qtbot, page, session, path):
    with qtbot.waitSignal(session.picture_ready, timeout=WAIT):
        page.open_path(path)


def test_a_picture_saved_by_clicks_returns_when_dropped_back(qtbot, page, session, generator, monkeypatch):
    open_and_wait(qtbot, page, session, generator)
    with qtbot.waitSignal(session.picture_ready, timeout=WAIT):
        page.controls.position.go(3.25, 0.5)
    slider = page.findChild(LatentSlider, "latent_slider_2")
    with qtbot.waitSignal(session.picture_ready, timeout=WAIT):
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(slider.track_rect().right()) - 3, 12))
    place, shown = page.controls.viewpoint(), from_qimage(page.stage.canvas.image())
    path = generator.with_name("kept.png")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    with qtbot.waitSignal(session.saved, timeout=WAIT):
        qtbot.mouseClick(page.findChild(QWidget, "save_image_button"), Qt.MouseButton.LeftButton)
    assert np.array_equal(np.asarray(Image.open(path)), shown)
    with qtbot.waitSignal(session.picture_ready, timeout=WAIT):
        page.controls.position.go(0, 0)
    open_and_wait(qtbot, page, session, path)
    back = page.controls.viewpoint()
    assert (back.seed, back.row) == (3.25, 0.5)
    assert back.controls["z"].tobytes() == place.controls["z"].tobytes()
    assert np.array_equal(from_qimage(page.stage.canvas.image()), shown)


def test_a_damaged_file_is_reported_on_the_page(qtbot, page, session, generator):
    generator.write_bytes(b"\xff" * 64)
    with qtbot.waitSignal(session.failed, timeout=WAIT):
        page.open_path(generator)
    assert "tiny.safetensors" in page.stage.banner.message()
