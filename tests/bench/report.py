"""Runs every benchmark of the window and prints one table in Markdown, with the conditions: for docs/benchmarks.md."""

from __future__ import annotations

import argparse
import subprocess
import sys

from gan_studio.cli.console import put, say
from tests.bench.results import Figure, Result, from_json

BENCHES = (
    "training_speed",
    "startup",
    "gui_gaps",
    "slider_latency",
    "explorer_drag",
    "timeline_play",
    "window_vs_headless",
    "stop_latency",
    "long_run",
    "big_data",
)
LOAD = ("load_average_before", "load_average_after")


def main() -> None:
    parser = argparse.ArgumentParser(description="Run all benchmarks and print one table.")
    parser.add_argument("--only", action="append", choices=BENCHES, help="this one alone; may be given several times")
    chosen = parser.parse_args().only or BENCHES
    results = []
    for name in chosen:
        say(f"{name} …")
        results.append(_run(name))
    put(markdown(results))


def markdown(results: list[tuple[Result, bool]]) -> str:
    """A list of conditions, one table of figures, and what ran for each."""
    conditions = results[0][0].conditions
    lines = [f"- {name}: {value}" for name, value in conditions.items() if name not in (*LOAD, "screen")]
    lines += ["", "| figure | measured | aim | | load before, after | quiet rounds |", "|---|---|---|---|---|---|"]
    for result, disturbed in results:
        load = ", ".join(f"{result.conditions[name]:.2f}" for name in LOAD)
        quiet = f"{sum(one.quiet for one in result.rounds)} of {len(result.rounds)}" + (" (disturbed)" * disturbed)
        for figure in result.figures:
            cells = (figure.name, figure.in_words(), figure.aim_in_words(), _mark(figure), load, quiet)
            lines.append(f"| {' | '.join(cells)} |")
    lines += ["", *(f"- {result.title}: {result.setting}." for result, _ in results)]
    return "\n".join(lines)


def _run(name: str) -> tuple[Result, bool]:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{name}", "--json"], stdout=subprocess.PIPE, text=True, check=True
    )
    return from_json(done.stdout.splitlines()[-1])


def _mark(figure: Figure) -> str:
    return {None: "", True: "met", False: "missed"}[figure.met]


if __name__ == "__main__":
    main()
