"""Finds settings in a form by words: of their labels, their help, their groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QToolButton

from gan_studio.engine.settings import SettingInfo
from gan_studio.gui.widgets.collapsible_section import CollapsibleSection
from gan_studio.gui.widgets.setting_row import SettingRow


@dataclass(frozen=True)
class _Folding:
    """What was unfolded before something was looked for."""

    sections: dict[str, bool]
    folds: dict[str, bool]


class FormFilter:
    """Hides what does not fit, unfolds what does, and puts everything back where it was.

    Args:
        rows: by setting name.
        sections: by group.
        folds: by the name of each advanced setting, the button that it is folded away behind.
    """

    def __init__(
        self,
        rows: Mapping[str, SettingRow],
        sections: Mapping[str, CollapsibleSection],
        folds: Mapping[str, QToolButton],
    ) -> None:
        self._rows, self._sections, self._folds = rows, sections, folds
        self._before: _Folding | None = None

    def apply(self, text: str) -> int:
        """Show the settings that hold every word of `text`; returns how many these are."""
        words = text.casefold().split()
        if words and self._before is None:
            self._before = self._folding()
        found = {name for name, row in self._rows.items() if _fits(row.info, words)}
        groups = {self._rows[name].info.group for name in found}
        for name, row in self._rows.items():
            row.setVisible(name in found)
        for group, section in self._sections.items():
            section.setVisible(group in groups)
        for fold in self._folds.values():
            fold.setVisible(not words)
        self._unfold(found) if words else self._put_back()
        return len(found)

    def _folding(self) -> _Folding:
        return _Folding(
            {group: section.is_expanded() for group, section in self._sections.items()},
            {name: fold.isChecked() for name, fold in self._folds.items()},
        )

    def _unfold(self, found: set[str]) -> None:
        for section in self._sections.values():
            section.set_expanded(True)
        for name in found & self._folds.keys():
            self._folds[name].setChecked(True)

    def _put_back(self) -> None:
        if self._before is not None:
            for group, expanded in self._before.sections.items():
                self._sections[group].set_expanded(expanded)
            for name, unfolded in self._before.folds.items():
                self._folds[name].setChecked(unfolded)
            self._before = None


def _fits(info: SettingInfo, words: Sequence[str]) -> bool:
    said = " ".join((info.label, info.help, info.group, info.name, info.unit, *info.choice_labels.values())).casefold()
    return all(word in said for word in words)
