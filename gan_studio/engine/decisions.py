"""The config of a run: decided when it begins, and what of it changes when it is continued."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from gan_studio import __version__
from gan_studio.engine.config import DataSettings, RunConfig, TrainingSettings
from gan_studio.engine.data.domains import chosen_pair
from gan_studio.engine.data.names import display_name
from gan_studio.engine.data.points import PREFIX, SHAPES, shape_name
from gan_studio.engine.data.report import ScanReport
from gan_studio.engine.errors import DatasetError, SettingsError
from gan_studio.engine.families import family_class
from gan_studio.engine.families.base import Family
from gan_studio.engine.limits import lifted
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.settings import validated


def decide(request: TrainingRequest, report: ScanReport, start: RunConfig | None = None) -> RunConfig:
    """The config of a new run: what was asked for, else what the pictures suggest.

    `report` is on all pictures of the source, also on those that are not to be trained on. Where the run begins with
    the weights of another, `start`, that one decides about networks and pictures what nobody asked for otherwise.
    Raises SettingsError, or DatasetError where nothing is left, or the source has a name that cannot be written down.
    """
    family = family_class(request.family)
    inherited = start.family_settings if start and start.family == request.family else {}
    settings = {**inherited, **request.family_settings}
    family_settings = validated(family.Config, settings, f"Settings of {family.title}")
    _check_kind(family, report)
    excluded = known_names(request.excluded, report)
    report = report.without(excluded)
    data = validated(DataSettings, dict(request.data), "Settings of the pictures")
    if start:
        data = _as_before(data, start)
    report = _of_the_domains(family, report, request)
    suggested = {key: value for key, value in report.suggestions().items() if key in TrainingSettings.model_fields}
    suggested |= family.suggestions()
    training = validated(TrainingSettings, suggested | dict(request.training), "Settings of the training")
    picture = report.picture_spec(data, family.data().crop)
    # Refuses what it cannot make, before anything is decoded or written
    family(family_settings, picture).check_files()
    return RunConfig(
        program=__version__,
        name=_title(report),
        source=_remembered(report.source),
        second_source=_remembered(report.second) if report.second else "",
        excluded=excluded,
        family=request.family,
        family_settings=family_settings.model_dump(),
        picture=picture,
        data=data,
        training=training,
    )


def _of_the_domains(family: type[Family], report: ScanReport, request: TrainingRequest) -> ScanReport:
    """The pictures of A and B where the family translates, else all. Raises SettingsError where that cannot be."""
    if len(family.data().domains) > 1:
        return report.only(_chosen_domains(report, request, family.title))
    if report.second or request.domain_a or request.domain_b:
        raise SettingsError(
            f"{family.title} learns from one set of pictures; there is no A and B.",
            "Leave the second out, or choose a family that translates between two.",
        )
    return report


def _chosen_domains(report: ScanReport, request: TrainingRequest, title: str) -> tuple[str, str]:
    """The classes that are A and B. Raises SettingsError where there are too few, or one asked for is not there."""
    if not report.classes:
        raise SettingsError(
            f"{title} needs pictures of two kinds, A and B, and these are of one kind.",
            "Give a second folder or zip for B, or one folder that holds a folder for each.",
        )
    return chosen_pair(report.classes, request.domain_a, request.domain_b)


def domains_of(report: ScanReport, config: RunConfig) -> ScanReport:
    """The report on what a run is trained on, where its family has domains. Raises DatasetError."""
    if len(family_class(config.family).data().domains) == 1:
        return report
    gone = [name for name in config.picture.classes if name not in report.classes]
    if gone:
        raise DatasetError(
            f"There are no pictures of “{gone[0]}” in {report.source} any more.", "Put the folder back to continue."
        )
    return report.only(config.picture.classes)


def _check_kind(family: type[Family], report: ScanReport) -> None:
    """Points for the families that train on them, and pictures for the others. Raises SettingsError."""
    wants_points = family.data().kind == "points"
    if wants_points and not report.points:
        raise SettingsError(
            f"{family.title} trains on points in the plane, and {report.source.name} holds pictures.",
            f"Choose a shape: {', '.join(PREFIX + name for name in SHAPES)}.",
        )
    if report.points and not wants_points:
        raise SettingsError(
            f"{family.title} trains on pictures, and {report.source.name} is a shape of points in the plane.",
            "Choose a folder or zip of pictures, or a family for points.",
        )


def _title(report: ScanReport) -> str:
    if report.points:
        return SHAPES[report.points].title
    return " and ".join(display_name(source.stem) for source in (report.source, report.second) if source)


def known_names(names: Collection[str], report: ScanReport) -> tuple[str, ...]:
    """Those of the names that pictures of the report have, in its order."""
    wanted = frozenset(names)
    shown = (display_name(name) for name in report.files.names)
    return tuple(name for name in shown if name in wanted)


def _as_before(data: DataSettings, start: RunConfig) -> DataSettings:
    """Size and colour as the networks of `start` have them, where they were left on auto."""
    before = start.decided_data()
    wanted = {name: getattr(before, name) for name in ("image_size", "channels") if getattr(data, name) == "auto"}
    return data.changed(**wanted)


def _remembered(source: Path) -> str:
    """The absolute path, as `config.json` can hold it, or the name of a shape. Raises DatasetError."""
    if shape_name(source):
        return source.name
    path = str(source.resolve())
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise DatasetError(
            f"The name {display_name(path)} is not Unicode, and a run could not find it again.", "Rename the folder."
        ) from error
    return path


def continued(config: RunConfig, request: ResumeRequest, state: Mapping[str, Any]) -> RunConfig:
    """The config of a run that goes on from a checkpoint's state: as it was, with new limits. Raises SettingsError."""
    limits = dict(request.limits)
    if request.lift_reached_limits:
        counters = state["counters"]
        limits |= lifted(config.training, counters["step"], counters["images"], counters["seconds"])
    return config.changed(training=config.training.changed(**limits).model_dump())
