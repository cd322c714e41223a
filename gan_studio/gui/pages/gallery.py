"""The gallery: every sample grid of a run, by step."""

from __future__ import annotations

import bisect
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QImageReader, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QStackedWidget, QVBoxLayout, QWidget

from gan_studio.engine.events import GridSaved, Started, TrainEvent
from gan_studio.gui.quantities import whole
from gan_studio.gui.theme import SPACING, colours, theme_changed
from gan_studio.gui.widgets.empty_state import EmptyState

_THUMBNAIL = 192
_KEPT_THUMBNAILS = 400
_AT_A_TIME = 2
AnyIndex = QModelIndex | QPersistentModelIndex


class GridModel(QAbstractListModel):
    """Grids in the order of their steps. Pictures are read a few at a time, when a view first asks for them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[int] = []
        self._paths: dict[int, Path] = {}
        self._thumbnails: OrderedDict[int, QPixmap] = OrderedDict()
        self._wanted: list[int] = []
        self._reader = QTimer(self)
        self._reader.setInterval(0)
        self._reader.timeout.connect(self._read_some)
        self._blank = QPixmap()
        self._paint_blank()
        theme_changed.connect(self._paint_blank)

    @property
    def steps(self) -> list[int]:
        return list(self._steps)

    def step_at(self, index: AnyIndex) -> int:
        return self._steps[index.row()]

    def path_of(self, step: int) -> Path:
        return self._paths[step]

    def set_grids(self, grids: Iterable[tuple[int, Path]]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self._paths = dict(grids)
        self._steps = sorted(self._paths)
        self._thumbnails.clear()
        self._wanted.clear()
        self.endResetModel()

    def add(self, step: int, path: Path) -> None:
        """A new grid, or a grid of a step that is there already, made anew."""
        place = bisect.bisect_left(self._steps, step)
        if step in self._paths:
            self._paths[step] = path
            self._thumbnails.pop(step, None)
            self.dataChanged.emit(self.index(place), self.index(place))
            return
        self.beginInsertRows(QModelIndex(), place, place)
        self._steps.insert(place, step)
        self._paths[step] = path
        self.endInsertRows()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's own name and default
        return 0 if parent.isValid() else len(self._steps)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        step = self._steps[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"step {whole(step)}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"Sample grid of step {whole(step)}"
            case Qt.ItemDataRole.ToolTipRole:
                return str(self._paths[step])
            case Qt.ItemDataRole.DecorationRole:
                return QIcon(self._thumbnail(step))
        return None

    def _thumbnail(self, step: int) -> QPixmap:
        if step in self._thumbnails:
            self._thumbnails.move_to_end(step)
            return self._thumbnails[step]
        if step not in self._wanted:
            self._wanted.append(step)
            self._reader.start()
        return self._blank

    @Slot()
    def _read_some(self) -> None:
        """Newest wishes first: they are what is in sight now."""
        for _ in range(min(_AT_A_TIME, len(self._wanted))):
            self._read(self._wanted.pop())
        if not self._wanted:
            self._reader.stop()

    def _read(self, step: int) -> None:
        self._thumbnails[step] = read_thumbnail(self._paths[step]) or self._blank
        if len(self._thumbnails) > _KEPT_THUMBNAILS:
            self._thumbnails.popitem(last=False)
        place = self.index(bisect.bisect_left(self._steps, step))
        self.dataChanged.emit(place, place, [Qt.ItemDataRole.DecorationRole])

    @Slot()
    def _paint_blank(self) -> None:
        self._blank = QPixmap(_THUMBNAIL, _THUMBNAIL)
        self._blank.fill(QColor(colours().raised))


class GalleryPage(QWidget):
    """Grids as thumbnails; a click asks for the step to be shown large."""

    step_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: Path | None = None
        self.model = GridModel(self)
        self._build_view()
        self._build_layout()
        self._connect_signals()

    def set_grids(self, run: Path, grids: Iterable[tuple[int, Path]]) -> None:
        """Show a run from disk."""
        self._run = run
        self.model.set_grids(grids)

    @Slot(object)
    def show_event(self, event: TrainEvent) -> None:
        """Follow a training; what does not concern grids is passed over."""
        match event:
            case Started(run, step):
                self._run = run
                known = [(known, self.model.path_of(known)) for known in self.model.steps if known <= step]
                self.model.set_grids((known, path) for known, path in known if path.is_relative_to(run))
            case GridSaved(step, path):
                self.model.add(step, path)

    def _build_view(self) -> None:
        self.view = QListView()
        self.view.setObjectName("gallery_view")
        self.view.setAccessibleName("Sample grids by step")
        self.view.setViewMode(QListView.ViewMode.IconMode)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setMovement(QListView.Movement.Static)
        self.view.setUniformItemSizes(True)
        self.view.setIconSize(QSize(_THUMBNAIL, _THUMBNAIL))
        self.view.setSpacing(SPACING.s)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setModel(self.model)
        self.empty = EmptyState(
            "squares-four", "No sample grids yet", "While a training runs, its sample grids gather here, step by step."
        )

    def _build_layout(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.m, SPACING.m, SPACING.m, SPACING.m)
        column.addWidget(self._stack)

    def _connect_signals(self) -> None:
        # One signal for mouse and keyboard both: `activated` alone is a double click on most systems.
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)
        self.model.rowsInserted.connect(self._show_or_invite)
        self.model.modelReset.connect(self._show_or_invite)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        self.step_chosen.emit(self.model.step_at(index))

    @Slot()
    def _show_or_invite(self) -> None:
        self._stack.setCurrentWidget(self.view if self.model.rowCount() else self.empty)


def read_thumbnail(path: Path) -> QPixmap | None:
    """The picture at `path`, no larger than a thumbnail; None when it cannot be read."""
    reader = QImageReader(str(path))
    size = reader.size()
    if size.isValid() and (size.width() > _THUMBNAIL or size.height() > _THUMBNAIL):
        reader.setScaledSize(size.scaled(_THUMBNAIL, _THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else QPixmap.fromImage(image)
