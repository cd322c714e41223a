"""The usable pictures of a source, a line each. Imports no torch.

They are kept as columns: as objects, a hundred thousand of them would take 45 MB instead of 12.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import overload

import numpy as np

_NAMES_AT_A_TIME = 4096


@dataclass(frozen=True, slots=True)
class PictureEntry:
    """One usable picture of a source."""

    name: str
    """Path inside the source; `display_name` makes it printable."""
    label: int
    """Number of its class; -1 without classes."""
    size_bytes: int
    stamp: int
    """Time of change in ns, or CRC inside a zip."""
    size: tuple[int, int] = field(default=(0, 0))
    """Width and height."""
    mode: str = ""
    """Pillow's mode."""


class PictureFiles(Sequence[PictureEntry]):
    """Behaves as a tuple of entries, each of which is made when it is asked for."""

    def __init__(self, entries: Iterable[PictureEntry] = ()) -> None:
        self.names: list[str] = []
        columns = _Columns()
        for entry in entries:
            self.names.append(entry.name)
            columns.add(entry)
        self.labels, self._facts, self._shapes, self._modes = columns.arrays()
        self._mode_names = columns.mode_names

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, number: int) -> PictureEntry: ...

    @overload
    def __getitem__(self, number: slice) -> PictureFiles: ...

    def __getitem__(self, number: int | slice) -> PictureEntry | PictureFiles:
        if isinstance(number, slice):
            return self.chosen(np.arange(len(self))[number])
        size_bytes, stamp = self._facts[number].tolist()
        width, height = self._shapes[number].tolist()
        mode = self._mode_names[self._modes[number]]
        return PictureEntry(self.names[number], int(self.labels[number]), size_bytes, stamp, (width, height), mode)

    def __iter__(self) -> Iterator[PictureEntry]:
        return (self[number] for number in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PictureFiles) and list(self) == list(other)

    __hash__ = None  # pyright: ignore[reportAssignmentType]  # it can be large, and nobody needs it

    @property
    def shapes(self) -> np.ndarray:
        """Width and height of each picture, int32 `[N, 2]`."""
        return self._shapes

    @property
    def modes(self) -> list[str]:
        """Pillow's mode of each picture."""
        return [self._mode_names[code] for code in self._modes.tolist()]

    def chosen(self, numbers: np.ndarray) -> PictureFiles:
        """Those with these numbers, int64 `[n]`."""
        chosen = PictureFiles()
        chosen.names = [self.names[number] for number in numbers.tolist()]
        chosen.labels, chosen._facts = self.labels[numbers], self._facts[numbers]
        chosen._shapes, chosen._modes = self._shapes[numbers], self._modes[numbers]
        chosen._mode_names = self._mode_names
        return chosen

    def labelled(self, labels: Sequence[int] | np.ndarray) -> PictureFiles:
        """The same pictures with other labels."""
        same = self.chosen(np.arange(len(self)))
        same.labels = np.asarray(labels, np.int32)
        return same

    def digest(self) -> str:
        """Of what tells whether decoded pictures are still those of these files: names, labels, sizes and stamps."""
        digest = hashlib.blake2b(digest_size=16)
        for start in range(0, len(self), _NAMES_AT_A_TIME):
            names = "".join(f"{name}\0" for name in self.names[start : start + _NAMES_AT_A_TIME])
            digest.update(names.encode("utf-8", "surrogateescape"))
        digest.update(self.labels.tobytes() + self._facts.tobytes())
        return digest.hexdigest()


class _Columns:
    """Grows by entries."""

    def __init__(self) -> None:
        self.mode_names: list[str] = []
        self._codes: dict[str, int] = {}
        self._parts: list[tuple[np.ndarray, ...]] = []
        self._rows: list[tuple[int, ...]] = []

    def add(self, entry: PictureEntry) -> None:
        code = self._codes.setdefault(entry.mode, len(self._codes))
        if code == len(self.mode_names):
            self.mode_names.append(entry.mode)
        self._rows.append((entry.label, entry.size_bytes, entry.stamp, *entry.size, code))
        if len(self._rows) >= _NAMES_AT_A_TIME:
            self._pack()

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Labels int32 `[N]`, sizes and stamps int64 `[N, 2]`, shapes int32 `[N, 2]`, modes uint8 `[N]`."""
        self._pack()
        labels, facts, shapes, modes = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        return labels, facts, shapes, modes

    def _pack(self) -> None:
        rows = np.array(self._rows, np.int64).reshape(-1, 6)
        labels, facts, shapes, modes = rows[:, 0], rows[:, 1:3], rows[:, 3:5], rows[:, 5]
        self._parts.append((labels.astype(np.int32), facts.copy(), shapes.astype(np.int32), modes.astype(np.uint8)))
        self._rows = []
