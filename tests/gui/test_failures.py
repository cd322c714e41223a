"""What goes wrong around a training is said in words, ends it properly, and leaves a window that can be used."""

import shutil

import pytest
from PySide6.QtCore import Qt

from gan_studio.engine.errors import Cancelled
from gan_studio.engine.events import Started, Stopped, TerminalEvent
from gan_studio.engine.run import RunFolder
from gan_studio.engine.step import Stepper
from gan_studio.gui.pages.train.run_state import RunState
from tests.gui.studio import write_pictures


@pytest.fixture
def events(studio):
    """Everything a training tells."""
    told = []
    studio.window.training.reported.connect(told.append)
    return told


def ends(events):
    return [event for event in events if isinstance(event, TerminalEvent)]


def trains_again(studio, pictures):
    studio.train(pictures, grids=2)
    assert studio.banner() == ("", "")
    studio.stop()


def test_a_run_folder_that_cannot_be_made(studio, pictures, home, events):
    (home / "runs").write_text("a file where the folder should be")
    studio.choose_pictures(pictures)
    studio.set_small()
    studio.click("train_button")
    studio.wait_for(RunState.IDLE)
    kind, message = studio.banner()
    assert kind == "error" and str(home / "runs") in message
    assert len(ends(events)) == 1
    (home / "runs").unlink()
    trains_again(studio, pictures)


def test_pictures_that_vanish_between_looking_and_training(studio, pictures, events, tmp_path):
    studio.choose_pictures(pictures)
    studio.set_small()
    pictures.rename(tmp_path / "moved")
    studio.click("train_button")
    studio.wait_for(RunState.IDLE)
    assert studio.banner()[0] == "error" and str(pictures) in studio.banner()[1]
    assert len(ends(events)) == 1
    trains_again(studio, tmp_path / "moved")


def test_a_folder_that_may_not_be_read(studio, pictures, monkeypatch):
    def refuse(*_args, **_more):
        raise PermissionError(13, "Permission denied", str(pictures))

    monkeypatch.setattr("os.scandir", refuse)
    studio.type("dataset_edit", str(pictures))
    studio.wait(lambda: "Permission denied" in studio.text("dataset_report"))
    monkeypatch.undo()
    studio.choose_pictures(pictures)
    assert "9 pictures" in studio.text("dataset_report")


def test_a_disk_that_fills_up_while_training(studio, pictures, full_disk, events):
    studio.train(pictures, grids=2)
    full_disk()
    studio.click("checkpoint_now_button")
    studio.wait(lambda: studio.banner()[0] == "warning")
    assert "No space left" in studio.banner()[1] and studio.state is RunState.RUNNING
    grids = len(studio.steps)
    studio.wait(lambda: len(studio.steps) > grids)
    studio.stop()
    assert "could not be written" in studio.text("run_message")
    assert [type(event) for event in ends(events)] == [Stopped]
    assert list(RunFolder.open(studio.run).state_files()) == [0], "the checkpoint before is whole"


def test_an_error_inside_a_step(studio, pictures, monkeypatch, events):
    def fail(*_):
        raise RuntimeError("the loss fell off")

    studio.train(pictures, grids=2)
    monkeypatch.setattr(Stepper, "step", fail)
    studio.wait_for(RunState.IDLE)
    banner = studio.window.train_page.display.banner
    assert studio.banner()[0] == "error" and "the loss fell off" in banner.message()
    studio.click("banner_unfold")
    assert "RuntimeError" in studio.find("banner_details").toPlainText()
    assert len(ends(events)) == 1
    monkeypatch.undo()
    trains_again(studio, pictures)


def test_too_little_memory_comes_with_advice(studio, pictures, monkeypatch):
    def fail(*_):
        raise MemoryError("tried to allocate a terabyte")

    studio.train(pictures)
    monkeypatch.setattr(Stepper, "step", fail)
    studio.wait_for(RunState.IDLE)
    assert "Lower the batch size" in studio.text("banner_advice")


def test_a_worker_that_breaks_before_the_engine_begins(studio, pictures, monkeypatch, events, log_guard):
    def fail(*_):
        raise SystemExit("gone")

    log_guard.allow("training thread failed")
    studio.choose_pictures(pictures)
    studio.set_small()
    monkeypatch.setattr("gan_studio.engine.training.run_training", fail)
    studio.click("train_button")
    studio.wait_for(RunState.IDLE)
    assert studio.banner()[0] == "error" and len(ends(events)) == 1
    monkeypatch.undo()
    trains_again(studio, pictures)


@pytest.mark.parametrize("stage", ["scan", "load_pictures"])
def test_stop_while_pictures_are_prepared(studio, pictures, monkeypatch, gate, events, home, stage):
    from gan_studio.engine import training_data

    whole = getattr(training_data, stage)
    monkeypatch.setattr(training_data, stage, lambda *args, **more: gate(more["cancelled"]) or whole(*args, **more))
    studio.choose_pictures(pictures)
    studio.set_small()
    studio.click("train_button")
    assert studio.state is RunState.PREPARING
    shutil.rmtree(home / "cache", ignore_errors=True)
    studio.press(Qt.Key.Key_Escape)
    assert studio.state is RunState.STOPPING
    studio.wait_for(RunState.IDLE)
    assert studio.text("run_message") == "Stopped before the first step"
    assert [type(event) for event in ends(events)] == [Stopped]
    monkeypatch.undo()
    trains_again(studio, pictures)


def test_closing_while_pictures_are_prepared_waits_for_nothing_to_save(studio, pictures, monkeypatch, gate):
    monkeypatch.setattr("gan_studio.engine.training_data.scan", lambda *_, cancelled, **__: gate(cancelled) or never())
    studio.choose_pictures(pictures)
    studio.set_small()
    studio.click("train_button")
    studio.answer_next_question("Stop and save")
    studio.window.close()
    studio.wait(lambda: not studio.window.isVisible())
    assert not studio.window.training.active


def never():
    raise Cancelled


def test_pressing_twice_starts_one_training_and_stops_it_once(studio, pictures, events, home):
    studio.choose_pictures(pictures)
    studio.set_small()
    train = studio.find("train_button")
    for _ in range(2):
        studio.click_inside(train, train.rect().center())
        studio.press(Qt.Key.Key_F5)
    studio.wait(lambda: studio.state is RunState.RUNNING and len(studio.steps) > 1)
    stop = studio.find("stop_button")
    for _ in range(2):
        studio.click_inside(stop, stop.rect().center())
        studio.press(Qt.Key.Key_Escape)
    studio.wait_for(RunState.IDLE)
    assert len([event for event in events if isinstance(event, Started)]) == 1
    assert len(ends(events)) == 1
    assert len(list((home / "runs").iterdir())) == 1


def test_a_cache_that_cannot_be_written_is_told_and_training_goes_on(studio, pictures, home):
    (home / "cache").write_text("a file where the folder should be")
    studio.train(pictures, grids=2)
    assert studio.banner()[0] == "warning" and "kept in memory" in studio.banner()[1]
    assert studio.state is RunState.RUNNING


def test_other_pictures_are_not_trained_on_before_they_are_looked_at(studio, pictures, tmp_path):
    studio.train(pictures, steps="1")
    studio.wait_for(RunState.IDLE)
    studio.type("dataset_edit", str(write_pictures(tmp_path / "others")))
    assert not studio.find("train_button").isEnabled()
    assert studio.text("train_obstacle") == "The pictures are still being looked at."
