"""The right editor for each kind of setting, behind one small interface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from gan_studio.engine.settings import SettingInfo
from gan_studio.gui.widgets.colour_button import ColourButton
from gan_studio.gui.widgets.elided_combo import ElidedComboBox
from gan_studio.gui.widgets.file_edit import FileEdit
from gan_studio.gui.widgets.number_edits import FloatSpinBox, IntSpinBox, WholeSpinBox, plain_float

_INT32 = 2**31 - 1


@dataclass(frozen=True)
class Editor:
    """An editor widget, and how to read, write and watch it."""

    widget: QWidget
    read: Callable[[], Any]
    write: Callable[[Any], None]
    changed: SignalInstance


def make_editor(info: SettingInfo) -> Editor:
    """The editor for a setting, holding its default."""
    makers: dict[str, Callable[[SettingInfo], Editor]] = {
        "bool": _check_box,
        "int": _whole_number,
        "float": _float,
        "choice": _choice,
        "text": {"colour": _colour, "file": _file}.get(info.widget, _text),
    }
    editor = makers[info.kind](info)
    editor.write(info.default)
    editor.widget.setObjectName(f"setting_{info.name}")
    editor.widget.setAccessibleName(f"{info.label} ({info.unit})" if info.unit else info.label)
    editor.widget.setAccessibleDescription(info.help)
    editor.widget.setToolTip(tooltip(info))
    return editor


def tooltip(info: SettingInfo) -> str:
    """Help, limits and default as rich text, which Qt wraps."""
    limits = ""
    if info.minimum is not None and info.maximum is not None:
        limits = f"From {plain_float(info.minimum)} to {plain_float(info.maximum)}. "
    default = {True: "on", False: "off"}.get(info.default, "") if info.kind == "bool" else _shown(info, info.default)
    return f"<qt>{escape(info.help)}<br><br>{escape(limits)}Default: {escape(default)}</qt>"


def _shown(info: SettingInfo, value: Any) -> str:
    return choice_text(info, value) if info.kind == "choice" else f"{value} {info.unit}".strip()


def choice_text(info: SettingInfo, choice: Any) -> str:
    """What one of a choice's values is called in the form."""
    if str(choice) in info.choice_labels:
        return info.choice_labels[str(choice)]
    if not isinstance(choice, str):
        return f"{choice} {info.unit}".strip()
    return choice[:1].upper() + choice[1:] if choice.isalpha() else choice


def _check_box(info: SettingInfo) -> Editor:
    box = QCheckBox(info.label)
    return Editor(box, box.isChecked, box.setChecked, box.toggled)


def _whole_number(info: SettingInfo) -> Editor:
    fits = all(bound is not None and abs(bound) <= _INT32 for bound in (info.minimum, info.maximum))
    if not fits:
        wide = WholeSpinBox(info.minimum, info.maximum, info.step)
        _add_unit(wide, info)
        return Editor(wide, lambda: round(wide.value()), wide.setValue, wide.valueChanged)
    spin = IntSpinBox(int(info.minimum or 0), int(info.maximum or 0), int(info.step or 1))
    _add_unit(spin, info)
    return Editor(spin, spin.value, spin.setValue, spin.valueChanged)


def _float(info: SettingInfo) -> Editor:
    spin = FloatSpinBox(info.minimum, info.maximum, info.step)
    _add_unit(spin, info)
    return Editor(spin, spin.value, spin.setValue, spin.valueChanged)


def _add_unit(spin: IntSpinBox | FloatSpinBox | WholeSpinBox, info: SettingInfo) -> None:
    if info.unit:
        spin.setSuffix(f" {info.unit}")


def _choice(info: SettingInfo) -> Editor:
    combo = ElidedComboBox()
    combo.addItems([choice_text(info, choice) for choice in info.choices])

    def write(value: Any) -> None:
        if value in info.choices:
            combo.setCurrentIndex(info.choices.index(value))

    return Editor(combo, lambda: info.choices[combo.currentIndex()], write, combo.currentIndexChanged)


def _text(info: SettingInfo) -> Editor:
    line = QLineEdit()
    return Editor(line, line.text, line.setText, line.textChanged)


def _file(info: SettingInfo) -> Editor:
    line = FileEdit(info.endings)
    return Editor(line, lambda: line.text().strip(), line.setText, line.textChanged)


def _colour(info: SettingInfo) -> Editor:
    button = ColourButton()
    return Editor(button, button.colour, button.set_colour, button.changed)
