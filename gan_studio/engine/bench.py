"""How fast this machine trains: the headless throughput of a family, on pictures made of noise."""

from __future__ import annotations

import os
import platform
import statistics
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from gan_studio.engine.assembly import assemble
from gan_studio.engine.config import PictureSpec, TrainingSettings
from gan_studio.engine.data.batches import Batches
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.families import family_class
from gan_studio.engine.families.base import Family, Sampler
from gan_studio.engine.speed import Plan, choose_plan
from gan_studio.engine.speed.measure import fastest_plan
from gan_studio.engine.state import TrainingState, seed_everything
from gan_studio.engine.stats import Statistics

WARM_UP_STEPS = 3
PICTURES = 512


@dataclass(frozen=True)
class TrainingSpeed:
    """Medians over the measured steps, with the conditions they were measured under."""

    family: str
    size: int
    batch_size: int
    plan: str
    steps: int
    images_per_second: float
    slowest_step_seconds: float
    sample_seconds: float
    """One picture from the averaged generator."""


def conditions() -> dict[str, Any]:
    """What a figure depends on: machine, versions, load."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return {
        "machine": platform.machine(),
        "system": platform.platform(),
        "processor": torch.cpu.get_capabilities().get("cpu_name", "") if hasattr(torch.cpu, "get_capabilities") else "",
        "cores": os.cpu_count(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else "none",
        "python": platform.python_version(),
        "torch": torch.__version__,
        "load_average": round(load, 2),
    }


def measure_training(family: str, size: int, seconds: float, settings: TrainingSettings) -> TrainingSpeed:
    """Train on noise for about `seconds` and take the median step. Raises SettingsError or DeviceError."""
    cls = family_class(family)
    model = cls(cls.Config(), PictureSpec(size=size))

    def build(plan: Plan, scalars: Statistics, batch_size: int) -> TrainingState:
        return _build(model, plan, scalars, batch_size, settings.average_images)

    plan = fastest_plan(choose_plan(settings), settings, model, build, lambda: False)
    with plan.working():
        seed_everything(0)
        training = build(plan, Statistics(), settings.batch_size)
        durations = _step_seconds(training, settings.batch_size, seconds, plan)
        sample_seconds = _sample_seconds(model.sampler(training.averages.networks), plan)
    return TrainingSpeed(
        family,
        size,
        settings.batch_size,
        training.stepper.plan.describe(),
        len(durations),
        settings.batch_size / statistics.median(durations),
        max(durations),
        sample_seconds,
    )


def _step_seconds(training: TrainingState, batch_size: int, seconds: float, plan: Plan) -> list[float]:
    """Of each step, for so many seconds in all, a warm-up left out."""
    durations: list[float] = []
    step, end = 0, time.perf_counter() + seconds
    while step < WARM_UP_STEPS + 2 or time.perf_counter() < end:
        start = time.perf_counter()
        images = training.stepper.step(step, step * batch_size)
        training.averages.update((step + 1) * images, images)
        _wait_for(plan)
        step += 1
        if step > WARM_UP_STEPS:
            durations.append(time.perf_counter() - start)
    return durations


def _build(model: Family, plan: Plan, scalars: Statistics, batch_size: int, average_images: int) -> TrainingState:
    size = model.picture.size
    pixels = np.random.default_rng(0).integers(0, 255, (PICTURES, size, size, 3), np.uint8)
    names = tuple(str(number) for number in range(PICTURES))
    pictures = PictureSet(pixels, np.full(PICTURES, -1), names, (), model.picture, ())
    batches = Batches(pictures, range(PICTURES), batch_size=batch_size, seed=0, flip=False, device=plan.device)
    return assemble(model, dict.fromkeys(model.data().domains, batches), plan, scalars, average_images)


@torch.inference_mode()
def _sample_seconds(sampler: Sampler, plan: Plan) -> float:
    controls = sampler.fixed_controls(1, torch.Generator().manual_seed(0))
    durations = []
    for _ in range(20):
        start = time.perf_counter()
        sampler(controls)
        _wait_for(plan)
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


def _wait_for(plan: Plan) -> None:
    if plan.device.startswith("cuda"):
        torch.cuda.synchronize()
    elif plan.device == "mps":
        torch.mps.synchronize()
