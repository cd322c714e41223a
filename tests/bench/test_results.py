"""What the benchmarks make of their numbers: which rounds count, and what is said about an aim."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gan_studio.engine.events import GridSaved, Paused, Report, Resumed
from tests.bench.load import MOST_OTHER_CORES
from tests.bench.pace import pace
from tests.bench.report import markdown
from tests.bench.results import Figure, Result, Round, from_json, percentile, show, values_of

QUIET, LOUD = MOST_OTHER_CORES / 2, MOST_OTHER_CORES * 2


def report(images: int) -> Report:
    return Report(images, images, 0.0, {}, 0.0, None, 0)


def test_rounds_beside_other_load_are_thrown_away():
    rounds = [Round({"s": 1.0}, QUIET), Round({"s": 9.0}, LOUD), Round({"s": 2.0}, QUIET)]
    assert values_of(rounds, "s") == [1.0, 2.0]
    assert not Result("", "", (), tuple(rounds)).disturbed


def test_without_a_quiet_round_the_result_says_so():
    rounds = (Round({"s": 9.0}, LOUD),)
    assert values_of(rounds, "s") == [9.0]
    assert Result("", "", (), rounds).disturbed


def test_aims_are_met_from_the_right_side():
    assert Figure("worst", 240, "ms", aim=250).met
    assert not Figure("worst", 260, "ms", aim=250).met
    assert Figure("ratio", 0.96, aim=0.95, at_least=True).met
    assert not Figure("ratio", 0.94, aim=0.95, at_least=True).met
    assert Figure("speed", 3).met is None


def test_percentile_is_a_measured_value():
    values = [float(number) for number in range(1, 201)]
    assert percentile(values, 0.95) == 190
    assert percentile([3.0], 0.95) == 3
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.95)


def test_what_is_printed_for_programs_is_read_back(capsys):
    conditions = {"cores": 2, "load_average_before": 0.1, "load_average_after": 1.5}
    result = Result("Title", "DCGAN", (Figure("worst", 260.0, "ms", 250.0),), (Round({"s": 1.0}, QUIET),), conditions)
    show(result, as_json=True)
    text = capsys.readouterr().out
    assert json.loads(text)["disturbed"] is False
    assert from_json(text) == (result, False)
    assert "| worst | 260 ms | ≤ 250 ms | missed | 0.10, 1.50 | 1 of 1 |" in markdown([from_json(text)])


def test_pace_counts_from_the_resume_to_the_pause_and_all_in_between():
    events = [
        (0.0, report(640)),
        (0.1, Paused(10)),
        (5.0, Resumed(10)),
        (5.5, report(704)),
        (6.0, GridSaved(11, Path("grid.png"))),
        (7.0, report(840)),
        (7.0, Paused(13)),
    ]
    assert pace(events) == 100


def test_pace_wants_a_whole_stretch():
    with pytest.raises(ValueError, match="pause"):
        pace([(0.0, Resumed(0)), (1.0, report(64))])
