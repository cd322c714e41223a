"""What can be done with a run's folder: listed, renamed, thrown away and taken back, its checkpoints thinned out."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gan_studio.cli import main
from gan_studio.engine.config import Origin, PictureSpec, RunConfig, TrainingSettings
from gan_studio.engine.errors import RunError, SettingsError
from gan_studio.engine.folders import runs_folder
from gan_studio.engine.keeping import checkpoint_sizes, freed_bytes, keep_checkpoints
from gan_studio.engine.lock import LOCK_NAME, RunLock, lock_holder
from gan_studio.engine.run import RunFolder, known_runs
from gan_studio.engine.run_list import RunStanding, all_runs, summary_of
from gan_studio.engine.run_names import checked_name, rename_run
from gan_studio.engine.trash import TRASH, delete_for_ever, take_back, throw_away, trashed_runs

CONFIG = RunConfig(
    name="flags",
    source="/pictures/flags.zip",
    family="dcgan",
    picture=PictureSpec(size=16, channels=1),
    picture_count=7,
)
DEAD = json.dumps({"pid": 2**22 + 1, "host": os.uname().nodename if hasattr(os, "uname") else "", "started": 1.0})


def make_run(path: Path, *steps: int, config: RunConfig = CONFIG) -> RunFolder:
    run = RunFolder.create(path, config)
    for step in steps:
        run.state_file(step).write_bytes(b"s" * 1000)
        run.generator_file(step).write_bytes(b"g" * 10)
        run.sample_file(step).write_bytes(b"grid")
        run.append_metrics({"step": step, "images": step * 64, "seconds": step / 2, "loss/G": 0.7})
    return run


# --- listing ---


def test_a_summary_says_what_a_list_shows(tmp_path):
    run = make_run(tmp_path / "run", 0, 5, 10)
    summary = summary_of(run.path)
    assert (summary.name, summary.source_name, summary.family, summary.grey) == ("run", "flags", "dcgan", True)
    assert (summary.step, summary.images, summary.seconds, summary.picture_count) == (10, 640, 5.0, 7)
    assert summary.checkpoints == (0, 5, 10) and summary.newest_grid == run.sample_file(10)
    assert summary.standing is RunStanding.CONTINUABLE and summary.last["loss/G"] == 0.7


def test_the_last_line_of_a_long_night_is_found_without_reading_all_of_it(tmp_path):
    run = make_run(tmp_path / "run", 1)
    with run.metrics_file.open("a") as file:
        file.writelines(json.dumps({"step": step, "images": step}) + "\n" for step in range(2, 20_000))
        file.write('{"step": 20000, "imag')
    assert summary_of(run.path).step == 19_999


def test_a_run_at_its_limit_is_finished(tmp_path):
    config = CONFIG.changed(training=TrainingSettings(steps=10).model_dump())
    assert summary_of(make_run(tmp_path / "run", 10, config=config).path).standing is RunStanding.FINISHED


def test_who_trains_it_decides_what_can_be_done(tmp_path, monkeypatch):
    run = make_run(tmp_path / "run", 1)
    with RunLock(run.path).held():
        assert summary_of(run.path).standing is RunStanding.TRAINING
        monkeypatch.setattr(os, "getpid", lambda: 1)
        assert summary_of(run.path).standing is RunStanding.IN_USE
    assert summary_of(run.path).standing is RunStanding.CONTINUABLE


def test_a_lock_left_by_a_crash_does_not_count(tmp_path):
    run = make_run(tmp_path / "run", 1)
    (run.path / LOCK_NAME).write_text(DEAD)
    assert lock_holder(run.path) is None
    assert summary_of(run.path).standing is RunStanding.CONTINUABLE


@pytest.mark.parametrize("spoil", ["config", "checkpoints", "gone"])
def test_what_cannot_be_used_is_damaged_and_says_why(tmp_path, spoil):
    run = make_run(tmp_path / "run", *(() if spoil == "checkpoints" else (1,)))
    if spoil == "config":
        run.config_file.write_text("{")
    if spoil == "gone":
        run.path.rename(tmp_path / "elsewhere")
    summary = summary_of(run.path)
    assert summary.standing is RunStanding.DAMAGED and summary.problem


def test_runs_elsewhere_are_listed_once_and_what_is_none_is_left_out(tmp_path):
    known, other = make_run(runs_folder() / "a", 1), make_run(tmp_path / "b", 1)
    listed = [run.path for run in all_runs(elsewhere=[known.path, other.path, other.path, tmp_path])]
    assert listed == [known.path, other.path]


def test_where_a_run_began_is_said(tmp_path):
    origin = Origin(run="fashion", step=1200, sha256="0", discriminator=True)
    run = make_run(tmp_path / "run", 1, config=CONFIG.changed(started_from=origin.model_dump()))
    assert summary_of(run.path).started_from == "fashion, step 1,200"


def test_the_command_line_lists_runs(capsys):
    make_run(runs_folder() / "flags Ü", 3)
    assert main(["runs", "--json"]) == 0
    [run] = json.loads(capsys.readouterr().out)
    assert (run["name"], run["state"], run["step"], run["checkpoints"]) == ("flags Ü", "can be continued", 3, [3])
    assert run["size_bytes"] > 1000
    assert main(["runs"]) == 0
    assert "flags Ü" in capsys.readouterr().out


def test_an_empty_list_says_where_it_looked(tmp_path, capsys):
    assert main(["runs", str(tmp_path)]) == 0
    assert str(tmp_path) in capsys.readouterr().err


# --- names ---


def test_renaming_moves_the_folder_and_changes_the_config(tmp_path):
    run = make_run(tmp_path / "old", 1)
    new = rename_run(run.path, "  Ümläute & «Sonne» 🌞 ")
    assert new == tmp_path / "Ümläute & «Sonne» 🌞" and not run.path.exists()
    assert RunFolder.open(new).config() == CONFIG.changed(name=new.name)
    assert not (new / LOCK_NAME).exists()
    assert rename_run(new, new.name) == new


@pytest.mark.parametrize(
    "text", ["", "  ", "a/b", "a\\b", "..", ".", ".hidden", "end.", "CON", "nul.txt", "com1", "a\nb", "a\0b", "a:b",
             "x" * 201, "ü" * 101, "a\udce4b", "what?", "\u202eevil"],
)  # fmt: skip
def test_names_that_folders_cannot_have_are_refused_in_words(tmp_path, text):
    run = make_run(tmp_path / "old", 1)
    with pytest.raises(RunError) as refused:
        rename_run(run.path, text)
    assert refused.value.advice == "Choose another name."
    assert RunFolder.open(run.path).config() == CONFIG


@given(st.text(max_size=80))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_is_refused_or_makes_a_folder_of_that_name(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("names", numbered=True)
    run = folder / "run before it"
    run.mkdir()
    (run / "config.json").write_text(CONFIG.model_dump_json())
    try:
        new = rename_run(run, text)
    except RunError as error:
        assert error.message and [path.name for path in folder.iterdir()] == [run.name]
        return
    assert [path.name for path in folder.iterdir()] == [new.name] == [checked_name(text)]
    assert new.name == checked_name(new.name)
    assert RunFolder.open(new).config().name == new.name


@pytest.mark.parametrize("kind", ["folder", "file", "dangling link"])
def test_a_name_that_is_taken_is_refused(tmp_path, kind):
    run, taken = make_run(tmp_path / "old", 1), tmp_path / "taken"
    {"folder": taken.mkdir, "file": taken.touch, "dangling link": lambda: taken.symlink_to(tmp_path / "no")}[kind]()
    with pytest.raises(RunError, match="already something called taken"):
        rename_run(run.path, "taken")
    assert RunFolder.open(run.path)


def test_a_run_that_is_trained_is_neither_renamed_nor_thrown_away_nor_thinned_out(tmp_path):
    run = make_run(tmp_path / "old", 1, 2)
    with RunLock(run.path).held():
        for act in (
            lambda: rename_run(run.path, "new"),
            lambda: throw_away(run.path),
            lambda: keep_checkpoints(run.path, 1),
        ):
            with pytest.raises(RunError, match="is being trained"):
                act()
    assert list(run.state_files()) == [1, 2] and not (tmp_path / TRASH).exists()


@pytest.mark.parametrize("kind", ["link", "large"])
def test_settings_that_another_put_there_are_read_only_from_a_plain_file_of_a_sane_size(tmp_path, monkeypatch, kind):
    run = make_run(tmp_path / "old", 1)
    if kind == "link":
        run.config_file.rename(tmp_path / "elsewhere.json")
        run.config_file.symlink_to(tmp_path / "elsewhere.json")
    else:
        monkeypatch.setattr("gan_studio.engine.run.MOST_CONFIG_BYTES", run.config_file.stat().st_size - 1)
    with pytest.raises(RunError, match=r"Could not read .*config\.json"):
        run.config()
    assert summary_of(run.path).standing is RunStanding.DAMAGED, "listed, and in nobody's way"


# --- trash ---


def test_a_run_goes_to_the_trash_and_comes_back_as_it_was(tmp_path):
    run = make_run(runs_folder() / "a run", 1)
    size = run.size_bytes()
    trashed = throw_away(run.path)
    assert known_runs() == [] and trashed.thrown_away is not None
    assert trashed_runs([runs_folder()]) == [trashed]
    assert take_back(trashed) == run.path
    assert known_runs() == [run.path] and run.size_bytes() == size
    assert not (runs_folder() / TRASH).exists()


def test_runs_of_one_name_lie_beside_one_another_and_come_back_beside_what_took_their_place(tmp_path):
    both = [throw_away(make_run(tmp_path / "same", step).path) for step in (1, 2)]
    assert len(trashed_runs([tmp_path])) == 2
    assert [take_back(trashed).name for trashed in both] == ["same", "same (2)"]
    assert list(RunFolder(tmp_path / "same (2)").state_files()) == [2]


def test_what_is_no_longer_in_the_trash_cannot_come_back(tmp_path):
    trashed = throw_away(make_run(tmp_path / "a", 1).path)
    delete_for_ever(trashed)
    assert trashed_runs([tmp_path]) == [] and list(tmp_path.iterdir()) == []
    with pytest.raises(RunError, match="no longer in the trash"):
        take_back(trashed)


def test_only_the_trash_is_emptied(tmp_path):
    run = make_run(tmp_path / "a", 1)
    with pytest.raises(RunError, match="not in the trash"):
        delete_for_ever(type(throw_away(make_run(tmp_path / "b", 1).path))(run.path, run.path))
    assert run.config_file.exists()


# --- keeping ---


def test_keeping_fewer_checkpoints_frees_what_was_said(tmp_path):
    run = make_run(tmp_path / "run", 1, 2, 3)
    before, sizes = run.size_bytes(), checkpoint_sizes(run.path)
    assert sizes == {1: 1010, 2: 1010, 3: 1010} and freed_bytes(sizes, 1) == 2020 and freed_bytes(sizes, 9) == 0
    assert keep_checkpoints(run.path, 1) == 2020
    assert list(run.state_files()) == list(run.generator_files()) == [3]
    assert run.config().training.keep_checkpoints == 1
    assert abs(before - run.size_bytes() - 2020) < 4
    with pytest.raises(SettingsError):
        keep_checkpoints(run.path, 0)
    assert list(run.state_files()) == [3]
