"""`gan-studio bench`: how fast this machine trains and samples, without a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from gan_studio.cli.arguments import parse, usage_errors
from gan_studio.cli.console import put, put_json
from gan_studio.engine.config import TrainingSettings
from gan_studio.engine.settings import validated


@dataclass(frozen=True)
class BenchArguments:
    family: str = "dcgan"
    """Kind of GAN."""
    image_size: Literal[16, 32, 64, 128, 256] = 64
    """Side of the pictures."""
    batch_size: int = 64
    """Pictures per step."""
    seconds: float = 20.0
    """How long to train."""
    device: str = "auto"
    """As for training."""
    precision: Literal["auto", "fp32", "tf32", "bf16"] = "auto"
    """As for training."""
    speed: Literal["measure", "default"] = "measure"
    """As for training."""
    threads: int = 0
    """As for training."""
    json: bool = False
    """Print figures and conditions as JSON."""


def run(arguments: Sequence[str]) -> int:
    parsed = parse(BenchArguments, "bench", arguments, "Measure training and sampling on this machine.")
    typed = {name: getattr(parsed, name) for name in ("batch_size", "device", "precision", "threads", "speed")}
    with usage_errors():
        settings = validated(TrainingSettings, typed)
    from gan_studio.engine.bench import conditions, measure_training  # torch loads after the usage was found right

    around = conditions()
    speed = measure_training(parsed.family, parsed.image_size, parsed.seconds, settings)
    if parsed.json:
        put_json({**around, **asdict(speed)})
        return 0
    put("  ".join(f"{name} {value}" for name, value in around.items()))
    put(f"{speed.family}, {speed.size} px, batch {speed.batch_size}, {speed.plan}, {speed.steps} steps")
    put(f"{speed.images_per_second:.0f} images/s; slowest step {speed.slowest_step_seconds * 1000:.0f} ms")
    put(f"one picture from the generator: {speed.sample_seconds * 1000:.1f} ms")
    return 0
