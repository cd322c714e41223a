"""Page and session together: open, slide, save by clicks, drop the picture back; grids, favourites, paths, films."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QSlider, QWidget

from gan_studio.engine.checkpoint import flat_tensors, load_generator, make_family, save_generator
from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.export.favourites import FILE_NAME, load_favourites
from gan_studio.engine.export.png import read_recipe
from gan_studio.engine.run import RunFolder
from gan_studio.gui.images import from_qimage
from gan_studio.gui.pages.explorer import ExplorerPage
from gan_studio.gui.pages.explorer.film_dialog import FilmDialog
from gan_studio.gui.pages.explorer.stage import GRID, SINGLE
from gan_studio.gui.sessions.explorer import ExplorerSession
from gan_studio.gui.sessions.jobs import JobsSession
from gan_studio.gui.sessions.training import TrainingSession
from gan_studio.gui.sessions.watching import WatchSession
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.widgets.latent_slider import LatentSlider
from gan_studio.gui.wiring.explorer import ExplorerWiring

WAIT = 20_000


def config():
    settings = {"latent_size": 8, "features": 2, "most_features": 4}
    return RunConfig(family="dcgan", family_settings=settings, picture=PictureSpec(size=16))


def write_generator(path, seed, step):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = make_family(config()).build().networks["G"]
    for weight in network.parameters():
        if weight.ndim > 1:
            weight.data *= 20  # what was never trained paints everything in one grey
    save_generator(path, config(), step, flat_tensors({"G": network}))
    return path


@pytest.fixture
def generator(tmp_path):
    return write_generator(tmp_path / "tiny.safetensors", 1, 5)


@pytest.fixture
def run(tmp_path, home):
    folder = RunFolder.create(home / "runs" / "faces", config())
    for step in (10, 20, 30):
        write_generator(folder.generator_file(step), step, step)
    return folder


class Explorer:
    """A page with a session, connected as the window connects them, and the hands on it."""

    def __init__(self, qtbot, settings):
        self._qtbot = qtbot
        self.session, self.training, self.exports = ExplorerSession(), TrainingSession(), JobsSession("exports")
        self.page, self._watching = ExplorerPage(self.session.suggest_path), WatchSession()
        self._wiring = ExplorerWiring(
            self.page,
            self.session,
            self.training,
            self._watching,
            UserSettings(settings),
            None,
            self.exports,
            self.page,
        )
        qtbot.addWidget(self.page)
        self.page.resize(1200, 700)
        self.page.show()

    def end(self):
        self.exports.shutdown()
        self.session.shutdown()

    def find(self, name, kind=QWidget):
        found = self.page.findChild(kind, name)
        assert found is not None, f"{name} is missing"
        return found

    def click(self, name):
        widget = self.find(name)
        assert widget.isVisible() and widget.isEnabled(), name
        self._qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        self._qtbot.keyClick(self.page, key, modifier)

    def wait(self, condition):
        self._qtbot.waitUntil(condition, timeout=WAIT)

    def settle(self):
        """Until the picture is the one that was asked for last."""
        self.wait(lambda: self.page.stage.canvas.stamp() == self.page.navigation.stamp and self.page.navigation.settled)

    def open(self, path):
        with self._qtbot.waitSignal(self.session.picture_ready, timeout=WAIT):
            self.page.open_path(path)
        self.settle()

    def go(self, seed, row=0.0):
        self.page.controls.position.go(seed, row)
        self.settle()

    def shown(self):
        image = self.page.stage.canvas.image()
        assert image is not None
        return from_qimage(image)

    def z(self):
        return self.page.controls.viewpoint().controls["z"]

    def seed(self):
        return self.page.controls.position.position()[0]

    @property
    def strip(self):
        return self.find("favourites_view")

    @property
    def favourites(self):
        return self.page.favourites.items


@pytest.fixture
def explorer(qtbot, tmp_path):
    made = Explorer(qtbot, tmp_path / "settings.ini")
    yield made
    made.end()


@pytest.fixture
def page(explorer):
    return explorer.page


@pytest.fixture
def session(explorer):
    return explorer.session


def open_and_wait(qtbot, page, session, path):
    with qtbot.waitSignal(session.picture_ready, timeout=WAIT):
        page.open_path(path)


def test_a_picture_saved_by_clicks_returns_when_dropped_back(qtbot, page, session, generator, monkeypatch):
    open_and_wait(qtbot, page, session, generator)
    with qtbot.waitSignal(session.picture_ready, timeout=WAIT):
        page.controls.position.go(3.25, 0.5)
    slider = page.findChild(LatentSlider, "latent_slider_2")
    with qtbot.waitSignal(session.picture_ready, timeout=WAIT):
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(slider.track_rect().right()) - 3, 12))
    place, shown = page.controls.viewpoint(), from_qimage(page.stage.canvas.image())
    path = generator.with_name("kept.png")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    with qtbot.waitSignal(session.saved, timeout=WAIT):
        qtbot.mouseClick(page.findChild(QWidget, "save_image_button"), Qt.MouseButton.LeftButton)
    assert np.array_equal(np.asarray(Image.open(path)), shown)
    with qtbot.waitSignal(session.picture_ready, timeout=WAIT):
        page.controls.position.go(0, 0)
    open_and_wait(qtbot, page, session, path)
    back = page.controls.viewpoint()
    assert (back.seed, back.row) == (3.25, 0.5)
    assert back.controls["z"].tobytes() == place.controls["z"].tobytes()
    assert np.array_equal(from_qimage(page.stage.canvas.image()), shown)


def test_a_damaged_file_is_reported_on_the_page(qtbot, page, session, generator):
    generator.write_bytes(b"\xff" * 64)
    with qtbot.waitSignal(session.failed, timeout=WAIT):
        page.open_path(generator)
    assert "tiny.safetensors" in page.stage.banner.message()


# --- grid ---


def whole(explorer):
    return explorer.page.stage.grid.pictures.is_whole()


def cell(explorer, index):
    return explorer.page.stage.grid.pictures.cell_rect(index).center()


def test_a_grid_shows_the_seeds_own_pictures_and_a_click_goes_there(qtbot, explorer, generator):
    explorer.open(generator)
    explorer.go(100)
    explorer.press(Qt.Key.Key_G)
    pictures = explorer.page.stage.grid.pictures
    explorer.wait(lambda: whole(explorer))
    qtbot.mouseClick(pictures, Qt.MouseButton.LeftButton, pos=cell(explorer, 5))
    explorer.settle()
    assert explorer.seed() == 105 and explorer.page.stage.mode == GRID
    assert np.array_equal(from_qimage(pictures.image(5)), explorer.shown())
    explorer.click("undo_button")
    assert explorer.seed() == 100
    qtbot.mouseDClick(pictures, Qt.MouseButton.LeftButton, pos=cell(explorer, 7))
    explorer.settle()
    assert explorer.seed() == 107 and explorer.page.stage.mode == SINGLE


def test_keys_page_through_the_grid(qtbot, explorer, generator):
    explorer.open(generator)
    explorer.click("view_mode_1")
    grid = explorer.page.stage.grid
    explorer.wait(lambda: whole(explorer))
    explorer.press(Qt.Key.Key_PageDown)
    assert (explorer.seed(), grid.first) == (grid.count, grid.count)
    qtbot.keyClick(grid.pictures, Qt.Key.Key_Left)
    assert (explorer.seed(), grid.first) == (grid.count - 1, 0)
    qtbot.keyClick(grid.pictures, Qt.Key.Key_Down)
    assert explorer.seed() == grid.count - 1 + grid.size_in_cells()[0]
    qtbot.keyClick(grid.pictures, Qt.Key.Key_Return)
    assert explorer.page.stage.mode == SINGLE


def test_a_saved_grid_returns_when_dropped_back(qtbot, explorer, generator, monkeypatch, tmp_path):
    explorer.open(generator)
    explorer.go(42)
    explorer.click("view_mode_1")
    explorer.wait(lambda: whole(explorer))
    grid, path = explorer.page.stage.grid, tmp_path / "grid.png"
    size, shown = grid.size_in_cells(), from_qimage(grid.pictures.whole_image())
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    with qtbot.waitSignal(explorer.session.saved, timeout=WAIT):
        explorer.click("save_image_button")
    assert np.array_equal(np.asarray(Image.open(path)), shown)
    assert (read_recipe(path).seed, read_recipe(path).grid) == (42, size)
    explorer.click("copy_image_button")
    assert np.array_equal(from_qimage(QApplication.clipboard().image()), shown)
    explorer.click("view_mode_0")
    explorer.go(7)
    explorer.open(path)
    assert explorer.page.stage.mode == GRID and explorer.seed() == 42 and grid.size_in_cells() == size
    explorer.wait(lambda: whole(explorer))
    assert np.array_equal(from_qimage(grid.pictures.whole_image()), shown)


# --- truncation ---


def test_truncation_is_undone_and_returns_with_a_saved_picture(qtbot, explorer, generator, monkeypatch, tmp_path):
    explorer.open(generator)
    drawn, slider = explorer.shown(), explorer.find("control_truncation", LatentSlider)
    slider.setFocus()
    qtbot.keyClick(slider, "0")
    editor = slider.findChild(QWidget, "latent_value_edit")
    qtbot.keyClicks(editor, ",35")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    explorer.settle()
    changed = explorer.shown()
    assert not np.array_equal(changed, drawn)
    path = tmp_path / "truncated.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    with qtbot.waitSignal(explorer.session.saved, timeout=WAIT):
        explorer.click("save_image_button")
    explorer.click("undo_button")
    explorer.settle()
    assert slider.number() == 1 and np.array_equal(explorer.shown(), drawn)
    explorer.open(path)
    assert slider.number() == float(np.float32(0.35)) and np.array_equal(explorer.shown(), changed)


# --- favourites ---


def star(explorer, *seeds):
    for seed in seeds:
        explorer.go(seed)
        explorer.press(Qt.Key.Key_F)


def item_centre(explorer, place):
    strip = explorer.strip
    return strip.visualItemRect(strip.item(place)).center()


def test_favourites_lead_back_and_survive_a_restart_exactly(qtbot, explorer, run, tmp_path):
    explorer.open(run.path)
    star(explorer, 3.25, 8)
    qtbot.mouseClick(
        slider := explorer.find("latent_slider_2"), Qt.MouseButton.LeftButton,
        pos=QPoint(round(slider.track_rect().right()) - 3, 12),
    )  # fmt: skip
    explorer.settle()
    explorer.click("favourite_add")
    kept, z = explorer.shown(), explorer.z()
    explorer.go(0)
    qtbot.mouseClick(explorer.strip.viewport(), Qt.MouseButton.LeftButton, pos=item_centre(explorer, 2))
    explorer.settle()
    assert np.array_equal(explorer.shown(), kept) and explorer.z().tobytes() == z.tobytes()
    explorer.click("undo_button")
    assert explorer.seed() == 0
    explorer.wait(lambda: (run.path / FILE_NAME).is_file() and len(load_favourites(run.path / FILE_NAME)) == 3)
    again = Explorer(qtbot, tmp_path / "settings.ini")
    try:
        again.open(run.generator_file(10))
        again.wait(lambda: len(again.favourites) == 3)
        assert again.favourites[2].viewpoint.controls["z"].tobytes() == z.tobytes()
        assert [item.name for item in again.favourites] == ["seed 3.25", "seed 8", "seed 8 (2)"]
    finally:
        again.end()


def test_favourites_are_renamed_reordered_and_deleted_with_undo(qtbot, explorer, generator):
    explorer.open(generator)
    star(explorer, 1, 2, 3)
    strip = explorer.strip
    strip.setFocus()
    strip.setCurrentRow(1)
    qtbot.keyClick(strip, Qt.Key.Key_F2)
    editor = strip.findChild(QLineEdit)
    qtbot.keyClicks(editor, "the best")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    names = lambda: [item.name for item in explorer.favourites]  # noqa: E731
    explorer.wait(lambda: names() == ["seed 1", "the best", "seed 3"])
    strip.setCurrentRow(1)
    qtbot.keyClick(strip, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert names() == ["seed 1", "seed 3", "the best"]
    qtbot.keyClick(strip, Qt.Key.Key_Delete)
    assert names() == ["seed 1", "seed 3"]
    for before in (["seed 1", "seed 3", "the best"], ["seed 1", "the best", "seed 3"], ["seed 1", "seed 2", "seed 3"]):
        explorer.click("undo_button")
        assert names() == before
    explorer.click("redo_button")
    assert names() == ["seed 1", "the best", "seed 3"]


def test_another_model_has_favourites_of_its_own_and_undo_leaves_them_alone(explorer, generator, run):
    explorer.open(generator)
    star(explorer, 1)
    explorer.open(run.path)
    explorer.wait(lambda: not explorer.favourites)
    star(explorer, 2, 3)
    explorer.open(generator)
    explorer.wait(lambda: [item.name for item in explorer.favourites] == ["seed 1"])
    while explorer.page.undo_stack.canUndo():
        explorer.page.undo_stack.undo()
    assert len(load_favourites(run.path / FILE_NAME)) == 2


def test_a_favourite_that_was_starred_last_is_written_before_the_window_goes(explorer, run):
    explorer.open(run.path)
    star(explorer, 4)
    explorer.session.shutdown()
    assert [item.name for item in load_favourites(run.path / FILE_NAME)] == ["seed 4"]


def test_favourites_that_cannot_be_read_are_not_written_over(explorer, run):
    (run.path / FILE_NAME).write_text("{ damaged")
    explorer.open(run.path)
    explorer.wait(lambda: explorer.page.stage.banner.isVisible())
    assert "favourites" in explorer.page.stage.banner.message()
    star(explorer, 1)
    explorer.open(run.generator_file(10))
    assert (run.path / FILE_NAME).read_text() == "{ damaged"


# --- paths and films ---


def test_a_path_leads_from_favourite_to_favourite_and_is_undone_as_one(qtbot, explorer, generator):
    explorer.open(generator)
    explorer.click("view_mode_2")
    assert not explorer.find("path_play").isEnabled()
    star(explorer, 1, 2)
    ends = [item.viewpoint.controls["z"] for item in explorer.favourites]
    slider = explorer.find("path_slider", QSlider)
    explorer.go(9)
    slider.setValue(slider.maximum() // 2)
    explorer.settle()
    middle = explorer.z()
    assert not any(np.array_equal(middle, end) for end in ends)
    slider.setValue(slider.maximum())
    explorer.settle()
    assert explorer.z().tobytes() == ends[1].tobytes() and explorer.seed() == 2
    explorer.click("undo_button")
    assert explorer.seed() == 9


def test_a_played_path_ends_at_its_end_and_a_round_trip_goes_on(explorer, generator):
    explorer.open(generator)
    star(explorer, 1, 2)
    explorer.click("view_mode_2")
    explorer.find("path_seconds").setValue(0.2)
    slider, play = explorer.find("path_slider", QSlider), explorer.find("path_play")
    explorer.click("path_play")
    explorer.wait(lambda: slider.value() == slider.maximum() and not play.isChecked())
    explorer.click("path_loop")
    explorer.click("path_play")
    seen = []
    slider.valueChanged.connect(seen.append)
    explorer.wait(lambda: any(later < earlier for earlier, later in pairwise(seen)))
    assert play.isChecked()
    explorer.click("view_mode_0")
    assert not play.isChecked()


def fill_film_dialog():
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, FilmDialog)
    dialog.seconds.setValue(0.5)
    dialog.fps.setValue(10)
    dialog.kind.setCurrentIndex(1)
    dialog.zoom.setCurrentIndex(1)
    accept = dialog.findChild(QPushButton, "film_accept")
    assert accept is not None
    accept.click()


def test_a_film_of_the_path_is_written_beside_the_window(qtbot, explorer, generator, monkeypatch, tmp_path):
    explorer.open(generator)
    star(explorer, 1, 2, 3)
    explorer.click("view_mode_2")
    path, state = tmp_path / "walk.webp", torch.get_rng_state()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    QTimer.singleShot(0, explorer.page, fill_film_dialog)
    with qtbot.waitSignal(explorer.exports.finished, timeout=WAIT) as done:
        explorer.click("path_film")
    assert done.args[1].path == path and "11 pictures" in done.args[1].text
    film = Image.open(path)
    assert (getattr(film, "n_frames", 1), film.size) == (11, (32, 32))
    for value in (1, 0):
        explorer.find("path_slider", QSlider).setValue(value)
    explorer.settle()
    film.seek(0)
    first = explorer.shown().repeat(2, 0).repeat(2, 1)
    assert np.array_equal(np.asarray(film.convert("RGB")), first)
    assert torch.equal(torch.get_rng_state(), state)


# --- checkpoints and exports ---


def test_the_same_place_is_shown_in_every_checkpoint(explorer, run):
    explorer.open(run.path)
    explorer.go(6.5)
    z, slider = explorer.z(), explorer.find("checkpoint_slider", QSlider)
    assert slider.maximum() == 2 and not explorer.find("open_newest").isVisible()
    newest = explorer.shown()
    slider.setValue(0)
    explorer.wait(lambda: "step 10" in explorer.find("model_details").text())
    explorer.settle()
    assert explorer.z().tobytes() == z.tobytes() and not np.array_equal(explorer.shown(), newest)
    write_generator(run.generator_file(40), 40, 40)
    explorer.session._look.emit()
    explorer.wait(lambda: "40" in explorer.find("newer_checkpoint").text())
    explorer.click("open_newest")
    explorer.wait(lambda: "step 40" in explorer.find("model_details").text())
    assert not explorer.find("open_newest").isVisible() and explorer.seed() == 6.5


def test_the_model_is_exported_under_a_chosen_name(qtbot, explorer, run, monkeypatch, tmp_path):
    explorer.open(run.path)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    with qtbot.waitSignal(explorer.exports.finished, timeout=WAIT) as done:
        explorer.click("export_model")
    assert done.args[1].path == tmp_path / "mine.safetensors"
    assert load_generator(done.args[1].path).sha256 == load_generator(run.newest_generator()).sha256


@pytest.mark.slow
def test_the_model_is_exported_as_onnx_by_another_process(qtbot, explorer, run, monkeypatch, tmp_path):
    onnx = pytest.importorskip("onnx")
    explorer.open(run.path)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine.onnx"), ""))
    with qtbot.waitSignal(explorer.exports.finished, timeout=60_000):
        explorer.click("export_model")
    assert [value.name for value in onnx.load(str(tmp_path / "mine.onnx")).graph.input] == ["z"]
