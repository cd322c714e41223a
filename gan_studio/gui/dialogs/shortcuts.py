"""The sheet on F1: every key and what it does, by menu and page, with a field to look for one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gan_studio.gui.dialogs.parts import bottom_buttons, fit_to_screen
from gan_studio.gui.icons import icon
from gan_studio.gui.key_help import KeyGroup, KeyRow
from gan_studio.gui.theme import SPACING

SIZE = QSize(1080, 660)
COLUMNS = 3
_HEAD_ROWS = 2
"""A group's title and the gap below a group take as much room as so many lines."""


class ShortcutSheet(QDialog):
    """Groups of lines in columns. What is typed into the field leaves the lines that hold all its words."""

    def __init__(self, groups: Sequence[KeyGroup], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups = groups
        self.setObjectName("shortcuts_dialog")
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build_search()
        self._build_layout()
        self.search.textChanged.connect(self._show)
        self._show("")
        fit_to_screen(self, SIZE)

    def _build_search(self) -> None:
        self.search = QLineEdit()
        self.search.setObjectName("shortcuts_search")
        self.search.setAccessibleName("Find a shortcut")
        self.search.setPlaceholderText("Find a key or what it does")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("magnifying-glass", "muted"), QLineEdit.ActionPosition.LeadingPosition)

    def _build_layout(self) -> None:
        self._area = QScrollArea()
        self._area.setObjectName("shortcuts_scroll")
        self._area.setWidgetResizable(True)
        self._nothing = QLabel("No shortcut goes by that name.")
        self._nothing.setProperty("role", "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.xl, SPACING.l, SPACING.xl, SPACING.l)
        column.setSpacing(SPACING.m)
        column.addWidget(self.search)
        column.addWidget(self._area, 1)
        column.addWidget(self._nothing, 1)
        column.addWidget(bottom_buttons(self))

    @Slot(str)
    def _show(self, words: str) -> None:
        """Only the lines that match, set anew in columns."""
        found = [KeyGroup(group.title, _matching(group, words)) for group in self._groups]
        found = [group for group in found if group.rows]
        self._area.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self._area.setWidget(_columns(found))


def _matching(group: KeyGroup, words: str) -> tuple[KeyRow, ...]:
    """A group whose title is what was looked for is shown whole."""
    if words and words.lower() in group.title.lower():
        return group.rows
    return tuple(row for row in group.rows if row.matches(words))


def _columns(groups: Sequence[KeyGroup]) -> QWidget:
    sheet = QWidget()
    sheet.setProperty("role", "scrolled")
    row = QHBoxLayout(sheet)
    row.setContentsMargins(0, 0, SPACING.s, 0)
    row.setSpacing(SPACING.xl)
    for part in _spread(groups):
        column = QVBoxLayout()
        column.setSpacing(SPACING.l)
        for group in part:
            column.addWidget(_block(group))
        column.addStretch(1)
        row.addLayout(column, 1)
    return sheet


def _spread(groups: Sequence[KeyGroup]) -> list[list[KeyGroup]]:
    """The groups in their order in three columns, the tallest of which is as low as it can be."""
    heights = [len(group.rows) + _HEAD_ROWS for group in groups]
    limit = max([*heights, -(-sum(heights) // COLUMNS)], default=0)
    while True:
        columns, room = [[]], limit
        for group, height in zip(groups, heights, strict=True):
            if height > room and columns[-1]:
                columns.append([])
                room = limit
            columns[-1].append(group)
            room -= height
        if len(columns) <= COLUMNS:
            return columns + [[] for _ in range(COLUMNS - len(columns))]
        limit += 1


def _block(group: KeyGroup) -> QWidget:
    block = QWidget()
    grid = QGridLayout(block)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(SPACING.m)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    title = QLabel(group.title)
    title.setProperty("role", "heading")
    line = QFrame()
    line.setProperty("role", "line")
    grid.addWidget(title, 0, 0, 1, 2)
    grid.addWidget(line, 1, 0, 1, 2)
    for place, key_row in enumerate(group.rows, start=2):
        what = QLabel(key_row.what)
        what.setWordWrap(True)
        grid.addWidget(what, place, 0)
        grid.addLayout(_caps(key_row.keys), place, 1)
    return block


def _caps(keys: Sequence[str]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACING.xs)
    row.addStretch(1)
    for text in keys:
        cap = QLabel(text)
        cap.setProperty("role", "key")
        cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(cap, 0, Qt.AlignmentFlag.AlignTop)
    return row
