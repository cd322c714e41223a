"""The gallery: grids by step, read when they are looked at, chosen by click or key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QListView

from gan_studio.engine.events import GridSaved, Resumed, Started
from gan_studio.gui.pages.gallery import GalleryPage


@pytest.fixture
def gallery(qtbot):
    page = GalleryPage()
    qtbot.addWidget(page)
    page.resize(700, 500)
    page.show()
    qtbot.waitExposed(page)
    return page


@pytest.fixture
def grids(tmp_path):
    def make(step, colour="red"):
        path = tmp_path / "run" / f"step-{step:08d}.png"
        path.parent.mkdir(exist_ok=True)
        image = QImage(400, 200, QImage.Format.Format_RGB32)
        image.fill(QColor(colour))
        image.save(str(path))
        return step, path

    return make


def thumbnail(gallery, row):
    icon = gallery.model.data(gallery.model.index(row), Qt.ItemDataRole.DecorationRole)
    return icon.pixmap(192, 192).toImage()


def start(run, step=0):
    return Started(run, step, None, 64, 10, {}, {}, (), "CPU")


def test_without_grids_it_says_what_will_come(gallery):
    assert gallery.empty.isVisible()
    assert not gallery.view.isVisible()


def test_grids_appear_in_the_order_of_their_steps(gallery, grids):
    for step in (200, 0, 100):
        gallery.show_event(GridSaved(*grids(step)))
    assert gallery.findChild(QListView, "gallery_view").isVisible()
    assert gallery.model.steps == [0, 100, 200]
    assert gallery.model.data(gallery.model.index(1)) == "step 100"


def test_thumbnails_are_read_when_looked_at_and_keep_their_shape(gallery, grids, tmp_path, qtbot):
    gallery.set_grids(tmp_path / "run", [grids(0)])
    qtbot.waitUntil(lambda: thumbnail(gallery, 0).pixelColor(10, 10).name() == "#ff0000", timeout=2000)
    assert thumbnail(gallery, 0).size().toTuple() == (192, 96)


def test_a_grid_made_anew_is_read_again(gallery, grids, qtbot):
    gallery.show_event(GridSaved(*grids(0, "red")))
    qtbot.waitUntil(lambda: thumbnail(gallery, 0).pixelColor(10, 10).name() == "#ff0000", timeout=2000)
    gallery.show_event(GridSaved(*grids(0, "blue")))
    qtbot.waitUntil(lambda: thumbnail(gallery, 0).pixelColor(10, 10).name() == "#0000ff", timeout=2000)
    assert gallery.model.rowCount() == 1


def test_a_file_that_cannot_be_read_is_shown_blank(gallery, tmp_path, qtbot):
    gallery.set_grids(tmp_path, [(0, tmp_path / "gone.png")])
    thumbnail(gallery, 0)
    qtbot.waitUntil(lambda: not gallery.model._wanted, timeout=2000)
    assert thumbnail(gallery, 0).width() == 192


@pytest.mark.parametrize("by", ["click", "key"])
def test_a_step_is_chosen(gallery, grids, tmp_path, qtbot, by):
    gallery.set_grids(tmp_path / "run", [grids(0), grids(100)])
    index = gallery.model.index(1)
    gallery.view.setCurrentIndex(index)
    with qtbot.waitSignal(gallery.step_chosen, timeout=1000) as signal:
        if by == "click":
            place = gallery.view.visualRect(index).center()
            qtbot.mouseClick(gallery.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        else:
            qtbot.keyClick(gallery.view, Qt.Key.Key_Return)
    assert signal.args == [100]


def test_a_resume_forgets_later_grids_and_another_run_all(gallery, grids, tmp_path):
    run = tmp_path / "run"
    gallery.set_grids(run, [grids(step) for step in (0, 100, 200)])
    gallery.show_event(start(run, 100))
    assert gallery.model.steps == [0, 100]
    gallery.show_event(Resumed(100))
    assert gallery.model.steps == [0, 100]
    gallery.show_event(start(tmp_path / "other"))
    assert gallery.model.steps == []
    assert gallery.empty.isVisible()
