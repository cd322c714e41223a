"""Many seeds at a glance: a grid of consecutive ones that pages on, and asks for the pictures it lacks."""

from __future__ import annotations

import math

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gan_studio.gui.views import Viewpoint
from gan_studio.gui.views.explorer import Batch, BatchPictures
from gan_studio.gui.widgets.picture_grid import PictureGrid

SIZES = {"Large": 256, "Medium": 128, "Small": 64, "Tiny": 32}
"""About how wide pictures are on the screen: as many are shown as fill the room."""
FIRST_SIZE = 1
MOST = 400
CHANNEL = "grid"


class SeedGrid(QWidget):
    """`seed_grid`. Pictures are asked for while it is in sight only."""

    wanted = Signal(object)
    """Batch."""
    seed_chosen = Signal(float)
    seed_opened = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._about: int | None = list(SIZES.values())[FIRST_SIZE]
        self._side = 64
        self._columns, self._rows = 6, 3
        self._first = 0
        self._stamp = 0
        self._place = Viewpoint()
        self._asked: tuple[object, ...] = ()
        self.pictures = PictureGrid()
        self.pictures.setObjectName("seed_grid")
        self.pictures.setAccessibleName("Pictures of consecutive seeds")
        self.pictures.setAccessibleDescription("Arrow keys go to another seed, Enter shows it alone")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pictures)
        self.pictures.chosen.connect(self._choose)
        self.pictures.opened.connect(self._open)

    @property
    def first(self) -> int:
        """The seed of the first cell."""
        return self._first

    @property
    def count(self) -> int:
        return self._columns * self._rows

    def size_in_cells(self) -> tuple[int, int]:
        """Columns and rows."""
        return self._columns, self._rows

    def set_size_in_cells(self, columns: int, rows: int) -> None:
        """Show so many, whatever the room; the grid begins at the current seed again."""
        self._about = None
        self._columns, self._rows = columns, rows
        self.start_from(self._place)

    def set_size_of_pictures(self, about: int) -> None:
        """Show as many as fill the room when each is about so wide."""
        self._about = about
        self._fill_room()

    def set_side(self, side: int) -> None:
        """How many pixels the model's pictures have."""
        self._side = side
        self._fill_room()

    def _fill_room(self) -> None:
        if self._about is not None and self.isVisible():
            columns, rows = self.pictures.cells_for(self._side, self._about)
            cells = columns, max(1, min(rows, MOST // columns))
            if cells != (self._columns, self._rows):
                self._columns, self._rows = cells
                self.show_place(self._place)

    def start_from(self, place: Viewpoint) -> None:
        """Begin at this place's seed."""
        self._first = math.floor(place.seed)
        self.show_place(place)

    def show_place(self, place: Viewpoint) -> None:
        """Mark the current seed, leafing to where it is; other controls than before ask for all pictures again."""
        self._place = place
        seed = math.floor(place.seed)
        if not self._first <= seed < self._first + self.count:
            self._first += (seed - self._first) // self.count * self.count
        self.pictures.set_current(seed - self._first if seed == place.seed else -1)
        self._ask()

    def refresh(self) -> None:
        """Another model: ask again."""
        self._asked = ()
        self._ask()

    @Slot(object)
    def show_pictures(self, made: BatchPictures) -> None:
        """Those of an earlier page are passed over."""
        if made.stamp == self._stamp:
            self.pictures.set_pictures(made.start, made.pixels)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill_room()
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The picture grid takes its own size in a moment
        QTimer.singleShot(0, self, self._fill_room)

    def hide_and_stop(self) -> None:
        """Nobody looks: what is not made yet need not be."""
        if not self.pictures.is_whole():
            self._asked = ()
            self.wanted.emit(Batch(CHANNEL, self._stamp, ()))

    def _ask(self) -> None:
        """Ask for the page's pictures, unless they were asked for already."""
        others = {name: value for name, value in self._place.controls.items() if not hasattr(value, "shape")}
        asked = (self._first, self._columns, self._rows, self._place.row, others)
        if asked == self._asked or not self.isVisible():
            return
        self._asked = asked
        self._stamp += 1
        seeds = range(self._first, self._first + self.count)
        self.pictures.set_cells(self._columns, tuple(str(seed) for seed in seeds))
        places = tuple(Viewpoint(float(seed), self._place.row, others) for seed in seeds)
        self.wanted.emit(Batch(CHANNEL, self._stamp, places, from_seed=True, columns=self._columns))

    @Slot(int)
    def _choose(self, index: int) -> None:
        self.seed_chosen.emit(float(self._first + index))

    @Slot(int)
    def _open(self, index: int) -> None:
        self.seed_opened.emit(float(self._first + index))
