"""Scalars over steps: what gets in, what is cut, what thinning keeps."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gan_studio.gui.widgets import scalar_series
from gan_studio.gui.widgets.scalar_series import BLOCK, ScalarSeries, peaks


def filled(count):
    series = ScalarSeries()
    for step in range(count):
        series.append(step, float(step % 7))
    return series


def test_values_that_are_not_finite_never_get_in():
    series = filled(3)
    for value in (math.nan, math.inf, -math.inf):
        assert not series.append(10, value)
    assert list(series.steps) == [0, 1, 2]


def test_it_grows_beyond_its_first_room():
    series = filled(5000)
    assert len(series) == 5000
    assert series.steps[-1] == 4999
    assert np.array_equal(series.values[:8], [0, 1, 2, 3, 4, 5, 6, 0])


def test_a_step_told_again_replaces_the_first_telling():
    series = filled(3)
    series.append(2, 9.0)
    assert list(series.values) == [0, 1, 9]


def test_load_drops_what_is_not_finite_and_can_be_appended_to():
    series = ScalarSeries()
    series.load([1, 2, 3], [1.0, math.nan, 3.0])
    series.append(4, 4.0)
    assert list(series.steps) == [1, 3, 4]
    series.load([], [])
    series.append(1, 1.0)
    assert list(series.values) == [1]


def whole(series):
    return slice(0, len(series))


def smoothed(series, width):
    return series.means(np.arange(len(series)), width)


def test_smoothing_keeps_a_constant_and_follows_a_cut():
    series = ScalarSeries()
    for step in range(100):
        series.append(step, 2.0 if step < 50 else 8.0)
    series.cut(49)
    assert np.allclose(smoothed(series, 15), 2.0)
    assert len(series) == 50


def test_smoothing_calms_noise():
    series, noise = ScalarSeries(), np.random.default_rng(0).normal(size=1000)
    series.load(np.arange(1000), noise)
    assert smoothed(series, 15).std() < 0.35 * noise.std()


def test_one_huge_value_spoils_no_mean_but_those_around_it():
    series = ScalarSeries()
    series.load(np.arange(100_000), np.where(np.arange(100_000) == 500, 1e300, 3.0))
    for width in (1, 15, 2000):
        means = series.means(np.array([50_000, 99_999]), width)
        assert np.allclose(means, 3.0)
    assert np.isfinite(series.means(np.array([500]), 15)).all()


@given(st.integers(2000, 9000), st.integers(600, 3000))
def test_wide_means_from_blocks_are_those_of_the_points(count, width):
    values = np.random.default_rng(count).normal(size=count).cumsum()
    series = ScalarSeries()
    series.load(np.arange(count), values)
    places = np.arange(0, count, 100)
    exact = [values[max(0, place - width // 2) : place + width // 2 + 1].mean() for place in places]
    assert np.abs(series.means(places, width) - exact).max() <= 2 * BLOCK / width * np.ptp(values) + 1e-9


def test_the_nearest_point_is_found_on_both_sides_and_beyond_the_ends():
    series = ScalarSeries()
    assert series.nearest(3) is None
    series.load([0, 10, 20], [0.0, 0.0, 0.0])
    assert [series.nearest(step) for step in (-5, 4, 6, 99, math.inf)] == [0, 0, 1, 2, 2]


@given(st.integers(1, 3000), st.integers(1, 400))
def test_thinning_keeps_every_peak_in_few_points(count, buckets):
    values = np.random.default_rng(count).normal(size=count)
    steps, shown = peaks(np.arange(count, dtype=float), values, buckets)
    assert shown.min() == values.min()
    assert shown.max() == values.max()
    assert len(shown) <= max(3 * buckets, 2 * buckets + count // buckets)
    assert np.all(np.diff(steps) > 0)


@given(st.integers(1, 30_000), st.integers(1, 40), st.floats(0, 0.9), st.floats(0, 1))
def test_thinning_by_blocks_keeps_every_peak_too(count, buckets, start, share):
    values = np.random.default_rng(count).normal(size=count)
    series = ScalarSeries()
    for step in range(0, count, max(1, count // 3)):  # blocks are summed up as the run goes on
        series.load(np.arange(step + 1.0), values[: step + 1])
        series.peaks(whole(series), buckets)
    for step in range(len(series), count):
        series.append(step, values[step])
    view = slice(int(start * count), int(start * count) + max(1, int(share * (count - int(start * count)))))
    steps, shown = series.peaks(view, buckets)
    assert shown.min() == values[view].min()
    assert shown.max() == values[view].max()
    assert len(shown) <= 3 * buckets + 6 * BLOCK
    assert np.all(np.diff(steps) > 0)


@given(st.integers(1, 3000), st.integers(1, 400))
def test_thinning_a_smooth_line_keeps_its_last_point(count, wanted):
    series = ScalarSeries()
    series.load(np.arange(count), np.arange(count))
    steps, values = series.smooth(whole(series), wanted, 1)
    assert steps[-1] == values[-1] == count - 1
    assert len(steps) <= 2 * wanted


def test_appending_costs_the_same_however_long_the_run():
    """No append touches the points before: room grows by doubling."""
    series, rooms = ScalarSeries(), set()
    for step in range(50_000):
        series.append(step, 1.0)
        rooms.add(len(series._steps))
    assert len(rooms) <= 8


def test_a_series_that_grows_for_weeks_stays_small_and_keeps_what_matters(monkeypatch):
    monkeypatch.setattr(scalar_series, "MOST_POINTS", 4096)
    series, values = ScalarSeries(), np.random.default_rng(0).exponential(size=40_000)
    values[[123, 30_000]] = 50.0, -50.0
    for step, value in enumerate(values.tolist()):
        series.append(step, value)
    assert len(series) <= 4096 and len(series._steps) <= 2 * 4096
    assert (np.diff(series.steps) > 0).all() and np.isin(series.values, values).all()
    assert (series.values.max(), series.values.min()) == (50.0, -50.0)
    assert list(series.steps[-1000:]) == list(range(39_000, 40_000)), "what is new is whole"
    old = series.values[:1000]
    assert abs(old.mean() - 1.0) < 0.12, "the middle between least and greatest would be near two"


def test_thinning_keeps_the_ends_and_the_mean_of_each_group():
    groups = np.array([[1, 2, 3, 4, 5, 6, 7, 8], [9, 0, 0, 0, 0, 0, 0, 0], [8, 7, 6, 5, 4, 3, 2, 1]], float)
    kept = np.take_along_axis(groups, scalar_series._representatives(groups), axis=1)
    assert kept.mean(axis=1).tolist() == [4.5, 2.25, 4.5]
    assert kept.max(axis=1).tolist() == [8, 9, 8] and kept.min(axis=1).tolist() == [1, 0, 1]
