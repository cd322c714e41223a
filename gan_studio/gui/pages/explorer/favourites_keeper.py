"""Keeps the favourites of the model that is open: what the bar shows, what is saved, what is undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from gan_studio.gui.pages.explorer.favourites_bar import FavouritesBar
from gan_studio.gui.views import Viewpoint
from gan_studio.gui.views.explorer import Batch, BatchPictures, Favourite, Favourites

CHANNEL = "favourites"
REFRESH_MS = 5000
"""How often thumbnails follow a model in training: each costs a picture on the explorer's one core."""
Items = tuple[Favourite, ...]


class FavouritesChange(QUndoCommand):
    """From some favourites to others; without effect once another model is open."""

    def __init__(self, show: Callable[[Favourites], bool], before: Favourites, after: Favourites) -> None:
        super().__init__("favourites")
        self._show, self._before, self._after = show, before, after

    def undo(self) -> None:
        self.setObsolete(not self._show(self._before))

    def redo(self) -> None:
        self.setObsolete(not self._show(self._after))


class FavouritesKeeper(QObject):
    """Between the bar and the session."""

    chosen = Signal(object)
    """Viewpoint to go to."""
    wanted = Signal(object)
    """Batch of thumbnails."""
    save_requested = Signal(object)
    """Favourites."""
    changed = Signal()

    def __init__(self, bar: FavouritesBar, undo_stack: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bar, self._stack = bar, undo_stack
        self._kept = Favourites(None)
        self._stamp = 0
        self._since_refresh = QElapsedTimer()
        strip = bar.strip
        strip.chosen.connect(self._choose)
        strip.renamed.connect(self._rename)
        strip.removed.connect(self._remove)
        strip.reordered.connect(self._reorder)

    @property
    def items(self) -> Items:
        return self._kept.items

    def on_path(self) -> Items:
        """Those a path leads along: the selected ones where there are several, else all."""
        selected = self._bar.strip.selected()
        return tuple(self.items[place] for place in selected) if len(selected) > 1 else self.items

    @Slot(object)
    def show(self, favourites: Favourites) -> None:
        """Those of another model."""
        self._kept = favourites
        self._fill()

    def add(self, viewpoint: Viewpoint, name: str) -> None:
        """Keep a place behind those there are."""
        taken = {item.name for item in self.items}
        free = name
        number = 2
        while free in taken:
            free, number = f"{name} ({number})", number + 1
        self._change((*self.items, Favourite(free, viewpoint)))
        self._bar.strip.scrollToBottom()

    def refresh(self, now: bool) -> None:
        """The model changed; where it does so all the time, `now` is false and thumbnails follow now and then."""
        due = not self._since_refresh.isValid() or self._since_refresh.hasExpired(REFRESH_MS)
        if now or due:
            self._ask()

    @Slot(object)
    def show_pictures(self, made: BatchPictures) -> None:
        if made.stamp == self._stamp:
            for place, pixels in enumerate(made.pixels, made.start):
                self._bar.strip.set_picture(place, pixels)

    @Slot(int)
    def _choose(self, place: int) -> None:
        self.chosen.emit(self.items[place].viewpoint)

    @Slot(int, str)
    def _rename(self, place: int, name: str) -> None:
        before = self.items[place]
        if name and name != before.name:
            self._change((*self.items[:place], replace(before, name=name), *self.items[place + 1 :]))
        else:
            self._fill()

    @Slot(object)
    def _remove(self, places: list[int]) -> None:
        self._change(tuple(item for place, item in enumerate(self.items) if place not in places))

    @Slot(object)
    def _reorder(self, order: list[int]) -> None:
        self._change(tuple(self.items[place] for place in order))

    def _change(self, items: Items) -> None:
        after = replace(self._kept, items=items)
        # Pushing does it for the first time
        self._stack.push(FavouritesChange(self._restore, self._kept, after))

    def _restore(self, favourites: Favourites) -> bool:
        if favourites.place != self._kept.place:
            return False
        self._kept = favourites
        self._fill()
        self.save_requested.emit(favourites)
        return True

    def _fill(self) -> None:
        self._bar.strip.show_names([item.name for item in self.items])
        self._bar.set_count(len(self.items))
        self._ask()
        self.changed.emit()

    def _ask(self) -> None:
        self._stamp += 1
        self._since_refresh.start()
        self.wanted.emit(Batch(CHANNEL, self._stamp, tuple(item.viewpoint for item in self.items)))
