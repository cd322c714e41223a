"""When plots that move together are drawn: new points seldom enough to keep to a share of the time."""

import pytest

from gan_studio.gui.widgets import step_view
from gan_studio.gui.widgets.step_view import LONGEST_PAUSE_MS, PAUSE_MS, StepView


@pytest.fixture
def drawn(qtbot, monkeypatch):
    """Draws three plots that take so many seconds of a processor each; returns the view they share."""
    clock = [0.0]
    monkeypatch.setattr(step_view.time, "thread_time", lambda: clock[0])
    monkeypatch.setattr(step_view, "SHARE", 0.015)

    def draw(seconds: float) -> StepView:
        view, turns = StepView(), []
        view.turn.connect(lambda plot: (turns.append(plot), clock.__setitem__(0, clock[0] + seconds)))
        for plot in ("losses", "scores", "norms"):
            view.ask_for_turn(plot)
        assert turns == ["losses"], "one after the other"
        qtbot.waitUntil(lambda: len(turns) == 3 and not view._turns.isActive())
        return view

    return draw


def test_the_more_a_round_of_drawing_takes_the_longer_new_points_wait(drawn):
    assert drawn(0.010).pause_ms() == 2000, "30 ms are 1.5 % of two seconds"
    assert drawn(0.005).pause_ms() == 1000


def test_the_wait_has_bounds(drawn):
    assert StepView().pause_ms() == PAUSE_MS, "nothing was drawn yet"
    assert drawn(0.0001).pause_ms() == PAUSE_MS
    assert drawn(1.0).pause_ms() == LONGEST_PAUSE_MS
