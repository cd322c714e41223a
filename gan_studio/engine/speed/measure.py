"""Chooses a plan by trying: a few seconds before a new run, on networks and data of its own.

Precisions and numbers of threads are compared by whole steps, ways to compute a layer by that layer alone. What is
chosen is remembered for the machine and the model. A resume comes never here: its plan is in its checkpoint.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import psutil
import torch

from gan_studio.engine.config import TrainingSettings
from gan_studio.engine.errors import Cancelled
from gan_studio.engine.families.base import Family
from gan_studio.engine.speed.capture_trial import Trial, agree, worth_capturing
from gan_studio.engine.speed.devices import cpu_has_bf16, usable_cores
from gan_studio.engine.speed.layer_times import fastest_way, recorded
from gan_studio.engine.speed.plan import Plan
from gan_studio.engine.speed.remembered import recall, remember, situation
from gan_studio.engine.state import TrainingState, seed_everything
from gan_studio.engine.stats import Statistics
from gan_studio.engine.step import StepDiscarded

WORTH_MULTIPLICATIONS = 1e8
"""Weights times pictures of a step: below it a step takes milliseconds, and there is nothing to be gained."""
WORTH_STEPS = 500
"""A training of fewer steps is over before a measurement has paid."""
LAYER_SECONDS = 20.0
"""At most, for all layers together: an idle machine needs less. What is left over then is computed as torch does."""
TRIAL_STEPS = 2
TRIAL_PICTURES = 32
"""Batch on which layers are tried: enough to tell, in half the time of the usual one."""
GAIN = 0.95
"""A plan must take less than this share of the time of the one before it to be preferred."""
MOST_OTHER_CORES = 0.5
"""Where others keep more cores busy meanwhile, what was measured is taken for this run and not remembered."""

log = logging.getLogger(__name__)
Build = Callable[[Plan, Statistics, int], TrainingState]
"""Plan, where scalars go, batch size → a training of its own that shares nothing with another."""


def fastest_plan(
    base: Plan, settings: TrainingSettings, family: Family, build: Build, cancelled: Callable[[], bool]
) -> Plan:
    """The fastest plan for a training on this machine: remembered, or measured now; `base` where neither is worth it.

    Only what the settings leave open is tried. The random states are as before afterwards. Raises Cancelled.
    """
    if not worth_measuring(family, settings):
        return base
    where = situation(base, _model(family, settings))
    known = recall(where)
    if known is not None:
        return known
    try:
        with _random_states_kept():
            load = _OtherLoad()
            plan = _Measurement(base, settings, build, cancelled).plan()
            if load.cores() <= MOST_OTHER_CORES:
                remember(where, plan)
            return plan
    except StepDiscarded:
        raise Cancelled from None
    except RuntimeError as error:
        log.info("Nothing was measured, %s is used: %s", base.describe(), error)
        return base


def worth_measuring(family: Family, settings: TrainingSettings) -> bool:
    """Whether a training is long and large enough to gain from a few seconds of measuring."""
    if settings.speed == "default" or 0 < settings.steps < WORTH_STEPS:
        return False
    if 0 < settings.images < WORTH_STEPS * settings.batch_size or 0 < settings.minutes < 1:
        return False
    with torch.device("meta"):
        networks = family.build().networks.values()
    weights = sum(parameter.numel() for network in networks for parameter in network.parameters())
    return weights * settings.batch_size >= WORTH_MULTIPLICATIONS


@dataclass
class _Measurement:
    base: Plan
    settings: TrainingSettings
    build: Build
    cancelled: Callable[[], bool]

    def plan(self) -> Plan:
        plan = self._fastest_of(self._candidates())
        if plan.device == "cpu":
            return replace(plan, kernels=self._kernels(plan))
        captured = replace(plan, capture=True)
        tries = self.settings.cuda_graphs == "auto" and captured.captures
        return captured if tries and worth_capturing(plan, captured, self._steps) else plan

    def _candidates(self) -> list[Plan]:
        """In the order of preference: what would be done without measuring comes first."""
        plans = [self.base]
        if self.settings.precision == "auto":
            plans += [replace(self.base, precision=one) for one in _precisions(self.base.device)]
        cores = usable_cores()
        if not self.settings.threads and self.base.device == "cpu" and cores >= 4:
            plans += [replace(one, threads=cores // 2) for one in plans]
        return list({one.describe(): one for one in plans}.values())

    def _fastest_of(self, plans: list[Plan]) -> Plan:
        if len(plans) == 1:
            return plans[0]
        truth, _ = self._trial(replace(self.base, precision="fp32"), 0)
        best, best_seconds = self.base, float("inf")
        for plan in plans:
            scalars, seconds = self._trial(plan, TRIAL_STEPS)
            if agree(scalars, truth) and seconds < best_seconds * GAIN:
                best, best_seconds = plan, seconds
        return best

    def _trial(self, plan: Plan, steps: int) -> tuple[dict[str, float], float]:
        """What the first step logs, and the seconds of the fastest of the next ones."""
        statistics, batch = Statistics(), self.settings.batch_size
        with plan.working():
            training = self._training(plan, statistics, batch)
            training.stepper.step(0, 0)
            scalars, _ = statistics.read()
            durations = [float("inf")]
            for number in range(1, steps + 1):
                start = time.perf_counter()
                training.stepper.step(number, number * batch)
                statistics.read()  # waits for the device
                durations.append(time.perf_counter() - start)
        return scalars, min(durations)

    def _steps(self, plan: Plan, count: int) -> Trial:
        """What each of so many steps logs, what each takes, and how many kinds of them were captured."""
        statistics, batch = Statistics(), self.settings.batch_size
        scalars, seconds, images = [], [], 0
        with plan.working():
            stepper = self._training(plan, statistics, batch).stepper
            for number in range(count):
                start = time.perf_counter()
                images += stepper.step(number, images)
                scalars.append(statistics.read()[0])  # waits for the device
                seconds.append(time.perf_counter() - start)
        return Trial(scalars, seconds, stepper.captured.captured if stepper.captured else 0)

    def _kernels(self, plan: Plan) -> dict[str, str]:
        """By `network.layer`, for layers that are faster in another way than torch's."""
        with plan.working():
            training = self._training(plan, Statistics(), min(TRIAL_PICTURES, self.settings.batch_size))
            networks = training.parts.networks
            with recorded(networks) as calls:
                training.stepper.step(0, 0)
            end, chosen = time.perf_counter() + LAYER_SECONDS, {}
            for path in calls:
                name, _, layer = path.partition(".")
                way = fastest_way(networks[name].get_submodule(layer), calls[path], plan, lambda: self._goes_on(end))
                if way:
                    chosen[path] = way
        return chosen

    def _goes_on(self, end: float) -> bool:
        if self.cancelled():
            raise Cancelled
        return time.perf_counter() < end

    def _training(self, plan: Plan, statistics: Statistics, batch_size: int) -> TrainingState:
        seed_everything(0)
        training = self.build(plan, statistics, batch_size)
        training.stepper.wants_to_leave = self.cancelled
        return training


def _precisions(device: str) -> tuple[str, ...]:
    if device.startswith("cuda"):
        return ("bf16", "tf32", "fp32") if torch.cuda.is_bf16_supported(including_emulation=False) else ("tf32", "fp32")
    return ("bf16", "fp32") if device == "cpu" and cpu_has_bf16() else ("fp32",)


def _model(family: Family, settings: TrainingSettings) -> dict[str, Any]:
    return {
        "family": family.name,
        "settings": family.config.model_dump(mode="json"),
        "picture": family.picture.model_dump(mode="json", include={"size", "channels"}),
        "batch_size": settings.batch_size,
        "precision": settings.precision,
        "cuda_graphs": settings.cuda_graphs,
        "threads": settings.threads,
    }


class _OtherLoad:
    """From its making on, how many cores are busy with what is not this process."""

    def __init__(self) -> None:
        self._start, self._others = time.monotonic(), self._busy_seconds()

    def cores(self) -> float:
        return (self._busy_seconds() - self._others) / max(1e-3, time.monotonic() - self._start)

    @staticmethod
    def _busy_seconds() -> float:
        times, own = psutil.cpu_times(), psutil.Process().cpu_times()
        busy = sum(getattr(times, name, 0.0) for name in ("user", "nice", "system", "irq", "softirq", "steal"))
        return busy - own.user - own.system


@contextmanager
def _random_states_kept() -> Iterator[None]:
    python = random.getstate()
    cuda = range(torch.cuda.device_count()) if torch.cuda.is_available() else ()
    try:
        with torch.random.fork_rng(devices=cuda):
            yield
    finally:
        random.setstate(python)
