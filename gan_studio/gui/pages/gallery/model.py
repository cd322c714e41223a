"""Grids in the order of their steps, with thumbnails that are read in the background when a view first asks."""

from __future__ import annotations

import bisect
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QUrl,
    Signal,
    Slot,
)
from PySide6.QtGui import QPixmap

from gan_studio.gui.quantities import whole
from gan_studio.gui.views.gallery import PictureRead, PictureWish

_KEPT_BYTES = 64 * 1024**2
_FIRST_SIDE = 192
STEP, FAVOURITE = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
AnyIndex = QModelIndex | QPersistentModelIndex


class GridModel(QAbstractListModel):
    """Thumbnails are no larger than `side` pixels; smaller ones stand in until those of a new size are there."""

    thumbnails_wanted = Signal(object)
    """A list of PictureWish, answered by `keep`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: list[int] = []
        self._paths: dict[int, Path] = {}
        self._favourites: frozenset[int] = frozenset()
        self._side = _FIRST_SIDE
        self._thumbnails: OrderedDict[int, tuple[int, QPixmap]] = OrderedDict()
        self._asked: dict[Path, tuple[int, int]] = {}
        """By path, the step and the side that were asked for."""

    @property
    def steps(self) -> list[int]:
        return list(self._steps)

    @property
    def paths(self) -> dict[int, Path]:
        return {step: self._paths[step] for step in self._steps}

    @property
    def favourites(self) -> frozenset[int]:
        """Marked steps of which there is a grid."""
        return self._favourites.intersection(self._steps)

    def step_at(self, index: AnyIndex) -> int:
        return self._steps[index.row()]

    def path_of(self, step: int) -> Path:
        return self._paths[step]

    def index_of(self, step: int) -> QModelIndex:
        """Raises KeyError for a step without a grid."""
        if step not in self._paths:
            raise KeyError(step)
        return self.index(bisect.bisect_left(self._steps, step))

    def set_grids(self, grids: Iterable[tuple[int, Path]]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self._paths = dict(grids)
        self._steps = sorted(self._paths)
        self._thumbnails.clear()
        self._asked.clear()
        self.endResetModel()

    def add(self, step: int, path: Path) -> None:
        """A new grid, or a grid of a step that is there already, made anew."""
        place = bisect.bisect_left(self._steps, step)
        if step in self._paths:
            self._paths[step] = path
            self._thumbnails.pop(step, None)
            self._asked.pop(path, None)
            self.dataChanged.emit(self.index(place), self.index(place))
            return
        self.beginInsertRows(QModelIndex(), place, place)
        self._steps.insert(place, step)
        self._paths[step] = path
        self.endInsertRows()

    def set_favourites(self, steps: frozenset[int]) -> None:
        """Mark these steps, and no others."""
        changed = self._favourites ^ steps
        self._favourites = steps
        for step in changed.intersection(self._steps):
            self.dataChanged.emit(self.index_of(step), self.index_of(step), [FAVOURITE])

    def set_side(self, side: int) -> None:
        """Thumbnails of another size, in pixels of the screen; they are asked for when they are looked at."""
        if side != self._side:
            self._side = side
            if self._steps:
                self.dataChanged.emit(self.index(0), self.index(len(self._steps) - 1), [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's own name and default
        return 0 if parent.isValid() else len(self._steps)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 - Qt's own name
        """Dragged out, grids are their files."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._paths[self.step_at(index)])) for index in indexes])
        return data

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        step = self._steps[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"step {whole(step)}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"Sample grid of step {whole(step)}" + (", favourite" if step in self._favourites else "")
            case Qt.ItemDataRole.DecorationRole:
                return self._thumbnail(step)
            case _ if role == STEP:
                return step
            case _ if role == FAVOURITE:
                return step in self._favourites
        return None

    def _thumbnail(self, step: int) -> QPixmap | None:
        """None until it was read."""
        side, pixmap = self._thumbnails.get(step, (0, None))
        if pixmap is not None:
            self._thumbnails.move_to_end(step)
        path = self._paths[step]
        if side != self._side and self._asked.get(path) != (step, self._side):
            self._asked[path] = (step, self._side)
            self.thumbnails_wanted.emit([PictureWish(path, self._side)])
        return pixmap

    @Slot(object)
    def keep(self, read: PictureRead) -> None:
        """A thumbnail was read; those that are no longer wanted are passed over. What cannot be read stays blank."""
        wish = read.wish
        step, side = self._asked.get(wish.path, (-1, 0))
        if not wish.side or wish.side != side:
            return
        del self._asked[wish.path]
        self._thumbnails[step] = side, QPixmap.fromImage(read.image)
        self._thumbnails.move_to_end(step)
        while len(self._thumbnails) > max(32, _KEPT_BYTES // (4 * side * side)):
            self._thumbnails.popitem(last=False)
        self.dataChanged.emit(self.index_of(step), self.index_of(step), [Qt.ItemDataRole.DecorationRole])


class FavouritesFilter(QSortFilterProxyModel):
    """All grids, or the marked ones."""

    def __init__(self, model: GridModel) -> None:
        super().__init__(model)
        self._only_favourites = False
        self.setSourceModel(model)

    @property
    def only_favourites(self) -> bool:
        return self._only_favourites

    def set_only_favourites(self, only: bool) -> None:
        self._only_favourites = only
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: AnyIndex) -> bool:  # noqa: N802 - Qt's own name
        return not self._only_favourites or bool(self.sourceModel().index(row, 0, parent).data(FAVOURITE))
