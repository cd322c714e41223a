"""Sample grids as pixmaps: the last few are kept, and those that come next are asked for before they are due."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QMetaMethod, QObject, Signal, Slot
from PySide6.QtGui import QImageReader, QPixmap

from gan_studio.gui.views.gallery import PictureRead, PictureWish

_CACHE_BYTES = 96 * 1024**2
_BYTES_PER_PIXEL = 4
_AHEAD_BYTES = _CACHE_BYTES // 4
AHEAD = 12
"""How many grids are asked for ahead, where they are small enough to be kept together."""


class GridPictures(QObject):
    """A cache by path and modification time. Only on the GUI thread: pixmaps live there."""

    wanted = Signal(object)
    """A list of PictureWish, the next first; answered by `keep`. Without an answer they are read when they are due."""
    fetched = Signal(Path)
    """The first of what `fetch` asked for: all of it can be shown now without being read."""

    def __init__(self, cache_bytes: int = _CACHE_BYTES, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache_bytes = cache_bytes
        self._used_bytes = 0
        self._pixmaps: OrderedDict[tuple[Path, int], QPixmap] = OrderedDict()
        self._asked: set[Path] = set()
        self._fetching: dict[Path, set[Path]] = {}
        """What is still to be read of that which was asked for together, by the first of each."""
        self._ahead = AHEAD

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
        return self._keep(key, QPixmap.fromImage(image))

    def fetch(self, paths: Sequence[Path]) -> None:
        """Have what is wanted together now read in the background; `fetched` follows, at once where nobody reads."""
        if not self.isSignalConnected(QMetaMethod.fromSignal(self.wanted)):
            self.fetched.emit(paths[0])
            return
        self._asked.update(paths)
        self._fetching[paths[0]] = set(paths)
        self.wanted.emit([PictureWish(path) for path in paths])

    def prepare(self, paths: Iterable[Path]) -> None:
        """Have the first few of these read in the background."""
        kept = {path for path, _ in self._pixmaps}
        next_ones = [path for _, path in zip(range(self._ahead), paths, strict=False)]
        missing = [path for path in next_ones if path not in kept and path not in self._asked]
        if missing:
            self._asked.update(missing)
            self.wanted.emit([PictureWish(path) for path in missing])

    @Slot(object)
    def keep(self, read: PictureRead) -> None:
        """A picture was read; those that others asked for are passed over."""
        path = read.wish.path
        if read.wish.side or path not in self._asked:
            return
        self._asked.discard(path)
        if not read.image.isNull() and (path, read.changed_ns) not in self._pixmaps:
            self._keep((path, read.changed_ns), QPixmap.fromImage(read.image))
        self._tell_fetched(path)

    def clear(self) -> None:
        self._pixmaps.clear()
        self._asked.clear()
        self._fetching.clear()
        self._used_bytes = 0
        self._ahead = AHEAD

    def _tell_fetched(self, read: Path) -> None:
        for first, missing in list(self._fetching.items()):
            missing.discard(read)
            if not missing:
                del self._fetching[first]
                self.fetched.emit(first)

    def _keep(self, key: tuple[Path, int], pixmap: QPixmap) -> QPixmap:
        self._pixmaps[key] = pixmap
        self._used_bytes += _size(pixmap)
        self._ahead = min(AHEAD, max(1, _AHEAD_BYTES // _size(pixmap)))
        while self._used_bytes > self._cache_bytes and len(self._pixmaps) > 1:
            self._used_bytes -= _size(self._pixmaps.popitem(last=False)[1])
        return pixmap


def _size(pixmap: QPixmap) -> int:
    return max(1, pixmap.width() * pixmap.height() * _BYTES_PER_PIXEL)
