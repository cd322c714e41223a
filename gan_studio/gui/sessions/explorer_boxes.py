"""Where the GUI thread lays what it wants of the explorer's thread: the newest of a kind wins, and nothing queues."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from gan_studio.engine.export.favourites import Favourite, save_favourites
from gan_studio.gui.views import Viewpoint
from gan_studio.gui.views.explorer import Batch, Favourites, PathPosition, PictureRequest

T = TypeVar("T")
PIECE = 4
"""Pictures of a batch that are made in one go: a request for a single picture waits for no more than these."""


@dataclass(frozen=True)
class Request:
    """A picture that is wanted."""

    stamp: int
    viewpoint: Viewpoint
    from_seed: bool = False
    """Draw the latents from the viewpoint's seed first."""
    path: PathPosition | None = None
    """Take the controls from this place on a path."""


class Mailbox(Generic[T]):
    """One place: what is put there takes the place of what nobody took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._content: T | None = None

    def put(self, content: T) -> bool:
        """True where the place was empty, so that the worker must be woken."""
        with self._lock:
            was_empty, self._content = self._content is None, content
            return was_empty

    def take(self) -> T | None:
        with self._lock:
            content, self._content = self._content, None
            return content


class PictureBox:
    """The newest picture that is wanted; work on the one before ends when another comes, or is called off."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: PictureRequest | None = None
        self._waits = False

    def put(self, request: PictureRequest) -> bool:
        """True where nothing waited, so that the worker must be woken. A picture not read yet is not forgotten."""
        with self._lock:
            waited, before = self._waits, self._newest
            if waited and before and request.source is None and request.pixels is None:
                request = replace(request, source=before.source, pixels=before.pixels)
            self._newest, self._waits = request, True
            return not waited

    def take(self) -> PictureRequest | None:
        with self._lock:
            request, self._waits = (self._newest if self._waits else None), False
            return request

    def cancel(self) -> None:
        with self._lock:
            self._newest, self._waits = None, False

    def waits(self) -> bool:
        """Whether one is still to be taken."""
        with self._lock:
            return self._waits

    def is_wanted(self, request: PictureRequest) -> bool:
        with self._lock:
            return self._newest is request


class BatchBox:
    """One batch a channel, handed out in pieces."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._batches: dict[str, tuple[Batch, int]] = {}

    def put(self, batch: Batch) -> bool:
        """True where nothing was under way, so that the worker must be woken. A batch of none ends its channel's."""
        with self._lock:
            was_empty = not self._batches
            self._batches.pop(batch.channel, None)
            if batch.viewpoints:
                self._batches[batch.channel] = batch, 0
            return was_empty and bool(self._batches)

    def next_piece(self) -> tuple[Batch, int, int] | None:
        """A batch and from where to where its next piece goes."""
        with self._lock:
            for channel, (batch, start) in self._batches.items():
                stop = min(start + PIECE, len(batch.viewpoints))
                if stop < len(batch.viewpoints):
                    self._batches[channel] = batch, stop
                else:
                    del self._batches[channel]
                return batch, start, stop
            return None

    def is_empty(self) -> bool:
        with self._lock:
            return not self._batches


class UnsavedFavourites:
    """The newest favourites of each model that are still to be written; what is left is written at the very end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unsaved: dict[Path, Favourites] = {}

    def put(self, favourites: Favourites) -> None:
        """Those that cannot be kept anywhere are passed over."""
        if favourites.place is not None:
            with self._lock:
                self._unsaved[favourites.place] = favourites

    def write(self) -> None:
        """Write all. Raises RunError for the first that cannot be written."""
        with self._lock:
            unsaved, self._unsaved = self._unsaved, {}
        for place, favourites in unsaved.items():
            stored = [
                Favourite.of(item.name, item.viewpoint.seed, item.viewpoint.row, dict(item.viewpoint.controls))
                for item in favourites.items
            ]
            save_favourites(place, stored)
