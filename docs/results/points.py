"""Modes and good points by method: `python -m docs.results.points`. What is done already is not done again."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import torch

from gan_studio.engine.assembly import assemble
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.point_batches import PointBatches
from gan_studio.engine.families.points import Points
from gan_studio.engine.metrics.modes import SAMPLES, ModeCoverage, mode_coverage
from gan_studio.engine.speed import Plan
from gan_studio.engine.stats import Statistics

SHAPES = ("ring", "grid")
SEEDS = range(5)
BATCH = 256
AVERAGE_POINTS = 10_000
READ_EVERY = 200
"""Steps after which the scalars are read and dropped: sums must not grow without end."""
SAMPLE_SEED = 1234
STEPS: Mapping[str, int] = {
    "Non-saturating (2014)": 4_000,
    "Minimax, as first written down (2014)": 4_000,
    "Unrolled 5 steps (2016)": 1_500,
    "WGAN-GP (2017)": 6_000,
    "R3GAN recipe (2024)": 8_000,
}
"""Of each preset of the family. A step of WGAN-GP is one of its critic; G has one in five."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m docs.results.points")
    parser.add_argument("--work", type=Path, default=Path("out/points"), help="where the figures are kept")
    parser.add_argument("--table", action="store_true", help="train nothing: print what is there")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    for seed, shape, method in product(SEEDS, SHAPES, STEPS):
        target = asked.work / f"{shape} {method} {seed}.json"
        if not asked.table and not target.exists():
            target.write_text(json.dumps(result(shape, method, seed)))
            sys.stderr.write(f"{target.name}: {target.read_text()}\n")
    sys.stdout.write(table(asked.work))


def result(shape: str, method: str, seed: int) -> dict[str, Any]:
    """Train once, on one thread, and count."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    steps = STEPS[method]
    family = Points(Points.presets()[method], PictureSpec(size=256, points=shape))
    statistics = Statistics()
    points = PointBatches(family.shape, batch_size=BATCH, seed=seed, device="cpu")
    training = assemble(family, {"image": points}, Plan("cpu", 1), statistics, AVERAGE_POINTS)
    start = time.process_time()
    for step in range(steps):
        count = training.stepper.step(step, step * BATCH)
        training.averages.update((step + 1) * BATCH, count)
        if step % READ_EVERY == 0:
            statistics.read()
    seconds = time.process_time() - start
    found = coverage(family, training.averages.networks["G"])
    return {"covered": found.covered, "modes": found.modes, "good": found.good, "seconds": seconds, "steps": steps}


@torch.inference_mode()
def coverage(family: Points, generator: torch.nn.Module) -> ModeCoverage:
    assert family.shape.modes is not None
    z = torch.randn(SAMPLES, family.config.latent_size, generator=torch.Generator().manual_seed(SAMPLE_SEED))
    return mode_coverage(generator(z), torch.from_numpy(family.shape.modes), family.shape.sigma)


def table(work: Path) -> str:
    """Markdown: modes in every seed, and the mean share of good points."""
    lines = ["| shape | method | modes, by seed | good points | seconds |", "|---|---|---|---|---|"]
    for shape, method in product(SHAPES, STEPS):
        files = [work / f"{shape} {method} {seed}.json" for seed in SEEDS]
        found = [json.loads(file.read_text()) for file in files if file.exists()]
        if found:
            modes = " ".join(str(one["covered"]) for one in found)
            good, seconds = (sum(one[key] for one in found) / len(found) for key in ("good", "seconds"))
            lines.append(f"| {shape} | {method} | {modes} of {found[0]['modes']} | {good:.0%} | {seconds:.0f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
