"""The files that were skipped: how many for which reason, and each by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gan_studio.gui.icons import icon
from gan_studio.gui.quantities import whole
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.bar_list import BarList

AnyIndex = QModelIndex | QPersistentModelIndex
_EVERY_REASON = "Every reason"
_REASONS_WIDTH = 280


class SkippedModel(QAbstractTableModel):
    """Names and reasons, as far as they pass the filter."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[tuple[str, str]] = ()
        self.rows: list[tuple[str, str]] = []

    def set_files(self, files: Sequence[tuple[str, str]]) -> None:
        self._all = files
        self.show_only()

    def show_only(self, reason: str = "", words: str = "") -> None:
        """Those with this reason whose name holds these words; empty lets all through."""
        self.beginResetModel()
        wanted = words.casefold()
        self.rows = [one for one in self._all if reason in ("", one[1]) and wanted in one[0].casefold()]
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's own name and default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's own name and default
        return 0 if parent.isValid() else 2

    def headerData(  # noqa: N802 - Qt's own name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("File", "Why it is left out")[section]
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.rows[index.row()][index.column()]
        return None


class SkippedFiles(QWidget):
    """Reasons on the left, files on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files: Sequence[tuple[str, str]] = ()
        self._build_lists()
        self._build_bar()
        self._build_layout()
        self.reasons.chosen.connect(self._filter)
        self.finder.textChanged.connect(self._filter)
        self.copy.clicked.connect(self._copy)

    def show_files(self, files: Sequence[tuple[str, str]]) -> None:
        self._files = files
        counts = Counter(reason for _, reason in files).most_common()
        self.reasons.set_bars([(_EVERY_REASON, len(files)), *counts] if files else [])
        self.reasons.setCurrentRow(0)
        self.finder.clear()
        self.model.set_files(files)
        self._say()

    def _build_lists(self) -> None:
        self.reasons = BarList(choosing=True)
        self.reasons.setObjectName("skipped_reasons")
        self.reasons.setAccessibleName("Reasons, with the number of files")
        self.reasons.setFixedWidth(_REASONS_WIDTH)
        self.model = SkippedModel(self)
        self.table = QTableView()
        self.table.setObjectName("skipped_list")
        self.table.setAccessibleName("Skipped files and reasons")
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(26)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def _build_bar(self) -> None:
        self.words = QLabel()
        self.words.setObjectName("skipped_words")
        self.words.setProperty("role", "muted")
        self.finder = QLineEdit()
        self.finder.setObjectName("skipped_find")
        self.finder.setPlaceholderText("Find a file")
        self.finder.setAccessibleName("Find a skipped file by name")
        self.finder.setClearButtonEnabled(True)
        self.finder.setMaximumWidth(200)
        self.copy = QPushButton("Copy list")
        self.copy.setObjectName("skipped_copy")
        self.copy.setIcon(icon("copy"))
        self.copy.setToolTip("Copy the files shown here, with their reasons, a line each")

    def _build_layout(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(SPACING.s)
        bar.addWidget(self.words, 1)
        bar.addWidget(self.finder)
        bar.addWidget(self.copy)
        lists = QHBoxLayout()
        lists.setSpacing(SPACING.m)
        lists.addWidget(self.reasons, 0, Qt.AlignmentFlag.AlignTop)
        lists.addWidget(self.table, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACING.s, 0, 0)
        column.setSpacing(SPACING.s)
        column.addLayout(bar)
        column.addLayout(lists, 1)

    @Slot()
    def _filter(self) -> None:
        row = self.reasons.currentRow()
        self.model.show_only(self.reasons.names()[row] if row > 0 else "", self.finder.text().strip())
        self._say()

    def _say(self) -> None:
        shown, total = len(self.model.rows), len(self._files)
        some = "" if shown == total else f"{whole(shown)} of "
        verb = "file is" if total == 1 else "files are"
        self.words.setText(f"{some}{whole(total)} {verb} left out; everything else is trained on.")
        self.copy.setEnabled(shown > 0)

    @Slot()
    def _copy(self) -> None:
        text = "\n".join("\t".join(row) for row in self.model.rows)
        QGuiApplication.clipboard().setText(text)
        self.words.setText(f"{whole(len(self.model.rows))} lines copied.")
