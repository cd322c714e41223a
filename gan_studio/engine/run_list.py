"""What a list of runs says about each: read from a few small files, without opening a checkpoint. Imports no torch."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from gan_studio.engine.config import RunConfig
from gan_studio.engine.data.names import display_name
from gan_studio.engine.errors import StudioError
from gan_studio.engine.files import open_plain
from gan_studio.engine.limits import reached
from gan_studio.engine.lock import lock_holder
from gan_studio.engine.run import RunFolder, known_runs

TAIL_BYTES = 64 * 1024
"""What is read of the end of `metrics.jsonl`: some hundred lines."""


class RunStanding(Enum):
    """What can be done with a run."""

    TRAINING = "training"
    """This very process trains it."""
    IN_USE = "in use"
    """Another process trains it."""
    FINISHED = "finished"
    """A limit that it was given is reached."""
    CONTINUABLE = "can be continued"
    DAMAGED = "damaged"

    @property
    def being_written(self) -> bool:
        return self in (RunStanding.TRAINING, RunStanding.IN_USE)


@dataclass(frozen=True)
class RunSummary:
    """One run. Of a damaged one only the path, the time and the problem are known."""

    path: Path
    standing: RunStanding
    changed_seconds: float
    """When something was last written, in seconds since 1970."""
    problem: str = ""
    """What is wrong with a damaged run, in words."""
    family: str = ""
    source: str = ""
    picture_size: int = 0
    grey: bool = False
    picture_count: int = 0
    """0 where nobody wrote it down."""
    step: int = 0
    images: int = 0
    seconds: float = 0.0
    checkpoints: tuple[int, ...] = ()
    keep_checkpoints: int = 0
    newest_grid: Path | None = None
    started_from: str = ""
    """In words; empty where it began with random weights."""
    last: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The newest line of the metrics."""

    @property
    def name(self) -> str:
        """Of the folder, as it can be shown."""
        return display_name(self.path.name)

    @property
    def source_name(self) -> str:
        """Of the pictures it was trained on."""
        return Path(self.source).stem


def all_runs(folder: Path | None = None, elsewhere: Iterable[Path] = ()) -> Iterator[RunSummary]:
    """The user's runs, newest first, then those of `elsewhere` that are runs. Raises RunError."""
    known = known_runs(folder)
    others = [path for path in dict.fromkeys(elsewhere) if path not in known and RunFolder(path).config_file.is_file()]
    for path in (*known, *others):
        yield summary_of(path)


def summary_of(path: Path) -> RunSummary:
    """One run as it stands on disk at the moment. Never raises: what cannot be read makes a damaged one."""
    run = RunFolder(path)
    try:
        return _summary(run, run.config())
    except (StudioError, OSError) as error:
        return RunSummary(path, RunStanding.DAMAGED, _changed(run), str(error))


def _summary(run: RunFolder, config: RunConfig) -> RunSummary:
    last, states, grids = last_metrics(run.metrics_file), run.state_files(), run.sample_files()
    step = int(last.get("step", max(states, default=0)))
    origin = config.started_from
    standing, problem = _standing(run, config, last, bool(states))
    return RunSummary(
        path=run.path,
        standing=standing,
        changed_seconds=_changed(run),
        problem=problem,
        family=config.family,
        source=config.source,
        picture_size=config.picture.size,
        grey=config.picture.channels == 1,
        picture_count=config.picture_count,
        step=step,
        images=int(last.get("images", step * config.training.batch_size)),
        seconds=float(last.get("seconds", 0.0)),
        checkpoints=tuple(states),
        keep_checkpoints=config.training.keep_checkpoints,
        newest_grid=grids[max(grids)] if grids else None,
        started_from=f"{origin.run}, step {origin.step:,}" if origin else "",
        last=last,
    )


def _standing(run: RunFolder, config: RunConfig, last: Mapping[str, Any], has_state: bool) -> tuple[RunStanding, str]:
    holder = lock_holder(run.path)
    if holder is not None:
        here = holder.is_this_process
        return (RunStanding.TRAINING, "") if here else (RunStanding.IN_USE, f"Process {holder.pid} on {holder.host}")
    if not has_state:
        return RunStanding.DAMAGED, "It holds no checkpoint, so it can be neither continued nor explored."
    place = (int(last.get("step", 0)), int(last.get("images", 0)), float(last.get("seconds", 0.0)))
    return (RunStanding.FINISHED if reached(config.training, *place) else RunStanding.CONTINUABLE), ""


def last_metrics(path: Path) -> dict[str, Any]:
    """The newest whole object of a `metrics.jsonl`, however long that is; empty where there is none."""
    for line in reversed(tail(path).splitlines()):
        with suppress(ValueError):
            values = json.loads(line)
            if isinstance(values, dict) and isinstance(values.get("step"), int):
                return values
    return {}


def tail(path: Path, most_bytes: int = TAIL_BYTES) -> str:
    """The end of a text file; empty where it cannot be read."""
    try:
        with open_plain(path) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - most_bytes))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def _changed(run: RunFolder) -> float:
    """Of the metrics, which every report touches; else of the config or the folder."""
    for file in (run.metrics_file, run.config_file, run.path):
        with suppress(OSError):
            return file.stat().st_mtime
    return 0.0
