"""What is trained and how: family, preset, and the forms of family, data and training settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from gan_studio.engine.config import DataSettings
from gan_studio.engine.settings import Settings
from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import FamilyForm, RunView
from gan_studio.gui.widgets.config_form import ConfigForm
from gan_studio.gui.widgets.elided_combo import ElidedComboBox
from gan_studio.gui.widgets.wheel_guard import WheelGuard

LOADING = "Loading the engine…"
NOT_LOADED = "The engine did not load."


class SettingsPanel(QWidget):
    """Usable in part at once: the data form needs no engine; family and training forms come with `set_families`."""

    family_changed = Signal()
    changed = Signal()
    """Values, family or validity changed."""
    section_folded = Signal(str, bool)
    """A section, by part and group, was folded (False) or unfolded (True) by hand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._families: dict[str, FamilyForm] = {}
        self._forms: dict[str, ConfigForm] = {}
        self._classes: dict[str, type[Settings]] = {}
        self._suggestions: Mapping[str, Any] = {}
        self._wanted: RunView | None = None
        """The run whose settings are to be shown as soon as there are forms for them."""
        self._locked = False
        self._recall: Callable[[str, bool], bool] = _as_built
        self._guard = WheelGuard(self)
        self._build_family_chooser()
        self._build_find()
        self._build_layout()
        self._put_form("data", DataSettings)
        self._connect_signals()

    # --- what the page calls ---

    @property
    def ready(self) -> bool:
        """Whether the families are known."""
        return bool(self._families)

    def recall_sections(self, recall: Callable[[str, bool], bool]) -> None:
        """Fold the sections as they were left, also of forms that come later.

        `recall` gets a section, by part and group, and whether it is unfolded at first.
        """
        self._recall = recall
        for part in self._forms:
            self._recall_folding(part)

    def set_families(
        self,
        families: Sequence[FamilyForm],
        data_settings_class: type[Settings],
        training_settings_class: type[Settings],
        first: str = "",
    ) -> None:
        """The engine is loaded: offer its families, and choose the one of the name `first`, if it is there.

        What was entered in the data form stays.
        """
        self._families = {family.name: family for family in families}
        self.loading.hide()
        self.chooser.show()
        self._put_form("data", data_settings_class)
        self._put_form("training", training_settings_class)
        with QSignalBlocker(self.family_combo):  # else the first one's form would be built and thrown away
            self.family_combo.clear()
            for family in families:
                self.family_combo.addItem(family.title, family.name)
            self.select_family(first)
        self._show_family(self.family_combo.currentIndex())
        if self._wanted is not None:  # also where another process trains it meanwhile, and the form is locked
            self._fill_in(self._wanted)
            self._wanted = None

    def show_run(self, run: RunView) -> None:
        """The settings a run was trained with, so that Train does the same again; later, if the engine still loads."""
        self._wanted = None if self.ready else run
        if self.ready and not self._locked:
            self._fill_in(run)

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
        self._suggest()

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

    def _fill_in(self, run: RunView) -> None:
        self.select_family(run.family)
        family = self._families.get(run.family)
        settings = _completed(family.settings_class, run.family_settings) if family else run.family_settings
        for part, values in (("family", settings), ("data", run.data), ("training", run.training)):
            self.set_values(part, values)

    # --- building ---

    def _build_family_chooser(self) -> None:
        self.family_combo, self.preset_combo = ElidedComboBox(), ElidedComboBox()
        self.family_combo.setObjectName("family_combo")
        self.family_combo.setAccessibleName("Family")
        self.preset_combo.setObjectName("preset_combo")
        self.preset_combo.setAccessibleName("Preset")
        self.preset_combo.setToolTip("Settings with a name; what you change afterwards stays changed")
        self.preset_combo.setPlaceholderText("Changed by hand")
        # After a change of scheme Qt asks again how wide a choice must be: a long preset must not widen the column.
        for combo in (self.family_combo, self.preset_combo):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(4)
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

    def _build_find(self) -> None:
        self.find_edit = QLineEdit()
        self.find_edit.setObjectName("settings_find")
        self.find_edit.setAccessibleName("Find a setting")
        self.find_edit.setPlaceholderText("Find a setting")
        self.find_edit.setToolTip("Words of a setting's name or of what it does")
        self.find_edit.setClearButtonEnabled(True)
        self.find_edit.addAction(icon("magnifying-glass", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.find_edit.textChanged.connect(self._show_found)
        self.nothing_found = QLabel()
        self.nothing_found.setObjectName("settings_nothing_found")
        self.nothing_found.setProperty("role", "muted")
        self.nothing_found.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing_found.setWordWrap(True)
        self.nothing_found.hide()

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
        column.addWidget(self.find_edit)
        column.addWidget(self.nothing_found)
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
        form.changed.connect(self._on_changed)
        form.problem.connect(self._on_problem)
        form.section_folded.connect(self._on_section)
        self._forms[part] = form
        self._places[part].addWidget(form)
        self._recall_folding(part)
        if self.find_edit.text():
            self._show_found(self.find_edit.text())

    def _recall_folding(self, part: str) -> None:
        form = self._forms[part]
        for group, expanded in form.groups().items():
            form.set_expanded(group, self._recall(f"{part}/{group}", expanded))

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
        if "data" in self._forms:  # how pictures become squares means nothing for points
            self._forms["data"].setVisible(not family.shapes)
        self._suggest()
        self._say_in_words()
        self.changed.emit()
        self.family_changed.emit()

    def _suggest(self) -> None:
        """What the data suggests, and rather than that what the family does; else the settings' own defaults."""
        training = self._classes.get("training")
        named = {name for family in self._families.values() for name in family.suggestions}
        defaults = {name: training.model_fields[name].default for name in named} if training else {}
        family = self._families.get(self.family())
        for form in self._forms.values():
            form.suggest(defaults, "")
            form.suggest(self._suggestions)
            if family is not None:
                form.suggest(family.suggestions, f"Usual for {family.title}")

    @Slot(int)
    def _apply_preset(self, index: int) -> None:
        family, name = self._families[self.family()], self.preset_combo.itemData(index)
        form = self._forms["family"]
        form.reset()
        if name is not None:
            form.set_values(family.presets[name].model_dump())

    @Slot(str)
    def _show_found(self, text: str) -> None:
        found = sum(form.look_for(text) for form in self._forms.values())
        self.nothing_found.setText(f"No setting has to do with “{text}”.")
        self.nothing_found.setVisible(not found)

    @Slot()
    def _on_changed(self) -> None:
        self._show_preset()
        self._say_in_words()
        self.changed.emit()

    def _say_in_words(self) -> None:
        """What settings of the family come to that follow from those of data and training."""
        size, batch_size = self.values("data").get("image_size"), self.values("training").get("batch_size")
        form = self._forms.get("family")
        if form is not None:
            if not (isinstance(size, int) and isinstance(batch_size, int)) or form.problems():
                form.say({})
            else:
                form.say(form.settings().in_words(size, batch_size))

    def _show_preset(self) -> None:
        """The preset that the family's form holds now; the one chosen last where several are alike, none where none."""
        family = self._families.get(self.family())
        if family is None or "family" not in self._forms:
            return
        values, last = self._forms["family"].values(), self.preset_combo.currentIndex()
        for index in (last, *range(self.preset_combo.count())):
            name = self.preset_combo.itemData(index) if index >= 0 else None
            preset = family.presets[name] if name is not None else family.settings_class()
            if index >= 0 and preset.model_dump() == values:
                self.preset_combo.setCurrentIndex(index)
                return
        self.preset_combo.setCurrentIndex(-1)

    @Slot(str, bool)
    def _on_section(self, group: str, unfolded: bool) -> None:
        part = next((part for part, form in self._forms.items() if form is self.sender()), None)
        if part is not None and not self.find_edit.text():
            self.section_folded.emit(f"{part}/{group}", unfolded)

    @Slot(str)
    def _on_problem(self, text: str) -> None:
        self.changed.emit()


def _completed(settings_class: type[Settings], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """With what an older program did not write down; as they are where they do not fit any more."""
    try:
        return settings_class.model_validate(dict(values)).model_dump()
    except ValidationError:
        return values


def _as_built(section: str, unfolded: bool) -> bool:
    return unfolded


def _label(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(buddy)
    return label
