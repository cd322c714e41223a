"""Nothing is cut off, overlaps or falls off a small screen, on any page, in any state."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog

from tests.gui.whole import looks
from tests.gui.whole.conftest import STATES, pages

SHEETS = ("preferences", "shortcuts", "log", "report", "about")


@pytest.mark.parametrize("state", STATES)
def test_everything_fits_a_small_screen(in_state, state, qtbot):
    studio = in_state(state)
    assert (studio.window.width(), studio.window.height()) == (1366, 768)
    found = []
    for name in pages(studio):
        found += [f"{name}: {fault}" for fault in looks.lasting_faults(studio.window, qtbot)]
    assert found == [], "\n".join(found)
    assert (studio.window.width(), studio.window.height()) == (1366, 768)


def test_nothing_is_cut_off_in_the_sheets(in_state, qtbot):
    studio = in_state("run")
    found = []
    for name in SHEETS:
        action = studio.window.findChild(QAction, f"action_{name}")
        assert isinstance(action, QAction)
        action.trigger()
        sheet = next(sheet for sheet in studio.window.findChildren(QDialog) if sheet.isVisible())
        sheet.resize(sheet.size().boundedTo(studio.window.size()))
        found += [f"{name}: {fault}" for fault in looks.lasting_faults(sheet, qtbot)]
        sheet.reject()
    assert found == [], "\n".join(found)
