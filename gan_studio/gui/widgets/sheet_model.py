"""The pictures of a contact sheet: their names, which are shown, which were taken out, and those thumbnails that are in
memory. Knows numbers of pictures, not files."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage, QPixmap

from gan_studio.gui.images import to_qimage

AnyIndex = QModelIndex | QPersistentModelIndex
NUMBER_ROLE = Qt.ItemDataRole.UserRole
OUT_ROLE = Qt.ItemDataRole.UserRole + 1
KEPT_THUMBNAILS = 1500
"""At most 64 KiB each: about 100 MiB however many pictures there are."""


class SheetModel(QAbstractListModel):
    """One row for each picture that is shown, in the order of the numbers."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: Sequence[str] = ()
        self._shown = np.zeros(0, np.int64)
        self._out = np.zeros(0, np.bool_)
        self._thumbnails: OrderedDict[int, QPixmap] = OrderedDict()
        self._pale: OrderedDict[int, QPixmap] = OrderedDict()
        self._unreadable: set[int] = set()

    # --- what is shown ---

    def set_pictures(self, names: Sequence[str]) -> None:
        """Other pictures: all are shown, none is taken out."""
        self.beginResetModel()
        self._names = names
        self._shown, self._out = np.arange(len(names)), np.zeros(len(names), np.bool_)
        self._thumbnails.clear()
        self._pale.clear()
        self._unreadable.clear()
        self.endResetModel()

    def show_only(self, numbers: np.ndarray) -> None:
        """Show these pictures, int64 and rising."""
        self.beginResetModel()
        self._shown = numbers
        self.endResetModel()

    def set_taken_out(self, out: np.ndarray) -> None:
        """Which pictures are taken out, bool `[all pictures]`."""
        self._out = out
        if len(self._shown):
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1), [OUT_ROLE])

    @property
    def shown(self) -> np.ndarray:
        """Numbers of the pictures that are shown."""
        return self._shown

    def row_of(self, number: int) -> int:
        """Where a picture is shown; -1 where it is not."""
        row = int(np.searchsorted(self._shown, number))
        return row if row < len(self._shown) and self._shown[row] == number else -1

    def name_of(self, number: int) -> str:
        return self._names[number]

    def is_out(self, number: int) -> bool:
        return bool(self._out[number])

    # --- thumbnails ---

    def add_thumbnails(self, numbers: Iterable[int], pictures: Iterable[np.ndarray | None]) -> None:
        """Keep what was read, uint8 `[h, w, 3]`; None for a picture that cannot be read."""
        for number, pixels in zip(numbers, pictures, strict=True):
            if pixels is None:
                self._unreadable.add(number)
            else:
                _keep(self._thumbnails, number, QPixmap.fromImage(to_qimage(pixels)))
            row = self.row_of(number)
            if row >= 0:
                self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole])

    def missing(self, rows: Iterable[int]) -> list[int]:
        """Numbers of those pictures in these rows whose thumbnails are still to be read."""
        numbers = (int(self._shown[row]) for row in rows)
        return [number for number in numbers if number not in self._thumbnails and number not in self._unreadable]

    def thumbnail(self, number: int) -> QPixmap | None:
        """None while it is not in memory."""
        if number in self._thumbnails:
            self._thumbnails.move_to_end(number)
        return self._thumbnails.get(number)

    def pale_thumbnail(self, number: int) -> QPixmap | None:
        """Without its colours, for a picture that was taken out."""
        whole = self.thumbnail(number)
        if whole is None:
            return None
        if number not in self._pale:
            grey = whole.toImage().convertToFormat(QImage.Format.Format_Grayscale8)
            _keep(self._pale, number, QPixmap.fromImage(grey), KEPT_THUMBNAILS // 4)
        return self._pale[number]

    def is_unreadable(self, number: int) -> bool:
        return number in self._unreadable

    @property
    def kept_thumbnails(self) -> int:
        return len(self._thumbnails)

    # --- Qt's own names ---

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's own name and default
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        number = int(self._shown[index.row()])
        if role == NUMBER_ROLE:
            return number
        if role == OUT_ROLE:
            return self.is_out(number)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._names[number] + (" (taken out)" if self.is_out(number) else "")
        return None


def _keep(store: OrderedDict[int, QPixmap], number: int, pixmap: QPixmap, most: int = KEPT_THUMBNAILS) -> None:
    store[number] = pixmap
    store.move_to_end(number)
    while len(store) > most:
        store.popitem(last=False)
