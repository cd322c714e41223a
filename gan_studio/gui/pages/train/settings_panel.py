"""What is trained and how: family, preset, and the forms of family, data and training settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from gan_studio.engine.config import DataSettings, Settings
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import FamilyForm, RunView
from gan_studio.gui.widgets.config_form import ConfigForm
from gan_studio.gui.widgets.wheel_guard import WheelGuard

_LABEL_WIDTH = 120
"""As wide as the labels of the forms below, so that the editors stand in one line."""
LOADING = "Loading the engine…"
NOT_LOADED = "The engine did not load."


class SettingsPanel(QWidget):
    """Usable in part at once: the data form needs no engine; family and training forms come with `set_families`."""

    changed = Signal()
    """Values, family or validity changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._families: dict[str, FamilyForm] = {}
        self._forms: dict[str, ConfigForm] = {}
        self._classes: dict[str, type[Settings]] = {}
        self._suggestions: Mapping[str, Any] = {}
        self._wanted: RunView | None = None
        """The run whose settings are to be shown as soon as there are forms for them."""
        self._locked = False
        self._guard = WheelGuard(self)
        self._build_family_chooser()
        self._build_layout()
        self._put_form("data", DataSettings)
        self._connect_signals()

    # --- what the page calls ---

    @property
    def ready(self) -> bool:
        """Whether the families are known."""
        return bool(self._families)

    def set_families(
        self,
        families: Sequence[FamilyForm],
        data_settings_class: type[Settings],
        training_settings_class: type[Settings],
    ) -> None:
        """The engine is loaded: offer its families. What was entered in the data form stays."""
        self._families = {family.name: family for family in families}
        self.loading.hide()
        self.chooser.show()
        self._put_form("data", data_settings_class)
        self._put_form("training", training_settings_class)
        self.family_combo.clear()
        for family in families:
            self.family_combo.addItem(family.title, family.name)
        if self._wanted is not None:
            self.show_run(self._wanted)

    def show_run(self, run: RunView) -> None:
        """The settings a run was trained with, so that Train does the same again; later, if the engine still loads."""
        self._wanted = None if self.ready else run
        if self.ready and not self._locked:
            self.select_family(run.family)
            for part, values in (("family", run.family_settings), ("data", run.data), ("training", run.training)):
                self.set_values(part, values)

    def show_engine_error(self) -> None:
        """There will be no families."""
        self.loading.setText(NOT_LOADED)

    def family(self) -> str:
        """Name of the family chosen; empty until families are known."""
        return self.family_combo.currentData() or ""

    def chosen_family(self) -> FamilyForm | None:
        """All that is known of the family chosen; None until families are known."""
        return self._families.get(self.family())

    def select_family(self, name: str) -> None:
        """Choose a family, if it is there."""
        place = self.family_combo.findData(name)
        if place >= 0:
            self.family_combo.setCurrentIndex(place)

    def values(self, part: str) -> dict[str, Any]:
        """Values of the `family`, `data` or `training` form; empty where that form is not there yet."""
        return self._forms[part].values() if part in self._forms else {}

    def set_values(self, part: str, values: Mapping[str, Any]) -> None:
        """Show these values in one form, if it is there."""
        if part in self._forms:
            self._forms[part].set_values(values)

    def form(self, part: str) -> ConfigForm:
        """The form of `family`, `data` or `training`. Raises KeyError before it is there."""
        return self._forms[part]

    def suggest(self, values: Mapping[str, Any]) -> None:
        """Fill in what was found in the data, where the user chose nothing else; also in forms that come later."""
        self._suggestions = dict(values)
        for form in self._forms.values():
            form.suggest(self._suggestions)

    def problem(self) -> str:
        """What is wrong with the settings, in words; empty when nothing is."""
        problems = [text for form in self._forms.values() for text in form.problems().values()]
        return problems[0] if problems else ""

    def set_locked(self, locked: bool) -> None:
        """While training, settings can be read and not changed."""
        self._locked = locked
        self.chooser.setEnabled(not locked)
        for form in self._forms.values():
            form.set_locked(locked)

    # --- building ---

    def _build_family_chooser(self) -> None:
        self.family_combo, self.preset_combo = QComboBox(), QComboBox()
        self.family_combo.setObjectName("family_combo")
        self.family_combo.setAccessibleName("Family")
        self.preset_combo.setObjectName("preset_combo")
        self.preset_combo.setAccessibleName("Preset")
        self.preset_combo.setToolTip("Settings with a name; what you change afterwards stays changed")
        # After a change of scheme Qt asks again how wide a choice must be: a long preset must not widen the column.
        for combo in (self.family_combo, self.preset_combo):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(8)
        self._guard.guard(self.family_combo, self.preset_combo)
        self.summary = QLabel()
        self.summary.setObjectName("family_summary")
        self.summary.setWordWrap(True)
        self.summary.setProperty("role", "muted")
        self.chooser = QWidget()
        self._choice_rows = QFormLayout(self.chooser)
        self._choice_rows.setContentsMargins(0, 0, 0, 0)
        self._choice_rows.setSpacing(SPACING.s)
        self._choice_rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._choice_rows.addRow(_label("Famil&y", self.family_combo), self.family_combo)
        self._choice_rows.addRow(self.summary)
        self._choice_rows.addRow(_label("Pre&set", self.preset_combo), self.preset_combo)
        self.chooser.hide()

    def _build_layout(self) -> None:
        self.loading = QLabel(LOADING)
        self.loading.setObjectName("engine_loading")
        self.loading.setProperty("role", "muted")
        self._places = {name: QVBoxLayout() for name in ("family", "data", "training")}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.s)
        column.addWidget(self.chooser)
        column.addWidget(self.loading)
        # Data first: it is what a beginner recognises, and it is there before the engine is.
        for name in ("data", "family", "training"):
            column.addLayout(self._places[name])

    def _connect_signals(self) -> None:
        self.family_combo.currentIndexChanged.connect(self._show_family)
        self.preset_combo.activated.connect(self._apply_preset)

    def _put_form(self, part: str, settings_class: type[Settings]) -> None:
        """Build the form of a part; one that is there already for these settings stays, with what was entered."""
        if self._classes.get(part) is settings_class:
            return
        if part in self._forms:
            before = self._forms.pop(part)
            self._places[part].removeWidget(before)
            before.hide()
            before.deleteLater()
        self._classes[part] = settings_class
        form = ConfigForm(settings_class)
        form.setObjectName(f"{part}_form")
        form.suggest(self._suggestions)
        form.set_locked(self._locked)
        form.changed.connect(self.changed)
        form.problem.connect(self._on_problem)
        self._forms[part] = form
        self._places[part].addWidget(form)

    # --- reacting ---

    @Slot(int)
    def _show_family(self, index: int) -> None:
        family = self._families.get(self.family())
        if family is None:
            return
        self.summary.setText(family.summary)
        self._put_form("family", family.settings_class)
        self.preset_combo.clear()
        self.preset_combo.addItem("Default", None)
        for name in family.presets:
            self.preset_combo.addItem(name, name)
        self._choice_rows.setRowVisible(self.preset_combo, bool(family.presets))
        self.changed.emit()

    @Slot(int)
    def _apply_preset(self, index: int) -> None:
        family, name = self._families[self.family()], self.preset_combo.itemData(index)
        form = self._forms["family"]
        form.reset()
        if name is not None:
            form.set_values(family.presets[name].model_dump())

    @Slot(str)
    def _on_problem(self, text: str) -> None:
        self.changed.emit()


def _label(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(buddy)
    label.setMinimumWidth(_LABEL_WIDTH)
    return label
