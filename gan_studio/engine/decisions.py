"""The config of a run: decided when it begins, and what of it changes when it is continued."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from gan_studio import __version__
from gan_studio.engine.config import DataSettings, RunConfig, TrainingSettings, validated
from gan_studio.engine.data.names import display_name
from gan_studio.engine.data.report import ScanReport
from gan_studio.engine.errors import DatasetError
from gan_studio.engine.families import family_class
from gan_studio.engine.limits import lifted
from gan_studio.engine.request import ResumeRequest, TrainingRequest


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
    excluded = known_names(request.excluded, report)
    report = report.without(excluded)
    data = validated(DataSettings, dict(request.data), "Settings of the pictures")
    if start:
        data = _as_before(data, start)
    suggested = {key: value for key, value in report.suggestions().items() if key in TrainingSettings.model_fields}
    training = validated(TrainingSettings, suggested | dict(request.training), "Settings of the training")
    picture = report.picture_spec(data)
    family(family_settings, picture)  # refuses what it cannot make, before anything is decoded or written
    return RunConfig(
        program=__version__,
        name=display_name(report.source.stem),
        source=_remembered(report.source),
        excluded=excluded,
        family=request.family,
        family_settings=family_settings.model_dump(),
        picture=picture,
        data=data,
        training=training,
    )


def known_names(names: Collection[str], report: ScanReport) -> tuple[str, ...]:
    """Those of the names that pictures of the report have, in its order."""
    wanted = frozenset(names)
    shown = (display_name(entry.name) for entry in report.files)
    return tuple(name for name in shown if name in wanted)


def _as_before(data: DataSettings, start: RunConfig) -> DataSettings:
    """Size and colour as the networks of `start` have them, where they were left on auto."""
    before = start.decided_data()
    wanted = {name: getattr(before, name) for name in ("image_size", "channels") if getattr(data, name) == "auto"}
    return data.changed(**wanted)


def _remembered(source: Path) -> str:
    """The absolute path, as `config.json` can hold it. Raises DatasetError."""
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
