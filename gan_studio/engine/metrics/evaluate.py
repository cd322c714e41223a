"""A model against the pictures it was trained on, by every measure that applies."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from gan_studio.engine.checkpoint import LoadedGenerator
from gan_studio.engine.config import RunConfig
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.domains import chosen_pair, split
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.report import ScanReport
from gan_studio.engine.data.scan import scan
from gan_studio.engine.errors import Cancelled, DatasetError, SettingsError, StudioError
from gan_studio.engine.families.base import DataSpec
from gan_studio.engine.metrics.measure import Measure, Measured, measures_called
from gan_studio.engine.metrics.subject import RealPictures, Subject
from gan_studio.engine.progress import IsCancelled, Progress


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


@dataclass(frozen=True)
class RealSource:
    """Where real pictures lie. What is named beyond `path` goes before what the model's own config says."""

    path: Path
    second: Path | None = None
    """The pictures of B, where `path` holds those of A alone."""
    domain_a: str = ""
    """Class in `path` that is A."""
    domain_b: str = ""

    def load(
        self, config: RunConfig, data: DataSpec, progress: Progress | None, cancelled: IsCancelled
    ) -> RealPictures:
        """Decoded as the config says. Raises DatasetError, Cancelled."""
        report = self._chosen(self._scanned(config, data, progress, cancelled), config, data)
        decided, crops = config.decided_data(), data.crop > 0
        pictures = load_pictures(report, decided, crops=crops, progress=progress, cancelled=cancelled)
        return real_pictures(pictures, config, data)

    def _scanned(
        self, config: RunConfig, data: DataSpec, progress: Progress | None, cancelled: IsCancelled
    ) -> ScanReport:
        known = Path(config.second_source)  # of a generator file that travels only the name is left
        second = self.second or (known if known.is_absolute() and not self._named else None)
        return scan(self.path, second, progress=progress, cancelled=cancelled)

    def _chosen(self, report: ScanReport, config: RunConfig, data: DataSpec) -> ScanReport:
        """The pictures of the model's domains. Raises DatasetError where they cannot be told apart."""
        if len(data.domains) == 1:
            return self._undivided(report)
        if self._named and len(report.classes) > 1:
            return report.only(chosen_pair(report.classes, self.domain_a, self.domain_b))
        if not set(config.picture.classes) <= set(report.classes):
            first, second = config.picture.classes
            raise DatasetError(
                f"{self.path} does not hold the folders “{first}” and “{second}” of pictures A and B.",
                "Give a folder that holds both; or on the command line name the pictures of B with --data-b, or "
                "folders of other names with --domain-a and --domain-b.",
            )
        return report.only(config.picture.classes)

    def _undivided(self, report: ScanReport) -> ScanReport:
        """Raises SettingsError where somebody named A or B."""
        if self._named:
            raise SettingsError(
                "The model learned from one set of pictures; there is no A and B.",
                "Leave --data-b and the domains out.",
            )
        return report

    @property
    def _named(self) -> bool:
        return bool(self.second or self.domain_a or self.domain_b)


def subject_of(
    loaded: LoadedGenerator,
    source: Path | RealSource,
    *,
    config: RunConfig | None = None,
    progress: Progress | None = None,
    cancelled: IsCancelled = lambda: False,
    **settings: Any,
) -> Subject:
    """A model beside the pictures in `source`, made as in training (size, colour, fit), without those taken out.

    `config` is that of the run where there is one: generator files that travel do not say what was taken out. Nothing
    is read yet; `progress` counts the files when that happens. `settings` are `count`, `seed`, `weights` and `device`
    of the subject.
    """
    known, data = config or loaded.config, type(loaded.family).data()
    place = source if isinstance(source, RealSource) else RealSource(source)

    def check() -> None:
        if cancelled():
            raise Cancelled

    for network in loaded.networks.values():
        network.to(settings.get("device", "cpu"))
    load = partial(place.load, known, data, progress, cancelled)
    return Subject(loaded.sampler, data, loaded.config.picture, load, check=check, **settings)


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
    return Evaluation(step, pictures, subject.seed, source, subject.compares_held_out, results)


def measure_generator(
    loaded: LoadedGenerator, source: Path | RealSource, *names: str, config: RunConfig | None = None, count: int = 1000
) -> dict[str, Measured]:
    """Measures by name, of one generator, whose run has this `config`.

    Raises DatasetError, and SettingsError where one cannot run.
    """
    subject = subject_of(loaded, source, config=config, count=count)
    results = [_run(measure, subject) for measure in measures_called(names)]
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
