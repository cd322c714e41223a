"""From a run on disk to what is taken home: marks, films, pictures, in the whole window."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QFileDialog, QLineEdit, QPushButton, QSpinBox

from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.export import film
from gan_studio.engine.export.png import save_png
from gan_studio.engine.grid_layout import GridLayout
from gan_studio.engine.run import RunFolder
from gan_studio.gui.late_pages import GALLERY, TRAIN
from gan_studio.gui.widgets.job_strip import JobRow
from tests.gui.studio import Studio

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
SIZE = 16


@pytest.fixture
def run(tmp_path, pictures):
    """Five grids of 2 × 2 cells: red tells the step, green the cell."""
    config = RunConfig(family="dcgan", picture=PictureSpec(size=SIZE), source=str(pictures))
    made = RunFolder.create(tmp_path / "my run", config)
    layout = GridLayout.of(34, 34, SIZE)
    for number in range(5):
        pixels = np.zeros((34, 34, 3), np.uint8)
        for cell in range(4):
            left, top, width, height = layout.rect(cell)
            pixels[top : top + height, left : left + width] = (40 * number, 50 * cell, 7)
        save_png(made.sample_file(100 * number), pixels)
    return made


@pytest.fixture
def opened(studio, run, monkeypatch):
    # A dialog of the system that a test did not expect would stand there for ever
    for name in ("getSaveFileName", "getExistingDirectory"):
        monkeypatch.setattr(QFileDialog, name, lambda *_: pytest.fail("nobody asked for a file"))
    studio.window.open_path(run.path)
    studio.wait(lambda: studio.window.train_page.run == run.path and len(studio.steps) == 5)
    studio.wait(lambda: studio.window.train_page.dataset is not None)
    return studio


def gallery(studio: Studio):
    return studio.window.gallery_page


def save_as(monkeypatch, path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def rows(studio: Studio) -> list[str]:
    """What the lines at the foot of the window say."""
    return [row.label.text() for row in studio.window.job_strip.findChildren(JobRow)]


def frames(path):
    with Image.open(path) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            yield np.asarray(image.convert("RGB"))


def test_a_mark_set_beside_the_plots_is_in_the_gallery_and_in_the_next_window(opened, run, qtbot):
    opened.find("timeline_slider").setFocus()
    opened.press(Qt.Key.Key_Home)
    opened.press(Qt.Key.Key_Right)
    opened.press("b")
    opened.wait(lambda: run.favourites() == {100})
    assert opened.window.train_page.monitor.timeline.slider.marks() == {1}
    opened.press("2", CONTROL)
    opened.click("gallery_only_favourites")
    assert gallery(opened).overview.filter.rowCount() == 1
    opened.window.close()
    again = Studio(qtbot)
    try:
        again.window.open_path(run.path)
        again.wait(lambda: gallery(again).model.favourites == {100})
    finally:
        again.end()


def test_b_marks_what_is_selected_in_the_gallery(opened, run):
    opened.press("2", CONTROL)
    view = opened.find("gallery_view")
    view.setFocus()
    opened.press("a", CONTROL)
    opened.press("b")
    opened.wait(lambda: run.favourites() == {0, 100, 200, 300, 400})


def test_a_step_is_gone_to_by_its_number_on_either_page(opened):
    opened.press("g", CONTROL)
    jump = opened.find("timeline_jump", QLineEdit)
    opened.wait(jump.hasFocus)
    for letter in "310":
        opened.press(letter)
    opened.press(Qt.Key.Key_Return)
    assert opened.page() == TRAIN and opened.cursors == {300}
    opened.press("2", CONTROL)
    opened.press("g", CONTROL)
    opened.wait(lambda: opened.find("timeline_jump", QLineEdit).hasFocus())
    opened.press("0")
    opened.press(Qt.Key.Key_Return)
    assert opened.page() == GALLERY and gallery(opened).viewer.step == 0


def test_a_film_is_chosen_written_and_remembered(opened, run, tmp_path, monkeypatch):
    path = tmp_path / "learning"
    save_as(monkeypatch, path)
    opened.press("2", CONTROL)
    opened.click("gallery_film")
    opened.find("film_what", QComboBox).setCurrentIndex(1)
    for name, value in (("first", 100), ("every", 2), ("cell", 3), ("zoom", 3)):
        opened.type(f"film_{name}", str(value))
    opened.find("film_kind", QComboBox).setCurrentIndex(1)
    opened.click("film_caption")
    assert "3 frames" in opened.text("film_estimate") and "48 × 66" in opened.text("film_estimate")
    opened.click("film_make")
    film_file = tmp_path / "learning.webp"
    opened.wait(film_file.exists)
    opened.wait(lambda: any("Saved learning.webp (3 frames" in text for text in rows(opened)))
    found = list(frames(film_file))
    assert [frame[20, 20].tolist() for frame in found] == [[40, 100, 7], [120, 100, 7], [160, 100, 7]]
    opened.wait(lambda: not opened.window.findChildren(QDialog, "film_dialog"))
    opened.click("gallery_film")
    assert opened.find("film_zoom", QSpinBox).value() == 3 and opened.find("film_kind", QComboBox).currentIndex() == 1
    opened.find("film_dialog", QDialog).reject()


def test_the_dialog_says_what_is_wrong_and_converts_pace_to_length(opened):
    opened.press("m", CONTROL | SHIFT)
    make = opened.find("film_make", QPushButton)
    opened.type("film_first", "301")
    opened.type("film_last", "399")
    assert not make.isEnabled() and "No grid lies" in opened.text("film_problem")
    opened.type("film_last", "400")
    opened.type("film_first", "0")
    opened.find("film_pace", QComboBox).setCurrentIndex(1)
    opened.type("film_pace_value", "2.5")
    assert make.isEnabled() and "5 frames · 2.5 s at 2 a second" in opened.text("film_estimate")
    opened.type("film_zoom", "64")
    assert make.isEnabled()
    opened.find("film_dialog", QDialog).reject()


def test_a_film_can_be_called_off_and_leaves_nothing(opened, tmp_path, monkeypatch, gate):
    path, whole = tmp_path / "film.gif", film.enlarged
    save_as(monkeypatch, path)

    def slow(pixels, zoom):
        gate()
        return whole(pixels, zoom)

    monkeypatch.setattr("gan_studio.engine.export.timeline_film.enlarged", slow)
    opened.press("m", CONTROL | SHIFT)
    opened.click("film_make")
    opened.wait(lambda: bool(rows(opened)))
    opened.click("job_cancel")
    gate.open()
    opened.wait(lambda: not rows(opened))
    assert not [file for file in tmp_path.iterdir() if "film" in file.name]


def test_selected_grids_are_saved_into_a_folder(opened, tmp_path, monkeypatch):
    folder = tmp_path / "taken home"
    folder.mkdir()
    (folder / "step 00000100.png").write_bytes(b"mine")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    opened.press("2", CONTROL)
    view = opened.find("gallery_view")
    view.setFocus()
    opened.press("a", CONTROL)
    opened.click("gallery_save")
    opened.wait(lambda: any("Saved 5 pictures" in text for text in rows(opened)))
    assert len(list(folder.iterdir())) == 6 and (folder / "step 00000100.png").read_bytes() == b"mine"


def test_one_cell_is_saved_enlarged_and_copied(opened, tmp_path, monkeypatch):
    path = tmp_path / "cell.png"
    save_as(monkeypatch, path)
    opened.press("2", CONTROL)
    gallery(opened).open_step(200, 1)
    zoom = int(gallery(opened).viewer.stage.zoom())
    opened.click("viewer_save")
    opened.wait(path.exists)
    pixels = next(frames(path))
    assert pixels.shape == (SIZE * zoom, SIZE * zoom, 3) and pixels[0, 0].tolist() == [80, 50, 7]
    zoom = int(gallery(opened).viewer.stage.zoom())  # the line at the foot of the window took some room
    opened.press("c", CONTROL)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    assert application.clipboard().image().width() == SIZE * zoom


def test_escape_in_the_gallery_goes_back_and_does_not_stop_a_training(studio, pictures):
    studio.train(pictures, grids=2)
    studio.press("2", CONTROL)
    gallery(studio).open_step(0, 0)
    for _ in range(2):
        studio.press(Qt.Key.Key_Escape)
    assert gallery(studio).overview.isVisible() and studio.window.training.active
    studio.wait(lambda: len(gallery(studio).model.steps) > 2)
    studio.press(Qt.Key.Key_Escape)
    studio.wait(lambda: not studio.window.training.active)


def test_speed_and_loop_are_remembered(opened, qtbot, run):
    opened.find("timeline_speed").menu().actions()[5].trigger()
    opened.click("timeline_loop")
    opened.window.close()
    again = Studio(qtbot)
    try:
        for timeline in (again.window.train_page.monitor.timeline, gallery(again).viewer.timeline):
            assert timeline.bar.speed.text() == "8×" and timeline.bar.loop.isChecked()
    finally:
        again.end()
