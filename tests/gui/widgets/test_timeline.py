"""The timeline: it follows until the user goes back, and then nothing moves it but the user."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from gan_studio.gui.widgets.timeline import Timeline


@pytest.fixture
def timeline(qtbot):
    made = Timeline()
    qtbot.addWidget(made)
    made.resize(500, 60)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def shown(timeline):
    steps = []
    timeline.step_changed.connect(steps.append)
    return steps


def test_it_follows_the_newest_step(timeline, shown):
    for step in (0, 100, 200):
        timeline.add_step(step)
    assert shown == [0, 100, 200]
    assert timeline.following


def test_going_back_stops_following_and_arrivals_move_nothing(timeline, shown, qtbot):
    timeline.set_steps(range(0, 1000, 100))
    timeline.slider.setFocus()
    qtbot.keyClick(timeline.slider, Qt.Key.Key_Left)
    qtbot.keyClick(timeline.slider, Qt.Key.Key_Left)
    assert timeline.current_step == 700
    assert not timeline.following
    before = list(shown)
    timeline.add_step(1000)
    timeline.add_step(1100)
    assert timeline.current_step == 700
    assert shown == before
    assert timeline.slider.value() == 7


def test_going_to_the_end_follows_again(timeline, qtbot):
    timeline.set_steps((0, 100, 200))
    timeline.go_to(0)
    timeline.slider.setFocus()
    qtbot.keyClick(timeline.slider, Qt.Key.Key_End)
    assert timeline.following
    timeline.add_step(300)
    assert timeline.current_step == 300


def test_the_live_button_goes_to_the_newest(timeline, qtbot):
    timeline.set_steps((0, 100, 200))
    timeline.go_to(0)
    qtbot.mouseClick(timeline.live_button, Qt.MouseButton.LeftButton)
    assert timeline.current_step == 200
    assert timeline.following
    assert timeline.live_button.isChecked()


def test_a_press_in_the_groove_jumps_there(timeline, qtbot):
    timeline.set_steps(range(101))
    middle = QPoint(timeline.slider.width() // 2, timeline.slider.height() // 2)
    qtbot.mouseClick(timeline.slider, Qt.MouseButton.LeftButton, pos=middle)
    assert timeline.current_step == pytest.approx(50, abs=2)


def test_it_goes_to_the_nearest_step_that_exists(timeline):
    timeline.set_steps((0, 100, 1000))
    timeline.go_to(480.0)
    assert timeline.current_step == 100
    timeline.go_to(10_000)
    assert timeline.current_step == 1000


def test_a_step_made_anew_is_told_again_only_while_it_is_shown(timeline, shown):
    timeline.set_steps((0, 100))
    shown.clear()
    timeline.add_step(100)
    assert shown == [100]
    timeline.go_to(0)
    shown.clear()
    timeline.add_step(100)
    assert shown == []


def test_cut_forgets_later_steps_and_shows_what_is_left(timeline, shown):
    timeline.set_steps(range(0, 1000, 100))
    timeline.cut(350)
    assert timeline.steps == [0, 100, 200, 300]
    assert shown[-1] == 300


def test_the_label_says_step_and_images(timeline):
    timeline.images_per_step = 64
    timeline.set_steps((0, 1200))
    assert timeline.findChild(QLabel, "timeline_label").text() == "step 1,200 · 77k images"


def test_playing_shows_every_step_from_the_start_and_ends_live(timeline, shown, qtbot):
    timeline.set_steps(range(4))
    shown.clear()
    qtbot.mouseClick(timeline.play_button, Qt.MouseButton.LeftButton)
    assert timeline.playing
    assert timeline.play_button.accessibleName() == "Stop playing"
    qtbot.waitUntil(lambda: not timeline.playing, timeout=5000)
    assert shown == [0, 1, 2, 3]
    assert timeline.following


def test_a_second_press_stops_playing_where_it_is(timeline, shown, qtbot):
    timeline.set_steps(range(50))
    qtbot.mouseClick(timeline.play_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: timeline.current_step == 2, timeout=5000)
    qtbot.mouseClick(timeline.play_button, Qt.MouseButton.LeftButton)
    assert not timeline.playing
    assert not timeline.following
    assert timeline.current_step < 49


def test_with_no_steps_there_is_nothing_to_move(timeline):
    timeline.set_steps((0,))
    timeline.clear()
    assert timeline.current_step is None
    assert not timeline.slider.isEnabled()
    assert not timeline.play_button.isEnabled()
    timeline.go_to(5)
    timeline.move_by(1)
    assert timeline.current_step is None
