"""The form: every setting is shown, edited, checked and read back as it was set."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import model_validator
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QColorDialog,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gan_studio.engine.config import DataSettings, TrainingSettings
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.settings import SettingInfo, Settings, describe, setting
from gan_studio.gui.widgets.config_form import ConfigForm

QUICK = hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Rates(Settings):
    """A family's settings in small."""

    rate: float = setting(0.0002, label="Learning rate", group="Optimiser", gt=0, le=1, help="How far a step goes.")
    beta1: float = setting(0.5, label="Beta 1", group="Optimiser", ge=0, lt=1, help="Momentum.", advanced=True)
    low: int = setting(1, label="Low", group="Range", ge=0, le=10, help="Lower end.")
    high: int = setting(2, label="High", group="Range", ge=0, le=10, help="Upper end.")
    loss: Literal["minimax", "non_saturating"] = setting(
        "minimax",
        label="Loss",
        group="Range",
        help="The game that is played.",
        choice_labels={"non_saturating": "Non-saturating"},
    )

    @model_validator(mode="after")
    def _ordered(self) -> Rates:
        if self.low > self.high:
            raise ValueError("Low must not be above high.")
        return self


def child(form: QWidget, kind: type[Any], name: str) -> Any:
    found = form.findChild(kind, name)
    assert found is not None, name
    return found


def made(qtbot: QtBot, cls: type[Settings], **options: Any) -> ConfigForm:
    form = ConfigForm(cls, **options)
    qtbot.addWidget(form)
    return form


def shown(qtbot: QtBot, cls: type[Settings], **options: Any) -> ConfigForm:
    form = made(qtbot, cls, **options)
    with qtbot.waitExposed(form):
        form.show()
    return form


def valid(info: SettingInfo) -> st.SearchStrategy[Any]:
    if info.kind == "bool":
        return st.booleans()
    if info.kind == "choice":
        return st.sampled_from(info.choices)
    if info.kind == "text":
        return st.from_regex(r"\A#[0-9a-f]{6}\Z") if info.widget == "colour" else st.sampled_from(["auto", "cuda:1"])
    if info.kind == "int":
        return st.integers(int(info.minimum or 0), int(info.maximum or 0))
    return st.floats(info.minimum, info.maximum).filter(lambda value: value == 0 or abs(value) > 1e-300)


def all_values(cls: type[Settings]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({info.name: valid(info) for info in describe(cls)})


@pytest.mark.parametrize("cls", [DataSettings, TrainingSettings, Rates])
def test_a_new_form_holds_the_defaults(qtbot: QtBot, cls: type[Settings]) -> None:
    form = made(qtbot, cls)
    assert form.values() == cls().model_dump()
    assert form.problems() == {}


@QUICK
@given(values=all_values(DataSettings))
def test_data_settings_come_back_as_they_were_set(qapp: QApplication, values: dict[str, Any]) -> None:
    form = ConfigForm(DataSettings)
    form.set_values(values)
    assert form.values() == values
    assert form.settings() == DataSettings(**values)
    form.deleteLater()


@QUICK
@given(values=all_values(TrainingSettings))
def test_training_settings_come_back_as_they_were_set(qapp: QApplication, values: dict[str, Any]) -> None:
    form = ConfigForm(TrainingSettings)
    form.set_values(values)
    assert form.values() == values
    # What is on the screen reads back to the same number: leaving an editor interprets its text.
    for spin in (*form.findChildren(QSpinBox), *form.findChildren(QDoubleSpinBox)):
        spin.interpretText()
    assert form.values() == values
    form.deleteLater()


def test_every_setting_has_a_label_a_tip_and_a_name_for_screen_readers(qtbot: QtBot) -> None:
    form = made(qtbot, TrainingSettings)
    buddies = {label.buddy() for label in form.findChildren(QLabel)}
    for info in describe(TrainingSettings):
        editor = form.editor(info.name)
        assert editor.objectName() == f"setting_{info.name}"
        assert editor in buddies or isinstance(editor, QCheckBox)
        assert editor.accessibleName().startswith(info.label)
        assert info.help[:10] in editor.toolTip()


def test_no_two_labels_share_a_mnemonic(qtbot: QtBot) -> None:
    form = made(qtbot, DataSettings)
    texts = [label.text() for label in form.findChildren(QLabel) if label.buddy()]
    letters = [text[text.index("&") + 1].lower() for text in texts]
    assert len(letters) == len(set(letters)) == len(texts) >= 6


def test_only_the_named_settings_are_shown(qtbot: QtBot) -> None:
    form = made(qtbot, TrainingSettings, names=["steps", "seed"])
    assert form.values() == {"steps": 0, "seed": 0}
    form.set_values({"steps": 5, "threads": 3})
    assert form.values() == {"steps": 5, "seed": 0}


def test_typing_a_number_changes_it_and_says_so(qtbot: QtBot) -> None:
    form = shown(qtbot, TrainingSettings)
    steps = child(form, QSpinBox, "setting_steps")
    steps.setFocus()
    steps.selectAll()
    with qtbot.waitSignal(form.changed):
        qtbot.keyClicks(steps, "1500")
    assert form.values()["steps"] == 1500


@pytest.mark.parametrize(("typed", "value"), [("2e-4", 2e-4), ("0.001", 0.001), ("0,5", 0.5), ("1E-8", 1e-8)])
def test_a_learning_rate_is_typed_in_any_notation(qtbot: QtBot, typed: str, value: float) -> None:
    form = shown(qtbot, Rates)
    rate = child(form, QDoubleSpinBox, "setting_rate")
    rate.selectAll()
    qtbot.keyClicks(rate, typed)
    qtbot.keyClick(rate, Qt.Key.Key_Return)
    assert form.values()["rate"] == value


def test_a_learning_rate_is_shown_plainly_and_steps_in_its_own_size(qtbot: QtBot) -> None:
    form = shown(qtbot, Rates)
    rate = child(form, QDoubleSpinBox, "setting_rate")
    assert rate.text() == "0.0002"
    qtbot.keyClick(rate, Qt.Key.Key_Up)
    assert rate.text() == "0.00021"


def test_letters_do_not_enter_a_number(qtbot: QtBot) -> None:
    form = shown(qtbot, Rates)
    rate = child(form, QDoubleSpinBox, "setting_rate")
    rate.selectAll()
    qtbot.keyClicks(rate, "0.1x")
    assert form.values()["rate"] == 0.1


def test_a_choice_is_shown_by_its_label_and_taken_by_its_value(qtbot: QtBot) -> None:
    form = shown(qtbot, Rates)
    loss = child(form, QComboBox, "setting_loss")
    assert [loss.itemText(index) for index in range(loss.count())] == ["Minimax", "Non-saturating"]
    qtbot.keyClick(loss, Qt.Key.Key_Down)
    assert form.values()["loss"] == "non_saturating"


def test_a_click_on_a_check_box_toggles_it(qtbot: QtBot) -> None:
    form = shown(qtbot, DataSettings)
    box = child(form, QCheckBox, "setting_flip")
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert form.values()["flip"] is True


def test_a_value_that_cannot_be_is_said_at_its_row(qtbot: QtBot) -> None:
    form = shown(qtbot, TrainingSettings)
    device = child(form, QLineEdit, "setting_device")
    note = child(form, QLabel, "note_device")
    device.clear()
    with qtbot.waitSignal(form.problem) as told:
        qtbot.keyClicks(device, "gpu")
    assert told.args is not None
    assert "device" in told.args[0].lower()
    assert note.isVisible()
    assert "gpu" in note.text()
    with pytest.raises(SettingsError, match="Device"):
        form.settings()
    device.clear()
    qtbot.keyClicks(device, "cpu")
    assert not note.isVisible()
    assert form.settings() == TrainingSettings(device="cpu")


def test_values_that_do_not_go_together_are_said_below_the_form(qtbot: QtBot) -> None:
    form = shown(qtbot, Rates)
    footer = child(form, QLabel, "form_problem")
    form.set_values({"low": 5})
    assert footer.isVisible()
    assert footer.text() == "Low must not be above high."
    form.set_values({"high": 6})
    assert not footer.isVisible()


def test_a_later_check_can_point_at_a_folded_row(qtbot: QtBot) -> None:
    form = shown(qtbot, Rates)
    form.show_problem("Too much momentum for this loss.", "beta1")
    assert child(form, QDoubleSpinBox, "setting_beta1").isVisible()
    assert child(form, QLabel, "note_beta1").text() == "Too much momentum for this loss."


def test_suggestions_fill_what_the_user_has_not_touched(qtbot: QtBot) -> None:
    form = shown(qtbot, DataSettings)
    size = child(form, QComboBox, "setting_image_size")
    qtbot.keyClick(size, Qt.Key.Key_End)
    form.suggest({"image_size": 32, "channels": "grey", "batch_size": 8})
    assert form.values()["image_size"] == 256
    assert form.values()["channels"] == "grey"
    assert child(form, QLabel, "note_channels").isVisible()
    assert not child(form, QLabel, "note_image_size").isVisible()
    form.reset()
    assert form.values()["image_size"] == 32


def test_the_reset_button_of_a_group_appears_when_there_is_something_to_reset(qtbot: QtBot) -> None:
    form = shown(qtbot, Rates)
    reset = child(child(form, QWidget, "group_range"), QToolButton, "section_reset")
    assert not reset.isVisible()
    form.set_values({"low": 2, "rate": 0.1})
    assert reset.isVisible()
    qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert form.values()["low"] == 1
    assert form.values()["rate"] == 0.1
    assert not reset.isVisible()


def test_advanced_settings_wait_behind_more(qtbot: QtBot) -> None:
    form = shown(qtbot, Rates)
    beta1 = child(form, QDoubleSpinBox, "setting_beta1")
    more = child(form, QToolButton, "more_optimiser")
    assert not beta1.isVisible()
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert beta1.isVisible()
    assert more.text() == "Less"


def test_a_locked_form_keeps_its_values(qtbot: QtBot) -> None:
    form = shown(qtbot, TrainingSettings)
    form.set_locked(True)
    steps = child(form, QSpinBox, "setting_steps")
    assert not steps.isEnabled()
    qtbot.keyClicks(steps, "7")
    assert form.values()["steps"] == 0
    form.set_locked(False)
    assert steps.isEnabled()


def test_many_values_at_once_are_told_once(qtbot: QtBot) -> None:
    form = made(qtbot, TrainingSettings)
    told: list[None] = []
    form.changed.connect(lambda: told.append(None))
    form.set_values({"steps": 10, "batch_size": 16, "seed": 3})
    assert len(told) == 1


def turn_wheel(widget: QWidget) -> None:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_the_wheel_only_turns_the_editor_that_has_the_focus(qtbot: QtBot) -> None:
    form = shown(qtbot, TrainingSettings)
    batch = child(form, QSpinBox, "setting_batch_size")
    child(form, QSpinBox, "setting_steps").setFocus()
    turn_wheel(batch)
    assert batch.value() == 64
    batch.setFocus()
    turn_wheel(batch)
    assert batch.value() == 72


def test_picking_a_colour_changes_the_setting(qtbot: QtBot) -> None:
    form = shown(qtbot, DataSettings)
    qtbot.mouseClick(form.editor("background"), Qt.MouseButton.LeftButton)
    dialog = child(form.editor("background"), QColorDialog, "colour_dialog")
    dialog.setCurrentColor(QColor("#102030"))
    with qtbot.waitSignal(form.changed):
        dialog.accept()
    assert form.values()["background"] == "#102030"


class Files(Settings):
    """A setting that is the path of a file."""

    weights: str = setting(
        "", label="Weights", group="Files", widget="file", endings=(".pth",), help="If you have any."
    )


def test_choosing_a_file_changes_the_setting_and_the_next_choice_begins_in_its_folder(qtbot: QtBot, home, tmp_path):
    (tmp_path / "deep").mkdir()
    file = tmp_path / "deep" / "vgg19.pth"
    file.touch()
    form = shown(qtbot, Files)
    edit = form.editor("weights")
    qtbot.mouseClick(child(edit, QToolButton, "choose_file"), Qt.MouseButton.LeftButton)
    dialog = child(form.window(), QFileDialog, "file_dialog")
    assert "*.pth" in dialog.nameFilters()[0]
    with qtbot.waitSignal(form.changed):
        dialog.selectFile(str(file))
        dialog.accept()
    assert form.values() == {"weights": str(file)}
    form.reset()
    qtbot.waitUntil(lambda: form.window().findChild(QFileDialog, "file_dialog") is None)
    again = shown(qtbot, Files)
    qtbot.mouseClick(child(again.editor("weights"), QToolButton, "choose_file"), Qt.MouseButton.LeftButton)
    opened = child(again.window(), QFileDialog, "file_dialog")
    assert Path(opened.directory().path()) == file.parent
    opened.reject()


def test_a_file_that_is_dropped_on_its_line_is_named_there(qtbot: QtBot, tmp_path):
    form = shown(qtbot, Files)
    dragged = QMimeData()
    dragged.setUrls([QUrl.fromLocalFile(str(tmp_path / "a b.pth"))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, dragged, buttons, keys)
    form.editor("weights").dropEvent(drop)
    assert form.values() == {"weights": str(tmp_path / "a b.pth")}
