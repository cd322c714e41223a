"""The command line that all benchmarks share."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable

from tests.bench.load import load_average
from tests.bench.results import Result, conditions, show


def run(measure: Callable[[argparse.Namespace], Result], about: str, **defaults: float | str) -> None:
    """Parse `--json` and an option for each default (`seconds=60.0`, `rounds=5`), measure, print."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true", help="one line for programs")
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", type=type(default), default=default, help=f"default: {default}")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    before = load_average()
    result = measure(options)
    around = conditions(before, load_average())
    show(Result(result.title, result.setting, result.figures, result.rounds, around), options.json)
