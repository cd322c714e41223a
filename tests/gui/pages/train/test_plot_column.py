"""The plots beside the grid: which there are, how they stand, what is in view, and another run behind them."""

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton

from gan_studio.gui.pages.train.plot_column import PlotColumn
from gan_studio.gui.views.scalars import SPEED, ScalarTable


def metrics(count=300, level=1.0, **more):
    return [
        {
            "step": step,
            "images": 64 * step,
            "seconds": 0.5 * step,
            "loss/D": level,
            "loss/G": 2 * level,
            "score/real": 0.7,
            "grad/D": 5.0,
            **more,
        }
        for step in range(1, count + 1)
    ]


@pytest.fixture
def plots(qtbot):
    made = PlotColumn()
    qtbot.addWidget(made)
    made.resize(372, 660)
    made.show()
    qtbot.waitExposed(made)
    return made


def button(plots, name) -> QToolButton:
    return plots.findChild(QToolButton, name)


def action(button, name):
    return next(one for one in button.menu().actions() if one.objectName() == name)


def shown(plots):
    return [plot.title for plot in plots.shown_plots()]


# --- another run ---


def test_another_run_is_drawn_behind_and_read_off_at_the_same_step(plots, qtbot):
    plots.load(metrics())
    plots.set_comparison("faces-2", metrics(600, level=3.0))
    plots.steps_view.set_hover(100.0)
    entry = plots.loss_plot.legend.entries["loss/D"]
    assert (entry.value, entry.other) == ("1.000", "3.000")
    plots.loss_plot.redraw()
    assert plots.loss_plot._box.viewRange()[0] == [1, 600]
    assert len(plots.loss_plot._curves["loss/G"].compared.getData()[0])
    assert "faces-2" in plots.findChild(QLabel, "plots_comparison_title").text()


def test_where_only_one_of_two_runs_has_come_the_other_says_nothing(plots):
    plots.load(metrics())
    plots.set_comparison("faces-2", metrics(600, level=3.0))
    plots.steps_view.set_hover(500.0)
    entry = plots.loss_plot.legend.entries["loss/D"]
    assert (entry.value, entry.other) == ("–", "3.000")


def test_the_comparison_ends_by_its_button(plots, qtbot):
    plots.load(metrics())
    plots.set_comparison("faces-2", metrics(600, level=3.0))
    with qtbot.waitSignal(plots.comparison_closed):
        qtbot.mouseClick(button(plots, "plots_comparison_close"), Qt.MouseButton.LeftButton)
    plots.loss_plot.redraw()
    assert not plots.comparison.isVisible()
    assert plots.loss_plot.legend.entries["loss/D"].other == ""
    assert plots.loss_plot._box.viewRange()[0] == [1, 300]
    assert len(plots.loss_plot._curves["loss/G"].compared.getData()[0]) == 0


def test_a_comparison_stays_while_another_run_is_shown(plots):
    plots.set_comparison("faces-2", metrics(level=3.0))
    plots.load(metrics())
    plots.loss_plot.redraw()
    assert plots.loss_plot.legend.entries["loss/D"].other == "3.000"


def test_the_training_page_shows_a_comparison_and_ends_it(trained_page):
    trained_page.display.show_side(0)
    trained_page.show_comparison("faces-2", metrics(level=3.0))
    assert trained_page.monitor.isVisible()
    assert trained_page.monitor.plots.comparison.isVisible()
    trained_page.clear_comparison()
    trained_page.clear_comparison()
    assert not trained_page.monitor.plots.comparison.isVisible()


def test_a_run_without_metrics_can_be_compared_with(plots):
    plots.load(metrics())
    plots.set_comparison("young", [])
    plots.loss_plot.redraw()
    assert plots.loss_plot.legend.entries["loss/D"].other == "–"


# --- throughput, and scalars that nobody announced ---


def test_a_report_shows_images_per_second(trained_page):
    assert list(trained_page.monitor.plots.plot("speed").series(SPEED).values) == [128.0] * 5


def test_a_run_from_disk_has_its_throughput_from_images_and_seconds(plots):
    plots.load(metrics(50))
    assert np.allclose(plots.plot("speed").series(SPEED).values, 128.0)
    assert len(plots.plot("speed").series(SPEED)) == 49


def test_throughput_has_a_gap_where_counters_did_not_go_on():
    places = [(1, 64, 1.0), (2, 128, 2.0), (3, 128, 2.0), (4, 64, 9.0), (5, 192, 10.0)]
    rows = [{"step": step, "images": images, "seconds": seconds} for step, images, seconds in places]
    speed = ScalarTable.of([*rows, {"step": 6}, {"step": 7, "images": None, "seconds": 12.0}]).columns[SPEED]
    assert [None if math.isnan(value) else value for value in speed] == [None, 64, None, None, 128, None, None]


def test_metrics_without_images_have_no_throughput():
    assert ScalarTable.of([{"step": 1, "loss/D": 1.0}, {"step": 2}]).columns.keys() == {"loss/D"}
    assert len(ScalarTable.of([]).steps) == 0


def test_scalars_of_a_new_family_get_lines_and_plots_by_their_names(plots):
    plots.load(metrics())
    plots.append(301, {"loss/D": 1.0, "loss/cycle": 0.4, "metric/swd": 12.0, "metric/recall": 0.3, "alpha": 0.5})
    assert "loss/cycle" in plots.loss_plot.names()
    assert plots.plot("metric").names() == ("metric/swd", "metric/recall")
    assert plots.plot("other").title == "Other values"
    assert shown(plots) == ["Losses", "Scores", "Gradient norms", "Metrics", "Other values"]
    plots.clear()
    assert plots.loss_plot.names() == ("loss/D", "loss/G")
    assert shown(plots) == ["Losses", "Scores", "Gradient norms"]


def test_reference_lines_are_there_for_lines_that_come_later(plots):
    plots.set_reference_lines({"loss/D": 1.386, "loss/D_A": 0.5})
    plots.append(1, {"loss/D": 1.0, "loss/D_A": 1.0})
    plots.loss_plot.redraw()
    assert plots.loss_plot._references.visible() == ["loss/D", "loss/D_A"]
