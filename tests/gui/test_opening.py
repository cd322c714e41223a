"""Whatever is dropped, typed or chosen again is opened where it belongs, or refused in words."""

import shutil
import zipfile

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gan_studio.engine.config import DataSettings, TrainingSettings
from gan_studio.engine.run import RunFolder
from gan_studio.gui.late_pages import EXPLORER, GALLERY, TRAIN
from gan_studio.gui.pages.train.display import DATA, TRAINING
from gan_studio.gui.pages.train.run_state import RunState
from tests.gui.studio import Studio, write_pictures


@pytest.fixture
def run(studio, pictures):
    """A run that was trained and stopped."""
    studio.train(pictures, grids=3)
    studio.stop()
    return studio.run


@pytest.fixture
def other(qtbot, run):
    """A second window, as at the next start of the program."""
    made = Studio(qtbot)
    yield made
    made.end()


def opened_dataset(studio, title):
    studio.wait(lambda: studio.window.train_page.dataset is not None and studio.dataset.title == title)


@pytest.mark.parametrize("page", [TRAIN, GALLERY, EXPLORER])
def test_a_folder_dropped_on_any_page_is_looked_at(studio, pictures, page):
    studio.window.rail.set_current(page)
    assert studio.drop(pictures)
    opened_dataset(studio, "my pictures")
    assert studio.page() == TRAIN


def test_a_zip_dropped_is_looked_at(studio, pictures, tmp_path):
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in pictures.iterdir():
            archive.write(file, file.name)
    assert studio.drop(path)
    opened_dataset(studio, "packed.zip")
    assert studio.dataset.picture_count == 9


def test_a_generator_dropped_is_explored(studio, generator):
    assert studio.drop(generator)
    assert studio.page() == EXPLORER
    studio.wait(lambda: studio.window.explorer_page.stage.canvas.image() is not None)
    assert studio.explored().shape == (16, 16, 3)


def test_a_run_dropped_shows_its_training_and_its_model(other, run):
    assert other.drop(run)
    opened_dataset(other, "my pictures")
    page, files = other.window.train_page, RunFolder.open(run)
    assert page.run == run and page.display.side() == TRAINING
    assert other.steps == list(files.sample_files()) and other.cursors == {other.steps[-1]}
    assert len(page.monitor.plots.loss_plot.series("loss/D").steps) == len(files.metrics())
    levels = page.monitor.plots.loss_plot.reference_lines
    other.wait(lambda: levels() == {"loss/D": pytest.approx(1.386, abs=1e-3), "loss/G": pytest.approx(0.693, abs=1e-3)})
    assert other.window.gallery_page.model.steps == other.steps
    other.wait(lambda: other.window.explorer_page.stage.canvas.image() is not None)
    other.click("continue_button")
    other.wait_for(RunState.RUNNING)


@pytest.mark.parametrize("engine_first", [True, False], ids=["engine loaded", "engine still loading"])
def test_an_opened_run_shows_the_settings_it_was_trained_with(qtbot, run, engine_first):
    trained = RunFolder.open(run).config()
    window = Studio(qtbot)
    try:
        if engine_first:
            window.wait(lambda: window.window.train_page.settings.ready)
        assert window.drop(run)
        window.wait(lambda: window.window.train_page.run == run and window.window.train_page.settings.ready)
        window.wait(lambda: window.window.train_page.dataset is not None)
        settings = window.window.train_page.settings
        assert settings.family() == "dcgan"
        assert settings.values("family") == trained.family_settings
        assert settings.values("training") == trained.training.model_dump()
    finally:
        window.end()


def test_a_run_whose_pictures_are_gone_is_shown_and_not_continued(other, run, pictures):
    shutil.rmtree(pictures)
    other.drop(run)
    other.wait(lambda: other.window.train_page.run == run)
    kind, message = other.banner()
    assert kind == "warning" and str(pictures) in message
    assert other.steps
    other.click("continue_button")
    other.wait_for(RunState.IDLE)
    kind, message = other.banner()
    assert kind == "error" and str(pictures) in message


def test_a_run_that_is_being_written_is_watched_and_not_written_by_two(qtbot, studio, pictures):
    studio.train(pictures, grids=3)
    second = Studio(qtbot)
    second.drop(studio.run)
    opened_dataset(second, "my pictures")
    assert len(second.steps) >= 3
    second.click("continue_button")
    second.wait(lambda: second.banner()[0] == "error")
    assert "is being trained by" in second.banner()[1] and second.state is RunState.IDLE
    assert studio.state is RunState.RUNNING
    second.end()


def test_a_damaged_run_is_refused_in_words(studio, tmp_path):
    (tmp_path / "run" / "checkpoints").mkdir(parents=True)
    (tmp_path / "run" / "config.json").write_text("{ this is no")
    studio.drop(tmp_path / "run")
    studio.wait(lambda: studio.banner()[0] == "error")
    assert "config.json" in studio.banner()[1]


def test_a_picture_without_a_recipe_says_so(studio, pictures):
    studio.drop(pictures / "picture 0.png")
    studio.wait(lambda: not studio.window.explorer_page.stage.banner.isHidden())
    assert "picture 0.png" in studio.window.explorer_page.stage.banner.message()


@pytest.mark.parametrize("what", ["nothing there", "empty folder", "a text"])
def test_what_holds_no_pictures_is_refused_in_words_and_the_window_goes_on(studio, pictures, tmp_path, what):
    path = tmp_path / what
    if what == "empty folder":
        path.mkdir()
    elif what == "a text":
        path.write_text("no picture")
    studio.type("dataset_edit", str(path))
    studio.wait(lambda: what in studio.text("dataset_report"))
    assert studio.find("dataset_report", QLabel).property("role") == "error"
    assert not studio.find("train_button").isEnabled()
    studio.choose_pictures(pictures)
    assert "9 pictures" in studio.text("dataset_report")


def test_while_training_only_models_can_be_opened(studio, pictures, generator, tmp_path):
    studio.train(pictures, grids=2)
    run = studio.run
    for path in (write_pictures(tmp_path / "others"), run):
        studio.window.rail.set_current(GALLERY)
        studio.drop(path)
        assert studio.page() == TRAIN
        assert studio.banner() == ("error", "A training is under way.")
        studio.click("banner_close")
    assert studio.dataset.title == "my pictures"
    studio.drop(run)
    studio.stop()
    assert studio.banner()[0] == "success"
    studio.click("continue_button")
    studio.wait_for(RunState.RUNNING)
    studio.drop(generator)
    studio.wait(lambda: studio.text("model_details").startswith("DCGAN · step 5"))
    assert studio.state is RunState.RUNNING


def test_recent_things_are_opened_again_from_the_menu(other, run, pictures):
    menu = other.window.actions_.recent_menu

    def entries():
        return {action.toolTip(): action for action in menu.actions() if action.data()}

    assert set(entries()) == {str(run), str(pictures)} and menu.isEnabled()
    entries()[str(pictures)].trigger()
    opened_dataset(other, "my pictures")
    assert other.window.train_page.display.side() == DATA
    entries()[str(run)].trigger()
    other.wait(lambda: other.window.train_page.run == run)


def test_the_newest_of_two_folders_wins(studio, pictures, tmp_path):
    others = write_pictures(tmp_path / "others", count=3)
    studio.window.open_path(pictures)
    studio.window.open_path(others)
    opened_dataset(studio, "others")
    assert studio.dataset.picture_count == 3


def test_looking_can_be_called_off(studio, pictures, monkeypatch, gate):
    from gan_studio.engine.data import scan

    whole = scan.scan
    monkeypatch.setattr(scan, "scan", lambda *args, **more: gate(more["cancelled"]) or whole(*args, **more))
    studio.type("dataset_edit", str(pictures))
    studio.wait(lambda: studio.find("dataset_cancel").isVisible())
    studio.click("dataset_cancel")
    studio.wait(lambda: not studio.find("dataset_cancel").isVisible())
    assert studio.window.train_page.dataset is None and studio.find("dataset_demo").isEnabled()


def test_a_thumbnail_in_the_gallery_leads_to_its_step_and_on_to_its_plots(other, run):
    other.drop(run)
    other.wait(lambda: len(other.steps) > 1)
    other.press("2", Qt.KeyboardModifier.ControlModifier)
    view = other.window.gallery_page.view
    index = other.window.gallery_page.overview.filter.index(0, 0)
    other.click_inside(view.viewport(), view.visualRect(index).center())
    other.click("gallery_open")
    assert other.window.gallery_page.viewer.step == 0
    other.click("viewer_train")
    assert other.page() == TRAIN and other.cursors == {0}


# --- the engine ---


def test_the_window_is_of_use_while_the_engine_loads(qtbot, pictures, monkeypatch, gate):
    from gan_studio.engine import families

    known = families.all_families
    monkeypatch.setattr(families, "all_families", lambda: gate() or known())
    studio = Studio(qtbot)
    assert studio.find("engine_loading").isVisible()
    studio.choose_pictures(pictures)
    assert studio.text("train_obstacle") == "The engine is still loading."
    assert studio.window.train_page.settings.form("data").settings() == DataSettings(image_size=16, channels="colour")
    gate.open()
    studio.wait(lambda: studio.find("train_button").isEnabled())
    assert studio.find("family_combo").isVisible() and not studio.find("engine_loading").isVisible()
    found = TrainingSettings(batch_size=studio.dataset.suggestions["batch_size"])
    assert studio.window.train_page.settings.form("training").settings() == found
    studio.end()


def test_an_engine_that_does_not_load_is_told(qtbot, pictures, monkeypatch, log_guard):
    def broken():
        raise ImportError("libtorch is not there")

    log_guard.allow("engine did not load")
    monkeypatch.setattr("gan_studio.engine.families.all_families", broken)
    studio = Studio(qtbot)
    studio.wait(lambda: studio.banner()[0] == "error")
    assert "libtorch is not there" in studio.banner()[1]
    studio.choose_pictures(pictures)
    assert "did not load" in studio.text("train_obstacle") and "did not load" in studio.text("engine_loading")
    studio.end()
