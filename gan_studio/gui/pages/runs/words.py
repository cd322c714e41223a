"""What the runs page says, in words. Imports no Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from gan_studio.engine.config import DataSettings, TrainingSettings
from gan_studio.engine.settings import SettingInfo, Settings, describe
from gan_studio.gui.quantities import duration, memory, scalar, short_count, whole
from gan_studio.gui.views import RunDetails, RunStanding, RunSummary

STANDINGS: Mapping[RunStanding, str] = {
    RunStanding.TRAINING: "Training now",
    RunStanding.IN_USE: "In use",
    RunStanding.FINISHED: "Finished",
    RunStanding.CONTINUABLE: "Can go on",
    RunStanding.DAMAGED: "Damaged",
}
STANDING_ICONS: Mapping[RunStanding, tuple[str, str]] = {
    RunStanding.TRAINING: ("activity", "accent_text"),
    RunStanding.IN_USE: ("lock-simple", "warning"),
    RunStanding.FINISHED: ("check-circle", "success"),
    RunStanding.CONTINUABLE: ("pause-circle", "muted"),
    RunStanding.DAMAGED: ("warning-circle", "error"),
}
"""Icon and colour by name."""
STANDING_TIPS: Mapping[RunStanding, str] = {
    RunStanding.TRAINING: "This window trains it at the moment.",
    RunStanding.IN_USE: "Another program trains it at the moment; open it to watch it, and to pause or stop it.",
    RunStanding.FINISHED: "It came to the end that it was given. Continue trains it beyond that.",
    RunStanding.CONTINUABLE: "It was stopped; Continue goes on exactly where its last checkpoint left it.",
    RunStanding.DAMAGED: "Something of it is missing or cannot be read.",
}
_MIB = 1024**2
_HIDDEN = frozenset({"image_size", "channels"})
"""Settings of the pictures that the facts say already, as they were decided."""


def family_title(name: str, families: Mapping[str, str]) -> str:
    """As the family calls itself; before families are known, its short name in capitals."""
    return families.get(name, name.upper())


def pictures_line(run: RunSummary) -> str:
    """`32 px · grey`."""
    return f"{run.picture_size} px · {'grey' if run.grey else 'colour'}" if run.picture_size else ""


def when(seconds: float, now: datetime | None = None) -> str:
    """`today 16:05`, `yesterday 23:10`, `3 Nov 14:00`, `3 Nov 2025`."""
    moment, today = datetime.fromtimestamp(seconds), (now or datetime.now()).date()
    days = (today - moment.date()).days
    if days in (0, 1):
        return f"{('today', 'yesterday')[days]} {moment:%H:%M}"
    return _day(moment.date()) + (f" {moment:%H:%M}" if moment.year == today.year else f" {moment.year}")


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def disk_use(size_bytes: int | None) -> str:
    """`252 MiB`, `< 1 MiB`; `–` as long as nobody knows."""
    if size_bytes is None:
        return "–"
    return memory(size_bytes) if size_bytes >= _MIB else "< 1 MiB"


def facts(details: RunDetails, families: Mapping[str, str], size_bytes: int | None) -> Iterator[tuple[str, str]]:
    """Labels and values, in the order they are read."""
    run = details.summary
    pictures = run.source_name + (f", {whole(run.picture_count)} pictures" if run.picture_count else "")
    yield "Family", family_title(run.family, families)
    yield "Pictures", f"{pictures}\n{pictures_line(run)}"
    if run.started_from:
        yield "Starts from", run.started_from
    yield "Trained", f"{whole(run.step)} steps, {short_count(run.images)} images"
    yield "Time", duration(run.seconds)
    yield from _last_values(run)
    if details.generator_bytes:
        size = disk_use(details.generator_bytes)
        yield "Generator", f"{short_count(details.generator_weights)} weights, {size}"
    if details.state_bytes:
        yield "Training state", disk_use(details.state_bytes)
    yield "On disk", f"{disk_use(size_bytes)}, {counted(len(run.checkpoints), 'checkpoint')}"


def _last_values(run: RunSummary) -> Iterator[tuple[str, str]]:
    for start, label in (("loss/", "Last losses"), ("score/", "Last scores"), ("rate/", "Learning rates")):
        values = [f"{name.removeprefix(start)} {_number(start, value)}" for name, value in run.last.items()
                  if name.startswith(start)]  # fmt: skip
        if values:
            yield label, " · ".join(values)


def _number(start: str, value: float) -> str:
    return f"{value:g}" if start == "rate/" else scalar(value)


def differences(details: RunDetails, family_class: type[Settings] | None) -> tuple[str, ...]:
    """Each setting that is not at its default: `Batch 32 pictures`, `Mirror at random: on`."""
    groups: list[tuple[type[Settings] | None, Mapping[str, Any]]] = [
        (DataSettings, details.data),
        (family_class, details.family_settings),
        (TrainingSettings, details.training),
    ]
    return tuple(
        _in_words(info, values[info.name])
        for cls, values in groups
        if cls is not None
        for info in describe(cls)
        if info.name in values and values[info.name] != info.default and info.name not in _HIDDEN
    )


def _in_words(info: SettingInfo, value: Any) -> str:
    if isinstance(value, bool):
        return f"{info.label}: {'on' if value else 'off'}"
    shown = info.choice_labels.get(value, value) if isinstance(value, str) else value
    number = whole(shown) if isinstance(shown, int) else f"{shown:g}" if isinstance(shown, float) else str(shown)
    return f"{info.label} {number} {info.unit}".strip()


def evaluation_text(evaluation: Mapping[str, Any]) -> str:
    """What was measured at once: a line for each measure, beside what reals reach."""
    step, pictures = evaluation.get("step", 0), evaluation.get("pictures", 0)
    lines = [f"Step {whole(step)}, {counted(pictures, 'picture')} on each side"]
    for name, values in evaluation.get("measures", {}).items():
        floor = values.get("floor")
        reals = "" if floor is None else f" (reals {scalar(floor)})"
        lines.append(f"{values.get('title', name)} {scalar(values['value'])}{reals}")
    return "\n".join(lines)


def counted(number: int, thing: str) -> str:
    """`1 run`, `3 runs`."""
    return f"{whole(number)} {thing}{'' if number == 1 else 's'}"


def quoted(names: Sequence[str]) -> str:
    """`“flags”`, or `3 runs`."""
    return f"“{names[0]}”" if len(names) == 1 else counted(len(names), "run")
