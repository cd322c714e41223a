"""The gallery's page: all grids, marks, one large, one cell, two compared. Pictures are read by the real session."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QListView

from gan_studio.engine.events import GridSaved, Resumed, Started
from gan_studio.engine.grid_layout import GridLayout
from gan_studio.gui.images import to_qimage
from gan_studio.gui.pages.gallery import GalleryPage
from gan_studio.gui.pages.gallery.compare_canvas import SIDE_BY_SIDE, WIPE
from gan_studio.gui.pages.gallery.model import FAVOURITE
from gan_studio.gui.sessions.pictures import PictureSession

SIZE = 30
LAYOUT = GridLayout.of(94, 62, SIZE)
"""Of the grids made here: three columns, two rows."""
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def gallery(qtbot):
    page, session = GalleryPage(), PictureSession()
    page.pictures_wanted.connect(session.request)
    session.read.connect(page.keep_picture)
    qtbot.addWidget(page)
    page.set_picture_size(SIZE)
    page.resize(900, 600)
    page.show()
    qtbot.waitExposed(page)
    yield page
    session.shutdown()


@pytest.fixture
def grids(tmp_path):
    """Makes grids whose cells differ: red tells the step, green the cell."""

    def make(step, red=None):
        path = tmp_path / "run" / f"step-{step:08d}.png"
        path.parent.mkdir(exist_ok=True)
        pixels = np.zeros((62, 94, 3), np.uint8)
        for cell in range(LAYOUT.cells):
            left, top, width, height = LAYOUT.rect(cell)
            pixels[top : top + height, left : left + width] = (step if red is None else red, 40 * cell, 9)
        to_qimage(pixels).save(str(path))
        return step, path

    return make


@pytest.fixture
def filled(gallery, grids, tmp_path):
    gallery.set_grids(tmp_path / "run", [grids(step) for step in (0, 100, 200)])
    return gallery


def thumbnail(gallery, row) -> QImage:
    pixmap = gallery.model.data(gallery.model.index(row), Qt.ItemDataRole.DecorationRole)
    return pixmap.toImage() if pixmap else QImage()


def colour(image: QImage, x=1, y=1) -> tuple[int, ...]:
    """Red, green and blue; nothing where there is no picture."""
    if image.isNull():
        return ()
    pixel = QColor(image.pixel(x, y))
    return pixel.red(), pixel.green(), pixel.blue()


def start(run, step=0):
    return Started(run, step, None, 64, 10, {}, {}, (), "CPU")


def card(gallery, row):
    return gallery.view.visualRect(gallery.overview.filter.index(row, 0))


def double_click(qtbot, gallery, row):
    qtbot.mouseClick(gallery.view.viewport(), LEFT, pos=card(gallery, row).center())
    qtbot.mouseDClick(gallery.view.viewport(), LEFT, pos=card(gallery, row).center())


def cell_place(stage, cell) -> QPoint:
    left, top, width, height = LAYOUT.rect(cell)
    scale = stage.zoom() / stage.devicePixelRatioF()
    return (stage.target().topLeft() + QPoint(left + width // 2, top + height // 2) * scale).toPoint()


def shown(stage) -> tuple[int, ...]:
    """Colour in the middle of what is painted."""
    return colour(stage.grab().toImage(), stage.width() // 2, stage.height() // 2)


# --- all grids ---


def test_without_grids_it_says_what_to_do(gallery, qtbot):
    assert gallery.empty.isVisible() and not gallery.view.isVisible()
    with qtbot.waitSignal(gallery.train_page_wanted):
        qtbot.mouseClick(gallery.empty.findChild(object, "empty_action"), LEFT)
    assert not gallery.film.isEnabled() and not gallery.compare.isEnabled()


def test_grids_appear_in_the_order_of_their_steps(gallery, grids):
    for step in (200, 0, 100):
        gallery.show_event(GridSaved(*grids(step)))
    assert gallery.findChild(QListView, "gallery_view").isVisible()
    assert gallery.model.steps == [0, 100, 200]
    assert gallery.model.data(gallery.model.index(1)) == "step 100"


def test_thumbnails_are_read_in_the_background_and_keep_their_shape(filled, qtbot):
    filled.overview.set_side(96)
    qtbot.waitUntil(lambda: colour(thumbnail(filled, 1)) == (100, 0, 9))
    assert thumbnail(filled, 1).size().toTuple() == (94, 62)


def test_a_grid_made_anew_is_read_again(gallery, grids, qtbot):
    gallery.show_event(GridSaved(*grids(0, 50)))
    qtbot.waitUntil(lambda: colour(thumbnail(gallery, 0)) == (50, 0, 9))
    gallery.show_event(GridSaved(*grids(0, 250)))
    qtbot.waitUntil(lambda: colour(thumbnail(gallery, 0)) == (250, 0, 9))
    assert gallery.model.rowCount() == 1


def test_a_file_that_cannot_be_read_is_shown_blank_and_asked_for_once(gallery, tmp_path, qtbot):
    asked = []
    gallery.pictures_wanted.connect(asked.append)
    gallery.set_grids(tmp_path, [(0, tmp_path / "gone.png")])
    qtbot.waitUntil(lambda: bool(asked) and not gallery.model._asked)
    gallery.view.viewport().repaint()
    assert len(asked) == 1 and thumbnail(gallery, 0).isNull()


def test_the_size_of_the_thumbnails_follows_the_slider(filled, qtbot):
    slider = filled.overview.size_slider
    before = card(filled, 0).height()
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: card(filled, 0).height() > before + 100)


def test_a_star_marks_its_step_and_no_other(filled, qtbot):
    star = filled.overview.delegate.star_rect(card(filled, 1)).center()
    with qtbot.waitSignal(filled.favourites_wanted) as signal:
        qtbot.mouseClick(filled.view.viewport(), LEFT, pos=star)
    assert signal.args == [[100], True]
    filled.set_favourites(frozenset({100, 777}))
    assert [filled.model.index(row).data(FAVOURITE) for row in range(3)] == [False, True, False]
    assert filled.viewer.timeline.slider.marks() == {1}
    assert filled.overview.counts.text().startswith("3 grids · 1 favourite")


def test_only_favourites_can_be_shown(filled, qtbot):
    qtbot.mouseClick(filled.overview.only, LEFT)
    assert filled.overview.no_favourites.isVisible()
    filled.set_favourites(frozenset({0, 200}))
    assert filled.overview.filter.rowCount() == 2 and filled.view.isVisible()
    filled.set_favourites(frozenset({200}))
    assert filled.overview.filter.rowCount() == 1
    assert filled.only_favourites.isChecked()
    filled.only_favourites.trigger()
    assert filled.overview.filter.rowCount() == 3 and not filled.overview.only.isChecked()


def test_several_are_selected_by_keys_and_marked_together(filled, qtbot):
    filled.view.setFocus()
    filled.view.setCurrentIndex(filled.overview.filter.index(0, 0))
    qtbot.keyClick(filled.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert filled.shown_steps() == [0, 100]
    with qtbot.waitSignal(filled.favourites_wanted) as signal:
        filled.toggle_favourites()
    assert signal.args == [[0, 100], True]
    filled.set_favourites(frozenset({0, 100}))
    with qtbot.waitSignal(filled.favourites_wanted) as signal:
        filled.toggle_favourites()
    assert signal.args == [[0, 100], False]


def test_dragged_out_a_grid_is_its_file(filled, tmp_path):
    data = filled.view.model().mimeData([filled.overview.filter.index(1, 0)])
    assert [url.toLocalFile() for url in data.urls()] == [str(tmp_path / "run" / "step-00000100.png")]


def test_a_resume_forgets_later_grids_and_another_run_all(filled, tmp_path):
    run = tmp_path / "run"
    filled.open_step(200)
    filled.show_event(start(run, 100))
    assert filled.model.steps == [0, 100]
    assert filled.viewer.isVisible() and filled.viewer.step == 100
    filled.show_event(Resumed(100))
    assert filled.model.steps == [0, 100]
    filled.show_event(start(tmp_path / "other"))
    assert filled.model.steps == []
    assert filled.empty.isVisible()


# --- one large ---


@pytest.mark.parametrize("by", ["double click", "key", "button"])
def test_a_step_is_opened_large(filled, qtbot, by):
    if by == "double click":
        double_click(qtbot, filled, 1)
    else:
        filled.view.setCurrentIndex(filled.overview.filter.index(1, 0))
        qtbot.keyClick(filled.view, Qt.Key.Key_Return) if by == "key" else qtbot.mouseClick(filled.overview.open, LEFT)
    assert filled.viewer.isVisible() and filled.viewer.step == 100
    assert filled.viewer.stage.zoom() == int(filled.viewer.stage.zoom()) >= 4, "whole numbers"
    assert filled.viewer.stage.hasFocus()


def test_arrow_keys_go_through_the_steps_and_escape_goes_back(filled, qtbot):
    filled.open_step(0)
    stage = filled.viewer.stage
    qtbot.keyClick(stage, Qt.Key.Key_Right)
    assert filled.viewer.step == 100
    qtbot.keyClick(stage, Qt.Key.Key_Escape)
    assert filled.overview.isVisible() and filled.shown_steps() == [100]


def test_a_clicked_cell_fills_the_view_and_is_followed_over_time(filled, qtbot):
    filled.open_step(100)
    stage = filled.viewer.stage
    qtbot.mouseClick(stage, LEFT, pos=cell_place(stage, 4))
    assert filled.viewer.cell == 4 and stage.part().size().toTuple() == (SIZE, SIZE)
    assert shown(stage) == (100, 160, 9)
    assert filled.viewer.title.text() == "Picture 5 of 6"
    qtbot.keyClick(stage, Qt.Key.Key_Up)
    qtbot.keyClick(stage, Qt.Key.Key_Right)
    assert filled.viewer.cell == 2 and shown(stage) == (100, 80, 9)
    qtbot.keyClick(stage, Qt.Key.Key_PageDown)
    assert filled.viewer.step == 200 and shown(stage) == (200, 80, 9)
    filled.viewer.timeline.go_to(0)
    assert shown(stage) == (0, 80, 9)
    qtbot.keyClick(stage, Qt.Key.Key_Escape)
    assert filled.viewer.cell is None and filled.viewer.isVisible()
    qtbot.keyClick(stage, Qt.Key.Key_Escape)
    assert filled.overview.isVisible()


def test_zoom_goes_in_whole_numbers_and_the_picture_can_be_dragged(filled, qtbot):
    filled.open_step(0)
    stage = filled.viewer.stage
    fitting = stage.zoom()
    qtbot.keyClick(stage, "+")
    qtbot.mouseClick(filled.viewer.zoom_in, LEFT)
    for _ in range(3):
        qtbot.keyClick(stage, "+")
    assert stage.zoom() > fitting + 1 and stage.zoom() == int(stage.zoom())
    qtbot.waitUntil(lambda: filled.viewer.zoom_label.text() == f"{stage.zoom():g}×")
    before = stage.target().topLeft()
    qtbot.mousePress(stage, LEFT, pos=QPoint(300, 200))
    qtbot.mouseMove(stage, QPoint(260, 200))
    qtbot.mouseMove(stage, QPoint(240, 200))
    qtbot.mouseRelease(stage, LEFT, pos=QPoint(240, 200))
    assert stage.target().left() < before.x() - 30 and filled.viewer.cell is None, "a drag is no click"
    qtbot.keyClick(stage, "0")
    assert stage.zoom() == fitting


def test_what_is_shown_is_copied_with_hard_pixels(filled, qtbot):
    filled.open_step(100)
    filled.viewer.show_cell(3)
    zoom = int(filled.viewer.stage.zoom())
    qtbot.mouseClick(filled.viewer.copy_button, LEFT)
    image = QApplication.clipboard().image()
    assert image.size().toTuple() == (SIZE * zoom, SIZE * zoom) and colour(image) == (100, 120, 9)


def test_one_cell_is_saved_as_it_is_shown(filled, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    filled.open_step(100)
    filled.viewer.show_cell(3)
    with qtbot.waitSignal(filled.save_requested) as signal:
        qtbot.mouseClick(filled.viewer.save, LEFT)
    assert signal.args == [tmp_path / "mine.png", 100, 3, int(filled.viewer.stage.zoom())]


def test_playing_reads_ahead_and_stops_when_another_page_is_shown(filled, grids, qtbot):
    asked = []
    filled.show_event(GridSaved(*grids(250)))
    filled.open_step(0)
    filled.viewer.pictures.wanted.connect(asked.append)
    filled.viewer.timeline.set_playing(True)
    qtbot.waitUntil(lambda: filled.viewer.step == 100)
    assert [wish.path.name for wish in asked[0]] == ["step-00000200.png", "step-00000250.png"]
    filled.hide()
    assert not filled.viewer.timeline.playing


# --- two compared ---


def test_two_selected_steps_are_compared_side_by_side(filled, qtbot):
    filled.view.setCurrentIndex(filled.overview.filter.index(0, 0))
    qtbot.keyClick(filled.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.mouseClick(filled.overview.compare, LEFT)
    comparison = filled.comparison
    assert comparison.isVisible() and comparison.steps == (0, 100)
    image = comparison.canvas.grab().toImage()
    first, second = (place.topLeft().toPoint() + QPoint(3, 3) for place in comparison.canvas.places())
    assert colour(image, first.x(), first.y()) == (0, 0, 9)
    assert colour(image, second.x(), second.y()) == (100, 0, 9)


def test_a_wipe_is_dragged_over_the_pictures(filled, qtbot):
    filled.open_comparison()
    comparison = filled.comparison
    assert comparison.steps == (0, 200), "the first and the last, unless others were chosen"
    qtbot.mouseClick(comparison.mode.button(WIPE), LEFT)
    canvas = comparison.canvas
    place = canvas.places()[0]
    x, y = round(place.left() + place.width() * 0.25), round(place.top() + 3)
    qtbot.mousePress(canvas, LEFT, pos=QPoint(canvas.width() // 2, y))
    qtbot.mouseMove(canvas, QPoint(x, y))
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(x, y))
    assert canvas.divider == pytest.approx(0.25, abs=0.02)
    image = canvas.grab().toImage()
    assert colour(image, x - 8, y)[0] == 0 and colour(image, x + 8, y)[0] == 200
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.divider > 0.26
    comparison.set_mode(SIDE_BY_SIDE)


def test_sliders_choose_the_steps_and_one_cell_can_be_compared(filled, qtbot):
    filled.open_step(100)
    filled.viewer.show_cell(5)
    qtbot.mouseClick(filled.viewer.compare, LEFT)
    comparison = filled.comparison
    assert comparison.steps == (100, 200) and comparison.cell.value() == 6
    comparison.first.setFocus()
    qtbot.keyClick(comparison.first, Qt.Key.Key_Left)
    assert comparison.steps == (0, 200)
    place = comparison.canvas.places()[1].center().toPoint()
    assert colour(comparison.canvas.grab().toImage(), place.x(), place.y()) == (200, 200, 9)
    qtbot.mouseClick(comparison.swap, LEFT)
    assert comparison.steps == (200, 0)
    qtbot.keyClick(comparison.canvas, Qt.Key.Key_Escape)
    assert filled.overview.isVisible()


def test_new_grids_move_nothing_that_is_compared(filled, grids):
    filled.open_comparison()
    filled.show_event(GridSaved(*grids(250)))
    assert filled.comparison.steps == (0, 200) and filled.comparison.second.maximum() == 3
