"""Measuring a model by real clicks: from the runs page and from the explorer, to the numbers in the run's folder."""

from __future__ import annotations

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSpinBox, QTreeWidget

from gan_studio.engine.folders import runs_folder
from gan_studio.engine.run import RunFolder
from gan_studio.gui.late_pages import EXPLORER, RUNS
from tests.engine.courses import new_run, train
from tests.gui.studio import write_pictures

CONTROL = Qt.KeyboardModifier.ControlModifier
QUICK = ("recall", "sliced_wasserstein")
MEASURE, SAMPLES, REALS, NOTE = 0, 1, 2, 4


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("measured")
    train(new_run(write_pictures(folder / "my pictures", 12), folder / "first", steps=2))
    return folder / "first"


@pytest.fixture
def run(trained, home):
    runs_folder().mkdir()
    return RunFolder(shutil.copytree(trained, runs_folder() / "first"))


class Sheet:
    """The hands on the sheet."""

    def __init__(self, studio) -> None:
        self.studio = studio
        studio.wait(lambda: bool(self.rows()))

    @property
    def table(self) -> QTreeWidget:
        return self.studio.find("evaluate_table", QTreeWidget)

    def rows(self):
        items = (self.table.topLevelItem(place) for place in range(self.table.topLevelItemCount()))
        return {item.data(MEASURE, Qt.ItemDataRole.UserRole): item for item in items if item}

    def tick_only(self, *names: str) -> None:
        for name, row in self.rows().items():
            if row.flags() & Qt.ItemFlag.ItemIsEnabled:
                row.setCheckState(MEASURE, Qt.CheckState.Checked if name in names else Qt.CheckState.Unchecked)

    def state(self) -> str:
        return self.studio.text("evaluate_state")


def open_from_runs(studio) -> Sheet:
    studio.press("4", CONTROL)
    assert studio.page() == RUNS
    page = studio.window.runs_page
    studio.wait(lambda: page.details.details is not None)
    studio.click("button_evaluate_run")
    return Sheet(studio)


def test_a_run_is_measured_and_its_numbers_are_kept_shown_and_copied(studio, run):
    sheet = open_from_runs(studio)
    assert "“first”, step 2" in studio.text("evaluate_title")
    rows = sheet.rows()
    assert rows["fid"].isDisabled() and "weights of Inception" in rows["fid"].text(NOTE)
    assert rows["class_accuracy"].isDisabled()
    sheet.tick_only(*QUICK)
    studio.find("evaluate_count", QSpinBox).setValue(4)
    studio.click("evaluate_start")
    assert not studio.find("evaluate_start").isEnabled()
    studio.wait(lambda: rows["recall"].text(SAMPLES) != "")
    assert rows["sliced_wasserstein"].text(REALS) not in ("", "–")
    assert rows["recall"].text(NOTE) == "in own random features"
    assert rows["density"].text(SAMPLES) == ""
    assert "4 samples beside as many real ones" in sheet.state()
    (kept,) = run.evaluations()
    assert sorted(kept["measures"]) == sorted(QUICK)
    assert (kept["step"], kept["pictures"]) == (2, 4)
    studio.click("evaluate_copy")
    copied = QGuiApplication.clipboard().text()
    assert "Measure\tModel\tBeside\tBetter\tNote" in copied
    assert f"Recall\t{rows['recall'].text(SAMPLES)}\t" in copied
    studio.find("evaluate_dialog").close()
    studio.wait(lambda: "Sliced Wasserstein" in studio.text("run_measured"))
    assert "Step 2, 4 pictures on each side" in studio.text("run_measured")


def test_measuring_is_called_off_at_the_foot_of_the_window(studio, run, gate, monkeypatch):
    from gan_studio.engine.metrics.measures.sliced_wasserstein import SlicedWassersteinMeasure

    def wait(self, pictures, reals, subject):
        gate(lambda: subject.check() or False)
        return 0.0, {}

    monkeypatch.setattr(SlicedWassersteinMeasure, "compare", wait)
    sheet = open_from_runs(studio)
    sheet.tick_only("sliced_wasserstein")
    studio.click("evaluate_start")
    exports = studio.window.jobs.exports
    studio.wait(lambda: exports.busy)
    studio.click("job_cancel")
    studio.wait(lambda: "Called off" in sheet.state())
    assert run.evaluations() == []
    assert studio.find("evaluate_start").isEnabled()


def test_the_explorers_model_is_measured_and_without_its_pictures_they_are_asked_for(studio, generator):
    studio.window.open_path(generator)
    assert studio.page() == EXPLORER
    action = studio.window.explorer_page._actions.actions["evaluate_model"]
    studio.wait(action.isEnabled)
    action.trigger()
    sheet = Sheet(studio)
    assert studio.text("evaluate_title").endswith("“tiny.safetensors”, step 5?")
    assert studio.text("evaluate_source") == "none chosen yet"
    assert not studio.find("evaluate_start").isEnabled()
    assert sheet.rows()


def test_a_file_that_is_no_weights_is_refused_in_words(studio, run, tmp_path, monkeypatch):
    (tmp_path / "notes.pth").write_bytes(b"nothing")
    sheet = open_from_runs(studio)
    name = "gan_studio.gui.dialogs.evaluate.QFileDialog.getOpenFileNames"
    monkeypatch.setattr(name, lambda *given: ([str(tmp_path / "notes.pth")], ""))
    studio.click("evaluate_weights")
    studio.wait(lambda: "cannot be read as weights" in sheet.state())
