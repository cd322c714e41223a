"""`gan-studio runs`: what was trained so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import tyro
from rich.console import Console
from rich.table import Table

from gan_studio.cli.arguments import parse
from gan_studio.cli.console import put_json, say
from gan_studio.engine.folders import runs_folder
from gan_studio.engine.run import RunFolder
from gan_studio.engine.run_list import RunSummary, all_runs


@dataclass(frozen=True)
class RunsArguments:
    folder: Annotated[Path | None, tyro.conf.Positional] = None
    """Folder of runs; your own if not given."""
    json: bool = False
    """Print the list as JSON."""


def run(arguments: Sequence[str]) -> int:
    parsed = parse(RunsArguments, "runs", arguments, "List the runs, the one trained last first.")
    folder = parsed.folder or runs_folder()
    runs = sorted(all_runs(folder), key=lambda run: run.changed_seconds, reverse=True)
    if parsed.json:
        put_json([_as_json(run) for run in runs])
    elif runs:
        Console(highlight=False).print(_table(runs))
    else:
        say(f"There are no runs in {folder}.")
    return 0


def _as_json(run: RunSummary) -> dict[str, Any]:
    return {
        "name": run.name,
        "path": str(run.path),
        "state": run.standing.value,
        "problem": run.problem,
        "family": run.family,
        "source": run.source,
        "picture_size": run.picture_size,
        "picture_count": run.picture_count,
        "step": run.step,
        "images": run.images,
        "seconds": run.seconds,
        "changed": _changed(run).isoformat(timespec="seconds"),
        "checkpoints": list(run.checkpoints),
        "size_bytes": RunFolder(run.path).size_bytes(),
        "started_from": run.started_from,
    }


def _table(runs: Sequence[RunSummary]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Run", "State", "Family", "Last trained"):
        table.add_column(title, overflow="fold")
    for title in ("Step", "Images", "MiB"):
        table.add_column(title, justify="right")
    for run in runs:
        size_mib = RunFolder(run.path).size_bytes() / 2**20
        changed = f"{_changed(run):%Y-%m-%d %H:%M}"
        numbers = (f"{run.step:,}", f"{run.images:,}", f"{size_mib:,.0f}")
        table.add_row(run.name, run.standing.value, run.family, changed, *numbers)
    return table


def _changed(run: RunSummary) -> datetime:
    return datetime.fromtimestamp(run.changed_seconds).astimezone()
