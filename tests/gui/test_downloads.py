"""From "Get a data set" to pictures that can be trained on, and what becomes of one that does not come."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from gan_studio.engine.folders import datasets_folder
from tests.engine.data.test_downloads import Server, tiny_mnist
from tests.gui.pages.train.test_data import click


@pytest.fixture
def server():
    made = Server()
    yield made
    made.close()


def ask(studio, qtbot):
    """Through the File menu; returns the dialog's button."""
    studio.wait(lambda: studio.window.train_page.settings.ready)
    studio.window.actions_.get_data.trigger()
    button = studio.find("get_data_button", QPushButton)
    qtbot.waitUntil(button.isVisible)
    return button


def test_a_set_is_fetched_in_the_background_and_opened(studio, qtbot, server, monkeypatch):
    tiny_mnist(server, monkeypatch)
    assert ask(studio, qtbot).text() == "&Download and open"
    click(qtbot, studio.window, "get_data_button")
    path = datasets_folder() / "MNIST.zip"
    studio.wait(lambda: studio.looked_at(path))
    assert studio.dataset.picture_count == 25 and len(studio.dataset.classes) == 10
    assert "can be trained on" in studio.text("job_label")
    asked = len(server.asked)
    studio.wait(lambda: studio.window.focusWidget() is not None)
    button = ask(studio, qtbot)
    assert button.text() == "&Open"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(server.asked) == asked


def test_a_server_that_is_gone_is_said_in_the_strip(studio, qtbot, server, monkeypatch):
    tiny_mnist(server, monkeypatch)
    server.close()
    ask(studio, qtbot)
    click(qtbot, studio.window, "get_data_button")
    studio.wait(lambda: "Cannot reach 127.0.0.1" in studio.text("job_label"))
    assert "by hand" in studio.text("job_label") and studio.window.train_page.dataset is None
