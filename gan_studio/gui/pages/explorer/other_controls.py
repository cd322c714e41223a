"""Editors for everything of a sampler that is no latent: class, truncation, noise seed. Built from the specs alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QWidget

from gan_studio.engine.sampler_controls import ControlSpec
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.latent_slider import LatentSlider
from gan_studio.gui.widgets.mnemonics import with_mnemonics
from gan_studio.gui.widgets.number_edits import IntSpinBox
from gan_studio.gui.widgets.wheel_guard import WheelGuard

_LARGEST_SEED = 2**31 - 1
_TAKEN = "fgxvhtcd" + "kswolnep"
"""Letters of the window, and of the rest of the page."""
_EDITABLE = ("choice", "number", "seed")
Editor = QComboBox | IntSpinBox | LatentSlider


class OtherControls(QWidget):
    """A row each, called `control_NAME`; hidden where a model has none."""

    edited = Signal(str)
    """The user changed a value; the gesture's name, for undo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._specs: dict[str, ControlSpec] = {}
        self._editors: dict[str, Editor] = {}
        self._guard = WheelGuard(self)
        self._gesture = 0
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, SPACING.s, 0)
        self._form.setSpacing(SPACING.s)
        self.hide()

    def set_specs(self, specs: Sequence[ControlSpec]) -> None:
        """Build the rows of these controls in place of those there are."""
        while self._form.rowCount():
            self._form.removeRow(0)
        self._specs = {spec.name: spec for spec in specs if spec.kind in _EDITABLE}
        self._editors = {name: self._make_editor(spec) for name, spec in self._specs.items()}
        texts = with_mnemonics([spec.label for spec in self._specs.values()], taken=_TAKEN)
        for text, editor in zip(texts, self._editors.values(), strict=True):
            label = QLabel(text)
            label.setBuddy(editor)
            # The column is narrow, and a slider gives way where a word must not
            label.setMinimumWidth(label.sizeHint().width() + SPACING.s)
            self._form.addRow(label, editor)
        self.set_values(self.defaults())
        self.setVisible(bool(self._editors))

    def defaults(self) -> dict[str, Any]:
        return {name: self._plain(spec, spec.default) for name, spec in self._specs.items()}

    def values(self) -> dict[str, Any]:
        return {name: _read(editor) for name, editor in self._editors.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show these values, without a signal; controls that are not named take their defaults."""
        for name, value in {**self.defaults(), **values}.items():
            if name in self._editors:
                self._show(self._editors[name], value)

    def is_changed(self) -> bool:
        return self.values() != self.defaults()

    def _plain(self, spec: ControlSpec, value: float) -> float | int:
        return float(value) if spec.kind == "number" else int(value)

    def _show(self, editor: Editor, value: Any) -> None:
        if isinstance(editor, LatentSlider):
            editor.set_number(value)
            return
        editor.blockSignals(True)
        editor.setCurrentIndex(int(value)) if isinstance(editor, QComboBox) else editor.setValue(int(value))
        editor.blockSignals(False)

    def _make_editor(self, spec: ControlSpec) -> Editor:
        editor = self._editor_of(spec)
        editor.setObjectName(f"control_{spec.name}")
        editor.setAccessibleName(spec.label)
        return editor

    def _editor_of(self, spec: ControlSpec) -> Editor:
        if spec.kind == "choice":
            combo = QComboBox()
            combo.addItems(list(spec.choices))
            combo.currentIndexChanged.connect(self._on_edited)
            self._guard.guard(combo)
            return combo
        if spec.kind == "seed":
            spin = IntSpinBox(0, _LARGEST_SEED)
            spin.valueChanged.connect(self._on_edited)
            self._guard.guard(spin)
            return spin
        slider = LatentSlider("", spec.low, spec.high, label_width=0)
        slider.set_baseline(spec.default)
        slider.edited.connect(self._on_edited)
        slider.edit_finished.connect(self._end_gesture)
        slider.reset_requested.connect(self._reset_one)
        return slider

    @Slot()
    def _on_edited(self) -> None:
        editor = self.sender()
        continuous = isinstance(editor, LatentSlider)
        self.edited.emit(f"{editor.objectName()} {self._gesture}" if continuous else "")

    @Slot()
    def _end_gesture(self) -> None:
        self._gesture += 1

    @Slot()
    def _reset_one(self) -> None:
        slider = self.sender()
        if isinstance(slider, LatentSlider) and slider.is_changed():
            slider.set_number(slider.baseline())
            self.edited.emit("")


def _read(editor: Editor) -> float | int:
    if isinstance(editor, LatentSlider):
        return editor.number()
    return editor.currentIndex() if isinstance(editor, QComboBox) else editor.value()
