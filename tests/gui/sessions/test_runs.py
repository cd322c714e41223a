"""Runs are read in a thread: at once where that is quick, else an overview first and everything soon after."""

import json

import numpy as np
import pytest

from gan_studio.engine import metrics_reader
from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.metrics_index import columns_file
from gan_studio.engine.run import RunFolder
from gan_studio.gui.sessions import runs as runs_session
from gan_studio.gui.sessions.runs import RunsSession

LINES = 20_000


@pytest.fixture
def session():
    made = RunsSession()
    yield made
    made.shutdown()


def make_run(path, lines=LINES):
    run = RunFolder.create(path, RunConfig(family="dcgan", picture=PictureSpec(size=16)))
    with run.metrics_file.open("w") as file:
        for step in range(1, lines + 1):
            file.write(json.dumps({"step": step, "images": 8 * step, "seconds": step / 4, "loss/D": step / 2}) + "\n")
    return run


def test_a_run_that_is_read_quickly_is_whole_at_once(session, qtbot, tmp_path):
    run = make_run(tmp_path / "run", lines=100)
    with qtbot.waitSignal(session.references, timeout=30_000), qtbot.waitSignal(session.opened) as opened:
        session.open(run.path)
    scalars = opened.args[0].scalars
    assert scalars.steps.tolist() == list(range(1, 101))
    assert scalars.last == {"step": 100, "images": 800, "seconds": 25, "loss/D": 50}


def test_a_long_run_is_shown_by_an_overview_and_then_whole(session, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(runs_session, "AT_ONCE_SECONDS", 0.0)
    monkeypatch.setattr(metrics_reader, "WORTH_ROWS", LINES)
    run = make_run(tmp_path / "run")
    with (
        qtbot.waitSignal(session.references, timeout=30_000),
        qtbot.waitSignal(session.completed, timeout=30_000) as completed,
        qtbot.waitSignal(session.opened) as opened,
    ):
        session.open(run.path)
    scalars = opened.args[0].scalars
    assert scalars.last["step"] == LINES and len(scalars.steps) < LINES / 4
    path, scalars = completed.args
    assert path == run.path and np.array_equal(scalars.columns["loss/D"], scalars.steps / 2)
    assert len(scalars.steps) == LINES and columns_file(run.metrics_file).exists()


def test_another_run_need_not_wait_for_a_long_one(session, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(runs_session, "AT_ONCE_SECONDS", 0.0)
    monkeypatch.setattr(runs_session, "_SLICE_SECONDS", 0.0)
    long, short = make_run(tmp_path / "long"), make_run(tmp_path / "short", lines=10)
    told = []
    session.opened.connect(lambda run: told.append(("opened", run.path.name)))
    session.completed.connect(lambda path, scalars: told.append(("completed", path.name)))
    session.open(long.path)
    session.open(short.path)
    qtbot.waitUntil(lambda: len(told) == 4, timeout=30_000)
    assert told == [("opened", "long"), ("opened", "short"), ("completed", "long"), ("completed", "short")]


def test_metrics_that_nobody_asked_for_are_not_read(session, qtbot, tmp_path):
    run = make_run(tmp_path / "run")
    with qtbot.waitSignal(session.references, timeout=30_000), qtbot.waitSignal(session.opened) as opened:
        session.open(run.path, scalars=False)
    assert len(opened.args[0].scalars.steps) == 0
