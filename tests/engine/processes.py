"""Trainings in several processes, as torchrun starts them, on the processor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.engine.courses import ROOT

FROM_PICTURES = [
    "--image-size", "16", "--batch-size", "8", "--precision", "fp32", "--threads", "1",
    "--device", "cpu", "--no-tensorboard", "--sample-steps", "1000000",
]  # fmt: skip
"""For families without latents."""
SMALL = [*FROM_PICTURES, "--latent-size", "8"]


def command(count: int, *words: str) -> list[str]:
    """One process as a user starts it, several through torchrun on a free port."""
    train = ["-m", "gan_studio", "train", *words]
    if count == 1:
        return [sys.executable, *train]
    return [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(count), *train]


def start(count: int, *words: str, log: Path) -> subprocess.Popen[bytes]:
    """In a process group of its own, so that nothing is left of it."""
    with log.open("ab") as file:
        return subprocess.Popen(command(count, *words), cwd=ROOT, stdout=file, stderr=file, start_new_session=True)


def train(count: int, *words: str) -> subprocess.CompletedProcess[str]:
    """To the end."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        command(count, *words), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200, check=False
    )
