"""A model against the pictures it was trained on, by every measure that applies."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from gan_studio.engine.checkpoint import LoadedGenerator
from gan_studio.engine.config import RunConfig
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.domains import split
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.scan import scan
from gan_studio.engine.decisions import domains_of
from gan_studio.engine.errors import Cancelled, SettingsError, StudioError
from gan_studio.engine.families.base import DataSpec
from gan_studio.engine.metrics.measure import Measure, Measured, measures_called
from gan_studio.engine.metrics.subject import RealPictures, Subject
from gan_studio.engine.metrics.weights import Weights

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Result:
    """What came of one measure: a value, or the reason why there is none."""

    measure: Measure
    measured: Measured | None = None
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Evaluation:
    """What was measured of one model."""

    step: int
    pictures: int
    """So many samples were compared with as many reals."""
    seed: int
    source: Path
    held_out: bool
    """Whether the reals are ones that were never trained on."""
    results: list[Result] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As `evaluations.jsonl` keeps it."""
        return {
            "step": self.step,
            "time": datetime.now().astimezone().isoformat(timespec="seconds"),
            "pictures": self.pictures,
            "seed": self.seed,
            "data": self.source.name,
            "held_out": self.held_out,
            "measures": {result.measure.name: _values(result) for result in self.results if result.measured},
            "not_measured": {result.measure.name: result.reason for result in self.results if not result.measured},
        }


def subject_of(
    loaded: LoadedGenerator,
    source: Path,
    *,
    config: RunConfig | None = None,
    count: int = 1000,
    seed: int = 0,
    weights: Weights | None = None,
    device: str = "cpu",
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Subject:
    """A model beside the pictures in `source`, made as in training (size, colour, fit), without those taken out.

    `config` is that of the run where there is one: generator files that travel do not say what was taken out. Nothing
    is read yet; `progress` counts the files when that happens.
    """
    known, data = config or loaded.config, type(loaded.family).data()

    def check() -> None:
        if cancelled():
            raise Cancelled

    def load() -> RealPictures:
        second = Path(known.second_source) if known.second_source else None
        report = scan(source, second, progress=progress, cancelled=cancelled)
        pictures = load_pictures(
            domains_of(report, known),
            known.decided_data(),
            crops=data.crop > 0,
            progress=progress,
            cancelled=cancelled,
        )
        return real_pictures(pictures, known, data)

    for network in loaded.networks.values():
        network.to(device)
    return Subject(
        loaded.sampler, data, loaded.config.picture, load,
        count=count, seed=seed, device=device, weights=weights or Weights(), check=check,
    )  # fmt: skip


def real_pictures(pictures: PictureSet, config: RunConfig, data: DataSpec) -> RealPictures:
    """The pictures of a run, split as its training split them; of other pictures nothing was held out."""
    pictures = pictures.without(config.excluded)
    same = pictures.fingerprint() == config.fingerprint
    share, names = (config.data.held_out, config.data.held_out_list) if same else (0.0, ())
    return RealPictures(pictures, split(pictures, data.domains, share, config.training.seed, names))


def evaluate(
    subject: Subject, measures: Iterable[Measure], step: int, source: Path, progress: Progress | None = None
) -> Evaluation:
    """Run every measure; one that cannot run says why instead. `progress` counts their rough costs.

    Raises DatasetError where there are no two real pictures, Cancelled.
    """
    measures = list(measures)
    pictures = subject.compared
    total, done, results = sum(measure.cost for measure in measures), 0, []
    for measure in measures:
        if progress:
            progress(done, total)
        results.append(_run(measure, subject))
        done += measure.cost
    if progress:
        progress(total, total)
    return Evaluation(step, pictures, subject.seed, source, subject.real_pictures.has_held_out, results)


def measure_generator(loaded: LoadedGenerator, source: Path, *names: str, count: int = 1000) -> dict[str, Measured]:
    """Measures by name, of one generator. Raises DatasetError, and SettingsError where one cannot run."""
    subject = subject_of(loaded, source, count=count)
    results = evaluate(subject, measures_called(names), loaded.step, source).results
    for result in results:
        if result.measured is None:
            raise SettingsError(f"{result.measure.title} cannot be measured: {result.reason}")
    return {result.measure.name: result.measured for result in results if result.measured}


def _run(measure: Measure, subject: Subject) -> Result:
    subject.check()
    reason = measure.why_not(subject)
    if reason:
        return Result(measure, reason=reason)
    start = time.perf_counter()
    try:
        measured = measure.measure(subject)
    except Cancelled:
        raise
    except StudioError as error:
        return Result(measure, reason=str(error))
    return Result(measure, measured, seconds=time.perf_counter() - start)


def _values(result: Result) -> dict[str, Any]:
    assert result.measured is not None
    measured = result.measured
    values = {
        "title": result.measure.title,
        "better": result.measure.better,
        "value": measured.value,
        "floor": measured.floor,
        "details": dict(measured.details),
        "note": measured.note,
    }
    return {**values, "seconds": round(result.seconds, 3)}
