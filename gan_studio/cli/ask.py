"""`gan-studio ask`: ask a training that runs elsewhere for something, through its run folder."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro

from gan_studio.cli.arguments import parse
from gan_studio.cli.console import put, put_json
from gan_studio.engine.errors import RunError
from gan_studio.engine.lock import lock_holder
from gan_studio.engine.requests_folder import Word, post, withdraw
from gan_studio.engine.run import RunFolder
from gan_studio.engine.run_status import RunStatus, read_status

LOOK_SECONDS = 0.2
CONTINUE = "Continue it with gan-studio train --resume."


@dataclass(frozen=True)
class AskArguments:
    run: Annotated[Path, tyro.conf.Positional]
    """Folder of a run that is being trained."""
    word: Annotated[Word, tyro.conf.Positional]
    """What to ask for: hold, go on, stop and save, a sample grid, or a checkpoint."""
    wait: float = 10.0
    """Seconds to wait for the answer; the request is taken back after that."""
    json: bool = False
    """Print what the trainer says of itself as JSON."""


def run(arguments: Sequence[str]) -> int:
    description = "Ask a training for something; it may run in another terminal or on another machine."
    parsed = parse(AskArguments, "ask", arguments, description)
    folder = RunFolder.open(parsed.run).path
    if lock_holder(folder) is None:
        raise RunError(f"Nobody trains {folder} at the moment.", CONTINUE)
    status = _answer(folder, post(folder, parsed.word), parsed.wait)
    if parsed.json:
        put_json(_as_json(status))
    else:
        put(f"{status.host}: {status.state}, step {status.step:,}, {status.images_per_second:.0f} images/s")
    return 0


def _answer(run: Path, request: str, wait_seconds: float) -> RunStatus:
    """What the trainer says once it has done it. Raises RunError after so long without an answer."""
    end = time.monotonic() + wait_seconds
    try:
        while True:
            status = read_status(run)
            if status is not None and request in status.answered:
                return status
            if lock_holder(run) is None and read_status(run) == status:  # it says its last word before it lets go
                raise RunError("The trainer is gone: it ended without an answer.", CONTINUE)
            if time.monotonic() >= end:
                raise RunError(
                    f"No answer for {wait_seconds:.0f} s: the trainer may be gone.",
                    "The request is taken back. Look at the machine it runs on, or wait longer with --wait.",
                )
            time.sleep(LOOK_SECONDS)
    finally:
        withdraw(run, request)


def _as_json(status: RunStatus) -> dict[str, Any]:
    return status.model_dump(exclude={"version", "beat", "answered", "notices"})
