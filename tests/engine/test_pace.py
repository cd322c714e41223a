"""When things are due, when a training is done, how long that takes, and the scalars in between."""

import math

import numpy as np
import pytest
import torch

from gan_studio.engine import pace, progress
from gan_studio.engine.config import TrainingSettings
from gan_studio.engine.limits import reached, seconds_left
from gan_studio.engine.pace import Budget, Clock, Throughput
from gan_studio.engine.stats import Statistics
from gan_studio.engine.trainer import MOST_REPORTS, REPORT_SECONDS


@pytest.fixture
def now(monkeypatch):
    time = [1000.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: time[0])
    return time


@pytest.mark.parametrize("costs", [[0.2], [1.0], [7.0], [0.1, 3.0, 0.5]])
def test_a_budget_keeps_to_its_share_of_the_training_time(now, costs):
    """Steps of 0.1 s for an hour; what is measured costs this by turns. Once a first guess was put right, it holds."""
    budget, times = Budget(), []

    def measure():
        now[0] += costs[len(times) % len(costs)]
        times.append(age)

    for step in range(1, 36_001):
        age = 100 + step * 0.1
        now[0] += 0.1
        if budget.due(step, age):
            budget.run(measure)
        if len(times) > 1:
            assert budget.spent_seconds <= 0.05 * (age - 100) + max(costs)
    assert times[0] == pytest.approx(120, abs=0.2)
    assert 0.6 * 0.05 * 3600 < budget.spent_seconds <= 0.05 * 3600


def test_time_that_a_budget_left_unused_is_not_made_up_for_in_a_burst(now):
    """The guess before the first time is a second; what takes 0.05 s is then due once a second, not at each step."""
    budget, times = Budget(), []

    def measure():
        now[0] += 0.05
        times.append(age)

    for step in range(1, 301):
        age = step * 0.1
        if budget.due(step, age):
            budget.run(measure)
    assert times[0] == pytest.approx(20.1, abs=0.2)
    assert np.diff(times) == pytest.approx(1.0, abs=0.11)


def test_a_budget_by_steps_asks_for_no_share(now):
    budget = Budget(steps=10)
    assert [step for step in range(1, 31) if budget.due(step, 0.0)] == [10, 20, 30]


def test_by_the_clock_something_is_due_every_so_many_seconds(now):
    clock = Clock(2.0)
    assert not clock.due(1, 0)
    now[0] += 2
    assert clock.due(1, 0)
    clock.run(lambda: None)
    assert not clock.due(1, 0)


def test_by_steps_something_is_due_at_their_multiples_whatever_the_clock_says(now):
    clock = Clock(0.0, steps=5)
    assert [step for step in range(1, 12) if clock.due(step, 0)] == [5, 10]


def test_what_takes_long_is_done_less_often(now):
    clock = Clock(1.0)

    def slow():
        now[0] += 10

    clock.run(slow)
    now[0] += 10 / pace.MOST_SHARE - 1
    assert not clock.due(1, 0)
    now[0] += 1
    assert clock.due(1, 0)


def test_the_pace_slows_with_the_age_of_the_run(now):
    clock = Clock(1.0, most_in_a_run=100)
    now[0] += 5
    assert clock.due(1, age_seconds=400)
    assert not clock.due(1, age_seconds=600)


def test_a_failure_counts_as_done(now):
    clock = Clock(1.0)
    now[0] += 1
    with pytest.raises(ZeroDivisionError):
        clock.run(lambda: 1 / 0)
    assert not clock.due(1, 0)


def test_throughput_is_that_of_the_last_seconds():
    throughput = Throughput()
    assert throughput.mark(0, 0) == 0
    assert throughput.mark(2, 20) == 10
    for second in range(3, 10):
        last = throughput.mark(second, 20 + 100 * (second - 2))
    assert last == pytest.approx(100)


def test_no_limit_is_never_reached():
    assert not reached(TrainingSettings(), 10**9, 10**12, 1e9)
    assert seconds_left(TrainingSettings(), 5, 5, 5, 5) is None


def test_limits_by_hand():
    settings = TrainingSettings(steps=10, images=100, minutes=1)
    assert not reached(settings, 9, 99, 59)
    assert reached(settings, 10, 0, 0)
    assert reached(settings, 0, 100, 0)
    assert reached(settings, 0, 0, 60)


def test_what_remains_is_that_of_the_limit_which_comes_first():
    # Four images a step, eight a second: two steps a second
    assert seconds_left(TrainingSettings(steps=30), 10, 40, 5, 8) == pytest.approx(10)
    assert seconds_left(TrainingSettings(images=56), 10, 40, 5, 8) == pytest.approx(2)
    assert seconds_left(TrainingSettings(minutes=1), 10, 40, 5, 8) == pytest.approx(55)
    assert seconds_left(TrainingSettings(steps=30, images=56, minutes=1), 10, 40, 5, 8) == pytest.approx(2)
    assert seconds_left(TrainingSettings(minutes=1), 10, 40, 99, 8) == 0
    assert seconds_left(TrainingSettings(steps=30), 0, 0, 0, 0) is None


def test_scalars_are_means_since_the_last_reading():
    statistics = Statistics()
    for value in (1.0, 2.0, 6.0):
        statistics.add("loss/D", torch.tensor(value))
    statistics.add("loss/G", torch.tensor(5.0, dtype=torch.bfloat16))
    assert statistics.read() == ({"loss/D": 3.0, "loss/G": 5.0}, 0)
    assert statistics.read() == ({}, 0)
    statistics.add("loss/D", torch.tensor(7.0))
    statistics.forget()
    assert statistics.read() == ({}, 0)


def test_a_scalar_keeps_no_graph():
    statistics, weight = Statistics(), torch.ones(1, requires_grad=True)
    statistics.add("loss", (weight * 2).sum())
    assert all(not total.requires_grad for total in statistics._sums.values())


def test_skipped_updates_are_counted_in_a_row_and_by_optimiser():
    statistics = Statistics()
    for d, g in ((1, 0), (1, 1), (0, 1), (1, 1), (1, 1)):
        statistics.add_update("D", torch.tensor(float(d)))
        statistics.add_update("G", torch.tensor(float(g)))
    assert statistics.read()[1] == 4, "G's row; D's was broken once"
    assert statistics.read()[1] == 4, "reading does not end a row"
    statistics.forget_skipped()
    assert statistics.read()[1] == 0


def test_not_a_number_stays_one_in_the_mean():
    statistics = Statistics()
    statistics.add("loss", torch.tensor(math.nan))
    statistics.add("loss", torch.tensor(1.0))
    assert math.isnan(statistics.read()[0]["loss"])


def test_a_week_of_reports_is_no_endless_row(now):
    now[0], reports = 0.0, 0
    clock = Clock(REPORT_SECONDS, most_in_a_run=MOST_REPORTS)
    while now[0] < 7 * 24 * 3600:
        now[0] += max(REPORT_SECONDS, now[0] / MOST_REPORTS) * 1.01
        if clock.due(1, now[0]):
            clock.run(lambda: None)
            reports += 1
    assert 100_000 < reports < 150_000


def test_progress_is_told_seldom_but_at_the_beginning_and_at_the_end(monkeypatch):
    now, told = [1000.0], []
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    report = progress.paced(lambda done, total: told.append((done, total)), 0.1)
    for done in range(1, 1001):
        now[0] += 0.001
        report(done, 1000)
    assert told[0] == (1, 1000) and told[-1] == (1000, 1000)
    assert len(told) == pytest.approx(11, abs=1)
