"""Process start → a window that is painted and takes a drop and a click on "Use demonstration pictures".

Each round is a new process of the real program, on the offscreen platform and on a virtual X screen where Xvfb is.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from gan_studio.engine.folders import HOME_VARIABLE
from gan_studio.qt_libraries import missing_library
from tests.bench import command
from tests.bench.home import temporary_home
from tests.bench.load import OtherLoad
from tests.bench.results import Figure, Result, Round, median, values_of

AIM_SECONDS = 1.0
PATIENCE_SECONDS = 60
SCREEN = "1366x768x24"


def measure(options: argparse.Namespace) -> Result:
    _round("offscreen", {})  # brings the files into the disk cache
    rounds = [_round("offscreen", {}) for _ in range(options.rounds)]
    with virtual_screen() as display:
        if display:
            rounds += [_round("xcb", {"DISPLAY": display}) for _ in range(options.rounds)]
    figures = []
    for platform in ("xcb", "offscreen"):
        seconds = values_of(rounds, f"{platform} working")
        if seconds:
            figures += [
                Figure(f"start to working window, {platform}, median", median(seconds), "s", AIM_SECONDS),
                Figure(f"start to working window, {platform}, worst", max(seconds), "s"),
                Figure(
                    f"processor time until then, {platform}", median(values_of(rounds, f"{platform} processor")), "s"
                ),
            ]
    screens = "virtual X screen (xcb) and offscreen" if display else "offscreen; no virtual X screen here"
    setting = f"`main.py` in a new process each round with a warm disk cache; {screens}"
    return Result(
        "Start to first paint with a working drop target and Demo button", setting, tuple(figures), tuple(rounds)
    )


def _round(platform: str, environment: dict[str, str]) -> Round:
    with temporary_home() as home:
        load, start = OtherLoad(), time.time()
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.startup_window"],
            env={**_usual_environment(), **environment, "QT_QPA_PLATFORM": platform, HOME_VARIABLE: home},
            stdout=subprocess.PIPE,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=True,
        )
        if not done.stdout:
            raise RuntimeError("The window was painted, and took no click or no drop.")
        told = json.loads(done.stdout.splitlines()[-1])
        values = {f"{platform} {name}": told[name] - start for name in ("painted", "working")}
        return Round({**values, f"{platform} processor": told["processor"]}, load.cores())


def _usual_environment() -> dict[str, str]:
    """Python keeps what it compiled, as it does for a user: else each start compiles the program anew."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@contextmanager
def virtual_screen() -> Iterator[str | None]:
    """The DISPLAY of an Xvfb of our own; None where there is none, or Qt cannot use it."""
    program = shutil.which("Xvfb")
    if program is None or missing_library("xcb"):
        yield None
        return
    reading, writing = os.pipe()
    arguments = [program, "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(arguments, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        yield f":{number}" if number else None
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    command.run(measure, "Measure how soon the window can be used.", rounds=5)
