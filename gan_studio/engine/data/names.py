"""File names: their order, their display, and which are nobody's pictures. Imports no torch."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"([0-9]+)")
_SYSTEM_NAMES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "$recycle.bin", "@eadir"})
COMPANIONS = frozenset({"factors.csv"})
"""Files that belong beside pictures and are not worth a word in a report."""


def natural_key(name: str) -> tuple[object, ...]:
    """Sorts as people do, folder by folder: 2 before 10, capitals beside small letters."""
    return tuple(_part_key(part) for part in name.split("/")), name


def _part_key(part: str) -> tuple[tuple[int, int, str], ...]:
    # Digits are compared as text of equal length: a name may hold more digits than int() takes.
    pieces = _DIGITS.split(part.casefold())
    return tuple(
        (0, len(piece.lstrip("0")), piece.lstrip("0")) if index % 2 else (1, 0, piece)
        for index, piece in enumerate(pieces)
        if piece
    )


def is_hidden(part: str) -> bool:
    """Whether one part of a path is hidden or written by an operating system."""
    return part.startswith(".") or part.casefold() in _SYSTEM_NAMES


def display_name(name: str) -> str:
    """A name that can be printed and written as UTF-8, also where the file system's bytes are no UTF-8."""
    # The very same text where it is plain: a million names are then in memory once
    return name if name.isascii() else name.encode("utf-8", "replace").decode("utf-8")
