"""`gan-studio get`: fetches a public data set and prints where it lies; without a name it lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import tyro

from gan_studio.cli.arguments import UsageError, parse
from gan_studio.cli.console import progress_bar, put
from gan_studio.engine.data.downloads import SETS, get_set


@dataclass(frozen=True)
class GetArguments:
    name: Annotated[str, tyro.conf.Positional] = ""
    """Which data set; without one, all are listed."""


def run(arguments: Sequence[str]) -> int:
    parsed = parse(GetArguments, "get", arguments, "Fetch a public data set to train on.")
    if not parsed.name:
        for name, one in SETS.items():
            size = f"{one.download_bytes / 2**20:,.0f} MiB"
            put(f"{name:<16}{one.title}: {one.pictures:,} of {one.size}; {size} to download. {one.licence}.")
        return 0
    if parsed.name not in SETS:
        raise UsageError(f"There is no data set called {parsed.name}.", "gan-studio get lists them.")
    with progress_bar(f"Getting {SETS[parsed.name].title}") as update:
        path = get_set(parsed.name, progress=update)
    put(str(path))
    return 0
