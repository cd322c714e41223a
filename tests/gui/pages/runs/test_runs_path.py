"""The runs page by real clicks: everything that can be done with a run, in the window and on disk."""

import json
import os
import shutil
import socket
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QMenu, QSpinBox, QTreeWidget

from gan_studio.engine.folders import runs_folder
from gan_studio.engine.lock import LOCK_NAME
from gan_studio.engine.run import RunFolder
from gan_studio.engine.trash import TRASH, throw_away
from gan_studio.gui.late_pages import EXPLORER, RUNS, TRAIN
from gan_studio.gui.pages.runs.model import Column
from gan_studio.gui.pages.runs.words import STANDINGS
from gan_studio.gui.pages.train.display import DATA, TRAINING
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.views import RunStanding
from tests.engine.courses import new_run, train
from tests.gui.studio import Studio, write_pictures

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run of six steps, to be copied."""
    folder = tmp_path_factory.mktemp("trained")
    pictures = write_pictures(folder / "my pictures")
    request = new_run(pictures, folder / "first", steps=6, checkpoint_steps=2, sample_steps=3, keep_checkpoints=4)
    train(request)
    return folder / "first"


@pytest.fixture
def runs(trained, home):
    """Two runs among the user's, `first` and `second`; the second can go on."""
    runs_folder().mkdir()
    for name, age in (("first", 10), ("second", 500)):
        shutil.copytree(trained, runs_folder() / name)
        os.utime(runs_folder() / name / "metrics.jsonl", (1.7e9 - age, 1.7e9 - age))
    run = RunFolder(runs_folder() / "second")
    config = run.config()
    run.write_config(config.changed(training=config.training.changed(steps=0).model_dump()))
    return [runs_folder() / name for name in ("first", "second")]


class RunsHands:
    """The hands on the runs page of a window."""

    def __init__(self, studio: Studio) -> None:
        self.studio, self.page = studio, studio.window.runs_page
        studio.press("4", CONTROL)
        assert studio.page() == RUNS

    @property
    def names(self) -> list[str]:
        table = self.page.table.filter
        return [table.index(row, Column.NAME).data() for row in range(table.rowCount())]

    @property
    def shown(self) -> str:
        details = self.page.details.details
        return details.summary.name if details else ""

    @property
    def banner(self) -> tuple[str, str]:
        banner = self.page.banner
        return (banner.kind(), banner.message()) if not banner.isHidden() else ("", "")

    def cell(self, name: str, column: Column) -> str:
        table = self.page.table.filter
        return table.index(self.names.index(name), column).data()

    def wait_for(self, *names: str) -> None:
        self.studio.wait(lambda: sorted(self.names) == sorted(names))

    def click_run(self, name: str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.studio.wait(lambda: name in self.names)
        table = self.page.table
        place = table.visualRect(table.filter.index(self.names.index(name), Column.STATE)).center()
        self.studio._qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, modifier, place)

    def choose(self, name: str) -> None:
        self.click_run(name)
        self.studio.wait(lambda: self.shown == name)

    def rename(self, text: str) -> None:
        """F2, type, Return."""
        self.page.table.setFocus()
        self.studio.press(Qt.Key.Key_F2)
        editor = self.studio.find("run_name_edit", QLineEdit)
        editor.selectAll()
        editor.insert(text)  # as by an input method: a test cannot press keys for every letter
        self.studio._qtbot.keyClick(editor, Qt.Key.Key_Return)


@pytest.fixture
def hands(studio, runs) -> RunsHands:
    made = RunsHands(studio)
    made.wait_for("first", "second")
    studio.wait(lambda: made.shown == "first")
    return made


def test_the_list_says_what_there_is(hands, studio):
    studio.wait(lambda: hands.cell("second", Column.SIZE) != "–")
    assert hands.names == ["first", "second"], "trained last first"
    assert hands.cell("first", Column.STATE) == STANDINGS[RunStanding.FINISHED]
    assert hands.cell("second", Column.STATE) == STANDINGS[RunStanding.CONTINUABLE]
    assert [hands.cell("first", column) for column in (Column.STEPS, Column.KEPT, Column.DATA)] == [
        "6",
        "4",
        "my pictures",
    ]
    studio.wait(lambda: hands.cell("first", Column.FAMILY) == "DCGAN")
    assert hands.page.details.preview.shows_picture
    assert "9 pictures" in studio.text("fact_pictures") and "Features 4" in studio.text("run_settings")
    assert studio.text("run_path") == str(runs_folder() / "first")
    assert "2 runs" in studio.text("runs_total")


def test_an_empty_list_leads_to_the_training_page(studio):
    studio.press("4", CONTROL)
    empty = studio.window.runs_page.empty
    studio.wait(lambda: "yet" in empty._title.text())
    studio.click("empty_action")
    assert studio.page() == TRAIN


def test_words_in_the_filter_leave_what_they_fit_and_say_when_there_is_nothing(hands, studio):
    studio.type("runs_filter", "dcgan sec")
    assert hands.names == ["second"]
    studio.type("runs_filter", "finished")
    assert hands.names == ["first"]
    studio.type("runs_filter", "no such thing")
    assert hands.names == [] and hands.page.browser.no_match.isVisible()
    studio.click("empty_action")
    assert hands.names == ["first", "second"]


def test_a_heading_sorts_and_the_window_remembers_it(hands, studio, qtbot):
    header = hands.page.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(Column.NAME) + 20, header.height() // 2)
    for expected in (["first", "second"], ["second", "first"]):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        if hands.names != expected:
            qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert hands.names == expected
    hands.page.table.setColumnWidth(Column.DATA, 91)
    studio.window.close()
    again = Studio(qtbot)
    try:
        other = RunsHands(again)
        other.wait_for("first", "second")
        assert other.names == ["second", "first"]
        assert other.page.table.columnWidth(Column.DATA) == 91
    finally:
        again.end()


def test_return_and_a_double_click_open_a_run(hands, studio, qtbot):
    hands.choose("second")
    studio.press(Qt.Key.Key_Return)
    assert studio.page() == TRAIN
    studio.wait(lambda: studio.window.train_page.run == runs_folder() / "second")
    assert studio.window.train_page.display.side() == TRAINING and studio.steps == [0, 3, 6]


def test_explore_opens_its_model(hands, studio):
    studio.click("button_explore_run")
    assert studio.page() == EXPLORER
    studio.wait(lambda: studio.window.explorer_page.stage.canvas.image() is not None)


def test_continue_trains_on_from_the_last_checkpoint_and_the_row_follows(hands, studio):
    hands.choose("second")
    studio.click("button_continue_run")
    studio.wait_for(RunState.RUNNING)
    assert studio.window.training.run_folder == runs_folder() / "second"
    studio.press("4", CONTROL)
    studio.wait(lambda: hands.cell("second", Column.STATE) == STANDINGS[RunStanding.TRAINING])
    studio.wait(lambda: int(hands.cell("second", Column.STEPS).replace(",", "")) > 6)
    hands.choose("second")
    for name in ("button_rename_run", "button_trash_run", "button_continue_run"):
        assert not studio.find(name).isEnabled()
    studio.click("button_keep_checkpoints")
    assert hands.banner == ("error", "“second” is being trained.")
    hands.choose("first")
    studio.click("button_continue_run")
    assert studio.page() == TRAIN and studio.banner() == ("error", "A training is under way.")
    studio.stop()
    studio.press("4", CONTROL)
    studio.wait(lambda: hands.cell("second", Column.STATE) == STANDINGS[RunStanding.CONTINUABLE])


def test_f2_renames_the_folder_and_everything_follows(hands, studio, generator):
    hands.choose("second")
    studio.press(Qt.Key.Key_Return)
    studio.wait(lambda: studio.window.train_page.dataset is not None and studio.window.train_page.run is not None)
    studio.wait(lambda: studio.window.explorer_page.stage.canvas.image() is not None)
    studio.press("4", CONTROL)
    hands.rename("Schöne Schuhe 👟")
    new = runs_folder() / "Schöne Schuhe 👟"
    studio.wait(lambda: hands.shown == new.name)
    assert RunFolder.open(new).config().name == new.name and not (runs_folder() / "second").exists()
    assert sorted(hands.names) == ["Schöne Schuhe 👟", "first"]
    assert (
        new in studio.window.settings.recent_runs and runs_folder() / "second" not in studio.window.settings.recent_runs
    )
    studio.press("1", CONTROL)
    assert studio.window.train_page.run == new
    studio.window.train_page.monitor.show_step(3)
    assert studio.grid().shape[0] > 16, "its grids are found in the new folder"
    studio.click("continue_button")
    studio.wait_for(RunState.RUNNING)
    assert studio.run == new


def test_a_picture_saved_after_a_renaming_keeps_its_model_in_the_new_folder(hands, studio, monkeypatch, tmp_path):
    hands.choose("second")
    studio.click("button_explore_run")
    studio.wait(lambda: studio.window.explorer_page.stage.canvas.image() is not None)
    studio.settle()
    studio.press("4", CONTROL)
    hands.rename("renamed")
    studio.wait(lambda: hands.shown == "renamed")
    saved = tmp_path / "saved.png"
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *_: (str(saved), ""))
    studio.press("3", CONTROL)
    studio.press(Qt.Key.Key_S, CONTROL)
    studio.wait(saved.exists)
    assert list(RunFolder(runs_folder() / "renamed").generators.iterdir())
    assert not (runs_folder() / "second").exists()
    studio.drop(saved)
    studio.wait(lambda: studio.window.explorer_page.stage.banner.isHidden())


@pytest.mark.parametrize("text", ["first", "a/b", ".", "CON", "   "])
def test_a_name_that_cannot_be_is_refused_in_words(hands, studio, text):
    hands.choose("second")
    hands.rename(text)
    studio.wait(lambda: hands.banner[0] == "error")
    assert sorted(hands.names) == ["first", "second"] and (runs_folder() / "second").is_dir()


def test_train_again_fills_the_form_and_looks_at_the_pictures(hands, studio, trained):
    hands.choose("second")
    studio.click("button_train_again")
    assert studio.page() == TRAIN
    pictures = Path(RunFolder(trained).config().source)
    studio.wait(lambda: studio.looked_at(pictures) and studio.find("train_button").isEnabled())
    page = studio.window.train_page
    assert page.display.side() == DATA and page.settings.values("family")["features"] == 4
    assert not studio.find("start_chip").isVisible()
    request = page.readiness.request()
    assert request is not None and request.start_from is None and request.training["batch_size"] == 4


def test_fine_tuning_begins_with_what_was_learned(hands, studio, trained):
    hands.choose("first")
    studio.click("button_fine_tune")
    studio.wait(lambda: studio.window.train_page.dataset is not None and studio.find("train_button").isEnabled())
    assert studio.text("start_text") == "Starts from “first” step 6" and studio.find("start_chip").isVisible()
    studio.set_small(features="4", most_features="8", latent_size="4")
    studio.click("train_button")
    studio.wait_for(RunState.RUNNING)
    assert not studio.find("start_chip").isVisible()
    origin = RunFolder.open(studio.run).config().started_from
    assert origin is not None and (origin.run, origin.step, origin.discriminator) == ("first", 6, True)
    studio.press("4", CONTROL)
    hands.choose(studio.run.name)
    assert studio.text("fact_starts_from") == "first, step 6"


def test_a_start_can_be_taken_back_and_one_that_does_not_fit_is_refused_in_words(hands, studio):
    studio.click("button_fine_tune")
    studio.wait(lambda: studio.window.train_page.dataset is not None and studio.find("start_chip").isVisible())
    studio.wait(lambda: studio.find("train_button").isEnabled())
    studio.set_small(features="8")
    studio.click("train_button")
    studio.wait(lambda: studio.banner()[0] == "error")
    assert "Features is 4 there and 8 here" in studio.banner()[1]
    studio.click("start_remove")
    request = studio.window.train_page.readiness.request()
    assert not studio.find("start_chip").isVisible() and request is not None and request.start_from is None


def test_delete_moves_to_the_trash_and_undo_brings_it_back(hands, studio):
    hands.choose("second")
    hands.page.table.setFocus()
    studio.press(Qt.Key.Key_Delete)
    studio.wait(lambda: studio.find("undo_bar").isVisible())
    assert hands.names == ["first"] and not (runs_folder() / "second").exists()
    assert "“second” moved to the trash" in studio.text("undo_text")
    studio.click("undo_button")
    hands.wait_for("first", "second")
    studio.wait(lambda: hands.shown == "second")
    assert RunFolder.open(runs_folder() / "second").state_files() and not (runs_folder() / TRASH).exists()
    assert not studio.find("undo_bar").isVisible()


def test_all_runs_can_go_and_come_back(hands, studio):
    hands.choose("first")
    hands.click_run("second", CONTROL)
    assert "2 runs selected" in studio.text("runs_selected")
    studio.click("button_trash_run")
    studio.wait(lambda: hands.names == [] and studio.find("undo_bar").isVisible())
    studio.click("undo_button")
    hands.wait_for("first", "second")


def test_the_trash_puts_back_and_deletes_for_good_after_a_question(hands, studio, qtbot, runs):
    for run in runs:
        throw_away(run)
    shutil.copytree(next((runs_folder() / TRASH).glob("*/first")), runs_folder() / "third")
    hands.wait_for("third")
    studio.click("runs_trash")
    studio.wait(lambda: bool(studio.window.findChildren(QDialog, "trash_dialog")))
    listed = studio.find("trash_list", QTreeWidget)
    assert listed.topLevelItemCount() == 2
    name = listed.topLevelItem(0).text(0)
    studio.click("trash_restore")
    studio.wait(lambda: listed.topLevelItemCount() == 1)
    hands.wait_for("third", name)
    studio.answer_next_question("Cancel")
    studio.click("trash_empty")
    assert (runs_folder() / TRASH).exists()
    studio.answer_next_question("Delete")
    studio.click("trash_empty")
    studio.wait(lambda: listed.topLevelItemCount() == 0)
    assert not (runs_folder() / TRASH).exists()
    studio.click("trash_close")


def test_a_run_that_another_program_trains_is_shown_so_and_left_alone(hands, studio, runs):
    other = psutil.Process(os.getppid())
    holder = {"pid": other.pid, "host": socket.gethostname(), "started": other.create_time()}
    (runs[1] / LOCK_NAME).write_text(json.dumps(holder))
    studio.press("1", CONTROL)
    studio.press("4", CONTROL)
    studio.wait(lambda: hands.cell("second", Column.STATE) == STANDINGS[RunStanding.IN_USE])
    hands.choose("second")
    assert not studio.find("button_trash_run").isEnabled() and not studio.find("button_rename_run").isEnabled()
    assert str(other.pid) in studio.text("run_problem")
    studio.click("button_continue_run")
    studio.wait(lambda: studio.banner()[0] == "error")
    assert "is being trained by" in studio.banner()[1]
    (runs[1] / LOCK_NAME).write_text(json.dumps({**holder, "started": 1.0}))
    studio.press("4", CONTROL)
    studio.wait(lambda: hands.cell("second", Column.STATE) == STANDINGS[RunStanding.CONTINUABLE])


def test_fewer_checkpoints_are_kept_and_the_room_is_said_before(hands, studio):
    hands.choose("first")
    studio.click("button_keep_checkpoints")
    assert studio.find("keep_count", QSpinBox).value() == 4
    assert "Nothing is deleted now" in studio.text("keep_consequence")
    studio.find("keep_count", QSpinBox).setValue(1)
    assert "step 0, 2, 4" in studio.text("keep_consequence") and "frees" in studio.text("keep_consequence")
    studio.click("keep_accept")
    studio.wait(lambda: hands.cell("first", Column.KEPT) == "1")
    run = RunFolder(runs_folder() / "first")
    assert list(run.state_files()) == [6] and run.config().training.keep_checkpoints == 1
    assert "freed for “first”" in hands.banner[1]


def test_a_run_that_comes_or_goes_on_disk_comes_or_goes_in_the_list(hands, studio, runs):
    shutil.copytree(runs[0], runs_folder() / "copied in")
    hands.wait_for("first", "second", "copied in")
    shutil.rmtree(runs[1])
    hands.wait_for("first", "copied in")


def test_a_damaged_run_is_listed_and_can_be_thrown_away(hands, studio, runs):
    (runs[1] / "config.json").write_text("{")
    studio.press("1", CONTROL)
    studio.press("4", CONTROL)
    studio.wait(lambda: hands.cell("second", Column.STATE) == STANDINGS[RunStanding.DAMAGED])
    hands.choose("second")
    assert "config.json" in studio.text("run_problem") and not studio.find("button_open_selected_run").isEnabled()
    studio.click("button_trash_run")
    hands.wait_for("first")


def test_runs_opened_from_elsewhere_are_listed_too(studio, runs, trained, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(trained, elsewhere)
    studio.window.settings.add_recent_run(elsewhere)
    hands = RunsHands(studio)
    hands.wait_for("first", "second", "elsewhere")
    hands.choose("elsewhere")
    studio.click("button_trash_run")
    studio.wait(lambda: studio.find("undo_bar").isVisible())
    assert list(tmp_path.glob(f"{TRASH}/*/elsewhere"))
    studio.click("undo_button")
    hands.wait_for("first", "second", "elsewhere")


def test_the_context_menu_and_the_menu_bar_offer_the_same(hands, studio):
    hands.choose("first")
    table = hands.page.table
    table.customContextMenuRequested.emit(table.visualRect(table.filter.index(0, 0)).center())
    menu = studio.find("runs_menu", QMenu)
    texts = [action.text() for action in menu.actions() if action.text()]
    menu.close()
    bar = next(action.menu() for action in studio.window.menuBar().actions() if action.text() == "&Runs")
    assert isinstance(bar, QMenu) and [action.text() for action in bar.actions()] == texts
    letters = [text[text.index("&") + 1].lower() for text in texts]
    assert len(letters) == len(set(letters))


def test_the_folder_is_shown_by_the_system(hands, studio, monkeypatch):
    opened = []
    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile()))
    studio.click("button_open_run_folder")
    assert opened == [str(runs_folder() / "first")]


def test_two_runs_are_laid_over_one_another_and_parted_again(hands, studio):
    hands.choose("first")
    hands.click_run("second", CONTROL)
    studio.click("button_compare_runs")
    assert studio.page() == TRAIN
    plots = studio.window.train_page.monitor.plots
    studio.wait(lambda: plots.comparison.isVisible())
    assert studio.window.train_page.run == runs_folder() / "first" and "second" in studio.text("plots_comparison_title")
    studio.press("4", CONTROL)
    studio.wait(lambda: hands.page.run_actions.stop_comparing.isEnabled())
    hands.page.run_actions.stop_comparing.trigger()
    assert not plots.comparison.isVisibleTo(plots) and not hands.page.run_actions.stop_comparing.isEnabled()


def test_a_run_is_laid_over_the_one_in_training(hands, studio):
    hands.choose("second")
    studio.click("button_continue_run")
    studio.wait_for(RunState.RUNNING)
    studio.press("4", CONTROL)
    hands.choose("first")
    hands.click_run("second", CONTROL)
    studio.click("button_compare_runs")
    studio.wait(lambda: studio.window.train_page.monitor.plots.comparison.isVisible())
    assert studio.state is RunState.RUNNING and studio.page() == TRAIN
    assert studio.window.train_page.run == runs_folder() / "second"
