"""`gan-studio ask` and a trainer in another process: only the run folder lies between them."""

import json
import signal
import subprocess
import sys
import threading

import pytest

from gan_studio.cli import main
from gan_studio.engine.lock import RunLock
from gan_studio.engine.run_status import read_status
from tests.engine.courses import ROOT
from tests.engine.far_trainer import make_run


@pytest.fixture
def far(tmp_path):
    run = make_run(tmp_path / "run")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.far_trainer", str(run.path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "training\n"
    yield run, process
    process.kill()
    process.communicate()


def test_a_training_elsewhere_pauses_goes_on_and_stops(far, capsys):
    run, process = far
    assert main(["ask", str(run.path), "pause"]) == 0
    assert "paused, step " in capsys.readouterr().out
    paused = len(run.metrics())
    assert main(["ask", str(run.path), "sample", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "paused"
    assert len(run.metrics()) == paused
    assert main(["ask", str(run.path), "resume"]) == 0
    assert main(["ask", str(run.path), "stop"]) == 0
    assert process.wait(10) == 0
    status = read_status(run.path)
    assert status and status.state == "stopped" and not list((run.path / "requests").iterdir())
    assert "Asked through the folder: stop." in run.log_file.read_text()


def test_a_trainer_that_was_killed_is_no_trainer_and_one_that_dies_meanwhile_is_not_waited_for(far, capsys):
    run, process = far
    process.send_signal(signal.SIGSTOP)
    killer = threading.Timer(0.5, process.kill)
    killer.start()
    assert main(["ask", str(run.path), "pause", "--wait", "60"]) == 1
    assert "The trainer is gone" in capsys.readouterr().err
    killer.join()
    process.wait()
    assert main(["ask", str(run.path), "pause"]) == 1
    assert "Nobody trains" in capsys.readouterr().err and not list((run.path / "requests").iterdir())


def test_nobody_there_and_nobody_who_answers_are_told_apart(tmp_path, capsys):
    run = make_run(tmp_path / "run")
    assert main(["ask", str(run.path), "stop"]) == 1
    assert "Nobody trains" in capsys.readouterr().err
    with RunLock(run.path).held():
        assert main(["ask", str(run.path), "stop", "--wait", "0.1"]) == 1
    assert "the trainer may be gone" in capsys.readouterr().err
    assert not list((run.path / "requests").iterdir())
    assert main(["ask", str(run.path), "dance"]) == 2
