"""A form that builds itself from the declarations of a settings class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from gan_studio.engine.errors import SettingsError
from gan_studio.engine.settings import SettingInfo, Settings, describe, validated
from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.collapsible_section import CollapsibleSection
from gan_studio.gui.widgets.form_filter import FormFilter
from gan_studio.gui.widgets.mnemonics import with_mnemonics
from gan_studio.gui.widgets.setting_row import FOUND, SettingRow
from gan_studio.gui.widgets.wheel_guard import WheelGuard


class ConfigForm(QWidget):
    """One row per setting, one folding section per group, advanced settings behind "More".

    Args:
        settings_class: its settings, declared with `engine.settings.setting`, become the rows.
        names: show these settings only; the others keep their defaults.
    """

    changed = Signal()
    """A value changed, by hand or by program."""
    problem = Signal(str)
    """What is wrong with the values now; empty once nothing is any more."""
    section_folded = Signal(str, bool)
    """A section was folded (False) or unfolded (True) by hand."""

    def __init__(
        self, settings_class: type[Settings], *, names: list[str] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._class = settings_class
        self._rows: dict[str, SettingRow] = {}
        self._folds: dict[str, QToolButton] = {}
        self._sections: dict[str, CollapsibleSection] = {}
        self._busy = False
        self._last_problem = ""
        self._guard = WheelGuard(self)
        self._build([info for info in describe(settings_class) if names is None or info.name in names])
        self._filter = FormFilter(self._rows, self._sections, self._folds)
        self._check()

    def look_for(self, text: str) -> int:
        """Show only what has to do with `text`, everything where it is empty; returns how many settings that are."""
        return self._filter.apply(text)

    def groups(self) -> dict[str, bool]:
        """The sections, and whether each is unfolded."""
        return {group: section.is_expanded() for group, section in self._sections.items()}

    def set_expanded(self, group: str, expanded: bool) -> None:
        """Fold or unfold a section. Raises KeyError."""
        self._sections[group].set_expanded(expanded)

    def values(self) -> dict[str, Any]:
        """What the rows hold, by setting name; `problems()` says whether that can work."""
        return {name: row.value() for name, row in self._rows.items()}

    def settings(self) -> Settings:
        """The values as a validated object. Raises SettingsError."""
        return validated(self._class, self.values())

    def problems(self) -> dict[str, str]:
        """What is wrong, by setting name; the key is empty where no single row is to blame."""
        try:
            self._class.model_validate(self.values())
        except ValidationError as error:
            return {self._row_of(problem["loc"]): self._sentence(problem) for problem in error.errors()}
        except SettingsError as error:
            return {"": str(error)}
        return {}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show these values as chosen by the user. Names without a row are left out."""
        with _Quiet(self):
            for name, value in values.items():
                if name in self._rows:
                    self._rows[name].set_value(value)

    def suggest(self, values: Mapping[str, Any], why: str = FOUND) -> None:
        """Fill in what was found by looking, where the user has chosen nothing else; `why` stands below each."""
        with _Quiet(self):
            for name, value in values.items():
                if name in self._rows:
                    self._rows[name].suggest(value, why)

    @Slot()
    def reset(self) -> None:
        """Every setting back to what was found, or to its default."""
        with _Quiet(self):
            for row in self._rows.values():
                row.reset()

    def set_locked(self, locked: bool) -> None:
        """Make the rows read-only while a training uses them; sections still fold."""
        for row in self._rows.values():
            row.setEnabled(not locked)
        for section in self._sections.values():
            section.set_reset_enabled(not locked)

    def editor(self, name: str) -> QWidget:
        """The editor widget of a setting. Raises KeyError."""
        return self._rows[name].editor.widget

    def say(self, words: Mapping[str, str]) -> None:
        """Say below rows, by name, what their values come to; below the others nothing more."""
        for name, row in self._rows.items():
            row.say(words.get(name, ""))

    def show_problem(self, message: str, name: str = "") -> None:
        """Say at a row, or below the form, what a later check found; the next change takes it away."""
        if name in self._rows:
            self._rows[name].show_problem(message)
            self._reveal(name)
        else:
            self._footer.setText(message)
            self._footer.setVisible(bool(message))

    def _build(self, infos: list[SettingInfo]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.xs)
        labels = dict(zip((info.name for info in infos), with_mnemonics([info.label for info in infos]), strict=True))
        for group in dict.fromkeys(info.group for info in infos):
            column.addWidget(self._build_section(group, [info for info in infos if info.group == group], labels))
        self._footer = QLabel()
        self._footer.setObjectName("form_problem")
        self._footer.setProperty("role", "error")
        self._footer.setWordWrap(True)
        self._footer.hide()
        column.addWidget(self._footer)

    def _build_section(self, group: str, infos: list[SettingInfo], labels: Mapping[str, str]) -> CollapsibleSection:
        section = CollapsibleSection(group, self._class.group_help(group))
        section.setObjectName(f"group_{group.lower().replace(' ', '_')}")
        section.reset_requested.connect(self._reset_section)
        section.folded_by_user.connect(self._on_section)
        self._sections[group] = section
        plain = [info for info in infos if not info.advanced]
        advanced = [info for info in infos if info.advanced]
        for info in plain or advanced:
            section.body.addWidget(self._build_row(info, labels[info.name]))
        if plain and advanced:
            section.body.addWidget(self._build_fold(group, advanced, labels))
        section.set_expanded(bool(plain))
        return section

    def _build_row(self, info: SettingInfo, label: str) -> SettingRow:
        row = SettingRow(info, label)
        row.edited.connect(self._on_edited)
        self._guard.guard(row.editor.widget)
        self._rows[info.name] = row
        return row

    def _build_fold(self, group: str, infos: list[SettingInfo], labels: Mapping[str, str]) -> QWidget:
        holder, hidden = QWidget(), QWidget()
        fold = _fold_button(group)
        rows = QVBoxLayout(hidden)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACING.s)
        for info in infos:
            rows.addWidget(self._build_row(info, labels[info.name]))
            self._folds[info.name] = fold
        hidden.hide()
        fold.toggled.connect(hidden.setVisible)
        fold.toggled.connect(self._on_fold)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.s)
        column.addWidget(fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(hidden)
        return holder

    @Slot(bool)
    def _on_fold(self, unfolded: bool) -> None:
        fold = self.sender()
        if isinstance(fold, QToolButton):
            _show_fold(fold, unfolded)

    @Slot(bool)
    def _on_section(self, unfolded: bool) -> None:
        section = self.sender()
        if isinstance(section, CollapsibleSection):
            self.section_folded.emit(section.title(), unfolded)

    @Slot()
    def _on_edited(self) -> None:
        if not self._busy:
            self._check()
            self.changed.emit()

    @Slot()
    def _reset_section(self) -> None:
        section = self.sender()
        with _Quiet(self):
            for row in self._rows.values():
                if self._sections[row.info.group] is section:
                    row.reset()

    def _check(self) -> None:
        problems = self.problems()
        for name, row in self._rows.items():
            row.show_problem(problems.get(name, ""))
        self.show_problem(problems.get("", ""))
        for name in problems:
            self._reveal(name)
        for group, section in self._sections.items():
            section.set_resettable(any(row.is_changed() for row in self._rows.values() if row.info.group == group))
        said = "; ".join(self._named(name, text) for name, text in problems.items())
        if said != self._last_problem:
            self._last_problem = said
            self.problem.emit(said)

    def _named(self, name: str, text: str) -> str:
        return f"{self._rows[name].info.label}: {text}" if name in self._rows else text

    def _row_of(self, location: Iterable[Any]) -> str:
        first = next(iter(location), "")
        return first if first in self._rows else ""

    def _sentence(self, problem: Mapping[str, Any]) -> str:
        row = self._rows.get(self._row_of(problem["loc"]))
        if problem["type"] == "string_pattern_mismatch" and row is not None:
            # A regular expression tells the user nothing; the help says what may stand there.
            return f"“{row.value()}” is not understood. {row.info.help}"
        return problem["msg"].removeprefix("Value error, ")

    def _reveal(self, name: str) -> None:
        if name in self._folds:
            self._folds[name].setChecked(True)
        if name in self._rows:
            self._sections[self._rows[name].info.group].set_expanded(True)


class _Quiet:
    """Many changes at once are checked and told once."""

    def __init__(self, form: ConfigForm) -> None:
        self._form = form

    def __enter__(self) -> None:
        self._form._busy = True

    def __exit__(self, *_: object) -> None:
        self._form._busy = False
        self._form._on_edited()


def _fold_button(group: str) -> QToolButton:
    fold = QToolButton()
    fold.setObjectName(f"more_{group.lower().replace(' ', '_')}")
    fold.setProperty("role", "fold")
    fold.setCheckable(True)
    fold.setIconSize(QSize(10, 10))
    fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    fold.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    _show_fold(fold, False)
    return fold


def _show_fold(fold: QToolButton, unfolded: bool) -> None:
    fold.setText("Less" if unfolded else "More")
    fold.setIcon(icon("caret-up-bold" if unfolded else "caret-down-bold", "accent_text"))
