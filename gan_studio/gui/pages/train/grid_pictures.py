"""Reads sample grids from disk and keeps the last few, so that the timeline can be dragged to and fro."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from PySide6.QtGui import QImageReader, QPixmap

_CACHE_BYTES = 96 * 1024**2
_BYTES_PER_PIXEL = 4


class GridPictures:
    """A cache by path and modification time. Only on the GUI thread: pixmaps live there."""

    def __init__(self, cache_bytes: int = _CACHE_BYTES) -> None:
        self._cache_bytes = cache_bytes
        self._used_bytes = 0
        self._pixmaps: OrderedDict[tuple[Path, int], QPixmap] = OrderedDict()

    def load(self, path: Path) -> QPixmap | None:
        """The picture at `path`; None when it is gone or no picture."""
        try:
            key = (path, path.stat().st_mtime_ns)
        except OSError:
            return None
        if key in self._pixmaps:
            self._pixmaps.move_to_end(key)
            return self._pixmaps[key]
        image = QImageReader(str(path)).read()
        if image.isNull():
            return None
        pixmap = QPixmap.fromImage(image)
        self._keep(key, pixmap)
        return pixmap

    def clear(self) -> None:
        self._pixmaps.clear()
        self._used_bytes = 0

    def _keep(self, key: tuple[Path, int], pixmap: QPixmap) -> None:
        self._pixmaps[key] = pixmap
        self._used_bytes += _size(pixmap)
        while self._used_bytes > self._cache_bytes and len(self._pixmaps) > 1:
            self._used_bytes -= _size(self._pixmaps.popitem(last=False)[1])


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * _BYTES_PER_PIXEL
