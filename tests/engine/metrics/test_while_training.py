"""Measuring at the end of steps: its numbers are written, and the course of the training is the same bit for bit."""

from __future__ import annotations

import pytest

from gan_studio.engine.metrics.while_training import picture_count
from gan_studio.engine.request import ResumeRequest
from gan_studio.engine.run import RunFolder
from tests.engine.courses import differences, draw_pictures, final_state, new_run, play

LAST, STOPPED_AT, EVERY = 12, 5, 3


@pytest.fixture(scope="module")
def courses(tmp_path_factory):
    folder = tmp_path_factory.mktemp("measured")
    (folder / "pictures").mkdir()
    source = draw_pictures(folder / "pictures", count=40)
    hard = {"family": {"d_dropout": 0.3}, "data": {"flip": True}, "steps": LAST}
    without, measured, stopped = folder / "without", folder / "measured", folder / "stopped"
    play(new_run(source, without, **hard, measure=False), LAST)
    play(new_run(source, measured, **hard, measure_steps=EVERY), LAST)
    play(new_run(source, stopped, **hard, measure_steps=EVERY), STOPPED_AT)
    play(ResumeRequest(stopped), LAST)
    return without, measured, stopped


def metrics(run):
    return {line["step"]: line for line in RunFolder(run).metrics() if "metric/sliced_wasserstein" in line}


def test_a_training_that_is_measured_is_the_same_bit_for_bit(courses):
    without, measured, _ = courses
    assert metrics(without) == {}
    assert differences(final_state(without), final_state(measured)) == []


def test_a_resume_is_exact_with_measuring_on_and_measures_the_same(courses):
    _, measured, stopped = courses
    assert differences(final_state(measured), final_state(stopped)) == []
    first, second = metrics(measured), metrics(stopped)
    assert list(first) == list(second) == [3, 6, 9, 12]
    for step in first:
        for name in ("metric/sliced_wasserstein", "floor/sliced_wasserstein"):
            assert first[step][name] == second[step][name] > 0


def test_what_it_costs_is_written_and_logged(courses):
    _, measured, _ = courses
    assert all(line["metrics/seconds"] > 0 for line in metrics(measured).values())
    assert "Measured samples at step 3, in " in RunFolder(measured).log_file.read_text()


@pytest.mark.parametrize(("size", "count"), [(16, 128), (64, 128), (128, 32), (256, 32)])
def test_fewer_large_pictures_are_compared(size, count):
    assert picture_count(size) == count
