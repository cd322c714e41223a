"""The run folder: names, lines that were cut off, pruning, cutting, finding."""

import json
import os
import time

import pytest

from gan_studio.engine.config import CONFIG_VERSION, PictureSpec, RunConfig
from gan_studio.engine.errors import CheckpointError, RunError, SettingsError
from gan_studio.engine.folders import runs_folder
from gan_studio.engine.run import RunFolder, find_run, known_runs, new_run_path
from gan_studio.engine.state import Counters
from tests.engine.courses import FAMILY, new_run, train

CONFIG = RunConfig(family="dcgan", family_settings=FAMILY, picture=PictureSpec(size=16))


@pytest.fixture
def run(tmp_path):
    return RunFolder.create(tmp_path / "run", CONFIG)


def with_checkpoints(run, *steps):
    for step in steps:
        run.state_file(step).write_bytes(b"state")
        run.generator_file(step).write_bytes(b"generator")
        run.sample_file(step).write_bytes(b"grid")
    return run


def test_a_new_folder_is_created_with_its_config(tmp_path):
    run = RunFolder.create(tmp_path / "deep" / "er" / "run", CONFIG)
    assert RunFolder.open(run.path).config() == CONFIG


def test_a_folder_that_holds_something_is_not_taken(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(RunError, match="not empty"):
        RunFolder.create(tmp_path, CONFIG)
    with pytest.raises(RunError, match="Could not write"):
        RunFolder.create(tmp_path / "file" / "run", CONFIG)
    assert (tmp_path / "file").read_text() == "mine"


def test_what_is_no_run_cannot_be_opened(tmp_path):
    with pytest.raises(RunError, match="not a run"):
        RunFolder.open(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"family": "dcgan"}', "\udce4", "[" * 100_000])
def test_a_damaged_config_is_named(text, run):
    run.config_file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError, match=r"config\.json"):
        run.config()


def test_a_config_from_the_future_says_which_version_wrote_it(run):
    values = json.loads(run.config_file.read_text()) | {"version": CONFIG_VERSION + 3, "program": "9.1"}
    run.config_file.write_text(json.dumps(values))
    with pytest.raises(SettingsError, match=r"9\.1"):
        run.config()


def test_a_last_line_that_was_cut_off_costs_nothing_else(run):
    run.append_metrics({"step": 1, "loss/D": 0.5})
    with run.metrics_file.open("a") as file:
        file.write('{"step": 2, "los')
    assert run.metrics() == [{"step": 1, "loss/D": 0.5}]
    run.append_metrics({"step": 3})
    assert [line["step"] for line in run.metrics()] == [1, 3]


def test_lines_that_are_no_objects_are_passed_over(run):
    run.metrics_file.write_bytes(b'{"step": 1}\n[2]\n\xff\xfe\nnull\n{"step": 5}\n')
    assert [line["step"] for line in run.metrics()] == [1, 5]


def test_a_run_without_metrics_has_none(run):
    assert run.metrics() == run.interventions() == []


def test_numbers_that_json_cannot_hold_are_left_out(run):
    run.append_metrics({"step": 1, "loss/D": float("nan"), "loss/G": float("inf"), "grad/D": 2.0})
    assert json.loads(run.metrics_file.read_text()) == {"step": 1, "grad/D": 2.0}


def test_cutting_forgets_what_lies_behind_a_step(run):
    with_checkpoints(run, 0, 10, 20, 30)
    for step in (5, 10, 15, 20):
        run.append_metrics({"step": step})
    with run.metrics_file.open("a") as file:
        file.write('{"step": 21, "cut')
    run.reals_file.write_bytes(b"reals")
    run.cut(10)
    assert [line["step"] for line in run.metrics()] == [5, 10]
    assert run.metrics_file.read_bytes().endswith(b'{"step": 10}\n')
    assert list(run.state_files()) == list(run.generator_files()) == list(run.sample_files()) == [0, 10]
    assert run.reals_file.exists()


def test_pruning_keeps_the_newest_checkpoints_and_every_grid(run):
    with_checkpoints(run, 100, 9, 1000)
    run.generator_file(500).write_bytes(b"alone")
    run.prune_checkpoints(2)
    assert list(run.state_files()) == [1000]
    assert list(run.generator_files()) == [500, 1000]
    assert list(run.sample_files()) == [9, 100, 1000]


def test_files_are_in_the_order_of_their_steps_also_beyond_eight_digits(run):
    with_checkpoints(run, 1_000_000_000, 99_999_999, 5)
    (run.checkpoints / "step-old.pt").write_bytes(b"x")
    (run.checkpoints / ".step-00000007.pt.1.tmp").write_bytes(b"x")
    assert list(run.state_files()) == [5, 99_999_999, 1_000_000_000]


def test_the_checkpoint_to_resume_from(run):
    with pytest.raises(CheckpointError, match="no checkpoint"):
        run.state_to_resume()
    with pytest.raises(CheckpointError, match="no checkpoint"):
        run.newest_generator()
    with_checkpoints(run, 3, 7)
    assert run.state_to_resume() == run.state_file(7)
    assert run.state_to_resume(3) == run.state_file(3)
    assert run.newest_generator() == run.generator_file(7)
    with pytest.raises(CheckpointError, match=r"\[3, 7\]"):
        run.state_to_resume(5)


def test_as_many_checkpoints_are_kept_as_the_setting_says(tmp_path, pictures):
    train(new_run(pictures, tmp_path / "r", steps=6, checkpoint_steps=1, keep_checkpoints=2))
    assert list(RunFolder(tmp_path / "r").state_files()) == [5, 6]


def test_disk_use_counts_every_file(run):
    before = run.size_bytes()
    with_checkpoints(run, 1)
    assert run.size_bytes() == before + len(b"state" + b"generator" + b"grid")


def test_a_run_is_found_from_any_file_in_it(run):
    with_checkpoints(run, 1)
    for path in (run.path, run.config_file, run.state_file(1), run.checkpoints):
        found = find_run(path)
        assert found is not None
        assert found.path == run.path
    assert find_run(run.path.parent) is None


def test_known_runs_are_those_of_the_user_newest_first(home):
    assert known_runs() == []
    for age, name in ((30, "old"), (10, "new"), (20, "middle")):
        RunFolder.create(runs_folder() / name, CONFIG)
        os.utime(runs_folder() / name, (0, time.time() - age))
    (runs_folder() / "no run").mkdir()
    assert [path.name for path in known_runs()] == ["new", "middle", "old"]


@pytest.mark.parametrize("source", ["/a/flags.zip", "/a/Ümläute & «Sonne»", "/", "/a/" + "x" * 300, "/a/  "])
def test_new_runs_get_names_that_files_can_have(source, tmp_path):
    path = new_run_path(source, "dcgan", 64, tmp_path)
    RunFolder.create(path, CONFIG)
    again = new_run_path(source, "dcgan", 64, tmp_path)
    assert again != path
    assert path.parent == again.parent == tmp_path


def test_a_log_that_cannot_be_written_stops_nothing(run):
    run.log_file.mkdir()
    run.log("said into the wind")
    assert list(run.log_file.iterdir()) == []


def test_metrics_are_lines_that_other_programs_read(tmp_path, pictures):
    train(new_run(pictures, tmp_path / "r", steps=4, checkpoint_steps=1))
    lines = [json.loads(line) for line in (tmp_path / "r" / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [1, 2, 3, 4]
    assert [line["images"] for line in lines] == [4, 8, 12, 16]
    assert {"seconds", "loss/D", "loss/G", "score/real", "score/fake"} <= lines[0].keys()
    assert vars(Counters()).keys() >= {"step", "images", "seconds"}


def test_favourites_travel_with_the_run_and_those_cut_off_are_forgotten(run):
    assert run.favourites() == frozenset()
    run.write_favourites({300, 100, 200})
    assert RunFolder(run.path).favourites() == {100, 200, 300}
    run.cut(200)
    assert RunFolder(run.path).favourites() == {100, 200}


@pytest.mark.parametrize("damage", [b"", b"\xff\x00", b"[]", b'{"steps": 7}', b'{"steps": [1.5, "a", null, true, -3]}'])
def test_damaged_favourites_are_none(run, damage):
    run.favourites_file.write_bytes(damage)
    assert run.favourites() == frozenset()
    run.write_favourites([5])
    assert run.favourites() == {5}
