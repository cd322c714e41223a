"""`gan-studio demo`: draws the demonstration pictures and prints their folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gan_studio.cli.arguments import parse
from gan_studio.cli.console import progress_bar, put
from gan_studio.engine.data.demo import draw_demo
from gan_studio.engine.folders import demo_folder


@dataclass(frozen=True)
class DemoArguments:
    out: Path | None = None
    """Where to draw them; the program's own folder if not given."""


def run(arguments: Sequence[str]) -> int:
    parsed = parse(DemoArguments, "demo", arguments, "Draw the demonstration pictures.")
    with progress_bar("Drawing") as update:
        folder = draw_demo(parsed.out or demo_folder(), progress=update)
    put(str(folder))
    return 0
