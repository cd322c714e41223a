"""`gan-studio evaluate`: how far a generator's pictures are from real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from gan_studio.cli.arguments import UsageError, parse
from gan_studio.cli.console import progress_bar, put, put_json


@dataclass(frozen=True)
class EvaluateArguments:
    model: Annotated[Path, tyro.conf.Positional]
    """A run folder (its newest generator) or a .safetensors file."""
    data: Path
    """The real pictures to compare with."""
    count: int = 1000
    """Samples to make; half of the real pictures at most."""
    seed: int = 0
    """Of the samples and of the measure's random directions."""
    json: bool = False
    """Print the figures as JSON."""


def run(arguments: Sequence[str]) -> int:
    parsed = parse(EvaluateArguments, "evaluate", arguments, "Sliced Wasserstein distance to real pictures, × 1000.")
    if parsed.count < 1:
        raise UsageError(f"--count {parsed.count} leaves nothing to compare.", "Compare at least one picture.")
    from gan_studio.engine.checkpoint import load_generator  # torch loads after the usage was found right
    from gan_studio.engine.metrics.evaluate import evaluate
    from gan_studio.engine.run import generator_at

    loaded = load_generator(generator_at(parsed.model))
    with progress_bar("Looking at the pictures") as update:
        result = evaluate(loaded, parsed.data, count=parsed.count, seed=parsed.seed, progress=update)
    distance, floor = result.distance, result.floor
    if parsed.json:
        levels = {"distance": distance.levels, "floor": floor.levels}
        means = {"distance_mean": distance.mean, "floor_mean": floor.mean}
        put_json({"step": loaded.step, "pictures": distance.pictures, **means, **levels})
        return 0
    put(f"step {loaded.step:,}, {distance.pictures:,} pictures on each side; 0 is best, the floor is real against real")
    for size, value in distance.levels.items():
        put(f"  detail at {size:>3} px  {value:7.1f}   floor {floor.levels[size]:6.1f}")
    put(f"  mean              {distance.mean:7.1f}   floor {floor.mean:6.1f}")
    return 0
