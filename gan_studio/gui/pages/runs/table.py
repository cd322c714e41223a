"""The table of runs: sorted, filtered, moved through by keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QByteArray,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gan_studio.gui.pages.runs.delegate import ROW_HEIGHT, RunsDelegate
from gan_studio.gui.pages.runs.model import RUN, SORT, Column, RunsModel
from gan_studio.gui.views import RunSummary

WIDTHS = {
    Column.NAME: 260,
    Column.STATE: 126,
    Column.FAMILY: 68,
    Column.DATA: 98,
    Column.STEPS: 62,
    Column.IMAGES: 74,
    Column.CHANGED: 128,
    Column.SIZE: 76,
    Column.KEPT: 50,
}
_NARROWEST = 48
_SEARCHED = (Column.NAME, Column.STATE, Column.FAMILY, Column.DATA)


class RunsFilter(QSortFilterProxyModel):
    """Every word that is typed must stand somewhere in name, state, family or pictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: tuple[str, ...] = ()
        self.setSortRole(SORT)
        self.setDynamicSortFilter(True)

    @Slot(str)
    def search(self, text: str) -> None:
        self._words = tuple(text.casefold().split())
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:  # noqa: N802 - Qt's name
        model = self.sourceModel()
        said = " ".join(str(model.index(row, column).data()) for column in _SEARCHED).casefold()
        return all(word in said for word in self._words)


class RunsTable(QTableView):
    """Rows are chosen, several with Ctrl or Shift; Return or a double click opens one."""

    selection_changed = Signal()
    open_requested = Signal()

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_table")
        self.setAccessibleName("Runs")
        self.model_, self.filter = model, RunsFilter(self)
        self.filter.setSourceModel(model)
        self.setModel(self.filter)
        self._build_view()
        self._build_header()
        self.selectionModel().selectionChanged.connect(self._tell)
        self.activated.connect(self._open)

    # --- what the page calls ---

    def selected(self) -> list[RunSummary]:
        """In the order of the rows."""
        rows = sorted(self.selectionModel().selectedRows(), key=QModelIndex.row)
        return [index.data(RUN) for index in rows]

    def select(self, *paths: Path) -> None:
        """Choose these runs, and bring the last one into sight."""
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().clearSelection()
        for path in paths:
            index = self.filter.mapFromSource(self.model_.index(self.model_.row(path), 0))
            if index.isValid():
                self.selectionModel().setCurrentIndex(index, flags.Select | flags.Rows)
                self.scrollTo(index)

    def select_first(self) -> None:
        if self.filter.rowCount():
            self.selectRow(0)

    def rename_selected(self) -> None:
        """Edit the name in its place."""
        selected = self.selectionModel().selectedRows()
        if len(selected) == 1:
            self.setCurrentIndex(selected[0])
            self.edit(selected[0])

    def layout_state(self) -> QByteArray:
        """Widths and order of the columns, and what is sorted by."""
        return self.horizontalHeader().saveState()

    def restore_layout(self, state: QByteArray) -> None:
        """What another version left is passed over."""
        if not state.isEmpty() and self.horizontalHeader().restoreState(state):
            header = self.horizontalHeader()
            self.sortByColumn(header.sortIndicatorSection(), header.sortIndicatorOrder())

    # --- building ---

    def _build_view(self) -> None:
        self.setItemDelegate(RunsDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        # F2 comes from the page's action, which also stands in the menus
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)

    def _build_header(self) -> None:
        header = self.horizontalHeader()
        header.setObjectName("runs_header")
        header.setHighlightSections(False)
        header.setMinimumSectionSize(_NARROWEST)
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        self.setSortingEnabled(True)
        self.sortByColumn(Column.CHANGED, Qt.SortOrder.DescendingOrder)

    # --- reacting ---

    @Slot()
    def _tell(self) -> None:
        self.selection_changed.emit()

    @Slot(QModelIndex)
    def _open(self, index: Any) -> None:
        self.open_requested.emit()
