"""The left of the runs page: filter, table, and what is said about what was just done."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.pages.runs.model import RunsModel
from gan_studio.gui.pages.runs.table import RunsTable
from gan_studio.gui.pages.runs.words import counted, disk_use
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.banner import Banner
from gan_studio.gui.widgets.empty_state import EmptyState
from gan_studio.gui.widgets.undo_bar import UndoBar

_NO_MATCH = ("No run matches", "Other words may find it.", "Clear the filter")
_FILTER_WIDTH = 380


class RunsBrowser(QWidget):
    """Filters and counts by itself; what is chosen concerns the page."""

    trash_wanted = Signal()
    """The trash is to be shown."""

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.table = RunsTable(model)
        self.banner, self.undo_bar = Banner(), UndoBar()
        self.banner.setObjectName("runs_banner")
        self._build_top()
        self._build_layout()
        self._connect()

    @Slot()
    def refresh(self) -> None:
        """The table, or a hint where the filter hides all; and how many there are."""
        shown = bool(self.table.filter.rowCount()) or not self.filter_edit.text()
        self._stack.setCurrentWidget(self.table if shown else self.no_match)
        sizes = [self._model.size_of(self._model.run_at(row).path) for row in range(self._model.rowCount())]
        known = sum(size for size in sizes if size is not None)
        text = counted(len(sizes), "run")
        self.total.setText(f"{text}, {disk_use(known)}" if known else text)

    def _build_top(self) -> None:
        self.filter_edit = QLineEdit()
        self.filter_edit.setObjectName("runs_filter")
        self.filter_edit.setPlaceholderText("Filter by name, pictures, family or state")
        self.filter_edit.setAccessibleName("Filter the runs")
        self.filter_edit.setToolTip("Words that must stand in name, pictures, family or state")
        self.filter_edit.setClearButtonEnabled(True)
        self.filter_edit.addAction(icon("magnifying-glass", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter_edit.setMaximumWidth(_FILTER_WIDTH)
        self.total = QLabel()
        self.total.setObjectName("runs_total")
        self.total.setProperty("role", "muted")
        self.trash_button = QPushButton("Tra&sh…")
        self.trash_button.setObjectName("runs_trash")
        self.trash_button.setIcon(icon("trash-simple"))
        self.trash_button.setProperty("role", "quiet")
        self.trash_button.setToolTip("Runs that were thrown away")

    def _build_layout(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING.m)
        top.addWidget(self.filter_edit, 2)
        top.addWidget(self.total)
        top.addStretch(1)
        top.addWidget(self.trash_button)
        self.no_match = EmptyState("magnifying-glass", *_NO_MATCH)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.no_match)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.m, SPACING.m, SPACING.m, SPACING.m)
        column.setSpacing(SPACING.s)
        column.addLayout(top)
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)
        column.addWidget(self.undo_bar)

    def _connect(self) -> None:
        self.filter_edit.textChanged.connect(self.table.filter.search)
        self.filter_edit.textChanged.connect(self.refresh)
        self.no_match.action_triggered.connect(self.filter_edit.clear)
        self.trash_button.clicked.connect(self.trash_wanted)
