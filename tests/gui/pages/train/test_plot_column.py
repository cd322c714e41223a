"""The plots beside the grid: which there are, how they stand, what is in view, and another run behind them."""

import csv
import io
import json
import math
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu, QToolButton

from gan_studio.engine.metrics_table import MetricsTable
from gan_studio.gui.pages.train.plot_column import PlotColumn
from gan_studio.gui.pages.train.plot_export import PlotExport, table, visible_columns
from gan_studio.gui.views.scalars import SPEED, ScalarTable
from gan_studio.gui.widgets.plot_line import Look
from gan_studio.gui.widgets.plots import LivePlot
from gan_studio.gui.widgets.step_view import PAUSE_MS


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


def scalars(rows):
    return ScalarTable.of(MetricsTable.of(rows))


def history(*choices, **values):
    return scalars(metrics(*choices, **values))


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


# --- an overview, and then everything ---


def test_what_was_added_meanwhile_stays_when_the_whole_run_comes(plots):
    plots.load(scalars(metrics(300)[::50]))
    plots.append(310, {"loss/D": 9.0})
    plots.steps_view.set_window((100.0, 200.0))
    plots.fill(scalars(metrics(320)))
    series = plots.loss_plot.series("loss/D")
    assert series.steps.tolist() == [*range(1, 252), 310] and series.values[-1] == 9.0
    assert plots.steps_view.window == (100.0, 200.0)


def test_a_run_that_went_back_meanwhile_gets_only_what_lies_before(plots):
    plots.load(scalars(metrics(300)[::50]))
    plots.cut(120)
    plots.append(130, {"loss/D": 9.0})
    plots.fill(history(300))
    assert plots.loss_plot.series("loss/D").steps.tolist() == [*range(1, 121), 130]


def test_the_whole_run_takes_the_place_of_its_overview_on_the_page(trained_page, tmp_path):
    run = tmp_path / "night"
    trained_page.shown.load_history(run, scalars(metrics(300)[::50]), [])
    trained_page.shown.fill_history(tmp_path / "another", history(300))
    series = trained_page.monitor.plots.loss_plot.series("loss/G")
    assert len(series) == 6
    trained_page.shown.fill_history(run, history(251))
    assert len(series) == 251


def test_a_compared_run_is_filled_too(trained_page, tmp_path):
    trained_page.shown.show_comparison(tmp_path / "night", scalars(metrics(300)[::50]))
    trained_page.shown.fill_history(tmp_path / "night", history(300))
    assert trained_page.monitor.plots._other.steps.tolist() == list(range(1, 301))
    trained_page.shown.clear_comparison()
    trained_page.shown.fill_history(tmp_path / "night", history(300))
    assert trained_page.monitor.plots._other is None, "a comparison that was closed does not come back"


# --- another run ---


def test_another_run_is_drawn_behind_and_read_off_at_the_same_step(plots, qtbot):
    plots.load(history())
    plots.set_comparison("faces-2", history(600, level=3.0))
    plots.steps_view.set_hover(100.0)
    entry = plots.loss_plot.legend.entries["loss/D"]
    assert (entry.value, entry.other) == ("1.000", "3.000")
    plots.loss_plot.redraw()
    assert plots.loss_plot._box.viewRange()[0] == [1, 600]
    assert len(plots.loss_plot._curves["loss/G"].compared.getData()[0])
    assert "faces-2" in plots.findChild(QLabel, "plots_comparison_title").text()


def test_where_only_one_of_two_runs_has_come_the_other_says_nothing(plots):
    plots.load(history())
    plots.set_comparison("faces-2", history(600, level=3.0))
    plots.steps_view.set_hover(500.0)
    entry = plots.loss_plot.legend.entries["loss/D"]
    assert (entry.value, entry.other) == ("–", "3.000")


def test_the_comparison_ends_by_its_button(plots, qtbot):
    plots.load(history())
    plots.set_comparison("faces-2", history(600, level=3.0))
    with qtbot.waitSignal(plots.comparison_closed):
        qtbot.mouseClick(button(plots, "plots_comparison_close"), Qt.MouseButton.LeftButton)
    plots.loss_plot.redraw()
    assert not plots.comparison.isVisible()
    assert plots.loss_plot.legend.entries["loss/D"].other == ""
    assert plots.loss_plot._box.viewRange()[0] == [1, 300]
    assert len(plots.loss_plot._curves["loss/G"].compared.getData()[0]) == 0


def test_a_comparison_stays_while_another_run_is_shown(plots):
    plots.set_comparison("faces-2", history(level=3.0))
    plots.load(history())
    plots.loss_plot.redraw()
    assert plots.loss_plot.legend.entries["loss/D"].other == "3.000"


def test_the_training_page_shows_a_comparison_and_ends_it(trained_page):
    trained_page.display.show_side(0)
    trained_page.shown.show_comparison(Path("faces-2"), history(level=3.0))
    assert trained_page.monitor.isVisible()
    assert trained_page.monitor.plots.comparison.isVisible()
    trained_page.shown.clear_comparison()
    trained_page.shown.clear_comparison()
    assert not trained_page.monitor.plots.comparison.isVisible()


def test_a_run_without_metrics_can_be_compared_with(plots):
    plots.load(history())
    plots.set_comparison("young", scalars([]))
    plots.loss_plot.redraw()
    assert plots.loss_plot.legend.entries["loss/D"].other == "–"


# --- throughput, and scalars that nobody announced ---


def test_a_report_shows_images_per_second(trained_page):
    assert list(trained_page.monitor.plots.plot("speed").series(SPEED).values) == [128.0] * 5


def test_a_run_from_disk_has_its_throughput_from_images_and_seconds(plots):
    plots.load(history(50))
    assert np.allclose(plots.plot("speed").series(SPEED).values, 128.0)
    assert len(plots.plot("speed").series(SPEED)) == 49


def test_throughput_has_a_gap_where_counters_did_not_go_on():
    places = [(1, 64, 1.0), (2, 128, 2.0), (3, 128, 2.0), (4, 64, 9.0), (5, 192, 10.0)]
    rows = [{"step": step, "images": images, "seconds": seconds} for step, images, seconds in places]
    speed = scalars([*rows, {"step": 6}, {"step": 7, "images": None, "seconds": 12.0}]).columns[SPEED]
    assert [None if math.isnan(value) else value for value in speed] == [None, 64, None, None, 128, None, None]


def test_metrics_without_images_have_no_throughput():
    assert scalars([{"step": 1, "loss/D": 1.0}, {"step": 2}]).columns.keys() == {"loss/D"}
    assert len(scalars([]).steps) == 0


def lines_made(plots, qtbot):
    """Lines of scalars that are new in a report are made in the turns that follow."""
    qtbot.waitUntil(plots.updatesEnabled)


def test_scalars_of_a_new_family_get_lines_and_plots_by_their_names(plots, qtbot):
    plots.load(history())
    plots.append(301, {"loss/D": 1.0, "loss/cycle": 0.4, "metric/swd": 12.0, "metric/recall": 0.3, "alpha": 0.5})
    lines_made(plots, qtbot)
    assert "loss/cycle" in plots.loss_plot.names()
    assert plots.plot("metric").names() == ("metric/swd", "metric/recall")
    assert plots.plot("other").title == "Other values"
    assert shown(plots) == ["Losses", "Scores", "Gradient norms", "Metrics", "Other values"]
    plots.clear()
    assert plots.loss_plot.names() == ("loss/D", "loss/G")
    assert shown(plots) == ["Losses", "Scores", "Gradient norms"]


def test_new_scalars_get_one_line_a_turn_and_lose_no_report(plots, qtbot):
    made = []
    plots._coming.due.connect(lambda name: made.append((name, len(plots._made_lines))))
    plots.append(1, {"metric/swd": 3.0, "metric/recall": 0.5})
    assert not made and "metric" not in plots._plots, "the report itself builds nothing"
    plots.append(2, {"metric/swd": 2.0})
    lines_made(plots, qtbot)
    assert made == [("metric/swd", 0), ("metric/swd", 1), ("metric/recall", 2)], "first the plot, then line after line"
    assert list(plots.plot("metric").series("metric/swd").values) == [3.0, 2.0]
    plots.append(3, {"metric/recall": 0.6})
    assert list(plots.plot("metric").series("metric/recall").steps) == [1, 3]


def test_a_window_that_goes_while_new_lines_settle_takes_their_clock_along(plots, qtbot):
    with qtbot.waitSignal(plots._coming.all_made):
        plots.append(1, {"metric/swd": 3.0})
    assert not plots.updatesEnabled(), "it settles; a clock of its own would fail the test when it ends"


def test_another_run_makes_no_lines_of_the_one_before(plots, qtbot):
    plots.append(1, {"metric/swd": 3.0})
    plots.clear()
    plots.append(1, {"loss/D": 1.0})
    lines_made(plots, qtbot)
    assert shown(plots) == ["Losses", "Scores", "Gradient norms"]


def test_reference_lines_are_there_for_lines_that_come_later(plots, qtbot):
    plots.set_reference_lines({"loss/D": 1.386, "loss/D_A": 0.5})
    plots.append(1, {"loss/D": 1.0, "loss/D_A": 1.0})
    lines_made(plots, qtbot)
    plots.loss_plot.redraw()
    assert plots.loss_plot._references.visible() == ["loss/D", "loss/D_A"]


def level_text(plot):
    """What is written at the first level that is drawn."""
    return plot._references._items[plot._references.visible()[0]].label.toPlainText()


def test_what_reals_reach_is_a_level_of_its_metric_and_no_curve(plots, qtbot):
    measured = {"metric/sliced_wasserstein": 60.0, "floor/sliced_wasserstein": 12.0, "metrics/seconds": 0.4}
    plots.append(1, {"loss/D": 1.0, **measured})
    lines_made(plots, qtbot)
    assert plots.plot("metric").names() == ("metric/sliced_wasserstein",)
    assert plots.plot("metric").legend.entries["metric/sliced_wasserstein"].text() == "sliced wasserstein"
    assert plots.plot("metric").reference_lines() == {"metric/sliced_wasserstein": 12.0}
    assert shown(plots) == ["Losses", "Scores", "Gradient norms", "Metrics"]
    plots.resize(900, 660)
    plots.plot("metric").redraw()
    assert level_text(plots.plot("metric")) == "12.0: what reals reach"
    plots.set_reference_lines({"loss/D": 1.386})
    plots.loss_plot.redraw()
    assert level_text(plots.loss_plot) == "1.386: D cannot tell"
    assert plots.plot("metric").reference_lines() == {"metric/sliced_wasserstein": 12.0}
    plots.load(
        scalars([{"step": 1, "loss/D": 1.0}, {"step": 2, "loss/D": 1.0, **measured}, {"step": 3, "loss/D": 1.0}])
    )
    assert plots.plot("metric").reference_lines() == {"metric/sliced_wasserstein": 12.0}
    plots.clear()
    plots.append(1, {"metric/sliced_wasserstein": 60.0})
    lines_made(plots, qtbot)
    assert plots.plot("metric").reference_lines() == {}


# --- what the user does ---


def test_a_click_or_a_key_on_the_legend_hides_a_line_and_its_level(plots, qtbot):
    plots.load(history())
    plots.set_reference_lines({"loss/G": 9.0})
    entry, plot = plots.loss_plot.legend.entries["loss/G"], plots.loss_plot
    qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)
    plot.redraw()
    assert not plot._curves["loss/G"].strong.isVisible() and plot._references.visible() == []
    assert plot._box.viewRange()[1][1] < 2, "the axis is for what is seen"
    assert "hidden" in entry.accessibleName()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        before = plot.hidden()
        qtbot.keyClick(entry, key)
        assert plot.hidden() != before


def test_plots_are_tabs_or_stacked_and_throughput_can_join_them(plots, qtbot):
    qtbot.mouseClick(plots.bar.arrangement.button(1), Qt.MouseButton.LeftButton)
    assert shown(plots) == ["Losses"]
    qtbot.mouseClick(plots.tabs, Qt.MouseButton.LeftButton, pos=plots.tabs.tabRect(3).center())
    assert shown(plots) == ["Throughput"]
    qtbot.mouseClick(plots.bar.arrangement.button(0), Qt.MouseButton.LeftButton)
    action(button(plots, "plots_button"), "plot_shown_speed").trigger()
    action(button(plots, "plots_button"), "plot_shown_score").trigger()
    assert shown(plots) == ["Losses", "Gradient norms", "Throughput"]


def test_the_window_follows_the_newest_and_a_zoom_has_a_way_back(plots, qtbot):
    plots.load(history(300))
    action(button(plots, "plots_window"), "plots_window_200").trigger()
    plots.append(400, {"loss/D": 1.0})
    plots.loss_plot.redraw()
    assert plots.loss_plot._box.viewRange()[0] == [200, 400]
    assert not button(plots, "plots_show_all").isVisible()
    plots.loss_plot._box.zoomed.emit(0.5, 300.0)
    assert button(plots, "plots_show_all").isVisible() and not button(plots, "plots_window").isVisible()
    qtbot.mouseClick(button(plots, "plots_show_all"), Qt.MouseButton.LeftButton)
    plots.loss_plot.redraw()
    assert plots.loss_plot._box.viewRange()[0] == [1, 400]
    assert button(plots, "plots_window").text() == "All steps"


def test_smoothing_and_raw_values_are_chosen_for_all_plots(plots):
    plots.load(history())
    for name in ("plots_smoothing_strong", "plots_raw"):
        action(button(plots, "plots_options"), name).trigger()
    assert {plot.look for plot in plots.plots} == {Look("strong", raw=False)}
    plots.loss_plot.redraw()
    assert len(plots.loss_plot._curves["loss/D"].raw.getData()[0]) == 0


def test_choices_come_back_and_nonsense_does_no_harm(plots, qtbot):
    plots.loss_plot.legend.entries["loss/G"].click()
    plots.gradient_plot.set_logarithmic(True)
    for holder, name in (("plots_window", "plots_window_1000"), ("plots_options", "plots_smoothing_none")):
        action(button(plots, holder), name).trigger()
    plots.splitter.setSizes([300, 100, 100, 0])
    plots.bar.set_arrangement(1)
    state = json.loads(json.dumps(plots.state()))
    again = PlotColumn()
    qtbot.addWidget(again)
    again.restore(state)
    assert again.loss_plot.hidden() == {"loss/G"} and again.gradient_plot.logarithmic
    assert again.steps_view.newest == 1000 and again.loss_plot.look == Look("none")
    assert again.state() == state and shown(again) == ["Losses"]
    again.restore({"arrangement": "x", "stacked": 3, "sizes": {"loss": "big"}, "hidden": [1], "newest": 7, "tab": []})
    assert shown(again) == ["Losses", "Scores", "Gradient norms"] and again.steps_view.newest is None


def test_the_step_under_the_mouse_is_said_in_one_place(plots):
    plots.load(history())
    plots.steps_view.set_hover(120.0)
    assert plots.bar.step.text() == "Step 120"
    assert all(plot._view.hover_line.value() == 120 for plot in plots.plots)


def test_reports_are_drawn_together_and_seldom_and_a_zoom_at_once(plots, qtbot):
    plots.load(history())
    for plot in plots.plots:
        plot.redraw()
    drawn, since = [], time.monotonic()
    plots.steps_view.due.connect(lambda: drawn.append(1))
    for step in range(301, 351):
        plots.append(step, {"loss/D": 1.0, "score/real": 0.5})
        qtbot.wait(1)
    pauses = 1000 * (time.monotonic() - since) / (0.9 * PAUSE_MS)  # a coarse timer may come a little early
    assert len(drawn) <= 1 + pauses, "once for what was loaded, then once a pause, however many reports come"
    plots.append(351, {"loss/D": 1.0})
    plots.steps_view.zoom(0.5, 100.0)
    assert plots.steps_view._timer.remainingTime() <= 0 or not plots.steps_view._timer.isActive()


def test_plots_that_are_due_together_are_drawn_one_after_the_other(plots, qtbot, monkeypatch):
    plots.load(history())
    qtbot.waitUntil(lambda: not any(plot._dirty for plot in plots.shown_plots()))
    qtbot.waitUntil(lambda: not plots.steps_view._turns.isActive())
    drawn = []
    monkeypatch.setattr(LivePlot, "redraw", lambda plot: (drawn.append(plot.title), setattr(plot, "_dirty", False)))
    plots.steps_view.zoom(0.5, 100.0)
    plots.steps_view.due.emit()
    assert drawn == ["Losses"], "the others wait for their turns, however late these come"
    plots.steps_view._give_turn()
    assert drawn == ["Losses", "Scores"]
    qtbot.waitUntil(lambda: drawn == ["Losses", "Scores", "Gradient norms"])


def test_an_empty_plot_says_what_will_come_or_that_nothing_is_there(plots):
    assert "as soon as training reports" in plots.loss_plot._hint.text()
    rows = [{name: value for name, value in row.items() if name != "score/real"} for row in metrics()]
    plots.load(scalars(rows))
    plots.score_plot.redraw()
    assert plots.score_plot._hint.text() == "This run holds no scores."
    plots.loss_plot.redraw()
    assert plots.score_plot._hint.isVisible() and not plots.loss_plot._hint.isVisible()


# --- taking home ---


def test_visible_scalars_are_saved_as_a_table(plots):
    plots.load(history(50))
    plots.loss_plot.legend.entries["loss/G"].click()
    plots.steps_view.set_window((10.0, 12.0))
    text = table(visible_columns(plots.shown_plots()))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0] == {"step": "10", "loss/D": "1.0", "score/real": "0.7", "grad/D": "5.0"}
    assert [row["step"] for row in rows] == ["10", "11", "12"]


@pytest.mark.parametrize(("wanted", "name"), [("table_wanted", "mine.csv"), ("picture_wanted", "mine.png")])
def test_what_is_saved_goes_through_the_exports(trained_page, tmp_path, monkeypatch, wanted, name):
    asked = str(tmp_path / "mine")
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *_: (asked, ""))
    works = []
    trained_page.export_requested.connect(lambda title, work: works.append(work))
    getattr(trained_page.monitor.plots.bar, wanted).emit()
    result = works[0](lambda done, total: None, lambda: False)
    assert result.path == tmp_path / name and result.path.stat().st_size > 20


def test_a_right_click_offers_the_plot_itself(plots, qtbot, qapp):
    plots.load(history())
    PlotExport(plots)
    plots.loss_plot.redraw()
    viewport = plots.loss_plot._view.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.RightButton, pos=viewport.rect().center())
    menu = plots.loss_plot.findChild(QMenu, "plot_menu")
    next(one for one in menu.actions() if one.objectName() == "plot_copy_picture").trigger()
    assert qapp.clipboard().image().width() == 2 * plots.loss_plot.width()
    menu.close()
