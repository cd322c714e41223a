"""What is done by hand is written down with its step, and repeated from there."""

import pytest

from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.control import Intervention
from gan_studio.engine.errors import RunError
from gan_studio.engine.journal import Journal
from gan_studio.engine.run import RunFolder

SLOW, FAST, STEP = (Intervention("learning_rate", "G", rate) for rate in (1e-5, 1e-3, 0.5))


@pytest.fixture
def run(tmp_path):
    return RunFolder.create(tmp_path / "r", RunConfig(family="dcgan", picture=PictureSpec(size=16)))


def steps(run):
    return [(line["step"], line["value"]) for line in run.interventions()]


def test_entries_are_repeated_at_their_steps_and_in_their_order(run):
    journal = Journal(run)
    journal.add(5, 0, SLOW)
    journal.add(5, 1, FAST)
    again = Journal(run)
    assert again.recorded(4, 0) is None
    assert again.recorded(5, 0) == SLOW
    assert again.recorded(5, 1) == FAST
    assert again.recorded(99, 2) is None


def test_doing_something_else_drops_what_history_had_in_store(run):
    journal = Journal(run)
    for step, change in ((5, SLOW), (10, FAST), (15, STEP)):
        journal.add(step, step // 5 - 1, change)
    resumed = Journal(run)
    resumed.add(7, 1, STEP)
    assert steps(run) == [(5, 1e-5), (7, 0.5)]
    assert resumed.recorded(20, 2) is None


def test_what_could_not_be_written_is_written_with_the_next(run, monkeypatch):
    def refuse(values):
        raise RunError("disk full")

    journal = Journal(run)
    journal.add(1, 0, SLOW)
    with monkeypatch.context() as patch:
        patch.setattr(run, "append_intervention", refuse)
        with pytest.raises(RunError):
            journal.add(2, 1, FAST)
    assert steps(run) == [(1, 1e-5)]
    assert journal.recorded(2, 1) == FAST
    journal.add(3, 2, STEP)
    assert steps(run) == [(1, 1e-5), (2, 1e-3), (3, 0.5)]


def test_a_line_that_was_cut_off_does_not_take_the_next_one_with_it(run):
    Journal(run).add(1, 0, SLOW)
    with run.interventions_file.open("a") as file:
        file.write('{"step": 2, "ki')
    journal = Journal(run)
    journal.add(2, 1, FAST)
    assert steps(run) == [(1, 1e-5), (2, 1e-3)]
