"""A disk that fills up costs a grid or a checkpoint, never the training, and never what was saved before."""

import errno
import os
from pathlib import Path

import pytest

from gan_studio.cli import main
from gan_studio.engine import files
from gan_studio.engine.checkpoint import load_generator, load_state
from gan_studio.engine.errors import RunError
from gan_studio.engine.events import Failed, Finished, Notice, Report, Started, Stopped
from gan_studio.engine.families.dcgan import DCGAN
from gan_studio.engine.files import atomic_write
from gan_studio.engine.run import RunFolder
from tests.engine.courses import new_run, play, train

FULL = Path("/dev/full")
needs_dev_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


class Disk:
    full = False
    part = ""
    """Only files whose names hold this do not fit."""


@pytest.fixture
def disk(monkeypatch, tmp_path):
    """While `full`, every file under `tmp_path` that is opened for writing is /dev/full."""
    disk, open_path, plain_file = Disk(), Path.open, files.plain_file

    def refuses(path):
        return disk.full and path.is_relative_to(tmp_path) and disk.part in path.name

    def opened(self, mode="r", *arguments, **words):
        if mode[0] in "wax" and refuses(self):
            return open_path(FULL, mode.replace("x", "w"), *arguments, **words)
        return open_path(self, mode, *arguments, **words)

    def opened_plain(path, flags):
        writes = flags & (os.O_WRONLY | os.O_RDWR)
        return os.open(FULL, flags) if writes and refuses(Path(path)) else plain_file(path, flags)

    monkeypatch.setattr(Path, "open", opened)
    monkeypatch.setattr("gan_studio.engine.run.plain_file", opened_plain)
    return disk


def fill_between(monkeypatch, disk, first, last):
    """The disk is full from one step to another, both included."""
    d_loss, calls = DCGAN.d_loss, []

    def loss(self, ctx):
        calls.append(1)
        disk.full = first <= len(calls) <= last
        return d_loss(self, ctx)

    monkeypatch.setattr(DCGAN, "d_loss", loss)


@needs_dev_full
def test_a_checkpoint_that_does_not_fit_leaves_the_one_before_and_training_goes_on(
    tmp_path, pictures, monkeypatch, disk
):
    fill_between(monkeypatch, disk, 4, 6)
    big = {"features": 16, "most_features": 32}  # beyond any buffer: the error comes in the middle of the writing
    request = new_run(pictures, tmp_path / "r", family=big, steps=9, checkpoint_steps=1, keep_checkpoints=99)
    events = train(request)
    assert events[-1] == Finished(9, tmp_path / "r")
    run = RunFolder(tmp_path / "r")
    assert list(run.state_files()) == list(run.generator_files()) == [0, 1, 2, 3, 7, 8, 9]
    for step, path in run.state_files().items():
        assert load_state(path)["counters"]["step"] == step
        assert load_generator(run.generator_file(step)).step == step
    assert not list(run.path.rglob("*.tmp"))
    told = [event.message for event in events if isinstance(event, Notice)]
    assert sum("No space left on device" in message for message in told) == len(told) >= 1


@needs_dev_full
def test_a_generator_whose_state_did_not_fit_is_not_left_behind(tmp_path, pictures, monkeypatch, disk):
    disk.part = ".pt"
    fill_between(monkeypatch, disk, 3, 3)
    train(new_run(pictures, tmp_path / "r", steps=4, checkpoint_steps=1, keep_checkpoints=99))
    run = RunFolder(tmp_path / "r")
    assert list(run.state_files()) == list(run.generator_files()) == [0, 1, 2, 4]


@needs_dev_full
def test_a_full_disk_is_told_once_and_not_in_every_step(tmp_path, pictures, monkeypatch, disk):
    fill_between(monkeypatch, disk, 2, 40)
    events = train(new_run(pictures, tmp_path / "r", steps=50, checkpoint_steps=1, sample_steps=1))
    notices = [event.message for event in events if isinstance(event, Notice)]
    assert len(notices) == len(set(notices))
    assert len(notices) <= 4  # metrics, grid, checkpoint


@needs_dev_full
def test_a_last_checkpoint_that_does_not_fit_is_owned_up_to(tmp_path, pictures, monkeypatch, disk):
    fill_between(monkeypatch, disk, 3, 99)
    events = train(new_run(pictures, tmp_path / "r", steps=5, checkpoint_steps=2))
    assert events[-1] == Stopped(5, tmp_path / "r", saved=False)
    assert max(RunFolder(tmp_path / "r").state_files()) == 2


@needs_dev_full
def test_the_command_line_ends_with_1_and_says_so(tmp_path, pictures, monkeypatch, disk, capsys):
    fill_between(monkeypatch, disk, 3, 99)
    small = "--image-size 16 --features 4 --latent-size 4 --steps 5 --threads 1 --precision fp32 --no-tensorboard"
    assert main(["train", "--data", str(pictures), "--outdir", str(tmp_path / "r"), *small.split()]) == 1
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "checkpoint could not be written" in said


@needs_dev_full
def test_a_run_that_cannot_even_begin_says_where(tmp_path, pictures, disk):
    disk.full = True
    end = train(new_run(pictures, tmp_path / "r", steps=1))[-1]
    assert isinstance(end, Failed)
    assert "config.json" in end.message
    assert "space" in end.advice


@needs_dev_full
def test_tensorboard_that_cannot_be_opened_stops_nothing(tmp_path, pictures, disk):
    def react(event, control):
        disk.full = isinstance(event, Started)

    events = train(new_run(pictures, tmp_path / "r", steps=3, tensorboard=True), react=react)
    assert events[-1] == Finished(3, tmp_path / "r")


@needs_dev_full
def test_what_is_done_by_hand_on_a_full_disk_is_done_and_written_down_later(tmp_path, pictures, disk):
    class Script(dict):
        def get(self, step, default):
            disk.full = step == 2
            return super().get(step, default)

    actions = Script({2: [("set_learning_rate", "G", 1e-3)], 3: [("set_learning_rate", "D", 1e-5)]})
    events = play(new_run(pictures, tmp_path / "r"), 4, actions)
    assert any(isinstance(event, Notice) for event in events)
    assert [event.scalars["rate/G"] for event in events if isinstance(event, Report) and event.step == 4] == [1e-3]
    lines = [(line["step"], line["name"], line["value"]) for line in RunFolder(tmp_path / "r").interventions()]
    assert lines == [(2, "G", 1e-3), (3, "D", 1e-5)]


def test_an_error_when_flushing_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fsync(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", fsync)
    with pytest.raises(RunError, match="No space left"), atomic_write(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
