"""`gan-studio scan`: what is in a folder or zip of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from gan_studio.cli.arguments import parse
from gan_studio.cli.console import progress_bar, put, put_json
from gan_studio.engine.data.scan import scan

MOST_SKIPPED = 20


@dataclass(frozen=True)
class ScanArguments:
    source: Annotated[Path, tyro.conf.Positional]
    """Folder, class folders or zip of pictures."""
    json: bool = False
    """Print the whole report as JSON."""


def run(arguments: Sequence[str]) -> int:
    parsed = parse(ScanArguments, "scan", arguments, "Look at pictures without training on them.")
    with progress_bar("Looking at the pictures") as update:
        report = scan(parsed.source, progress=update)
    if parsed.json:
        put_json(report.to_json())
        return 0
    for sentence in report.summary():
        put(sentence)
    for skipped in report.skipped[:MOST_SKIPPED]:
        put(f"  skipped {skipped.name}: {skipped.reason}")
    if len(report.skipped) > MOST_SKIPPED:
        put(f"  … and {len(report.skipped) - MOST_SKIPPED} more; --json lists them all")
    return 0
