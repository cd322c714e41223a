"""One writer a run: a second one is refused, the lock of a dead one is taken over."""

import json
import os
import socket
import subprocess
import sys
import time

import psutil
import pytest

from gan_studio.engine import lock
from gan_studio.engine.errors import RunError
from gan_studio.engine.events import Failed, Report, Started
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
    held = RunLock(tmp_path)
    held.acquire()
    os.utime(tmp_path / "lock.json", (0, 0))
    held.beat()
    assert time.time() - (tmp_path / "lock.json").stat().st_mtime < STALE_SECONDS
    held.release()
    held.beat()


def test_a_trainer_that_was_taken_for_dead_gives_way_to_the_one_that_took_its_run(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "BEAT_SECONDS", -1)
    with RunLock(tmp_path).held() as late:
        late.beat()
        write_lock(tmp_path, host="gpu\x1b[2J-7", pid=7)
        with pytest.raises(RunError, match=r"trained by process 7 on gpu \[2J-7 now"):
            late.beat()
        assert late.is_lost
        late.beat()
    assert holder(tmp_path) == 7, "the lock of the other is left alone"


def test_a_lock_that_somebody_deleted_is_laid_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "BEAT_SECONDS", -1)
    with RunLock(tmp_path).held() as held:
        (tmp_path / "lock.json").unlink()
        held.beat()
        assert holder(tmp_path) == os.getpid()
    assert not (tmp_path / "lock.json").exists()


def test_a_killed_process_that_nobody_asked_for_is_dead(tmp_path):
    """What a container's first process leaves of its children."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    write_lock(tmp_path, pid=process.pid, started=psutil.Process(process.pid).create_time())
    assert lock.lock_holder(tmp_path)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE
    assert lock.lock_holder(tmp_path) is None
    process.communicate()


def test_a_run_that_was_taken_by_another_is_written_no_more(tmp_path, pictures, monkeypatch):
    monkeypatch.setattr(lock, "BEAT_SECONDS", -1)
    run, other = tmp_path / "r", json.dumps({"pid": 7, "host": "gpu-7", "started": 5.0})

    def react(event, control):
        if isinstance(event, Report) and not written:
            (run / "lock.json").write_text(other)
            written.append((run / "status.json").read_bytes())

    written: list[bytes] = []
    events = train(new_run(pictures, run, checkpoint_steps=1), react=react)
    assert isinstance(events[-1], Failed) and "process 7 on gpu-7" in events[-1].message
    assert (run / "lock.json").read_text() == other
    assert (run / "status.json").read_bytes() == written[0]


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


def test_an_old_link_in_the_place_of_a_lock_holds_nobody_off(tmp_path):
    (tmp_path / "lock.json").symlink_to(tmp_path / "nowhere")
    os.utime(tmp_path / "lock.json", (0, 0), follow_symlinks=False)
    with RunLock(tmp_path).held():
        assert holder(tmp_path) == os.getpid() and not (tmp_path / "nowhere").exists()


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
