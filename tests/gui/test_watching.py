"""A run that another process trains, watched and asked from the window: only its folder lies between the two."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.run import RunFolder
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.sessions import watching
from tests.engine.courses import ROOT
from tests.engine.far_trainer import make_run

SMALL = [
    "--image-size", "16", "--features", "2", "--most-features", "4", "--latent-size", "6", "--batch-size", "4",
    "--precision", "fp32", "--threads", "1", "--device", "cpu", "--sample-steps", "20", "--checkpoint-steps", "100000",
]  # fmt: skip


@pytest.fixture
def trainer(tmp_path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Starts `gan-studio train` in a process of its own."""
    started = []

    def start(*words: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "gan_studio", "train", *words]
        log = (tmp_path / "trainer.txt").open("ab")
        started.append(subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log))
        log.close()
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def run(tmp_path) -> Path:
    return tmp_path / "far run"


def lines(run: Path) -> int:
    return len(RunFolder(run).metrics())


@pytest.mark.slow
def test_a_training_elsewhere_is_watched_and_asked(studio, pictures, run, trainer):
    process = trainer("--data", str(pictures), "--outdir", str(run), *SMALL)
    studio.wait(lambda: (run / "metrics.jsonl").exists() and len(RunFolder(run).sample_files()) > 1)
    studio.window.open_path(run)
    studio.wait_for(RunState.RUNNING)
    studio.wait(lambda: "Watching: trains on this computer, updated " in studio.text("run_message"))
    assert not studio.find("train_button").isVisible() and not studio.find("speed_combo").isVisible()

    plots = studio.window.train_page.monitor.plots
    before, grids = len(plots.loss_plot.series("loss/D").steps), len(studio.steps)
    studio.wait(lambda: len(plots.loss_plot.series("loss/D").steps) > before + 3 and len(studio.steps) > grids)
    assert plots.loss_plot.series("loss/D").steps[-1] <= RunFolder(run).metrics()[-1]["step"]
    assert np.all(np.diff(plots.loss_plot.series("loss/D").steps) >= 0)

    studio.click("pause_button")
    assert studio.text("pause_button") == "Asked…" and not studio.find("pause_button").isEnabled()
    assert "to pause" in studio.text("run_message")
    studio.wait_for(RunState.PAUSED)
    studio.wait(lambda: studio.text("pause_button") == "Res&ume")
    assert not studio.find("step_button").isVisible()

    studio.click("nav_explorer")
    studio.click("explorer_live")
    studio.wait(lambda: "in training, step 0" in studio.text("model_details"))
    studio.click("nav_train")
    studio.click("checkpoint_now_button")
    studio.wait(lambda: max(RunFolder(run).state_files()) > 0)
    paused_at = max(RunFolder(run).state_files())
    studio.wait(lambda: f"in training, step {paused_at:,}" in studio.text("model_details"))
    studio.wait(lambda: studio.text("checkpoint_now_button") == "Save")
    studio.click("sample_now_button")
    studio.wait(lambda: studio.steps[-1] == paused_at)

    studio.click("pause_button")
    studio.wait_for(RunState.RUNNING)
    studio.click("stop_button")
    studio.wait_for(RunState.IDLE)
    assert process.wait(30) == 0
    stopped = max(RunFolder(run).state_files())
    assert studio.banner() == ("success", f"Stopped at step {stopped:,}.")
    assert not studio.find("leave_button").isVisible() and studio.find("continue_button").isEnabled()


@pytest.fixture
def far(tmp_path) -> Iterator[Callable[[RunFolder, int], subprocess.Popen]]:
    """Starts a trainer without networks in a process of its own, and waits until it steps."""
    started = []

    def start(run: RunFolder, first_step: int = 0) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.engine.far_trainer", str(run.path), str(first_step)]
        started.append(subprocess.Popen(command, cwd=ROOT))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_trainer_that_is_killed_is_missed_in_words_and_another_one_is_noticed(studio, tmp_path, far):
    run = make_run(tmp_path / "far run", lines=30)
    studio.window.open_path(run.path)
    loss = studio.window.train_page.monitor.plots.loss_plot.series
    studio.wait(lambda: studio.text("run_message") == "Opened" and len(loss("loss/D").steps) == 30)

    process = far(run, 20)
    studio.wait_for(RunState.RUNNING)
    studio.wait(lambda: loss("loss/D").steps[-1] > 32)
    assert list(loss("loss/D").steps[:32]) == list(range(1, 33))
    studio.wait(lambda: "trains on this computer, updated " in studio.text("run_message"))

    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    studio.wait_for(RunState.IDLE)
    kind, message = studio.banner()
    assert kind == "error" and f"process {process.pid}" in message and "ended without a word" in message
    assert not studio.find("leave_button").isVisible()


def test_a_folder_that_is_deleted_while_it_is_watched_is_said_to_be_gone(studio, tmp_path, far):
    run = make_run(tmp_path / "far run")
    process = far(run)
    studio.wait(run.metrics_file.exists)
    studio.window.open_path(run.path)
    studio.wait_for(RunState.RUNNING)
    os.kill(process.pid, signal.SIGSTOP)
    shutil.rmtree(run.path)
    studio.wait_for(RunState.IDLE)
    assert "far run is gone: it was moved or deleted" in studio.banner()[1]
    assert not run.path.exists()


def test_a_trainer_that_hangs_is_asked_in_vain_and_does_nothing_later(studio, tmp_path, far, monkeypatch):
    monkeypatch.setattr(watching, "PATIENCE_SECONDS", 1.0)
    run = make_run(tmp_path / "far run")
    process = far(run)
    studio.wait(run.metrics_file.exists)
    studio.window.open_path(run.path)
    studio.wait_for(RunState.RUNNING)

    os.kill(process.pid, signal.SIGSTOP)
    studio.click("stop_button")
    assert studio.text("stop_button") == "Asked…" and studio.state is RunState.STOPPING
    studio.wait(lambda: studio.banner() == ("warning", "No answer for 1 s: the trainer may be gone."))
    assert studio.state is RunState.RUNNING and studio.text("stop_button") == "&Stop"
    studio.wait(lambda: not list((run.path / "requests").iterdir()))

    os.kill(process.pid, signal.SIGCONT)
    before = len(run.metrics())
    studio.wait(lambda: len(run.metrics()) > before + 5)
    studio.click("leave_button")
    studio.wait_for(RunState.IDLE)
    assert process.poll() is None and studio.find("train_button").isVisible()


def test_what_hostile_files_of_a_trainer_say_is_shown_as_text_or_not_at_all(studio, tmp_path, far):
    run = make_run(tmp_path / "far run")
    process = far(run)
    studio.wait(run.metrics_file.exists)
    studio.window.open_path(run.path)
    studio.wait_for(RunState.RUNNING)
    os.kill(process.pid, signal.SIGSTOP)
    with run.metrics_file.open("ab") as file:
        file.write(
            b'{"step": 1e999, "loss/D": 1}\n[[[[\n{"step": 9' + b"9" * 400 + b'}\n{"step": 100000, "loss/D": 7}\n'
        )
    loss = studio.window.train_page.monitor.plots.loss_plot.series
    studio.wait(lambda: loss("loss/D").steps[-1] == 100000)
    (run.path / "status.json").write_text('{"host": "' + "<b>x</b>" * 20_000)
    studio.wait(lambda: "trains on this computer" in studio.text("run_message"))
    assert studio.state is RunState.RUNNING
