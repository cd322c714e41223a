"""Two folders or zips as one source: the pictures of the first lie in `A/`, those of the second in `B/`.

So a pair is scanned, cached, shown and held out like one folder with two class folders. Imports no torch.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import BinaryIO

from gan_studio.engine.data.sources import Entry, Listing, PictureSource
from gan_studio.engine.errors import DatasetError
from gan_studio.engine.progress import IsCancelled

PAIR = ("A", "B")
"""What the two sides are called: the first folder of every name, and the two classes."""


class PairedSource:
    """Owns both sides and closes them."""

    def __init__(self, first: PictureSource, second: PictureSource) -> None:
        self.path = first.path
        self._sides: dict[str, PictureSource] = dict(zip(PAIR, (first, second), strict=True))

    @property
    def identity(self) -> str:
        return "pair " + repr(tuple(side.identity for side in self._sides.values()))

    def listing(self, cancelled: IsCancelled | None = None) -> Listing:
        """Raises DatasetError also where one side is empty."""
        listings = {name: side.listing(cancelled) for name, side in self._sides.items()}
        for name, listing in listings.items():
            if not listing.entries:
                raise DatasetError(f"{self._sides[name].path} is empty.", f"Choose other pictures for {name}.")
        return Listing(
            tuple(_inside(name, entry) for name, listing in listings.items() for entry in listing.entries),
            tuple(skip._replace(name=f"{name}/{skip.name}") for name, one in listings.items() for skip in one.skipped),
        )

    def now(self, name: str) -> Entry:
        source, inside = self._find(name)
        return replace(source.now(inside), name=name)

    def peek(self, name: str) -> AbstractContextManager[BinaryIO]:
        source, inside = self._find(name)
        return source.peek(inside)

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        source, inside = self._find(name)
        return source.open(inside)

    def close(self) -> None:
        for side in self._sides.values():
            side.close()

    def __enter__(self) -> PairedSource:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _find(self, name: str) -> tuple[PictureSource, str]:
        """Raises FileNotFoundError for a name of neither side."""
        side, _, inside = name.partition("/")
        if side not in self._sides:
            raise FileNotFoundError(name)
        return self._sides[side], inside


def _inside(side: str, entry: Entry) -> Entry:
    return replace(entry, name=f"{side}/{entry.name}")
