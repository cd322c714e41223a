"""The contract of a measure, and where measures are found: every module of `measures/` is imported once.

A measure is one class in one file. `gan-studio evaluate` and the window's sheet find it by themselves; with `quick` it
also runs on a clock while training. `docs/architecture.md` shows one.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeVar

from torch import Tensor

from gan_studio.engine.errors import SettingsError
from gan_studio.engine.metrics.subject import Subject

M = TypeVar("M", bound=type["Measure"])
_MEASURES: dict[str, type[Measure]] = {}


@dataclass(frozen=True)
class Measured:
    """A value beside what real pictures reach by the same measure."""

    value: float
    floor: float | None = None
    """What to read the value beside: real against other real pictures, or what does without a model, which `note`
    then says. None where there is no such thing."""
    details: Mapping[str, float | str] = field(default_factory=dict)
    """What stands behind the value, by words that people read: `detail at 32 px`, `closest picture`."""
    note: str = ""
    """How to read the value: by which network, from how few pictures."""


class Measure(ABC):
    """Something that can be said about a model in one number."""

    name: ClassVar[str]
    """What files and `--metrics` call it: `sliced_wasserstein`."""
    title: ClassVar[str]
    summary: ClassVar[str]
    """One sentence: what it sees."""
    better: ClassVar[Literal["higher", "lower"]]
    cost: ClassVar[int] = 1
    """Roughly how many seconds for a thousand small pictures on two cores: for bars of progress."""
    fewest_pictures: ClassVar[int] = 32
    """Fewer real pictures than this say too little while training."""
    order: ClassVar[int] = 100
    """Where it stands in lists; those that everybody should look at come first."""

    def why_not(self, subject: Subject) -> str:
        """Why it cannot run, in a sentence; empty where it can. Looks at no picture, so that forms may ask."""
        return ""

    @abstractmethod
    def measure(self, subject: Subject) -> Measured:
        """Raises StudioError, Cancelled."""

    def quick(self) -> Measure | None:
        """The same with little work, for the clock of a training; None where that cannot be."""
        return None


class PictureMeasure(Measure):
    """A measure of pictures that the model makes on its own."""

    def why_not(self, subject: Subject) -> str:
        return subject.why_no_samples()


class SetMeasure(PictureMeasure):
    """Compares two sets of pictures: samples with reals, and for the floor other reals with the same reals."""

    @abstractmethod
    def compare(self, pictures: Tensor, reals: Tensor, subject: Subject) -> tuple[float, Mapping[str, float | str]]:
        """Value and details of two sets uint8 `[N, C, H, W]` of one size."""

    def note(self, subject: Subject) -> str:
        return ""

    def measure(self, subject: Subject) -> Measured:
        value, details = self.compare(subject.fakes, subject.reals, subject)
        floor = subject.reals_know(
            (self.name, "floor"), lambda: self.compare(subject.other_reals, subject.reals, subject)[0]
        )
        return Measured(value, floor, details, self.note(subject))


def register_measure(cls: M) -> M:
    """Decorate a measure."""
    _MEASURES[cls.name] = cls
    return cls


def all_measures() -> Mapping[str, type[Measure]]:
    """Every measure by name, in the order of lists."""
    package = f"{__name__.rpartition('.')[0]}.measures"
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        importlib.import_module(f"{package}.{module.name}")
    return dict(sorted(_MEASURES.items(), key=lambda item: (item[1].order, item[0])))


def measures_called(names: tuple[str, ...]) -> list[Measure]:
    """New measures with these names; all where none is given. Raises SettingsError."""
    known = all_measures()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SettingsError(f"There is no measure called {unknown[0]!r}.", f"Known are: {', '.join(known)}.")
    return [known[name]() for name in names or known]
