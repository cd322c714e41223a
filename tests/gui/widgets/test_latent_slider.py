"""One slim slider: dragged, typed, reset, scrolled over."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from gan_studio.gui.widgets.latent_slider import LatentSlider, parse_number


@pytest.fixture
def slider(qtbot):
    made = LatentSlider("z 3")
    qtbot.addWidget(made)
    made.resize(300, 24)
    made.show()
    return made


def track_point(slider, share):
    track = slider.track_rect()
    return QPoint(round(track.left() + share * track.width()), slider.height() // 2)


def type_value(qtbot, slider, text):
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.value_rect().center())
    editor = slider.findChild(QLineEdit, "latent_value_edit")
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


def test_a_click_on_the_track_sets_the_value_and_says_so_once_it_is_over(qtbot, slider):
    heard = []
    slider.edited.connect(heard.append)
    with qtbot.waitSignal(slider.edit_finished):
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=track_point(slider, 1))
    assert slider.number() == pytest.approx(3, abs=0.05) and heard[-1] == slider.number()
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=track_point(slider, 0.25))
    assert slider.number() == pytest.approx(-1.5, abs=0.05)


def test_a_drag_follows_the_pointer_and_stops_at_the_ends(qtbot, slider):
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=track_point(slider, 0.5))
    qtbot.mouseMove(slider, track_point(slider, 0.75))
    assert slider.number() == pytest.approx(1.5, abs=0.05)
    qtbot.mouseMove(slider, track_point(slider, 3))
    assert slider.number() == 3
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton)
    qtbot.mouseMove(slider, track_point(slider, 0.1))
    assert slider.number() == 3


def test_taking_the_knob_beside_its_middle_does_not_move_it(qtbot, slider):
    slider.set_number(0.5)
    knob = track_point(slider, 3.5 / 6) + QPoint(4, 0)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=knob)
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=knob)
    assert slider.number() == pytest.approx(0.5, abs=0.002)


@pytest.mark.parametrize(
    ("text", "number"), [("1.25", 1.25), ("-7,5", -7.5), ("1e-40", 1e-40), ("12345.678", 12345.678)]
)
def test_typed_values_are_kept_as_float32_also_beyond_the_range(qtbot, slider, text, number):
    with qtbot.waitSignal(slider.edited) as edited:
        type_value(qtbot, slider, text)
    assert slider.number() == edited.args[0] == float(np.float32(number))


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "1e300"])
def test_typed_words_leave_the_value_alone(qtbot, slider, text):
    slider.set_number(0.7)
    type_value(qtbot, slider, text)
    assert slider.number() == float(np.float32(0.7))
    assert parse_number(text) is None


def test_escape_leaves_the_editor_without_a_change(qtbot, slider):
    slider.set_number(1)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.value_rect().center())
    editor = slider.findChild(QLineEdit, "latent_value_edit")
    qtbot.keyClicks(editor, "2")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert slider.number() == 1 and editor.isHidden() and slider.hasFocus()


def test_opening_the_editor_and_leaving_it_keeps_digits_that_are_not_shown(qtbot, slider):
    slider.set_number(0.123456789)
    before = slider.number()
    heard = []
    slider.edited.connect(heard.append)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.value_rect().center())
    qtbot.keyClick(slider.findChild(QLineEdit, "latent_value_edit"), Qt.Key.Key_Return)
    assert slider.number() == before and heard == []


def test_a_digit_begins_to_type(qtbot, slider):
    slider.setFocus()
    qtbot.keyClick(slider, "-")
    editor = slider.findChild(QLineEdit, "latent_value_edit")
    qtbot.keyClicks(editor, "2")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert slider.number() == -2


def test_arrow_keys_step(qtbot, slider):
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    first = slider.number()
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert first == pytest.approx(0.05) and slider.number() == 0


def test_an_arrow_key_moves_a_value_that_lies_outside_back_from_the_end(qtbot, slider):
    slider.set_number(9)
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert slider.number() == pytest.approx(2.95)


def test_a_double_click_and_delete_ask_for_a_reset(qtbot, slider):
    with qtbot.waitSignal(slider.reset_requested):
        qtbot.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=track_point(slider, 0.2))
    with qtbot.waitSignal(slider.reset_requested):
        qtbot.keyClick(slider, Qt.Key.Key_Delete)


def test_setting_a_value_tells_nobody(qtbot, slider):
    with qtbot.assertNotEmitted(slider.edited):
        slider.set_number(2)


def turn_wheel(slider):
    where = QPointF(slider.rect().center())
    event = QWheelEvent(
        where, slider.mapToGlobal(where), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    event.ignore()
    QApplication.sendEvent(slider, event)
    return event.isAccepted()


def test_the_wheel_works_only_with_the_focus(qtbot, slider):
    slider.clearFocus()
    assert not turn_wheel(slider) and slider.number() == 0
    slider.setFocus()
    turn_wheel(slider)
    assert slider.number() > 0


def test_it_is_painted_differently_when_its_value_or_baseline_changes(qtbot, slider):
    pictures = [slider.grab().toImage()]
    for change in (lambda: slider.set_baseline(0.0), lambda: slider.set_number(2), lambda: slider.set_number(20)):
        change()
        pictures.append(slider.grab().toImage())
    assert pictures[0] == pictures[1]
    assert pictures[1] != pictures[2] != pictures[3]
    assert slider.is_changed()
