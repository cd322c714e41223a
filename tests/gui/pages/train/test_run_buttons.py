"""The buttons of a run: which of them there are in each state, and what they ask for."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDoubleSpinBox, QLabel, QProgressBar

from gan_studio.engine.config import DataSettings, TrainingSettings
from gan_studio.engine.events import (
    CheckpointSaved,
    Failed,
    Finished,
    LearningRateChanged,
    Notice,
    Paused,
    PlanChanged,
    Preparing,
    Resumed,
    Stopped,
)
from gan_studio.gui.pages.train import RunState
from gan_studio.gui.pages.train.display import TRAINING
from gan_studio.gui.views import TrainingRequest
from gan_studio.gui.widgets.elided_button import ElidedButton

BUTTONS = ("train_button", "continue_button", "pause_button", "stop_button", "step_button", "step_d_button",
           "step_g_button", "sample_now_button", "checkpoint_now_button")  # fmt: skip


def button(page, name):
    found = page.findChild(QAbstractButton, name)
    assert found is not None, name
    return found


def click(qtbot, page, name):
    qtbot.mouseClick(button(page, name), Qt.MouseButton.LeftButton)


def visible(page):
    return {name for name in BUTTONS if (found := page.findChild(QAbstractButton, name)) and found.isVisible()}


def test_train_waits_for_pictures_engine_and_valid_settings(page, dataset, families):
    obstacle, train = page.findChild(QLabel, "train_obstacle"), button(page, "train_button")
    assert (train.isEnabled(), obstacle.text()) == (False, "Choose pictures to train on.")
    page.show_dataset(dataset)
    assert (train.isEnabled(), obstacle.text()) == (False, "The engine is still loading.")
    page.set_families(families, DataSettings, TrainingSettings)
    assert train.isEnabled()
    assert not obstacle.isVisible()
    page.settings.set_values("training", {"device": "abacus"})
    assert not train.isEnabled()
    assert obstacle.isVisible()


def test_train_waits_while_other_pictures_are_looked_at(ready_page, dataset):
    ready_page.show_dataset_progress("Looking at pictures", 1, 10)
    assert not button(ready_page, "train_button").isEnabled()
    ready_page.show_dataset_cancelled()
    assert button(ready_page, "train_button").isEnabled()


def test_train_asks_with_all_that_the_forms_say(ready_page, dataset, qtbot):
    with qtbot.waitSignal(ready_page.train_requested, timeout=1000) as signal:
        click(qtbot, ready_page, "train_button")
    request = signal.args[0]
    assert isinstance(request, TrainingRequest)
    assert (request.source, request.family) == (dataset.source, "toy")
    assert request.family_settings == {"features": 8}
    assert request.data["image_size"] == 32
    assert request.training["batch_size"] == 16


def test_from_train_to_stopped_the_right_buttons_are_there(ready_page, started, qtbot):
    assert visible(ready_page) == {"train_button"}
    click(qtbot, ready_page, "train_button")
    assert visible(ready_page) == {"pause_button", "stop_button"}
    assert not button(ready_page, "pause_button").isEnabled()
    assert ready_page.display.side() == TRAINING
    ready_page.show_event(Preparing("Reading pictures", 3, 10))
    ready_page.show_event(started())
    running = {"pause_button", "stop_button", "sample_now_button", "checkpoint_now_button"}
    assert visible(ready_page) == running
    ready_page.show_event(Paused(10))
    assert visible(ready_page) == running | {"step_button", "step_d_button", "step_g_button"}
    ready_page.show_event(Resumed(10))
    assert visible(ready_page) == running
    with qtbot.waitSignal(ready_page.stop_requested, timeout=1000):
        click(qtbot, ready_page, "stop_button")
    stop = button(ready_page, "stop_button")
    assert (stop.text(), stop.isEnabled()) == ("Stopping…", False)
    ready_page.show_event(Stopped(12, started().run))
    assert visible(ready_page) == {"train_button", "continue_button"}
    banner = ready_page.display.banner
    assert (banner.kind(), banner.message()) == ("success", "Stopped at step 12.")


def test_a_report_that_crosses_the_press_of_stop_does_not_take_it_back(trained_page, qtbot, make_report):
    click(qtbot, trained_page, "stop_button")
    for event in (make_report(500), Paused(500), Resumed(500)):
        trained_page.show_event(event)
        assert trained_page.state is RunState.STOPPING


def test_pause_turns_into_resume(trained_page, qtbot):
    asked = []
    trained_page.pause_requested.connect(asked.append)
    click(qtbot, trained_page, "pause_button")
    trained_page.show_event(Paused(400))
    assert button(trained_page, "pause_button").text() == "Res&ume"
    click(qtbot, trained_page, "pause_button")
    assert asked == [True, False]


def test_what_can_be_asked_by_hand_is_asked(trained_page, qtbot):
    trained_page.show_event(Paused(400))
    halves = []
    trained_page.half_step_requested.connect(halves.append)
    click(qtbot, trained_page, "step_d_button")
    click(qtbot, trained_page, "step_g_button")
    assert halves == ["D", "G"]
    for name, signal in (
        ("step_button", trained_page.step_requested),
        ("sample_now_button", trained_page.sample_requested),
        ("checkpoint_now_button", trained_page.checkpoint_requested),
    ):
        with qtbot.waitSignal(signal, timeout=1000):
            click(qtbot, trained_page, name)


def test_a_learning_rate_is_asked_for_once_it_is_typed(trained_page, qtbot):
    box = trained_page.findChild(QDoubleSpinBox, "learning_rate_D")
    assert box.value() == 2e-4
    asked = []
    trained_page.learning_rate_changed.connect(lambda name, rate: asked.append((name, rate)))
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "0.00005")
    assert asked == []
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert asked == [("D", 5e-5)]


def test_a_rate_can_be_put_back_to_where_the_run_began(trained_page, qtbot):
    """The run goes on from a checkpoint at which G's rate had been halved already."""
    reset = button(trained_page, "learning_rates_reset")
    assert reset.isEnabled() and "D 0.0002, G 0.0002" in reset.toolTip()
    asked = []
    trained_page.learning_rate_changed.connect(lambda name, rate: asked.append((name, rate)))
    click(qtbot, trained_page, "learning_rates_reset")
    assert asked == [("G", 2e-4)] and not reset.isEnabled()
    assert "began with 0.0002" in trained_page.run_bar.rates.box("G").toolTip()


def test_slow_motion_is_chosen_while_it_runs_and_ends_with_the_training(trained_page, started, qtbot):
    speed = trained_page.findChild(QComboBox, "speed_combo")
    asked = []
    trained_page.speed_changed.connect(asked.append)
    speed.setFocus()
    for _ in range(2):
        qtbot.keyClick(speed, Qt.Key.Key_Down)
    assert asked == [0.1, 0.5]
    trained_page.show_event(Paused(400))
    assert speed.isVisible() and speed.currentText() == "2 steps/s"
    trained_page.show_event(Stopped(400, started().run))
    click(qtbot, trained_page, "continue_button")
    assert speed.currentIndex() == 0 and asked == [0.1, 0.5]


def test_a_half_step_says_whom_it_changes(trained_page, qtbot):
    trained_page.show_event(Paused(400))
    for name, words in (("step_d_button", "discriminator D alone"), ("step_g_button", "generator G alone")):
        assert words in button(trained_page, name).toolTip()
    click(qtbot, trained_page, "step_g_button")
    assert trained_page.status.message.text() == "G alone was updated"


@pytest.mark.parametrize("paused", [False, True])
def test_nothing_of_the_run_bar_is_cut_off(trained_page, paused):
    trained_page.show_event(Paused(400) if paused else Resumed(400))
    bar = trained_page.run_bar
    for thing in (*bar.findChildren(QAbstractButton), *bar.findChildren(QComboBox)):
        if thing.isVisible():
            assert thing.width() >= thing.minimumSizeHint().width(), thing.objectName()
            assert thing.mapTo(bar, thing.rect().topRight()).x() < bar.width(), thing.objectName()


def test_a_rate_changed_elsewhere_is_shown_and_not_asked_for_again(trained_page):
    asked = []
    trained_page.learning_rate_changed.connect(lambda name, rate: asked.append((name, rate)))
    trained_page.show_event(LearningRateChanged(400, "G", 3e-3))
    assert trained_page.findChild(QDoubleSpinBox, "learning_rate_G").value() == 3e-3
    assert asked == []


def test_a_training_that_computes_otherwise_than_it_began_says_so(trained_page, run_folder):
    trained_page.show_event(PlanChanged(400, "CUDA:0, bf16"))
    assert trained_page.display.caption.text() == f"{run_folder.name} · CUDA:0, bf16"


def test_settings_and_pictures_are_locked_while_something_runs(trained_page, started):
    assert not trained_page.settings.family_combo.isEnabled()
    assert not trained_page.data_card.edit.isEnabled()
    assert not trained_page.settings.form("training").editor("batch_size").isEnabled()
    trained_page.show_event(Finished(400, started().run))
    assert trained_page.settings.family_combo.isEnabled()
    assert trained_page.data_card.edit.isEnabled()
    assert trained_page.settings.form("training").editor("batch_size").isEnabled()


def test_a_failure_is_shown_with_its_advice_and_train_is_there_again(trained_page):
    trained_page.show_event(Failed("Out of memory.", "Try a smaller batch.", "Traceback"))
    assert trained_page.display.banner.isVisible()
    assert trained_page.display.banner.kind() == "error"
    assert trained_page.display.banner.message() == "Out of memory."
    assert trained_page.state is RunState.IDLE
    assert button(trained_page, "train_button").isEnabled()


def test_a_notice_does_not_end_anything(trained_page):
    trained_page.show_event(Notice("The disk is full.", "Make room."))
    assert trained_page.display.banner.kind() == "warning"
    assert trained_page.state is RunState.RUNNING


def test_a_warning_stays_until_it_is_read(trained_page, started):
    trained_page.show_event(Notice("The disk is full.", "Make room."))
    trained_page.show_event(Stopped(400, started().run))
    assert trained_page.display.banner.message() == "The disk is full."


def test_a_new_training_takes_old_banners_away(trained_page, qtbot):
    trained_page.show_event(Failed("Out of memory."))
    click(qtbot, trained_page, "train_button")
    assert not trained_page.display.banner.isVisible()


def test_a_stopped_run_can_go_on(trained_page, started, qtbot):
    trained_page.show_event(Stopped(400, started().run))
    with qtbot.waitSignal(trained_page.continue_requested, timeout=1000) as signal:
        click(qtbot, trained_page, "continue_button")
    assert signal.args == [started().run]
    assert trained_page.state is RunState.PREPARING


def test_continue_names_its_run_also_after_other_pictures_were_chosen(ready_page, started, dataset, tmp_path):
    run = tmp_path / "runs" / "flags & more dcgan 64 2026-11-21 14.05"
    run.mkdir(parents=True)
    ready_page.show_event(started(run=run))
    ready_page.show_event(Stopped(400, run))
    ready_page.show_dataset(replace(dataset, source=tmp_path / "emoji", title="emoji"))
    resume = button(ready_page, "continue_button")
    assert resume.text() == "&Continue “flags && more dcgan 64”"
    assert run.name in resume.toolTip()
    assert button(ready_page, "train_button").text() == "&Train a new run"


def test_a_name_that_is_too_long_for_its_button_is_shortened(qtbot):
    short = ElidedButton("&Continue “one with a name as long as names can get”")
    qtbot.addWidget(short)
    short.resize(150, 34)
    assert short.shown_text().startswith("&Continue “") and short.shown_text().endswith("…")
    short.resize(900, 34)
    assert short.shown_text() == short.text()


@pytest.mark.parametrize(
    ("action", "signal"),
    [("explore", "explore_requested"), ("folder", "folder_requested"), ("longer", "continue_requested")],
)
def test_the_end_says_what_can_be_done_next(trained_page, started, qtbot, action, signal):
    trained_page.show_event(Finished(400, started().run))
    banner = trained_page.display.banner
    assert (banner.kind(), banner.message()) == ("success", "Finished: 400 steps in 3 min 20 s.")
    with qtbot.waitSignal(getattr(trained_page, signal), timeout=1000) as asked:
        click(qtbot, trained_page, f"banner_{action}")
    assert asked.args == [started().run]


def test_what_has_just_happened_is_said_for_a_while(trained_page, make_report, started, monkeypatch):
    trained_page.show_event(CheckpointSaved(400, started().run / "a.pt", 2**20, 0.1))
    trained_page.show_event(make_report(410))
    assert trained_page.status.message.text().startswith("Checkpoint of step 400")
    monkeypatch.setattr(trained_page.status, "_passes_at", 0.0)
    trained_page.show_event(make_report(420))
    assert trained_page.status.message.text() == "Training"


def test_progress_is_shown_where_a_limit_was_set(trained_page, make_report, started):
    bar, percent = trained_page.findChild(QProgressBar, "run_progress"), trained_page.findChild(QLabel, "run_percent")
    assert not bar.isVisible() and not percent.isVisible()
    trained_page.show_event(replace(make_report(500), progress=0.4267))
    assert bar.isVisible() and percent.text() == "42 %"
    assert bar.value() / bar.maximum() == pytest.approx(0.427)
    trained_page.show_event(Paused(500))
    assert bar.isVisible() and percent.isVisible()
    trained_page.show_event(Stopped(500, started().run))
    trained_page.run_bar.continue_requested.emit()
    assert not percent.isVisible()


@pytest.mark.parametrize("saved", [True, False])
def test_a_stop_says_whether_its_checkpoint_is_there(trained_page, started, saved):
    trained_page.show_event(Stopped(400, started().run, saved))
    text = trained_page.status.message.text()
    assert "step 400" in text
    assert ("could not be written" in text) is not saved


def test_status_says_where_training_is(trained_page):
    facts = {name: trained_page.status.fact(name) for name in ("step", "images", "speed", "elapsed", "left", "memory")}
    assert facts == {
        "step": "400", "images": "26k", "speed": "128", "elapsed": "3 min 20 s", "left": "1 min 00 s",
        "memory": "1.0 GiB",
    }  # fmt: skip
