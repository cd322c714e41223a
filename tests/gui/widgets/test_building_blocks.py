"""The small widgets, by real clicks and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.gui.widgets.banner import Banner
from gan_studio.gui.widgets.collapsible_section import CollapsibleSection
from gan_studio.gui.widgets.elided_label import ElidedLabel
from gan_studio.gui.widgets.empty_state import EmptyState
from gan_studio.gui.widgets.mnemonics import with_mnemonics
from gan_studio.gui.widgets.nav_rail import NavRail
from gan_studio.gui.widgets.segmented import SegmentedControl

LEFT = Qt.MouseButton.LeftButton
Show = Callable[..., QWidget]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    """Puts widgets into a shown window of their own, as a page would hold them."""
    windows: list[QWidget] = []

    def make(*widgets: QWidget) -> QWidget:
        window = QWidget()
        column = QVBoxLayout(window)
        for widget in widgets:
            column.addWidget(widget)
        # qtbot itself does not keep what it will close.
        windows.append(window)
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        return window

    yield make


def button(parent: QWidget, name: str) -> QToolButton:
    found = parent.findChild(QToolButton, name)
    assert isinstance(found, QToolButton)
    return found


def test_a_section_folds_by_click_and_by_key(qtbot: QtBot, show: Show) -> None:
    section, content = CollapsibleSection("Training"), QLabel("inside")
    section.body.addWidget(content)
    show(section)
    toggle = button(section, "section_toggle")
    qtbot.mouseClick(toggle, LEFT)
    assert not content.isVisible()
    assert "folded" in toggle.accessibleName()
    with qtbot.waitSignal(section.toggled) as told:
        qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert told.args == [True]
    assert content.isVisible()


def test_a_section_asks_for_a_reset(qtbot: QtBot, show: Show) -> None:
    section = CollapsibleSection("Training")
    show(section)
    assert not button(section, "section_reset").isVisible()
    section.set_resettable(True)
    with qtbot.waitSignal(section.reset_requested):
        qtbot.mouseClick(button(section, "section_reset"), LEFT)


def test_a_banner_tells_its_kind_in_words_and_unfolds_details(qtbot: QtBot, show: Show) -> None:
    banner = Banner()
    show(banner)
    assert not banner.isVisible()
    banner.show_message("The disk is full.", "Free some space.", "warning", details="Errno 28")
    assert banner.isVisible()
    assert "Warning: The disk is full. Free some space." in banner.accessibleName()
    details = banner.findChild(QPlainTextEdit, "banner_details")
    assert details is not None
    assert not details.isVisible()
    qtbot.mouseClick(button(banner, "banner_unfold"), LEFT)
    assert details.isVisible()
    assert details.toPlainText() == "Errno 28"


def test_a_banner_closes_and_says_so_once(qtbot: QtBot, show: Show) -> None:
    banner = Banner()
    show(banner)
    banner.show_message("Done.")
    with qtbot.waitSignal(banner.closed):
        qtbot.mouseClick(button(banner, "banner_close"), LEFT)
    assert not banner.isVisible()
    with qtbot.assertNotEmitted(banner.closed):
        banner.dismiss()


def test_markup_in_a_message_is_shown_as_it_is(qtbot: QtBot, show: Show) -> None:
    banner = Banner()
    show(banner)
    banner.show_message("<b>folder</b> is empty.", kind="error")
    label = banner.findChild(QLabel, "banner_message")
    assert label is not None
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_segments_are_exclusive_by_click_and_arrow(qtbot: QtBot, show: Show) -> None:
    control = SegmentedControl(["Averaged", "Raw", "Reals"])
    control.setObjectName("grid_choice")
    show(control)
    with qtbot.waitSignal(control.changed) as told:
        qtbot.mouseClick(control.button(2), LEFT)
    assert told.args == [2]
    assert [control.button(index).isChecked() for index in range(3)] == [False, False, True]
    qtbot.keyClick(control.button(2), Qt.Key.Key_Left)
    assert control.current() == 1
    control.button(1).setEnabled(False)
    control.set_current(2)
    control.button(2).setFocus()
    qtbot.keyClick(control.button(2), Qt.Key.Key_Left)
    assert control.current() == 0
    assert control.findChild(QPushButton, "grid_choice_1") is control.button(1)


def test_a_segment_that_is_down_already_is_not_told_again(qtbot: QtBot, show: Show) -> None:
    control = SegmentedControl(["A", "B"])
    show(control)
    with qtbot.assertNotEmitted(control.changed):
        qtbot.mouseClick(control.button(0), LEFT)
    with pytest.raises(IndexError):
        control.set_current(2)


@pytest.fixture
def rail(qtbot: QtBot, show: Show) -> NavRail:
    made = NavRail()
    for name, label in (("train", "Train"), ("gallery", "Gallery"), ("explorer", "Explorer")):
        made.add_page(name, label, "compass")
    window = show(made)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return made


def test_the_rail_chooses_by_click(qtbot: QtBot, rail: NavRail) -> None:
    assert rail.current() == 0
    with qtbot.waitSignal(rail.selected) as told:
        qtbot.mouseClick(button(rail, "nav_explorer"), LEFT)
    assert told.args == [2]
    assert not rail.button("train").isChecked()
    with qtbot.assertNotEmitted(rail.selected):
        qtbot.mouseClick(button(rail, "nav_explorer"), LEFT)


def test_the_rail_chooses_by_shortcut_but_no_disabled_page(qtbot: QtBot, rail: NavRail) -> None:
    with qtbot.waitSignal(rail.selected) as told:
        qtbot.keyClick(rail.window(), Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert told.args == [1]
    rail.button("explorer").setEnabled(False)
    qtbot.keyClick(rail.window(), Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert rail.current() == 1
    with pytest.raises(KeyError):
        rail.button("nowhere")


def test_an_empty_state_offers_its_action(qtbot: QtBot, show: Show) -> None:
    state = EmptyState("image-square", "No samples yet", "Press Train.", "Train")
    show(state)
    action = state.findChild(QPushButton, "empty_action")
    assert action is not None
    with qtbot.waitSignal(state.action_triggered):
        qtbot.mouseClick(action, LEFT)
    state.set_content("Nothing found")
    assert not action.isVisible()


def test_a_long_text_is_elided_and_whole_in_the_tooltip(qtbot: QtBot, show: Show) -> None:
    label = ElidedLabel("/pictures/" + "deep/" * 40)
    window = show(label)
    window.resize(200, 60)
    qtbot.waitUntil(lambda: "…" in label.shown_text())
    label.grab()
    assert label.toolTip() == label.text()
    label.setText("short")
    label.grab()
    assert label.toolTip() == ""


def test_mnemonics_are_different_letters_and_leave_the_menus_theirs() -> None:
    marked = with_mnemonics(["File", "Fit", "Find & fix", "X", "X"], taken="fevh")
    letters = [text.replace("&&", "")[text.replace("&&", "").index("&") + 1].lower() for text in marked[:4]]
    assert len(set(letters)) == 4
    assert not set(letters) & set("fevh")
    assert marked[4] == "X"
    assert "&&" in marked[2]
