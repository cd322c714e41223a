"""Every control can be reached by Tab, has a name, and comes where one would look for it."""

from __future__ import annotations

import pytest

from tests.gui.whole import tabbing
from tests.gui.whole.conftest import STATES, pages


@pytest.mark.parametrize("state", STATES)
def test_tab_reaches_every_control_of_every_page(in_state, state):
    studio = in_state(state)
    found = []
    for name in pages(studio):
        reached = tabbing.walk(studio.window)
        assert reached, f"Tab reaches nothing on {name}"
        found += [f"{name}: {control} is not reached" for control in tabbing.unreached(studio.window, reached)]
        found += [f"{name}: {control} has no name" for control in tabbing.nameless(reached)]
        found += [f"{name}: out of order: {jump}" for jump in tabbing.jumps(reached)]
    assert found == [], "\n".join(found)
