"""What is measured of a finished run, and what it had to reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.checkpoint import load_generator
from gan_studio.engine.metrics.evaluate import evaluate
from gan_studio.engine.run import RunFolder

SHARE_OF_START = 0.25


@dataclass(frozen=True)
class Outcome:
    """One number of one run."""

    what: str
    start: float | None
    end: float
    floor: float | None
    """What real pictures score against other real ones."""
    wanted: str
    met: bool


def distance(run: RunFolder, source: Path) -> list[Outcome]:
    """Sliced Wasserstein × 1000 must fall below a quarter of what the untrained generator has."""
    files = run.generator_files()
    first, last = (evaluate(load_generator(files[step]), source) for step in (min(files), max(files)))
    start, end = first.distance.mean, last.distance.mean
    most = SHARE_OF_START * start
    return [Outcome("sliced Wasserstein", start, end, last.floor.mean, f"< {most:.1f}", end < most)]


MEASURES: dict[str, Callable[[RunFolder, Path], list[Outcome]]] = {"distance": distance}
