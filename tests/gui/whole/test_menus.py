"""Every action of every menu can be asked for, in an empty window, on a run, and while training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from tests.gui.studio import Studio
from tests.gui.whole.conftest import STATES

CLOSES = frozenset(("action_quit",))


def entries(studio: Studio) -> list[QAction]:
    return [entry for title in studio.window.menuBar().actions() for entry in _below(title)]


def _below(action: QAction) -> Iterator[QAction]:
    menu = action.menu()
    if isinstance(menu, QMenu):
        for entry in menu.actions():
            yield from _below(entry)
    elif not action.isSeparator():
        yield action


def close_what_opened(studio: Studio) -> None:
    for dialog in studio.window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.reject()
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()


@pytest.mark.usefixtures("answers", "only_tiny")
@pytest.mark.parametrize("state", STATES)
def test_every_entry_can_be_asked_for(in_state, state, qtbot):
    studio = in_state(state)
    for number in range(len(entries(studio))):
        # Looked up anew: what was open before changes the menu of recent files
        entry = dict(enumerate(entries(studio))).get(number)
        if entry is not None and entry.objectName() not in CLOSES:
            entry.trigger()
            qtbot.wait(5)
            close_what_opened(studio)
    studio.window.showNormal()
    assert studio.window.isVisible()


def test_every_entry_has_words_a_tip_and_a_key_of_its_own(in_state):
    studio = in_state("data")
    found = entries(studio)
    assert len(found) > 20
    assert [entry.objectName() for entry in found if not entry.text().strip("&")] == []
    assert [entry.text() for entry in found if not entry.statusTip()] == []
    keys = Counter(keys.toString() for entry in found for keys in entry.shortcuts())
    assert {key for key, count in keys.items() if count > 1} == set()


def test_no_letter_means_two_things_in_a_menu(in_state):
    studio = in_state("empty")
    for title in studio.window.menuBar().actions():
        menu = title.menu()
        assert isinstance(menu, QMenu)
        letters = Counter(
            QKeySequence.mnemonic(entry.text()).toString() for entry in menu.actions() if "&" in entry.text()
        )
        assert {letter for letter, count in letters.items() if count > 1} == set(), title.text()
