"""What is measured of a finished run, and what it had to reach."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from gan_studio.engine.checkpoint import load_generator
from gan_studio.engine.metrics.evaluate import measure_generator
from gan_studio.engine.run import RunFolder

SHARE_OF_START = 0.25
SHARE_OF_CYCLE = 1 / 3
LEAST_TAKEN = 0.8
LEAST_OF_CLASSES = {"class_accuracy": 0.85, "class_variety": 0.5}
LEAST_GAIN_DB = 0.3


@dataclass(frozen=True)
class Outcome:
    """One number of one run."""

    what: str
    start: float | None
    end: float
    floor: float | None
    """What real pictures score against other real ones."""
    wanted: str
    met: bool | None
    """None where nothing is asked for."""
    decimals: int = 1


def distance(run: RunFolder, source: Path) -> list[Outcome]:
    """Sliced Wasserstein × 1000 must fall below a quarter of what the untrained generator has."""
    (outcome,) = comparison(run, source)
    assert outcome.start is not None
    most = SHARE_OF_START * outcome.start
    return [replace(outcome, wanted=f"< {most:.1f}", met=outcome.end < most)]


def comparison(run: RunFolder, source: Path) -> list[Outcome]:
    """The same, to be held against another run's: nothing is asked for."""
    files, name = run.generator_files(), "sliced_wasserstein"
    first, last = (
        measure_generator(load_generator(files[step]), source, name)[name] for step in (min(files), max(files))
    )
    return [Outcome("sliced Wasserstein", first.value, last.value, last.floor, "", None)]


def classes(run: RunFolder, source: Path) -> list[Outcome]:
    """A classifier must name the class of most samples, and samples of a class must differ half as much as reals."""
    found = measure_generator(load_generator(run.newest_generator()), source, *LEAST_OF_CLASSES)
    return [
        Outcome(
            name.replace("_", " "),
            None,
            found[name].value,
            found[name].floor,
            f">= {least}",
            found[name].value >= least,
        )
        for name, least in LEAST_OF_CLASSES.items()
    ]


def translation(run: RunFolder, source: Path) -> list[Outcome]:
    """Held-out pictures must come back three times as well as at first, and translations be taken for the target."""
    files, names = run.generator_files(), ("cycle_error", "taken_for_target")
    first = measure_generator(load_generator(files[min(files)]), source, "cycle_error")["cycle_error"].value
    cycle, taken = (measure_generator(load_generator(files[max(files)]), source, *names)[name] for name in names)
    most = SHARE_OF_CYCLE * first
    return [
        Outcome("cycle error", first, cycle.value, None, f"< {most:.1f}", cycle.value < most),
        Outcome(
            "taken for the target", None, taken.value, taken.floor, f">= {LEAST_TAKEN}", taken.value >= LEAST_TAKEN
        ),
    ]


def restoration(run: RunFolder, source: Path) -> list[Outcome]:
    """Held-out pictures, reduced and enlarged: better than bicubic after squared error; then what D makes of it.

    Start is bicubic enlargement, which such a training begins from.
    """
    config = run.config()
    warm_up_steps = math.ceil(config.family_settings["warmup_images"] / config.training.batch_size)
    outcomes = []
    for phase, step in (("squared error", warm_up_steps), ("the game", max(run.generator_files()))):
        loaded = load_generator(run.generator_at_step(step))
        found = measure_generator(loaded, source, "psnr", "ssim", config=config)
        psnr, ssim = found["psnr"], found["ssim"]
        assert psnr.floor is not None
        least = psnr.floor + LEAST_GAIN_DB
        asked = (f">= {least:.2f}", psnr.value >= least) if step == warm_up_steps else ("", None)
        outcomes.append(Outcome(f"PSNR in dB, bicubic → after {phase}", psnr.floor, psnr.value, None, *asked, 2))
        outcomes.append(Outcome(f"SSIM, bicubic → after {phase}", ssim.floor, ssim.value, None, "", None, 3))
    return outcomes


MEASURES: dict[str, Callable[[RunFolder, Path], list[Outcome]]] = {
    "distance": distance,
    "comparison": comparison,
    "classes": classes,
    "translation": translation,
    "restoration": restoration,
}
