"""A run that another trains, followed by its folder: what it says, what it writes, how it ends."""

import json
import os
import shutil
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan_studio.engine import watching
from gan_studio.engine.events import Failed, GridSaved, Notice, Paused, PlanChanged, Report, Resumed, Started, Stopped
from gan_studio.engine.limits import MOST_STEPS
from gan_studio.engine.lock import LockHolder, RunLock
from gan_studio.engine.metrics_tail import PIECE_BYTES, MetricsTail
from gan_studio.engine.run_status import RunStatus, read_status, write_status
from gan_studio.engine.watching import RunWatcher
from tests.engine.far_trainer import FarTrainer, make_run, write_line


@pytest.fixture
def another(monkeypatch):
    """Whoever writes a lock or a status in this process says that it runs on another machine."""
    monkeypatch.setattr(LockHolder, "this_process", lambda: LockHolder(7, "gpu-7", 5.0))


@pytest.fixture
def run(tmp_path):
    return make_run(tmp_path / "run", lines=3)


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory):
    """For what hypothesis writes again and again."""
    return tmp_path_factory.mktemp("run")


def look(watcher: RunWatcher) -> Any:
    """What it finds now; events of several kinds, whose fields are compared."""
    return watcher.look()


def kinds(events):
    return [type(event) for event in events]


def test_a_trainer_elsewhere_is_followed_from_its_start_to_its_end(run, another):
    watcher = RunWatcher(run.path, run.metrics_file.stat().st_size, 3)
    assert look(watcher) == watching.Look(None)
    with RunLock(run.path).held() as lock:
        far = FarTrainer(run, lock, first_step=2)
        far.train()
        found = look(watcher)
        assert found.trainer == LockHolder(7, "gpu-7", 5.0) and found.status and found.status.plan == "counting"
        assert kinds(found.events) == [Started, Report]
        assert (found.events[0].step, found.events[1].step) == (2, 3)
        far.train()
        far.control.pause()
        far.reception.follow(Paused(4))
        run.sample_file(4).touch()
        far.reception.follow(GridSaved(4, run.sample_file(4)))
        far.notice("The disk is full.")
        found = look(watcher)
        assert kinds(found.events) == [Report, GridSaved, Notice, Paused]
        assert found.events[0].images_per_second == pytest.approx(40)
        assert look(watcher).events == ()
        far.reception.follow(Resumed(4))
        assert kinds(look(watcher).events) == [Resumed]
        far.reception.follow(PlanChanged(4, "without graphs"))
        assert look(watcher).events == (PlanChanged(4, "without graphs"),)
        far.end()
    assert look(watcher).events == (Stopped(4, run.path, saved=False),)
    assert look(watcher).events == ()


def test_one_that_is_found_at_work_is_followed_from_what_is_known(run, another):
    with RunLock(run.path).held() as lock:
        far = FarTrainer(run, lock, first_step=3)
        far.train()
        watcher = RunWatcher(run.path, run.metrics_file.stat().st_size, 4)
        found = look(watcher)
        assert kinds(found.events) == [Started] and found.events[0].step == 4
        far.train()
        assert [event.step for event in look(watcher).events] == [5]


def test_a_trainer_on_another_machine_that_falls_silent_is_missed(run, another, monkeypatch):
    with RunLock(run.path).held() as lock:
        FarTrainer(run, lock).train()
        watcher = RunWatcher(run.path)
        assert look(watcher).trainer
        now = time.monotonic()
        monkeypatch.setattr(watching.time, "monotonic", lambda: now + 61)
        found = look(watcher)
    assert found.trainer is None and kinds(found.events) == [Failed]
    assert "process 7 on gpu-7 ended without a word" in found.events[0].message
    assert "step 1" in found.events[0].message


def test_a_folder_that_is_gone_is_not_the_end_of_its_trainer(run, another):
    with RunLock(run.path).held() as lock:
        FarTrainer(run, lock)
        watcher = RunWatcher(run.path)
        look(watcher)
        shutil.rmtree(run.path)
        found = look(watcher)
        assert found.trainer is None and kinds(found.events) == [Failed]
        assert "is gone: it was moved or deleted" in found.events[0].message
        assert look(watcher).events == () and look(RunWatcher(run.path)).events == ()


def test_pipes_and_links_in_the_place_of_files_are_not_waited_for(run, another, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text('{"step": 77}\n')
    with RunLock(run.path).held() as lock:
        FarTrainer(run, lock)
        for path in (run.metrics_file, run.path / "status.json"):
            path.unlink()
            os.mkfifo(path)
        os.mkfifo(run.sample_file(5))
        os.mkfifo(run.state_file(5))
        assert kinds(look(RunWatcher(run.path)).events) == [Started]
        run.metrics_file.unlink()
        run.metrics_file.symlink_to(secret)
        assert kinds(look(RunWatcher(run.path)).events) == [Started]
        assert run.sample_files() == run.state_files() == {}


def test_a_number_that_no_training_reaches_is_no_step(run, another):
    for number in (7, MOST_STEPS, MOST_STEPS + 1, 10**30):
        run.sample_file(number).touch()
    assert list(run.sample_files()) == [7, MOST_STEPS]
    run.append_metrics({"step": 10**12})
    with RunLock(run.path).held():
        reports = [event.step for event in look(RunWatcher(run.path)).events if isinstance(event, Report)]
    assert reports == [1, 2, 3]


def test_a_count_that_an_earlier_trainer_left_does_not_silence_the_next(run, another):
    write_status(run.path, RunStatus(pid=1, host="old", started=1.0, beat=10**15))
    with RunLock(run.path).held() as lock:
        FarTrainer(run, lock)
        status = read_status(run.path)
    assert status and status.host == "gpu-7"


def test_clocks_that_differ_do_not_kill_a_trainer(run, another):
    with RunLock(run.path).held() as lock:
        FarTrainer(run, lock)
        os.utime(run.path / "lock.json", (0, time.time() - 5000))
        assert look(RunWatcher(run.path)).trainer


def test_a_status_that_an_earlier_trainer_left_says_nothing_of_this_one(run, another):
    write_status(run.path, RunStatus(pid=1, host="old", started=1.0, state="finished", step=99))
    with RunLock(run.path).held():
        found = look(RunWatcher(run.path, run.metrics_file.stat().st_size, 3))
    assert found.trainer and found.status is None and found.events[0].step == 3


@pytest.mark.parametrize(
    "change",
    [
        {"step": -1},
        {"step": 10**30},
        {"state": "dancing"},
        {"progress": 7.0},
        {"seconds": "long"},
        {"host": "x" * 1000},
        {"version": 2},
        {"answered": ["x"] * 1000},
        {"padding": "x" * 100_000},
        {"pid": None},
    ],
)
def test_a_status_out_of_bounds_is_no_status(run, change):
    good = json.loads(RunStatus(pid=1, host="h", started=1.0).model_dump_json())
    (run.path / "status.json").write_text(json.dumps(good | change))
    assert read_status(run.path) is None
    (run.path / "status.json").write_text(json.dumps(good | {"message": "a\x1b[31m\nb", "unknown": 1}))
    status = read_status(run.path)
    assert status and status.message == "a [31m b"


@given(content=st.binary(max_size=300))
def test_no_status_does_harm(shared_folder, content):
    folder = shared_folder
    (folder / "status.json").write_bytes(content)
    (folder / "lock.json").write_bytes(content)
    assert read_status(folder) is None
    assert look(RunWatcher(folder)) == watching.Look(None)


# --- the tail of the metrics ---


def steps(tail):
    return [line.step for line in tail.read()]


def test_what_was_read_is_not_read_again_and_a_torn_line_waits_for_its_end(run):
    tail = MetricsTail(run.metrics_file, run.metrics_file.stat().st_size, 3)
    assert steps(tail) == []
    with run.metrics_file.open("ab") as file:
        file.write(b'{"step": 4, "images": 16, "seconds": 0.4, "loss/D": 1.0}\n{"step": 5, "ima')
    (line,) = tail.read()
    assert (line.step, line.images, line.seconds, line.scalars) == (4, 16, 0.4, {"loss/D": 1.0})
    with run.metrics_file.open("ab") as file:
        file.write(b'ges": 20}\n')
    assert steps(tail) == [5]


def test_lines_that_are_known_already_are_passed_over(run):
    tail = MetricsTail(run.metrics_file, 0, 2)
    assert steps(tail) == [3]


def test_a_file_that_was_cut_is_read_on_from_its_new_end(run):
    tail = MetricsTail(run.metrics_file)
    assert steps(tail) == [1, 2, 3]
    run.cut(1)
    assert steps(tail) == []
    write_line(run, 2)
    (line,) = tail.read()
    assert line.step == 2 and line.after_a_cut
    write_line(run, 3)
    assert [line.after_a_cut for line in tail.read()] == [False]


def test_a_long_file_comes_in_pieces_and_a_line_without_end_is_dropped(tmp_path):
    file = tmp_path / "metrics.jsonl"
    line = json.dumps({"step": 1, "text": "x" * 1000}).encode() + b"\n"
    file.write_bytes(line * (2 * PIECE_BYTES // len(line)))
    tail = MetricsTail(file)
    assert steps(tail) and tail.more
    file.write_bytes(b"{" * (3 * PIECE_BYTES) + b'\n{"step": 7}\n')
    tail = MetricsTail(file)
    assert [step for _ in range(4) for step in steps(tail)] == [7]


@given(lines=st.lists(st.one_of(st.binary(max_size=60), st.integers(0, 10**18).map(lambda n: b'{"step": %d}' % n))))
def test_no_line_does_harm(shared_folder, lines):
    file = shared_folder / "metrics.jsonl"
    file.write_bytes(b"\n".join(lines) + b"\n")
    assert all(step >= 0 for step in steps(MetricsTail(file)))
