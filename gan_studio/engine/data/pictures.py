"""Decoded pictures in one array. Imports no torch."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

import numpy as np

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.choice import without_empty_classes
from gan_studio.engine.data.mixing import permutation
from gan_studio.engine.data.sources import Skipped
from gan_studio.engine.data.whole_pictures import WholePictures
from gan_studio.engine.errors import DatasetError

_HELD_OUT_STREAM = 0x48454C44
_FINGERPRINT_PICTURES, _FINGERPRINT_NAMES = 64, 4096


@dataclass(frozen=True)
class PictureSet:
    """Every usable picture of a source, at the size that is trained on."""

    pixels: np.ndarray = field(repr=False)
    """uint8 `[N, H, W, C]`, read only: mapped from the cache, or in memory where no cache could be kept. N is 0 where
    they are `whole`."""
    labels: np.ndarray = field(repr=False)
    """int64 `[N]`; -1 without classes."""
    names: tuple[str, ...] = field(repr=False)
    """Printable name of each picture."""
    classes: tuple[str, ...]
    spec: PictureSpec
    skipped: tuple[Skipped, ...] = field(repr=False)
    """Name and reason: what the scan left out, then what could not be decoded."""
    notices: tuple[str, ...] = ()
    """What the user should know, such as that no cache could be kept."""
    rows: np.ndarray | None = field(default=None, repr=False)
    """int64 `[N]`: where in `pixels`, or among the `whole` ones, each picture lies, where some were taken out; None
    where each lies at its number.

    So a choice of pictures costs no second copy of them, on disk or in memory.
    """
    whole: WholePictures | None = field(default=None, repr=False)
    """The pictures at their own sizes, where random crops of them are trained on."""

    def __len__(self) -> int:
        return len(self.names)

    def take(self, numbers: np.ndarray) -> np.ndarray:
        """The pixels of pictures by their numbers, uint8 `[n, H, W, C]`: of whole ones their middle."""
        rows = self.rows_of(numbers)
        return self.pixels[rows] if self.whole is None else self.whole.middles(rows)

    def at_full_size(self, number: int) -> np.ndarray:
        """One picture, uint8 `[H, W, C]`: a whole one at its own size."""
        (row,) = self.rows_of(np.array([number])).tolist()
        return self.pixels[row] if self.whole is None else self.whole.whole(row)

    def rows_of(self, numbers: np.ndarray) -> np.ndarray:
        """Where in `pixels` pictures lie, int64 `[n]`."""
        return numbers if self.rows is None else self.rows[numbers]

    def numbers_of(self, names: Collection[str]) -> np.ndarray:
        """The pictures with these names, int64, sorted: with or without their folders and their ending."""
        wanted = frozenset(names)

        def is_meant(name: str) -> bool:
            path = PurePosixPath(name)
            return not wanted.isdisjoint({name, path.name, path.stem, str(path.with_suffix(""))})

        return np.array([number for number, name in enumerate(self.names) if is_meant(name)], np.int64)

    def without(self, names: Collection[str]) -> PictureSet:
        """What is left when the pictures with these names are taken out.

        Classes that are empty then are none any more. Raises DatasetError where nothing is left.
        """
        if not names:
            return self
        out = frozenset(names)
        kept = np.array([number for number, name in enumerate(self.names) if name not in out], np.int64)
        if not len(kept):
            raise DatasetError("Every picture has been taken out.", "Put some back: there is nothing to train on.")
        labels, classes = without_empty_classes(self.labels[kept].tolist(), self.classes)
        return replace(
            self,
            labels=np.array(labels, np.int64),
            names=tuple(self.names[number] for number in kept),
            classes=classes,
            spec=self.spec.changed(classes=classes),
            rows=self.rows_of(kept),
        )

    def fingerprint(self) -> str:
        """A hash of the names, the shape and a few of the pictures: tells whether they are still the same."""
        digest = hashlib.sha256(f"({(len(self), *self.pixels.shape[1:])!r}, (".encode())
        # As the text of the whole tuple would be, which a million names would make long
        digest.update(repr(self.names[0]).encode() if self.names else b"")
        for start in range(1, len(self), _FINGERPRINT_NAMES):
            names = self.names[start : start + _FINGERPRINT_NAMES]
            digest.update("".join(f", {name!r}" for name in names).encode())
        digest.update(b",))" if len(self) == 1 else b"))")
        for index in np.linspace(0, len(self) - 1, min(_FINGERPRINT_PICTURES, len(self))).astype(int):
            digest.update(self.take(np.array([index])).tobytes())
        return digest.hexdigest()

    def held_out_by_name(self, names: Collection[str], among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Split pictures, by their numbers, into (trained on, held out), which are those with these names.

        Raises DatasetError where none would be left to train on.
        """
        away = np.isin(among, self.numbers_of(names))
        if away.all():
            raise DatasetError(
                "Every picture is held out.", "Name fewer held-out pictures: there is nothing to train on."
            )
        return among[~away], among[away]

    def held_out(self, share: float, seed: int, among: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Split into (trained on, held out): sorted int64 numbers of pictures, the same for the same seed.

        With a share above 0 at least one picture is held out, and at least one is always trained on. `among` are the
        numbers of those that are split; all where it is missing.
        """
        members = np.arange(len(self)) if among is None else among
        count = len(members)
        away = min(max(1, round(count * share)), count - 1) if share > 0 else 0
        order = members[permutation(count, seed, _HELD_OUT_STREAM)]
        return np.sort(order[away:]), np.sort(order[:away])
