"""Draw every family, or those that are named: `python -m docs.figures [FAMILY …]`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import numpy as np
import torch

from docs.figures.svg import drawing
from docs.figures.trace import traced
from gan_studio.engine.assembly import assemble
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.batches import Batches, BatchSource
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.point_batches import PointBatches
from gan_studio.engine.data.points import shape_called
from gan_studio.engine.families import all_families, family_class
from gan_studio.engine.families.base import Family
from gan_studio.engine.speed import Plan
from gan_studio.engine.stats import Statistics

PICTURES = Path(__file__).resolve().parent.parent / "images" / "families"
SIZE = 64
BATCH = 4
GROWN = 10**9
"""Images seen, by which whatever grows has its full size."""


def main(names: list[str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in names or all_families():
        cls = family_class(name)
        classes = ("a", "b") if cls.data().labels == "needed" or len(cls.data().domains) > 1 else ()
        points = "ring" if cls.data().kind == "points" else ""
        family = cls(cls.Config(), PictureSpec(size=SIZE, classes=classes, points=points))
        (PICTURES / f"{name}.svg").write_text(draw(family))
        sys.stdout.write(f"{name}.svg\n")


def draw(family: Family) -> str:
    """The networks of a family with the shapes of one training step over pictures of noise."""
    torch.manual_seed(0)
    plan = Plan("cpu", 1)
    training = assemble(family, dict.fromkeys(family.data().domains, _noise(family.picture)), plan, Statistics(), 0)
    size = f"{family.picture.size} px"
    step = partial(training.stepper.step, 0, GROWN)
    return drawing(f"{family.title}, {size}", traced(training.parts.networks, step))


def _noise(spec: PictureSpec) -> BatchSource:
    if spec.points:
        return PointBatches(shape_called(spec.points), batch_size=BATCH, seed=0, device="cpu")
    pixels = np.random.default_rng(0).integers(0, 255, (BATCH, spec.size, spec.size, spec.channels), np.uint8)
    labels = np.arange(BATCH) % len(spec.classes) if spec.classes else np.full(BATCH, -1)
    pictures = PictureSet(pixels, labels, tuple(map(str, range(BATCH))), spec.classes, spec, ())
    return Batches(pictures, range(BATCH), batch_size=BATCH, seed=0, flip=False, device="cpu")


if __name__ == "__main__":
    main(sys.argv[1:])
