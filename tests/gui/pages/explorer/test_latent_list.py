"""Hundreds of numbers are reached through a page of sliders at a time, found by a search, and kept exactly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton

from gan_studio.engine.sampler_controls import ControlSpec
from gan_studio.gui.pages.explorer.latent_filter import matching
from gan_studio.gui.pages.explorer.latent_list import PER_PAGE, LatentList
from gan_studio.gui.widgets.latent_slider import LatentSlider

Z = ControlSpec("z", "Latent", "latent", (512,))
VALUES = np.random.default_rng(0).normal(size=512).astype(np.float32)


@pytest.fixture
def latents(qtbot):
    made = LatentList()
    qtbot.addWidget(made)
    made.resize(320, 400)
    made.set_specs((Z,))
    made.set_arrays({"z": VALUES})
    made.set_baseline({"z": VALUES})
    made.show()
    return made


def shown(latents):
    sliders = [slider for slider in latents.findChildren(LatentSlider) if slider.isVisible()]
    return [int(slider.objectName().removeprefix("latent_slider_")) for slider in sliders]


def search(qtbot, latents, text):
    edit = latents.findChild(QLineEdit, "latent_search")
    edit.clear()
    qtbot.keyClicks(edit, text)


def set_number(qtbot, latents, index):
    slider = latents.findChild(LatentSlider, f"latent_slider_{index}")
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    return np.float32(slider.number())


def test_512_numbers_need_32_sliders_and_come_back_exactly(latents):
    assert len(latents.findChildren(LatentSlider)) == PER_PAGE
    assert latents.arrays()["z"].tobytes() == VALUES.tobytes() and not latents.is_changed()


def test_pages_lead_to_every_number(qtbot, latents):
    seen, after = shown(latents), latents.findChild(QToolButton, "latent_page_after")
    while after.isEnabled():
        qtbot.mouseClick(after, Qt.MouseButton.LeftButton)
        seen += shown(latents)
    assert seen == list(range(512))
    assert latents.findChild(QLabel, "latent_page").text() == "481–512 of 512 · page 16 of 16"


def test_a_number_on_another_page_is_edited_and_the_rest_stays(qtbot, latents):
    search(qtbot, latents, "300")
    assert shown(latents) == [300]
    with qtbot.waitSignal(latents.edited):
        number = set_number(qtbot, latents, 300)
    z = latents.arrays()["z"]
    assert z[300] == number != VALUES[300]
    assert np.array_equal(np.delete(z, 300), np.delete(VALUES, 300))


def test_changed_numbers_are_listed_and_reset_together(qtbot, latents):
    search(qtbot, latents, "changed")
    assert shown(latents) == [] and "Nothing" in latents.findChild(QLabel, "latent_none").text()
    for index in (7, 450):
        search(qtbot, latents, str(index))
        set_number(qtbot, latents, index)
    search(qtbot, latents, "changed")
    assert shown(latents) == [7, 450]
    latents.reset()
    assert shown(latents) == [] and latents.arrays()["z"].tobytes() == VALUES.tobytes()


NAMES, NUMBERS = ["z"] * 20 + ["noise"] * 5, np.array([*range(20), *range(5)])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", range(25)), ("3", [3, 23]), ("z 3", [3]), ("z3", [3]), ("NOISE", range(20, 25)),
        ("0-2", [0, 1, 2, 20, 21, 22]),
        ("z 5–4, noise 1", [4, 5, 21]), ("99", []), ("hat", []), ("-", []), ("changed", [8, 24]), ("ch", [8, 24]),
    ],
)  # fmt: skip
def test_searches_find_what_they_say(text, found):
    changed = np.isin(np.arange(25), (8, 24))
    assert matching(text, NAMES, NUMBERS, changed).tolist() == list(found)


@given(text=st.text(max_size=12))
def test_no_search_breaks(text):
    found = matching(text, NAMES, NUMBERS, np.zeros(25, bool))
    assert found.tolist() == sorted(set(found.tolist()))
