"""How much a device can multiply: what a training's pace is a share of."""

from __future__ import annotations

import time

import torch

FLOP_AN_IMAGE = 2.27e9
"""Of a step of DCGAN-64 with D frozen while G learns, forward and backward, two for each multiplication."""
SIDE = {"cuda": 8192, "cpu": 2048}
REPEATS = 10


def reachable_flops(device: str, precision: str) -> float:
    """Operations a second of a large square matrix product in `fp32`, `tf32` or `bf16`: the best of some."""
    side = SIDE.get(device.partition(":")[0], SIDE["cpu"])
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    one = torch.randn(side, side, device=device, dtype=kind)
    seconds = []
    for _ in range(REPEATS):
        _wait(device)
        start = time.perf_counter()
        torch.mm(one, one)
        _wait(device)
        seconds.append(time.perf_counter() - start)
    return 2 * side**3 / min(seconds)


def share(images_per_second: float, flops: float) -> float:
    """Of what is reachable, the part that a training's arithmetic takes."""
    return images_per_second * FLOP_AN_IMAGE / flops


def _wait(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize()
