"""What a scan found, and what follows from it. Imports no torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import ImageColor

from gan_studio.engine.config import DataSettings, PictureSpec
from gan_studio.engine.data.choice import without_empty_classes
from gan_studio.engine.data.decode import Looks
from gan_studio.engine.data.names import display_name
from gan_studio.engine.data.picture_files import PictureEntry, PictureFiles
from gan_studio.engine.data.points import SHAPES, shape_name
from gan_studio.engine.data.sources import Skipped
from gan_studio.engine.errors import DatasetError

_LARGEST_AUTOMATIC_SIZE = 64
"""Larger pictures still start at this size: the first result comes within minutes, also without a GPU."""
_BATCHES_BY_COUNT = ((64, 16), (200, 32))
_POINTS_BATCH = 256
_POINTS_SIZE = 256
"""Of the picture that shows points."""


__all__ = ["PictureEntry", "PictureFiles", "ScanReport"]


@dataclass(frozen=True)
class ScanReport:
    """A source that was looked at. Its headers were read, and the pixels of a spread of its pictures."""

    source: Path
    files: PictureFiles = field(repr=False)
    skipped: tuple[Skipped, ...] = field(repr=False)
    """Printable name and reason, by name."""
    classes: tuple[str, ...]
    sizes: Counter[tuple[int, int]] = field(repr=False)
    """(width, height) → how many."""
    modes: Counter[str]
    """Pillow's mode (RGB, P, LA …) → how many."""
    has_transparency: bool
    is_grey: bool
    looks: Mapping[str, Looks] = field(default_factory=dict, repr=False)
    """What was seen on those pictures that were looked at pixel by pixel, by name."""
    second: Path | None = None
    """The other source of a pair, whose pictures are the class B."""

    @property
    def points(self) -> str:
        """The shape, where the source is one of points in the plane; empty for pictures."""
        return shape_name(self.source)

    def without(self, names: Collection[str]) -> ScanReport:
        """The report on what is left when pictures with these printable names are taken out.

        Classes that are empty then are none any more. Raises DatasetError where nothing is left.
        """
        if not names:
            return self
        out = frozenset(names)
        kept = [number for number, name in enumerate(self.files.names) if display_name(name) not in out]
        if not kept:
            raise DatasetError("Every picture has been taken out.", "Put some back: there is nothing to train on.")
        files = self.files.chosen(np.array(kept, np.int64))
        labels, classes = without_empty_classes(files.labels.tolist(), self.classes)
        return self._of(files.labelled(labels), classes)

    def only(self, classes: tuple[str, ...]) -> ScanReport:
        """The report on the pictures of these classes, which it has, numbered in their order."""
        if classes == self.classes:
            return self
        numbers = {self.classes.index(name): number for number, name in enumerate(classes)}
        files = self.files.chosen(np.flatnonzero(np.isin(self.files.labels, list(numbers))))
        return self._of(files.labelled([numbers[label] for label in files.labels.tolist()]), classes)

    def _of(self, files: PictureFiles, classes: tuple[str, ...]) -> ScanReport:
        """The report on some of the pictures."""
        looks = {name: self.looks[name] for name in files.names if name in self.looks}
        seen = looks.values()
        return replace(
            self,
            files=files,
            classes=classes,
            sizes=Counter(map(tuple, files.shapes.tolist())),
            modes=Counter(files.modes),
            # Where none of those that are left was looked at closely, what was seen before counts.
            has_transparency=any(look.transparent for look in seen) if seen else self.has_transparency,
            is_grey=all(look.grey for look in seen) if seen else self.is_grey,
            looks=looks,
        )

    def picture_spec(self, settings: DataSettings, crop: int = 0) -> PictureSpec:
        """Size, channels and classes, with every `auto` decided.

        `crop` is the side of crops for a family that trains on those, else 0.
        """
        size = crop or self._automatic_size() if settings.image_size == "auto" else settings.image_size
        channels = 1 if self._becomes_grey(settings) and not self.points else 3
        return PictureSpec(size=size, channels=channels, classes=self.classes, points=self.points)

    def suggestions(self) -> dict[str, Any]:
        """Settings found by looking, by name: `image_size`, `channels`, `batch_size`."""
        return {
            "image_size": self._automatic_size(),
            "channels": "grey" if self.is_grey else "colour",
            "batch_size": self._automatic_batch(),
        }

    def reasons(self) -> tuple[str, ...]:
        """Why these settings are suggested, a sentence each."""
        if self.points:
            return (f"{_POINTS_BATCH} per batch: points cost next to nothing.",)
        suggested = self.suggestions()
        shorter, size = self._usual_side(), suggested["image_size"]
        reasons = [f"{size} px, because the shorter side of a usual picture here is {shorter:g} px."]
        if shorter >= 2 * size:
            reasons[0] = (
                f"{size} px: your pictures are larger (usually {shorter:g} px on the shorter side), but a small size "
                "shows its first results within minutes. Go higher once those are good."
            )
        seen = f"{_counted(len(self.looks), 'picture')} looked at closely" if self.looks else "the pictures"
        found = "none shows a colour" if self.is_grey else "there is colour"
        reasons.append(f"{str(suggested['channels']).capitalize()}: among {seen}, {found}.")
        why = "few pictures learn better in small batches" if suggested["batch_size"] < 64 else "steady and quick"
        reasons.append(f"{suggested['batch_size']} per batch: {why}.")
        return tuple(reasons)

    def class_counts(self) -> Mapping[str, int]:
        """Class → number of pictures; empty without classes."""
        counts = Counter(self.files.labels.tolist())
        return {name: counts[number] for number, name in enumerate(self.classes)}

    def summary(self) -> tuple[str, ...]:
        """The findings as sentences."""
        if self.points:
            shape = SHAPES[self.points]
            return (f"{shape.title}. {shape.sentence}", "Points are drawn without end: none is shown twice.")
        sentences = [f"{_counted(len(self.files), 'picture')}, {self._sizes_in_words()}."]
        sentences.append("All are grey." if self.is_grey else "They are in colour.")
        if self.has_transparency:
            sentences.append("Some are transparent: the background colour is put under them.")
        if self.classes:
            sentences.append(f"{len(self.classes)} classes: {_listed(self.classes)}.")
        if self.skipped:
            sentences.append(f"{_counted(len(self.skipped), 'file')} skipped, each with its reason.")
        suggested = self.suggestions()
        sentences.append(
            f"Suggested: {suggested['image_size']} px, {suggested['channels']}, {suggested['batch_size']} per batch."
        )
        return tuple(sentences)

    def to_json(self) -> dict[str, Any]:
        """Plain values, ready for `json.dumps`."""
        return {
            "source": display_name(str(self.source)),
            "pictures": len(self.files),
            "skipped": [{"name": name, "reason": reason} for name, reason in self.skipped],
            "classes": dict(self.class_counts()),
            "sizes": {f"{width}x{height}": count for (width, height), count in self.sizes.most_common()},
            "modes": dict(self.modes.most_common()),
            "transparency": self.has_transparency,
            "grey": self.is_grey,
            "suggestions": self.suggestions(),
            "summary": list(self.summary()),
        }

    def _automatic_batch(self) -> int:
        if self.points:
            return _POINTS_BATCH
        return next((batch for most, batch in _BATCHES_BY_COUNT if len(self.files) <= most), 64)

    def _automatic_size(self) -> int:
        """The power of two next to the usual shorter side, on a scale of ratios: 28 → 32, 20 → 16."""
        if self.points:
            return _POINTS_SIZE
        shorter = self._usual_side()
        if shorter < 16 * 2**0.5:
            return 16
        return 32 if shorter < 32 * 2**0.5 else _LARGEST_AUTOMATIC_SIZE

    def _usual_side(self) -> float:
        """Half of the pictures have a shorter side of at least so many pixels."""
        return median(sorted(min(size) for size in self.sizes.elements()))

    def _becomes_grey(self, settings: DataSettings) -> bool:
        if settings.channels != "auto":
            return settings.channels == "grey"
        red, green, blue = ImageColor.getrgb(settings.background)[:3]
        background_shows = self.has_transparency or settings.fit == "pad"
        return self.is_grey and (red == green == blue or not background_shows)

    def _sizes_in_words(self) -> str:
        if len(self.sizes) == 1:
            width, height = next(iter(self.sizes))
            return f"{'each' if len(self.files) > 1 else 'of'} {width} × {height} pixels"
        small, large = min(self.sizes, key=_by_area), max(self.sizes, key=_by_area)
        return f"of {len(self.sizes)} sizes from {small[0]} × {small[1]} to {large[0]} × {large[1]} pixels"


def _by_area(size: tuple[int, int]) -> tuple[int, int]:
    return size[0] * size[1], size[0]


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _listed(names: tuple[str, ...], most: int = 12) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
