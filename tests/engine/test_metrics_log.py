"""Metrics of a run as columns: read while they are written, kept beside the lines, and never believed blindly."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan_studio.engine import metrics_reader
from gan_studio.engine.metrics_index import columns_file, read_columns, write_columns
from gan_studio.engine.metrics_log import MetricsLog, overview
from gan_studio.engine.metrics_parse import parse
from gan_studio.engine.metrics_reader import MetricsReader
from gan_studio.engine.metrics_table import MOST_COLUMNS, MetricsTable, joined
from gan_studio.engine.run import RunFolder


def line(step, **more):
    return json.dumps({"step": step, "images": 64 * step, "seconds": step / 2, "loss/D": 1 / step, **more}) + "\n"


def write(path, steps, mode="w", **more):
    with path.open(mode) as file:
        file.writelines(line(step, **more) for step in steps)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "metrics.jsonl"
    write(path, range(1, 101))
    return path


def new(log):
    """The next part, which must be there."""
    part = log.read_more()
    assert part is not None
    return part


def known(path):
    """What the columns file says, which must be good."""
    found = read_columns(path)
    assert found is not None
    return found


def whole(path):
    reader = MetricsReader(path)
    while reader.read_on(0.0):
        pass
    return reader.table()


# --- lines to columns ---

finite = st.floats(allow_nan=False, allow_infinity=False)
rows = st.lists(
    st.fixed_dictionaries(
        {"step": st.integers(0, 10**12)}, optional={"loss/D": finite, 'odd "1e5\\ é': finite, "": finite}
    ),
    min_size=1,
)


@given(rows)
def test_lines_of_any_form_come_out_as_json_reads_them(objects):
    table = parse("".join(json.dumps(one) + "\n" for one in objects).encode())
    assert [table.row(number) for number in range(len(table))] == objects


@pytest.mark.parametrize(
    "odd",
    [
        b"{}\n",
        b"[1]\n",
        b"\n",
        b'{"step": 3, "loss/D": 1-2}\n',
        b'{"step": 3, "loss/D": 1.2.3}\n',
        b'{"step": 3, "loss/D": }\n',
        b'{"step": 3 4, "loss/D": 5}\n',
        b'{"step": 3, "loss/D": 5\n}\n',
        b'{"loss/D": 5}\n',
        b'{"step": "3", "loss/D": 5}\n',
        b'{"step": NaN, "loss/D": 5}\n',
        b'{"step": %s}\n' % (b"[" * 100_000),
        b'{"step": %s}\n' % (b"9" * 400),
        b"\xff\xfe\n",
    ],
)
def test_a_line_that_is_no_report_is_passed_over(odd):
    good = b'{"step": 1, "loss/D": 0.5}\n'
    table = parse(good + odd + good.replace(b"1,", b"9,"))
    assert table.steps.tolist() == [1, 9]
    assert table.columns["loss/D"].tolist() == [0.5, 0.5]


def test_what_is_no_number_is_not_there():
    table = parse(b'{"step": 1, "a": null, "b": "x", "c": NaN, "d": Infinity, "e": true}\n')
    assert table.row(0) == {"step": 1, "e": 1}
    assert parse(b'{"step": 1, "a": "2"}\n').row(0) == {"step": 1}


def test_a_file_cannot_ask_for_columns_without_end():
    text = "".join(json.dumps({"step": step, f"name {step}": 1}) + "\n" for step in range(3 * MOST_COLUMNS))
    assert len(parse(text.encode()).columns) == MOST_COLUMNS


def test_steps_that_were_trained_again_count_once():
    steps = np.array([1, 2, 3, 4, 3, 4, 5, 5], float)
    table = MetricsTable(steps, {"n": np.arange(8.0)}).ascending()
    assert table.steps.tolist() == [1, 2, 3, 4, 5]
    assert table.columns["n"].tolist() == [0, 1, 4, 5, 7]


def test_tables_are_joined_where_each_knows_other_columns():
    table = joined(
        [MetricsTable.of([{"step": 1, "a": 1}]), MetricsTable.of([]), MetricsTable.of([{"step": 2, "b": 2}])]
    )
    assert [table.row(number) for number in (0, 1)] == [{"step": 1, "a": 1}, {"step": 2, "b": 2}]


# --- while they are written ---


def test_only_what_is_new_is_read(file):
    log = MetricsLog(file)
    assert len(new(log).table) == 100
    assert log.read_more() is None
    write(file, [101, 102], "a")
    part = new(log)
    assert (part.table.steps.tolist(), part.restarted) == ([101, 102], False)


def test_a_line_is_read_when_it_is_whole(file):
    log, text = MetricsLog(file), line(101)
    log.read_more()
    with file.open("a") as growing:
        growing.write(text[:20])
    assert log.read_more() is None
    with file.open("a") as growing:
        growing.write(text[20:])
    assert new(log).table.row(0)["step"] == 101


def test_a_file_is_read_in_parts(file):
    log, steps = MetricsLog(file), []
    while part := log.read_more(most_bytes=300):
        assert len(part.table) <= 5
        steps.extend(part.table.steps)
    assert steps == list(range(1, 101))


@pytest.mark.parametrize("then", [[], range(41, 45), range(41, 300)], ids=["cut", "less", "more"])
def test_a_run_that_went_back_is_read_again(tmp_path, then):
    run = RunFolder(tmp_path)
    write(run.metrics_file, range(1, 101))
    log = MetricsLog(run.metrics_file)
    log.read_more()
    run.cut(40)
    write(run.metrics_file, then, "a", extra=1)
    part = new(log)
    assert part.restarted
    assert part.table.steps.tolist() == [*range(1, 41), *then]


def test_a_line_of_a_foreign_size_is_passed_over(file):
    file.write_bytes(b"x" * 5000 + b"\n" + line(7).encode())
    log, steps = MetricsLog(file), []
    while part := log.read_more(most_bytes=1000):
        steps.extend(part.table.steps)
    assert steps == [7]


def test_a_file_that_is_not_there_yet_holds_nothing(tmp_path):
    log = MetricsLog(tmp_path / "metrics.jsonl")
    assert log.read_more() is None
    assert len(overview(log.path)) == 0
    write(log.path, [1])
    assert len(new(log).table) == 1


# --- an overview ---


def test_an_overview_is_spread_over_the_run_and_holds_its_ends(file):
    write(file, range(1, 50_001))
    table = overview(file)
    assert (table.steps[0], table.steps[-1]) == (1, 50_000)
    assert 500 < len(table) < 1500 and (np.diff(table.steps) > 0).all()
    assert np.diff(table.steps).max() < 200
    assert np.allclose(table.columns["loss/D"], 1 / table.steps)


def test_the_overview_of_a_short_run_is_all_of_it(tmp_path):
    path = tmp_path / "metrics.jsonl"
    write(path, range(1, 10))
    assert overview(path).steps.tolist() == list(range(1, 10))


# --- the columns file ---


@pytest.fixture
def kept(file, monkeypatch):
    monkeypatch.setattr(metrics_reader, "WORTH_ROWS", 50)
    reader = MetricsReader(file)
    assert not reader.read_on(10.0)
    reader.keep()
    return columns_file(file)


def test_the_columns_say_what_the_lines_say(file, kept):
    table, covers = known(file)
    assert covers == file.stat().st_size
    expected = [json.loads(text) for text in file.read_text().splitlines()]
    assert [table.row(number) for number in range(100)] == expected


@given(st.lists(st.floats(), min_size=1))
def test_numbers_are_kept_to_the_last_bit(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("run") / "metrics.jsonl"
    path.write_text("x" * 100)
    table = MetricsTable(np.arange(len(values), dtype=float), {"a": np.array(values)})
    write_columns(path, table, 100)
    assert known(path)[0].columns["a"].tobytes() == table.columns["a"].tobytes() or any(map(math.isnan, values))
    assert np.array_equal(known(path)[0].columns["a"], values, equal_nan=True)


def test_lines_behind_the_columns_are_read_too(file, kept):
    write(file, range(101, 111), "a", late=2.0)
    table = whole(file)
    assert table.steps.tolist() == list(range(1, 111))
    assert np.isnan(table.columns["late"][:100]).all() and (table.columns["late"][100:] == 2).all()


def test_a_few_new_lines_are_not_worth_another_file(file, kept):
    before = kept.stat().st_mtime_ns
    write(file, range(101, 111), "a")
    reader = MetricsReader(file)
    reader.read_on(10.0)
    reader.keep()
    assert kept.stat().st_mtime_ns == before


def test_columns_of_other_lines_are_not_believed(file, kept):
    write(file, range(1, 101), extra=1)
    assert read_columns(file) is None
    assert "extra" in whole(file).columns


def test_columns_of_more_lines_than_there_are_now_are_not_believed(file, kept):
    text = file.read_text().splitlines(keepends=True)
    file.write_text("".join(text[:50]))
    assert read_columns(file) is None and len(whole(file)) == 50


@pytest.mark.parametrize("size", [0, 1, 10, 200, 1000])
def test_columns_that_were_cut_off_are_not_believed(file, kept, size):
    kept.write_bytes(kept.read_bytes()[:size])
    assert read_columns(file) is None and len(whole(file)) == 100


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": 2},
        {"rows": 10**15},
        {"rows": -1},
        {"rows": "100"},
        {"covers": 10**30},
        {"covers": True},
        {"columns": []},
        {"columns": [["images", "<f8"]]},
        {"columns": [["step", "|O"]]},
        {"columns": [["step", "<f8"], ["step", "<f8"]]},
        {"columns": 7},
        {"fingerprint": ""},
    ],
)
def test_a_header_that_does_not_fit_is_not_believed(file, kept, wrong):
    head, _, rest = kept.read_bytes().partition(b"\n")
    kept.write_bytes(json.dumps({**json.loads(head), **wrong}).encode() + b"\n" + rest)
    assert read_columns(file) is None and len(whole(file)) == 100


def test_columns_that_cannot_be_kept_cost_nothing_but_time(file, monkeypatch):
    columns_file(file).mkdir()
    write_columns(file, whole(file), file.stat().st_size)
    assert len(whole(file)) == 100


def test_going_back_to_a_checkpoint_forgets_the_columns(file, kept):
    RunFolder(file.parent).cut(50)
    assert not kept.exists()
    assert whole(file).steps[-1] == 50
