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
    qtbot.waitUntil(lambda: not timeline.playing)
    assert shown == [0, 1, 2, 3]
    assert timeline.following


def test_a_second_press_stops_playing_where_it_is(timeline, shown, qtbot):
    timeline.set_steps(range(50))
    qtbot.mouseClick(timeline.play_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: timeline.current_step == 2)
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


def test_the_speed_is_chosen_from_a_menu_and_told(timeline, qtbot):
    timeline.set_steps(range(100))
    menu = timeline.bar.speed.menu()
    assert [action.data() for action in menu.actions()] == [0.25, 0.5, 1, 2, 4, 8]
    slow = timeline._player.interval_ms()
    with qtbot.waitSignal(timeline.playback_changed) as signal:
        menu.actions()[4].trigger()
    assert signal.args == [4.0, False]
    assert timeline.bar.speed.text() == "4×" and timeline._player.interval_ms() < slow


def test_a_film_too_fast_for_a_screen_leaves_grids_out(timeline, shown, qtbot):
    timeline.set_steps(range(1000))
    timeline.set_playback(8, False)
    timeline._player.start(1000)
    assert timeline._player.interval_ms() == 16 and timeline._player.stride() == 4
    timeline.set_playing(False)


def test_a_loop_begins_again_until_it_is_stopped(timeline, shown, qtbot):
    timeline.set_playback(8, False)
    timeline.set_steps(range(3))
    shown.clear()
    with qtbot.waitSignal(timeline.playback_changed) as signal:
        qtbot.mouseClick(timeline.bar.loop, Qt.MouseButton.LeftButton)
    assert signal.args == [8.0, True]
    timeline.set_playing(True)
    qtbot.waitUntil(lambda: shown[:7] == [0, 1, 2, 0, 1, 2, 0])
    assert timeline.playing and not timeline.following
    timeline.set_playing(False)


def test_a_typed_step_is_gone_to(timeline, qtbot):
    timeline.set_steps((0, 100, 1000))
    timeline.ask_for_step()
    qtbot.waitUntil(timeline.bar.jump.hasFocus)
    qtbot.keyClicks(timeline.bar.jump, "480")
    qtbot.keyClick(timeline.bar.jump, Qt.Key.Key_Return)
    assert timeline.current_step == 100 and timeline.bar.jump.text() == ""
    assert timeline.slider.hasFocus(), "arrow keys go on from there"


def test_escape_takes_a_typed_step_back(timeline, qtbot):
    timeline.set_steps((0, 100))
    qtbot.keyClicks(timeline.bar.jump, "7")
    qtbot.keyClick(timeline.bar.jump, Qt.Key.Key_Escape)
    assert timeline.bar.jump.text() == "" and timeline.current_step == 100


def test_a_star_marks_the_step_on_show_and_marks_move_with_new_grids(timeline, qtbot):
    timeline.set_steps((0, 100, 200))
    timeline.go_to(100)
    with qtbot.waitSignal(timeline.favourite_wanted) as signal:
        qtbot.mouseClick(timeline.bar.favourite, Qt.MouseButton.LeftButton)
    assert signal.args == [100, True]
    timeline.set_favourites({100, 999})
    assert timeline.slider.marks() == {1} and timeline.bar.favourite.isChecked()
    timeline.add_step(50)
    assert timeline.slider.marks() == {2}
    with qtbot.waitSignal(timeline.favourite_wanted) as signal:
        qtbot.mouseClick(timeline.bar.favourite, Qt.MouseButton.LeftButton)
    assert signal.args == [100, False]


def test_marks_are_painted_above_the_groove(timeline):
    timeline.set_steps(range(11))
    plain = timeline.slider.grab().toImage()
    timeline.set_favourites({5})
    marked = timeline.slider.grab().toImage()
    middle = timeline.slider.width() // 2
    assert marked.pixel(middle, 3) != plain.pixel(middle, 3)
    assert marked.pixel(middle // 2, 3) == plain.pixel(middle // 2, 3)


def test_what_comes_next_is_known_while_it_plays(timeline):
    timeline.set_steps(range(6))
    timeline.go_to(3)
    assert timeline.next_steps() == []
    timeline.set_playback(1, True)
    timeline.set_playing(True)
    assert timeline.next_steps() == [4, 5, 0, 1, 2]
    timeline.set_playing(False)
