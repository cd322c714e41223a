"""Small trainings that follow a script, played through the public control, in this process or in another.

Each step is let through on its own, so that what is done by hand falls on an exact step.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from PIL import Image

from gan_studio.engine.checkpoint import load_state
from gan_studio.engine.control import Control
from gan_studio.engine.events import Paused, TrainEvent
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.run import RunFolder
from gan_studio.engine.training import run_training

ROOT = Path(__file__).resolve().parents[2]
FAMILY = {"latent_size": 4, "features": 4, "most_features": 8}
TRAINING = {
    "batch_size": 4,
    "precision": "fp32",
    "threads": 1,
    "device": "cpu",
    "tensorboard": False,
    "sample_steps": 1_000_000,
    "checkpoint_steps": 1_000_000,
}
Actions = Mapping[int, list[tuple]]
"""Step → names and arguments of methods of Control, called at the end of that step."""


NOTHING: Mapping[Any, Any] = MappingProxyType({})


def draw_pictures(folder: Path, count: int = 10, size: int = 16) -> Path:
    random = np.random.default_rng(5)
    for index in range(count):
        Image.fromarray(random.integers(0, 255, (size, size, 3), np.uint8)).save(folder / f"{index}.png")
    return folder


def new_run(source: Path, outdir: Path, *, family: Mapping = NOTHING, data: Mapping = NOTHING, **training: Any):
    """A request for a training of 16 px on one thread that takes about a millisecond a step."""
    return TrainingRequest(
        source, "dcgan", {**FAMILY, **family}, {"image_size": 16, **data}, {**TRAINING, **training}, outdir
    )


def train(request: TrainingRequest | ResumeRequest, control: Control | None = None, react=None) -> list[Any]:
    """Train to the end; `react(event, control)` is called for every event in the training's own thread."""
    events: list[Any] = []
    control = control or Control()

    def emit(event: TrainEvent) -> None:
        events.append(event)
        if react:
            react(event, control)

    run_training(request, emit, control)
    return events


def play(
    request: TrainingRequest | ResumeRequest,
    last_step: int,
    actions: Actions = NOTHING,
    at_the_end: Callable | None = None,
) -> list[Any]:
    """Train step by step, do what is scripted at each, and stop (or do something else) after `last_step`."""
    control = Control()
    control.pause()

    def react(event: TrainEvent, control: Control) -> None:
        if not isinstance(event, Paused):
            return
        for name, *arguments in actions.get(event.step, []) if event.step not in seen else []:
            getattr(control, name)(*arguments)
        seen.add(event.step)
        if event.step < last_step:
            control.step_once()
        else:
            (at_the_end or control.stop)()

    seen: set[int] = set()
    return train(request, control, react)


def final_state(run: Path) -> dict[str, Any]:
    """The newest training state, without what the clock put into it."""
    state = load_state(RunFolder.open(run).state_to_resume())
    state["counters"].pop("seconds")
    return state


def differences(a: Any, b: Any, where: str = "") -> list[str]:
    """Places at which two states are not equal bit for bit."""
    if isinstance(a, torch.Tensor):
        same = isinstance(b, torch.Tensor) and a.dtype == b.dtype and torch.equal(_bits(a), _bits(b))
        return [] if same else [where]
    if isinstance(a, dict):
        if not isinstance(b, dict) or a.keys() != b.keys():
            return [where]
        return [place for key in a for place in differences(a[key], b[key], f"{where}/{key}")]
    if isinstance(a, list | tuple):
        if len(a) != len(b):
            return [where]
        return [place for i, (x, y) in enumerate(zip(a, b, strict=True)) for place in differences(x, y, f"{where}/{i}")]
    return [] if a == b else [where]


def in_another_process(*jobs: Mapping[str, Any]) -> subprocess.CompletedProcess[str]:
    """Play courses in a new Python: `run` or `new`, `last_step`, and `kill` for an end by SIGKILL."""
    return subprocess.run(
        [sys.executable, "-m", "tests.engine.courses", json.dumps(jobs)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _bits(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.contiguous().reshape(-1).view(torch.uint8)


def _play_job(job: Mapping[str, Any]) -> None:
    if "run" in job:
        request: TrainingRequest | ResumeRequest = ResumeRequest(Path(job["run"]), job.get("limits", {}))
    else:
        new = dict(job["new"])
        request = new_run(Path(new.pop("source")), Path(new.pop("outdir")), **new)
    actions = {int(step): [tuple(action) for action in todo] for step, todo in job.get("actions", {}).items()}
    end = (lambda: os.kill(os.getpid(), signal.SIGKILL)) if job.get("kill") else None
    events = play(request, job["last_step"], actions, end)
    sys.stdout.write(f"{events[-1]}\n")


if __name__ == "__main__":
    for one in json.loads(sys.argv[1]):
        _play_job(one)
