"""The table of runs: one row a run, by path; filled, changed and thinned out row by row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPixmap

from gan_studio.gui.images import to_qimage
from gan_studio.gui.pages.runs.words import STANDING_TIPS, STANDINGS, disk_use, family_title, pictures_line, when
from gan_studio.gui.quantities import short_count, whole
from gan_studio.gui.views import RunSummary

AnyIndex = QModelIndex | QPersistentModelIndex
SORT = Qt.ItemDataRole.UserRole
RUN = Qt.ItemDataRole.UserRole + 1
THUMBNAIL = Qt.ItemDataRole.UserRole + 2
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class Column(IntEnum):
    NAME = 0
    STATE = 1
    FAMILY = 2
    DATA = 3
    STEPS = 4
    IMAGES = 5
    CHANGED = 6
    SIZE = 7
    KEPT = 8


HEADINGS: Mapping[Column, tuple[str, str]] = {
    Column.NAME: ("Run", "Name of the run's folder; F2 renames it"),
    Column.STATE: ("State", "What can be done with it"),
    Column.FAMILY: ("Family", "Kind of GAN"),
    Column.DATA: ("Pictures", "What it was trained on"),
    Column.STEPS: ("Steps", "How long it was trained"),
    Column.IMAGES: ("Images", "Pictures that were shown to it"),
    Column.CHANGED: ("Last trained", "When its newest line was written"),
    Column.SIZE: ("On disk", "Everything in its folder"),
    Column.KEPT: ("Kept", "Checkpoints there are; older ones were deleted"),
}
_NUMBERS = (Column.STEPS, Column.IMAGES, Column.SIZE, Column.KEPT)


class RunsModel(QAbstractTableModel):
    """Knows nothing of files: it is told what there is."""

    rename_wanted = Signal(object, str)
    """Path of a run, and the name that was typed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: list[RunSummary] = []
        self._thumbnails: dict[Path, QPixmap] = {}
        self._sizes: dict[Path, int] = {}
        self._families: dict[str, str] = {}

    # --- what the page calls ---

    def run_at(self, row: int) -> RunSummary:
        return self._runs[row]

    def run(self, path: Path) -> RunSummary | None:
        row = self._row(path)
        return None if row is None else self._runs[row]

    def row(self, path: Path) -> int:
        """-1 where it is not there."""
        row = self._row(path)
        return -1 if row is None else row

    def size_of(self, path: Path) -> int | None:
        """Disk use in bytes, as soon as that is known."""
        return self._sizes.get(path)

    def set_families(self, titles: Mapping[str, str]) -> None:
        self._families = dict(titles)
        self._tell(0, len(self._runs) - 1)

    def put(self, run: RunSummary) -> None:
        """A new run, or one that has changed."""
        row = self._row(run.path)
        if row is None:
            self.beginInsertRows(QModelIndex(), len(self._runs), len(self._runs))
            self._runs.append(run)
            self.endInsertRows()
        elif self._runs[row] != run:
            self._runs[row] = run
            self._tell(row, row)

    def keep_only(self, paths: Collection[Path]) -> None:
        """All others are gone."""
        known = set(paths)
        for row in reversed(range(len(self._runs))):
            if self._runs[row].path not in known:
                self._remove(row)

    def remove(self, path: Path) -> None:
        row = self._row(path)
        if row is not None:
            self._remove(row)

    def move(self, path: Path, run: RunSummary) -> None:
        """A run lies elsewhere, under another name; its row stays."""
        row = self._row(path)
        if row is None:
            return
        for store in (self._thumbnails, self._sizes):
            if path in store:
                store[run.path] = store.pop(path)  # type: ignore[index, assignment]
        self._runs[row] = run
        self._tell(row, row)

    def set_thumbnail(self, path: Path, pixels: np.ndarray) -> None:
        self._thumbnails[path] = QPixmap.fromImage(to_qimage(pixels))
        self._tell_of(path)

    def set_size(self, path: Path, size_bytes: int) -> None:
        self._sizes[path] = size_bytes
        self._tell_of(path)

    # --- what Qt calls ---

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's own name and default
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Only names are edited, and only of runs that nobody writes."""
        flags = super().flags(index)
        renamable = index.column() == Column.NAME and not self._runs[index.row()].standing.being_written
        return flags | Qt.ItemFlag.ItemIsEditable if renamable else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = Column(section)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return HEADINGS[column][0]
            case Qt.ItemDataRole.ToolTipRole:
                return HEADINGS[column][1]
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column in _NUMBERS else _LEFT
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        run, column = self._runs[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(run, column)
            case Qt.ItemDataRole.EditRole:
                return run.name
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(run, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{HEADINGS[column][0]}: {self._text(run, column)}"
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column in _NUMBERS else _LEFT
        if role == SORT:
            return self._sort_key(run, column)
        if role == RUN:
            return run
        return self._thumbnails.get(run.path) if role == THUMBNAIL else None

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """A name was typed: it is asked for, and shown once the folder has it."""
        run = self._runs[index.row()]
        if role == Qt.ItemDataRole.EditRole and str(value).strip() != run.name:
            self.rename_wanted.emit(run.path, str(value))
        return False

    # --- inside ---

    def _text(self, run: RunSummary, column: Column) -> str:
        if column is not Column.NAME and column in (*_NUMBERS[:2], Column.FAMILY, Column.DATA) and not run.family:
            return "–"
        match column:
            case Column.NAME:
                return run.name
            case Column.STATE:
                return STANDINGS[run.standing]
            case Column.FAMILY:
                return family_title(run.family, self._families)
            case Column.DATA:
                return run.source_name
            case Column.STEPS:
                return whole(run.step)
            case Column.IMAGES:
                return short_count(run.images)
            case Column.CHANGED:
                return when(run.changed_seconds)
            case Column.SIZE:
                return disk_use(self._sizes.get(run.path))
            case Column.KEPT:
                return str(len(run.checkpoints))

    def _tip(self, run: RunSummary, column: Column) -> str:
        match column:
            case Column.STATE:
                return " ".join(part for part in (STANDING_TIPS[run.standing], run.problem) if part)
            case Column.DATA:
                count = f"\n{whole(run.picture_count)} pictures, {pictures_line(run)}" if run.picture_count else ""
                return f"{run.source}{count}"
            case Column.KEPT:
                steps = ", ".join(map(whole, run.checkpoints)) or "none"
                return f"Checkpoints of step {steps}; the newest {run.keep_checkpoints} are kept"
        return str(run.path) if column is Column.NAME else ""

    def _sort_key(self, run: RunSummary, column: Column) -> Any:
        match column:
            case Column.STEPS:
                return run.step
            case Column.IMAGES:
                return float(run.images)
            case Column.CHANGED:
                return run.changed_seconds
            case Column.SIZE:
                return float(self._sizes.get(run.path, -1))
            case Column.KEPT:
                return len(run.checkpoints)
        return self._text(run, column).casefold()

    def _row(self, path: Path) -> int | None:
        return next((row for row, run in enumerate(self._runs) if run.path == path), None)

    def _remove(self, row: int) -> None:
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._runs[row]
        self.endRemoveRows()

    def _tell_of(self, path: Path) -> None:
        row = self._row(path)
        if row is not None:
            self._tell(row, row)

    def _tell(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))
