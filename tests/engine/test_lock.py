"""One writer a run: a second one is refused, the lock of a dead one is taken over."""

import json
import os
import socket
import subprocess
import sys
import time

import psutil
import pytest

from gan_studio.engine.errors import RunError
from gan_studio.engine.events import Failed, Started
from gan_studio.engine.lock import STALE_SECONDS, RunLock
from gan_studio.engine.request import ResumeRequest
from tests.engine.courses import new_run, train


def write_lock(run, age_seconds=0.0, **changes):
    me = psutil.Process()
    holder = {"pid": me.pid, "host": socket.gethostname(), "started": me.create_time()} | changes
    (run / "lock.json").write_text(json.dumps(holder))
    os.utime(run / "lock.json", (0, time.time() - age_seconds))


@pytest.fixture(scope="module")
def dead():
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    return process.pid


def test_a_second_writer_is_refused_until_the_first_lets_go(tmp_path):
    with RunLock(tmp_path).held():
        with pytest.raises(RunError, match=f"process {os.getpid()}"):
            RunLock(tmp_path).acquire()
        assert (tmp_path / "lock.json").exists()
    with RunLock(tmp_path).held():
        pass
    assert not (tmp_path / "lock.json").exists()


def test_one_that_was_refused_does_not_release_the_lock(tmp_path):
    with RunLock(tmp_path).held():
        refused = RunLock(tmp_path)
        with pytest.raises(RunError):
            refused.acquire()
        refused.release()
        assert (tmp_path / "lock.json").exists()


def test_the_lock_of_a_killed_process_is_taken_over_at_once(tmp_path, dead):
    write_lock(tmp_path, pid=dead)
    with RunLock(tmp_path).held():
        assert json.loads((tmp_path / "lock.json").read_text())["pid"] == os.getpid()


def holder(run):
    return json.loads((run / "lock.json").read_text())["pid"]


def test_a_process_id_that_was_given_out_again_is_not_the_old_process(tmp_path):
    write_lock(tmp_path, started=psutil.Process().create_time() - 5000)
    RunLock(tmp_path).acquire()
    assert holder(tmp_path) == os.getpid()


def test_another_machine_holds_its_run_as_long_as_its_heart_beats(tmp_path):
    write_lock(tmp_path, host="another", age_seconds=STALE_SECONDS / 2)
    with pytest.raises(RunError, match="another"):
        RunLock(tmp_path).acquire()
    write_lock(tmp_path, host="another", age_seconds=STALE_SECONDS * 2)
    RunLock(tmp_path).acquire()


def test_beating_keeps_the_lock_young(tmp_path):
    lock = RunLock(tmp_path)
    lock.acquire()
    os.utime(tmp_path / "lock.json", (0, 0))
    lock.beat()
    assert time.time() - (tmp_path / "lock.json").stat().st_mtime < STALE_SECONDS
    lock.release()
    lock.beat()


@pytest.mark.parametrize("text", ["{", "[]", '{"pid": "x"}', "null"])
def test_a_damaged_lock_holds_nobody_off(text, tmp_path):
    (tmp_path / "lock.json").write_text(text)
    RunLock(tmp_path).acquire()
    assert holder(tmp_path) == os.getpid()


def test_an_empty_lock_is_being_written_by_somebody_unless_it_is_old(tmp_path):
    (tmp_path / "lock.json").touch()
    with pytest.raises(RunError, match="just taken"):
        RunLock(tmp_path).acquire()
    os.utime(tmp_path / "lock.json", (0, 0))
    RunLock(tmp_path).acquire()


def test_of_two_that_find_a_dead_lock_only_one_takes_it(tmp_path, dead):
    """The second looked before the first took over, and acts after it."""
    write_lock(tmp_path, pid=dead)
    first, second = RunLock(tmp_path), RunLock(tmp_path)
    look = second._living_holder

    def look_then_wait(text):
        holder = look(text)
        first.acquire()
        return holder

    second._living_holder = look_then_wait  # type: ignore[method-assign]
    with pytest.raises(RunError, match="just taken"):
        second.acquire()


def test_a_folder_that_is_gone_is_named(tmp_path):
    with pytest.raises(RunError, match="nowhere"):
        RunLock(tmp_path / "nowhere").acquire()


def test_a_run_in_training_cannot_be_resumed_by_another(tmp_path, pictures):
    def react(event, control):
        if isinstance(event, Started):
            others.extend(train(ResumeRequest(tmp_path / "r", {"steps": 50})))

    others: list = []
    train(new_run(pictures, tmp_path / "r", steps=2), react=react)
    assert [type(event) for event in others] == [Failed]
    assert "being trained" in others[0].message
