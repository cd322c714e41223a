"""Grid, timeline and plots show the same step, whoever moved it."""

import math
import os

import pytest
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton, QSlider, QWidget

from gan_studio.engine.events import Finished, GridSaved
from gan_studio.engine.metrics_table import MetricsTable
from gan_studio.gui.pages.train.grid_canvas import GridCanvas
from gan_studio.gui.pages.train.sample_view import AVERAGED, RAW, REAL, SampleView
from gan_studio.gui.views.gallery import PictureRead
from gan_studio.gui.views.scalars import ScalarTable
from gan_studio.gui.widgets.grid_pictures import GridPictures


def shown_colour(page):
    return page.monitor.sample_view.samples.pixmap.toImage().pixelColor(0, 0).name()


def cursors(page):
    return {plot.cursor_step for plot in page.monitor.plots.plots}


def press(qtbot, page, kind):
    qtbot.mouseClick(page.findChild(QPushButton, f"{kind}_toggle"), Qt.MouseButton.LeftButton)


def test_the_named_widgets_are_there(trained_page):
    for name in ("loss_plot", "score_plot", "gradient_plot", "sample_view", "timeline_slider", "reals_toggle"):
        assert trained_page.findChild(QWidget, name) is not None, name


def test_reports_become_points(trained_page):
    plots = trained_page.monitor.plots
    assert list(plots.loss_plot.series("loss/D").steps) == [0, 100, 200, 300, 400]
    assert list(plots.score_plot.series("score/fake").values) == [0.3] * 5


def test_a_report_with_nan_adds_no_point(trained_page, make_report):
    trained_page.show_event(make_report(500, **{"loss/D": math.nan}))
    plots = trained_page.monitor.plots
    assert plots.loss_plot.series("loss/D").steps[-1] == 400
    assert plots.loss_plot.series("loss/G").steps[-1] == 500


def test_the_newest_grid_is_shown_as_it_comes(trained_page):
    assert trained_page.monitor.shown_step == 400
    assert shown_colour(trained_page) == "#000064"
    assert cursors(trained_page) == {400}


def test_the_slider_moves_grid_and_cursors_together(trained_page, qtbot):
    steps = []
    trained_page.grid_shown.connect(steps.append)
    slider = trained_page.findChild(QSlider, "timeline_slider")
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert shown_colour(trained_page) == "#000000"
    assert cursors(trained_page) == {0}
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert shown_colour(trained_page) == "#000019"
    assert steps == [0, 100]


class Reader(QObject):
    """What reads pictures in the background: here, when the test says so."""

    def __init__(self, pictures):
        super().__init__(pictures)
        self.wishes = []
        pictures.wanted.connect(self._keep)
        self._pictures = pictures

    @Slot(object)
    def _keep(self, wishes):
        self.wishes += wishes

    def read(self):
        wishes, self.wishes = self.wishes, []
        for wish in wishes:
            changed = wish.path.stat().st_mtime_ns if wish.path.exists() else 0
            self._pictures.keep(PictureRead(wish, changed, QImage(str(wish.path))))


def test_a_new_grid_is_read_in_the_background_and_then_shown(trained_page, run_folder, make_grid):
    reader = Reader(trained_page.monitor.pictures)
    path = make_grid(run_folder / "samples" / "step-00000500.png", "red")
    trained_page.show_event(GridSaved(500, path))
    assert trained_page.monitor.shown_step == 400 and shown_colour(trained_page) == "#000064"
    assert [wish.path for wish in reader.wishes] == [path], "the raw grid is not in sight"
    reader.read()
    assert trained_page.monitor.shown_step == 500 and shown_colour(trained_page) == "#ff0000"
    assert cursors(trained_page) == {500}


def test_a_raw_grid_in_sight_comes_together_with_the_averaged_one(trained_page, qtbot, run_folder, make_grid):
    press(qtbot, trained_page, "raw")
    reader = Reader(trained_page.monitor.pictures)
    path = make_grid(run_folder / "samples" / "step-00000500.png", "red")
    make_grid(run_folder / "samples" / "raw" / "step-00000500.png", "blue")
    trained_page.show_event(GridSaved(500, path))
    assert trained_page.monitor.shown_step == 400
    reader.read()
    assert trained_page.monitor.shown_step == 500
    assert trained_page.monitor.sample_view.raw.pixmap.toImage().pixelColor(0, 0).name() == "#0000ff"


def test_the_last_grid_is_there_when_the_training_is_over(trained_page, run_folder, make_grid):
    reader = Reader(trained_page.monitor.pictures)
    path = make_grid(run_folder / "samples" / "step-00000500.png", "red")
    trained_page.show_event(GridSaved(500, path))
    trained_page.show_event(Finished(500, run_folder))
    assert shown_colour(trained_page) == "#ff0000"
    reader.read()
    assert trained_page.monitor.timeline.steps == [0, 100, 200, 300, 400, 500]


def test_after_scrubbing_back_the_newest_moves_nothing(trained_page, run_folder, make_grid):
    trained_page.monitor.timeline.go_to(100)
    path = make_grid(run_folder / "samples" / "step-00000500.png", "red")
    trained_page.show_event(GridSaved(500, path))
    assert shown_colour(trained_page) == "#000019"
    assert cursors(trained_page) == {100}
    trained_page.monitor.timeline.go_live()
    assert shown_colour(trained_page) == "#ff0000"


def test_scrubbing_in_one_plot_moves_everything(trained_page):
    trained_page.monitor.plots.score_plot.scrubbed.emit(190.0)
    assert trained_page.monitor.timeline.current_step == 200
    assert cursors(trained_page) == {200}
    assert shown_colour(trained_page) == "#000032"


def test_arrow_keys_work_on_the_picture(trained_page, qtbot):
    qtbot.keyClick(trained_page.monitor.sample_view.samples, Qt.Key.Key_Left)
    assert trained_page.monitor.shown_step == 300


def test_plots_share_window_and_mouse(trained_page):
    plots = trained_page.monitor.plots
    plots.loss_plot._box.zoomed.emit(0.5, 100.0)
    for plot in plots.plots:
        plot.redraw()
    assert {tuple(plot._box.viewRange()[0]) for plot in plots.plots} == {(50.0, 250.0)}
    plots.steps_view.set_hover(100.0)
    assert plots.loss_plot.readout("loss/G") == "2.000"
    plots.steps_view.set_hover(None)
    assert cursors(trained_page) == {400}


def test_reals_can_be_put_beside(trained_page, qtbot):
    reals = trained_page.monitor.sample_view.reals
    assert not reals.isVisible()
    press(qtbot, trained_page, "reals")
    assert reals.isVisible()
    assert reals.pixmap.toImage().pixelColor(0, 0).name() == "#008000"


def test_raw_and_averaged_grids_are_compared_at_the_same_step(trained_page, qtbot, run_folder, make_grid):
    view = trained_page.monitor.sample_view
    make_grid(run_folder / "samples" / "raw" / "step-00000200.png", "red")
    press(qtbot, trained_page, "raw")
    assert view.samples.isVisible() and view.raw.isVisible()
    assert view.raw.pixmap is None and "no raw grid" in view.raw.empty_text()
    trained_page.monitor.timeline.go_to(200)
    raw = view.raw.pixmap
    assert raw is not None and raw.toImage().pixelColor(0, 0).name() == "#ff0000"
    assert shown_colour(trained_page) == "#000032"
    press(qtbot, trained_page, "averaged")
    assert not view.samples.isVisible() and view.raw.isVisible()


def test_one_grid_is_always_on_show(trained_page, qtbot):
    press(qtbot, trained_page, "averaged")
    assert trained_page.monitor.kinds.chosen() == ("averaged",)
    assert trained_page.monitor.sample_view.samples.isVisible()
    for kind in ("raw", "reals", "averaged"):
        press(qtbot, trained_page, kind)
    assert trained_page.monitor.kinds.chosen() == ("raw", "reals")


@pytest.mark.parametrize(("size", "corner"), [((700, 300), (2, 0)), ((300, 700), (0, 2)), ((500, 480), (0, 1))])
def test_grids_side_by_side_take_the_room_there_is(qtbot, size, corner):
    view = SampleView()
    qtbot.addWidget(view)
    view.show_kinds((AVERAGED, RAW, REAL))
    view.resize(*size)
    view.show()

    def last_corner():
        last, first = view.reals.geometry().topLeft(), view.samples.geometry()
        return round(last.x() / first.width()), round(last.y() / first.height())

    qtbot.waitUntil(lambda: last_corner() == corner)


def test_a_resume_cuts_what_lies_behind_its_checkpoint(trained_page, started):
    trained_page.show_event(started(step=200))
    monitor = trained_page.monitor
    assert monitor.timeline.steps == [0, 100, 200]
    assert monitor.plots.loss_plot.series("loss/D").steps[-1] == 200
    assert shown_colour(trained_page) == "#000032"


def test_another_run_starts_with_a_clean_slate(trained_page, started, tmp_path):
    other = tmp_path / "runs" / "faces-2"
    other.mkdir()
    trained_page.show_event(started(run=other))
    monitor = trained_page.monitor
    assert monitor.timeline.steps == []
    assert len(monitor.plots.loss_plot.series("loss/D")) == 0
    assert monitor.sample_view.samples.pixmap is None
    assert cursors(trained_page) == {None}


def test_a_run_from_disk_is_shown_and_can_go_on(page, run_folder, make_grid, qtbot):
    grids = [(step, make_grid(run_folder / "samples" / f"step-{step:08d}.png", "red")) for step in (0, 50)]
    metrics = [
        {"step": 10, "images": 640, "seconds": 1.0, "loss/D": 1.2, "loss/G": 0.8},
        {"step": 50, "images": 3200, "seconds": 5.0, "loss/D": None, "loss/G": 0.9, "score/real": 0.6},
    ]
    page.shown.load_history(run_folder, ScalarTable.of(MetricsTable.of(metrics)), grids)
    assert list(page.monitor.plots.loss_plot.series("loss/D").steps) == [10]
    assert list(page.monitor.plots.score_plot.series("score/real").values) == [0.6]
    assert page.monitor.timeline.steps == [0, 50]
    assert page.monitor.timeline.label.text() == "step 50 · 3.2k images"
    assert page.run_bar.resume_run.isVisible()


def test_a_step_from_the_gallery_is_shown(trained_page):
    trained_page.shown.show_step(100)
    assert trained_page.monitor.shown_step == 100
    assert trained_page.monitor.isVisible()


def test_a_grid_that_is_gone_leaves_the_view_empty(trained_page, run_folder):
    (run_folder / "samples" / "step-00000000.png").unlink()
    trained_page.monitor.timeline.go_to(0)
    assert trained_page.monitor.sample_view.samples.pixmap is None


@pytest.mark.parametrize(("room", "size"), [((40, 60), 32), ((31, 40), 16), ((10, 40), 10), ((100, 100), 96)])
def test_a_grid_is_zoomed_by_whole_numbers_or_made_to_fit(qtbot, tmp_path, make_grid, room, size):
    canvas = GridCanvas("test", "nothing")
    qtbot.addWidget(canvas)
    canvas.setMinimumSize(1, 1)
    canvas.resize(*room)
    canvas.set_pixmap(GridPictures().load(make_grid(tmp_path / "grid.png", "red")))
    assert (canvas.shown_size().width(), canvas.shown_size().height()) == (size, size)
    assert canvas.grab().toImage().pixelColor(room[0] // 2, room[1] // 2).name() == "#ff0000"


def test_pictures_are_read_again_only_when_they_changed(tmp_path, make_grid, qapp):
    pictures, path = GridPictures(), make_grid(tmp_path / "grid.png", "red")
    first = pictures.load(path)
    assert pictures.load(path) is first
    make_grid(path, "blue")
    os.utime(path, ns=(1, 1))
    again = pictures.load(path)
    assert again is not None
    assert again.toImage().pixelColor(0, 0).name() == "#0000ff"


def test_the_cache_keeps_no_more_than_it_may(tmp_path, make_grid, qapp):
    pictures = GridPictures(cache_bytes=2 * 16 * 16 * 4)
    paths = [make_grid(tmp_path / f"{number}.png", "red") for number in range(3)]
    first = pictures.load(paths[0])
    for path in paths[1:]:
        pictures.load(path)
    assert pictures.load(paths[0]) is not first
