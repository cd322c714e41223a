"""The main job by clicks and keys: pictures in, a training that is watched, held and continued, pictures out."""

from functools import partial

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog

from gan_studio.engine.data import demo
from gan_studio.engine.run import RunFolder
from gan_studio.gui.late_pages import EXPLORER, TRAIN
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.widgets.latent_slider import LatentSlider


def test_a_typed_folder_is_looked_at_and_reported(studio, pictures):
    (pictures / "notes.txt").write_text("no picture")
    (pictures / "empty.png").touch()
    studio.choose_pictures(pictures)
    report = studio.text("dataset_report")
    assert "9 pictures" in report and "16" in report
    assert studio.window.train_page.display.data_view.sheet.sheet.rowCount() == 9
    assert studio.find("dataset_skipped").isVisible() and "empty.png" in str(studio.dataset.skipped)


def test_demonstration_pictures_are_a_click_away(studio, monkeypatch):
    monkeypatch.setattr(demo, "draw_demo", partial(demo.draw_demo, count=40))
    studio.click("dataset_demo")
    studio.wait(lambda: studio.window.train_page.dataset is not None)
    assert studio.dataset.title == "Demonstration pictures"
    assert studio.dataset.picture_count == 40


def test_settings_that_were_found_and_typed_are_those_that_are_trained_with(studio, pictures):
    studio.train(pictures, steps="3")
    studio.wait_for(RunState.IDLE)
    config = RunFolder.open(studio.run).config()
    assert (config.picture.size, config.picture.channels) == (16, 3)
    assert (config.family_settings["features"], config.family_settings["latent_size"]) == (2, 6)
    assert (config.training.steps, config.training.batch_size) == (3, 4)
    assert studio.text("run_message") == "Finished at step 3"


def test_a_training_is_watched_held_stepped_and_continued(studio, pictures):
    studio.train(pictures, grids=4)
    page = studio.window.train_page
    plots = page.monitor.plots
    studio.wait(lambda: len(plots.loss_plot.series("loss/D").steps) > 3)
    assert len(plots.score_plot.series("score/real").steps) and len(plots.gradient_plot.series("grad/G").steps)

    studio.find("timeline_slider").setFocus()
    studio.press(Qt.Key.Key_Home)
    assert studio.cursors == {0}
    first = studio.grid()
    assert np.array_equal(first, np.asarray(Image.open(studio.run / "samples" / "step-00000000.png").convert("RGB")))
    studio.press(Qt.Key.Key_Right)
    assert studio.cursors == {studio.steps[1]} and not np.array_equal(studio.grid(), first)

    studio.click("pause_button")
    studio.wait_for(RunState.PAUSED)
    at = int(studio.text("status_step").replace(",", ""))
    before = RunFolder.open(studio.run).metrics()
    studio.click("step_button")
    studio.wait(lambda: studio.text("run_message") == f"Paused at step {at + 1:,}")
    studio.click("step_d_button")
    studio.wait(lambda: len(RunFolder.open(studio.run).metrics()) > len(before) + 1)
    assert "loss/D" in RunFolder.open(studio.run).metrics()[-1]
    assert RunFolder.open(studio.run).interventions()[-1]["name"] == "D"

    studio.click("pause_button")
    studio.wait_for(RunState.RUNNING)
    studio.type("learning_rate_G", "0.0001")
    studio.wait(lambda: RunFolder.open(studio.run).interventions()[-1]["value"] == 0.0001)

    studio.stop()
    run = RunFolder.open(studio.run)
    stopped = max(run.state_files())
    assert stopped > at and studio.text("run_message") == f"Stopped at step {stopped:,}"
    studio.click("continue_button")
    studio.wait(lambda: studio.state is RunState.RUNNING and studio.steps[-1] > stopped)
    assert studio.steps[0] == 0 and studio.run == run.path
    studio.stop()
    assert max(run.state_files()) > stopped


def test_a_run_is_explored_and_a_saved_picture_returns(studio, pictures, tmp_path, monkeypatch):
    studio.train(pictures, steps="4")
    studio.wait_for(RunState.IDLE)
    studio.press("3", modifier=Qt.KeyboardModifier.ControlModifier)
    assert studio.page() == EXPLORER
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(studio.run))
    studio.click("welcome_open")
    explorer = studio.window.explorer_page
    studio.wait(lambda: explorer.stage.canvas.image() is not None)
    explore_and_return(studio, tmp_path / "kept.png", monkeypatch)


def explore_and_return(studio, path, monkeypatch):
    """Random, slide, save, reset, and drop the picture on the window: same controls, same pixels."""
    explorer = studio.window.explorer_page
    seen = studio.explored()
    studio.click("randomize_button")
    studio.wait(lambda: not np.array_equal(studio.explored(), seen))
    slider, seen = studio.find("latent_slider_1", LatentSlider), studio.explored()
    studio.drag(slider, slider.track_rect().center().toPoint(), QPoint(60, 0))
    studio.wait(lambda: not np.array_equal(studio.explored(), seen))
    studio.settle()
    kept, place = studio.explored(), explorer.controls.viewpoint()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    studio.click("save_image_button")
    studio.wait(path.exists)
    studio.click("reset_button")
    studio.wait(lambda: np.array_equal(studio.explored(), seen))
    studio.click("nav_train")
    assert studio.page() == TRAIN
    assert studio.drop(path)
    assert studio.page() == EXPLORER
    studio.wait(lambda: np.array_equal(studio.explored(), kept))
    back = explorer.controls.viewpoint()
    assert back.controls["z"].tobytes() == place.controls["z"].tobytes()
    assert (back.seed, back.row) == (place.seed, place.row)
    assert np.array_equal(np.asarray(Image.open(path).convert("RGB")), kept)


def test_the_model_in_training_is_explored_while_it_learns(studio, pictures, tmp_path, monkeypatch):
    studio.train(pictures)
    studio.click("nav_explorer")
    studio.click("explorer_live")
    explorer = studio.window.explorer_page
    studio.wait(lambda: explorer.stage.canvas.image() is not None)
    assert "in training" in studio.text("model_details") and studio.find("explorer_live").isChecked()
    first = studio.text("model_details")
    studio.wait(lambda: studio.text("model_details") != first)
    studio.click("explorer_live")
    studio.wait(lambda: not studio.find("explorer_live").isChecked())
    studio.settle()
    explore_and_return(studio, tmp_path / "live.png", monkeypatch)
    assert studio.state is RunState.RUNNING
    studio.click("nav_train")
    studio.stop()
    assert not studio.find("explorer_live").isEnabled()
