"""The explorer page: what people click becomes requests, and answers become pictures, sliders and history."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLabel, QPushButton, QWidget

from gan_studio.engine.sampler_controls import ControlSpec
from gan_studio.gui.images import from_qimage
from gan_studio.gui.pages.explorer import ExplorerPage
from gan_studio.gui.views import ModelView, Picture, Viewpoint
from gan_studio.gui.widgets.image_canvas import ImageCanvas
from gan_studio.gui.widgets.latent_slider import LatentSlider

Z = ControlSpec("z", "Latent", "latent", (100,))
CLASS = ControlSpec("class", "Class", "choice", choices=("cat", "dog", "fox"))
TRUNCATION = ControlSpec("truncation", "Truncation", "number", low=-1, high=2, default=1)


def view(controls=(Z,), step=10, live=False):
    return ModelView("faces", "DCGAN", step, 64, "ab" * 32, tuple(controls), None if live else Path("/x"), live)


def latent(seed, row=0.0):
    """What a session would draw: depends on the place alone."""
    return np.full(100, seed / 100 + row, np.float32) + np.arange(100, dtype=np.float32) / 1000


class Session:
    """Answers like the real one, at once."""

    def __init__(self, page):
        self.page = page
        self.pictures = []
        self.seeds = []
        self.answering = True
        page.navigation.picture_requested.connect(self.picture)
        page.navigation.seed_requested.connect(self.seed)

    def picture(self, stamp, viewpoint):
        self.pictures.append((stamp, viewpoint))

    def seed(self, stamp, viewpoint):
        self.seeds.append((stamp, viewpoint))
        if self.answering:
            self.answer(stamp, viewpoint)

    def answer(self, stamp, viewpoint):
        drawn = Viewpoint(
            viewpoint.seed, viewpoint.row, {**viewpoint.controls, "z": latent(viewpoint.seed, viewpoint.row)}
        )
        self.page.navigation.show_seed(stamp, drawn)
        self.page.show_picture(Picture(stamp, np.full((64, 64, 3), stamp % 256, np.uint8)))


@pytest.fixture
def page(qtbot, tmp_path):
    made = ExplorerPage(lambda title, suffix: tmp_path / f"{title}{suffix}", tmp_path / "example.safetensors")
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    return made


@pytest.fixture
def session(page):
    made = Session(page)
    page.show_model(view(), None)
    return made


def find(page, kind, name):
    found = page.findChild(kind, name)
    assert found is not None, f"{name} is missing"
    return found


def click(qtbot, page, name):
    qtbot.mouseClick(find(page, QWidget, name), Qt.MouseButton.LeftButton)


def drag_slider(qtbot, page, number, shares):
    slider = find(page, LatentSlider, f"latent_slider_{number}")
    track = slider.track_rect()
    points = [QPoint(round(track.left() + share * track.width()), slider.height() // 2) for share in shares]
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        qtbot.mouseMove(slider, point)
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=points[-1])
    return slider


def place(page):
    viewpoint = page.controls.viewpoint()
    return viewpoint.seed, viewpoint.row


def test_a_model_shows_the_picture_of_seed_0_and_sliders_for_every_number(qtbot, page, session):
    assert session.seeds[0][1].seed == 0
    assert page.findChild(LatentSlider, "latent_slider_99") is None
    for _ in range(3):
        click(qtbot, page, "latent_page_after")
    assert page.findChild(LatentSlider, "latent_slider_99").isVisible()
    assert page.findChild(LatentSlider, "latent_slider_100") is None
    assert np.array_equal(page.controls.viewpoint().controls["z"], latent(0))
    assert find(page, ImageCanvas, "explorer_canvas").isVisible()
    assert "DCGAN" in find(page, QLabel, "model_details").text()


def test_a_slider_asks_for_a_picture_of_all_numbers_with_newer_stamps(qtbot, page, session):
    slider = drag_slider(qtbot, page, 7, (0.6, 0.7, 0.9))
    stamps = [stamp for stamp, _ in session.pictures]
    assert stamps == sorted(set(stamps)) and len(stamps) >= 2
    z = session.pictures[-1][1].controls["z"]
    assert z.dtype == np.float32 and z[7] == np.float32(slider.number())
    assert np.array_equal(np.delete(z, 7), np.delete(latent(0), 7))


def test_a_drag_is_undone_and_redone_as_one(qtbot, page, session):
    slider = drag_slider(qtbot, page, 7, (0.6, 0.7, 0.9))
    moved = slider.number()
    drag_slider(qtbot, page, 7, (0.2, 0.1))
    qtbot.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert slider.number() == moved
    qtbot.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(session.pictures[-1][1].controls["z"], latent(0))
    click(qtbot, page, "redo_button")
    assert slider.number() == moved and session.pictures[-1][1].controls["z"][7] == np.float32(moved)


def test_undo_leads_back_to_the_seed_before(qtbot, page, session):
    click(qtbot, page, "next_button")
    click(qtbot, page, "next_button")
    click(qtbot, page, "undo_button")
    assert place(page) == (1, 0)
    assert np.array_equal(session.pictures[-1][1].controls["z"], latent(1))
    click(qtbot, page, "undo_button")
    assert place(page) == (0, 0) and not find(page, QWidget, "undo_button").isEnabled()


def test_a_double_click_resets_one_slider_to_the_seeds_number(qtbot, page, session):
    slider = drag_slider(qtbot, page, 7, (0.6, 0.9))
    drag_slider(qtbot, page, 8, (0.6, 0.9))
    qtbot.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    z = session.pictures[-1][1].controls["z"]
    assert z[7] == latent(0)[7] and z[8] != latent(0)[8]


@pytest.mark.parametrize("way", ["button", "key"])
def test_reset_takes_back_changes_first_and_then_goes_to_seed_0(qtbot, page, session, way):
    def reset():
        if way == "button":
            click(qtbot, page, "reset_button")
        else:
            qtbot.keyClick(find(page, QWidget, "latent_slider_3"), Qt.Key.Key_Home)

    page.controls.position.go(5, 0)
    drag_slider(qtbot, page, 7, (0.6, 0.9))
    reset()
    assert place(page) == (5, 0) and np.array_equal(page.controls.viewpoint().controls["z"], latent(5))
    reset()
    assert place(page) == (0, 0) and np.array_equal(page.controls.viewpoint().controls["z"], latent(0))
    click(qtbot, page, "undo_button")
    assert place(page) == (5, 0)


def test_seed_buttons_go_to_whole_seeds(qtbot, page, session):
    page.controls.position.go(3.4, 0.6)
    click(qtbot, page, "snap_button")
    assert place(page) == (3, 1)
    page.controls.position.go(3.4, 0)
    click(qtbot, page, "previous_button")
    assert place(page) == (3, 0)
    click(qtbot, page, "previous_button")
    assert place(page) == (2, 0)
    click(qtbot, page, "next_button")
    assert place(page) == (3, 0)
    click(qtbot, page, "randomize_button")
    assert place(page)[0] == int(place(page)[0]) and session.seeds[-1][1].seed == place(page)[0]


def test_a_typed_seed_is_gone_to(qtbot, page, session):
    spin = find(page, QWidget, "seed_spin")
    spin.selectAll()
    qtbot.keyClicks(spin, "41.5")
    qtbot.keyClick(spin, Qt.Key.Key_Return)
    assert session.seeds[-1][1].seed == 41.5
    assert np.array_equal(page.controls.viewpoint().controls["z"], latent(41.5))


def test_dragging_the_picture_walks_and_is_undone_as_one(qtbot, page, session):
    canvas = find(page, ImageCanvas, "explorer_canvas")
    start = canvas.rect().center()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(canvas, start - QPoint(20 * step, 10 * step))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start)
    seed, row = place(page)
    assert 0 < row < seed < 2
    assert np.array_equal(page.controls.viewpoint().controls["z"], latent(seed, row))
    click(qtbot, page, "undo_button")
    assert place(page) == (0, 0)


def test_late_answers_to_a_seed_do_not_overwrite_a_slider_that_was_moved_since(qtbot, page, session):
    session.answering = False
    click(qtbot, page, "next_button")
    slider = drag_slider(qtbot, page, 7, (0.6, 0.9))
    moved = slider.number()
    session.answer(*session.seeds[-1])
    assert slider.number() == moved


def test_older_pictures_do_not_replace_newer_ones(page, session):
    page.show_picture(Picture(50, np.full((8, 8, 3), 50, np.uint8)))
    page.show_picture(Picture(49, np.full((8, 8, 3), 49, np.uint8)))
    assert from_qimage(page.stage.canvas.image())[0, 0, 0] == 50


def test_a_snapshot_of_the_same_model_keeps_the_place_and_the_history(qtbot, page, session):
    drag_slider(qtbot, page, 7, (0.6, 0.9))
    before = page.controls.viewpoint()
    page.show_model(view(step=20, live=True), None)
    _, asked = session.pictures[-1]
    assert np.array_equal(asked.controls["z"], before.controls["z"]) and asked.seed == before.seed
    assert page.undo_stack.canUndo()
    assert "in training" in find(page, QLabel, "model_details").text()


def test_a_snapshot_that_arrives_while_a_seed_is_awaited_asks_for_that_seed_again(qtbot, page, session):
    session.answering = False
    click(qtbot, page, "next_button")
    page.show_model(view(step=20, live=True), None)
    assert session.seeds[-1][1].seed == 1 and len(session.seeds) == 3 and not session.pictures
    session.answer(*session.seeds[-1])
    assert np.array_equal(page.controls.viewpoint().controls["z"], latent(1))
    click(qtbot, page, "undo_button")
    assert place(page) == (0, 0)


def test_a_recipe_sets_everything_and_begins_a_new_history(qtbot, page, session):
    drag_slider(qtbot, page, 7, (0.6, 0.9))
    z = np.linspace(-9, 9, 100, dtype=np.float32)
    page.show_model(view(step=3), Viewpoint(7.25, 1.5, {"z": z}))
    assert session.pictures[-1][1].controls["z"].tobytes() == z.tobytes()
    assert place(page) == (7.25, 1.5) and not page.undo_stack.canUndo()
    click(qtbot, page, "reset_button")
    assert session.seeds[-1][1].seed == 0


def test_classes_and_numbers_get_editors_of_their_own(qtbot, page):
    session = Session(page)
    page.show_model(view((Z, CLASS, TRUNCATION)), None)
    assert session.seeds[-1][1].controls == {"class": 0, "truncation": 1.0}
    combo = find(page, QComboBox, "control_class")
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert session.pictures[-1][1].controls["class"] == 1
    truncation = find(page, LatentSlider, "control_truncation")
    truncation.setFocus()
    qtbot.keyClick(truncation, Qt.Key.Key_Left)
    assert session.pictures[-1][1].controls["truncation"] < 1
    click(qtbot, page, "undo_button")
    click(qtbot, page, "undo_button")
    assert combo.currentIndex() == 0 and truncation.number() == 1
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    click(qtbot, page, "next_button")
    assert session.seeds[-1][1].controls["class"] == 1
    click(qtbot, page, "reset_button")
    assert combo.currentIndex() == 0


def test_controls_that_begin_alike_get_letters_of_their_own(page):
    begins_alike = ControlSpec("second", "Trunk", "number")
    page.show_model(view((Z, TRUNCATION, begins_alike)), None)
    texts = [
        label.text() for label in page.findChildren(QLabel) if label.buddy() and "run" in label.text().replace("&", "")
    ]
    letters = [QKeySequence.mnemonic(text).toString() for text in texts]
    assert len(set(letters)) == 2 and "" not in letters


def test_another_model_with_other_controls_gets_other_sliders_and_no_late_answers(qtbot, page, session):
    session.answering = False
    click(qtbot, page, "next_button")
    page.show_model(view((ControlSpec("z", "Latent", "latent", (2, 3), low=-1, high=1),)), None)
    assert page.findChild(LatentSlider, "latent_slider_5") is not None
    assert session.seeds[-1][1].controls == {}
    session.answer(*session.seeds[-2])
    assert page.controls.viewpoint().controls["z"].shape == (2, 3)


def test_a_click_on_save_asks_where_and_saves_what_is_shown(qtbot, page, session, monkeypatch, tmp_path):
    asked = []

    def choose(parent, title, suggestion, filters):
        asked.append(suggestion)
        return str(tmp_path / "best"), filters

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    with qtbot.waitSignal(page.saving.save_requested) as signal:
        click(qtbot, page, "save_image_button")
    assert signal.args == [tmp_path / "best.png"]
    assert asked == [str(tmp_path / "faces step 10 seed 0.png")]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    with qtbot.assertNotEmitted(page.saving.save_requested):
        qtbot.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)


def test_copy_puts_the_exact_picture_on_the_clipboard(qtbot, page, session):
    pixels = np.random.default_rng(0).integers(0, 256, (33, 17, 3), np.uint8)
    page.show_picture(Picture(99, pixels))
    click(qtbot, page, "copy_image_button")
    assert np.array_equal(from_qimage(QGuiApplication.clipboard().image()), pixels)


def test_without_a_model_nothing_can_be_edited_and_there_are_ways_to_one(qtbot, page, monkeypatch, tmp_path):
    for name in ("save_image_button", "randomize_button", "seed_spin", "explorer_live", "welcome_follow"):
        assert not find(page, QWidget, name).isEnabled()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    with qtbot.waitSignal(page.open_requested) as opened:
        click(qtbot, page, "welcome_open")
    assert opened.args == [tmp_path]
    with qtbot.waitSignal(page.open_requested) as opened:
        click(qtbot, page, "welcome_example")
    assert opened.args == [tmp_path / "example.safetensors"]
    page.set_training(True)
    with qtbot.waitSignal(page.live_requested) as live:
        click(qtbot, page, "welcome_follow")
    assert live.args == [True]
    page.reset()
    page.saving.save_picture()


def test_the_open_menu_offers_files_runs_pictures_and_recent_ones(qtbot, page, monkeypatch, tmp_path):
    page.set_recent([tmp_path / "a", tmp_path / "b"])
    menu = find(page, QPushButton, "explorer_open").menu()
    texts = [action.text().replace("&", "") for action in menu.actions() if action.text()]
    assert texts == ["Run folder…", "Generator file…", "Saved picture…", "The trained example", "Recent"]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "g.safetensors"), ""))
    with qtbot.waitSignal(page.open_requested) as opened:
        menu.actions()[1].trigger()
    assert opened.args == [tmp_path / "g.safetensors"]
    with qtbot.waitSignal(page.open_requested) as opened:
        menu.actions()[-1].menu().actions()[1].trigger()
    assert opened.args == [tmp_path / "b"]


def test_following_is_asked_for_by_the_user_only(qtbot, page):
    page.set_training(True)
    check = find(page, QCheckBox, "explorer_live")
    with qtbot.assertNotEmitted(page.live_requested):
        page.set_following(True)
        page.set_following(False)
    with qtbot.waitSignal(page.live_requested) as live:
        qtbot.mouseClick(check, Qt.MouseButton.LeftButton, pos=QPoint(10, check.height() // 2))
    assert live.args == [True] and not check.isChecked()
    page.set_following(True)
    assert check.isChecked()


def test_a_recent_name_is_shown_as_it_is(page):
    page.set_recent([Path("/runs/cats & dogs")])
    (recent,) = page.controls.model.menu._recent_menu.actions()
    assert recent.text() == "cats && dogs" and recent.toolTip() == "/runs/cats & dogs"


def test_a_failure_is_shown_and_what_was_open_stays(page, session):
    page.open_path(Path("/x/bad.safetensors"))
    assert "Opening bad.safetensors" in find(page, QLabel, "model_details").text()
    page.show_failure("bad.safetensors is damaged.", "Take another.")
    assert "damaged" in page.stage.banner.message() and page.stage.banner.isVisible()
    assert "DCGAN" in find(page, QLabel, "model_details").text()
    page.show_model(view(), None)
    assert not page.stage.banner.isVisible()


def test_a_missing_model_is_asked_for(qtbot, page, session, monkeypatch, tmp_path):
    page.ask_for_model("ab" * 32, "face.png needs “cats”.")
    button = find(page, QPushButton, "model_find")
    assert button.isVisible() and "cats" in page.stage.banner.message()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    with qtbot.waitSignal(page.model_provided) as provided:
        button.menu().actions()[0].trigger()
    assert provided.args == [tmp_path]
    page.show_model(view(), None)
    assert not button.isVisible()


def test_everything_that_can_be_clicked_has_a_name_and_is_reached_by_tab(page, session):
    names = ("explorer_open", "seed_spin", "row_spin", "snap_button", "randomize_button", "reset_button",
             "save_image_button", "copy_image_button", "latent_slider_0", "explorer_canvas")  # fmt: skip
    for name in names:
        widget = find(page, QWidget, name)
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, name
        text = widget.property("text") or widget.accessibleName()
        labels = [label.text() for label in page.findChildren(QLabel) if label.buddy() is widget]
        assert text or labels, name
