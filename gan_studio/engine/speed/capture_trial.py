"""Whether steps are better captured as graphs: tried beside the same steps without, never taken blindly."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from gan_studio.engine.speed.capture import WARM_UP_STEPS
from gan_studio.engine.speed.plan import Plan

AGREEMENT = 0.05
"""How far losses and gradient norms of a step may be from those of a step that is known to be right, as a share."""
GAIN = 0.95
"""Replayed steps must take less than this share of the time of eager ones."""
REPLAYED = 5
"""Steps at the end of a trial that are timed; capturing takes one before."""
STEPS = 2 * (WARM_UP_STEPS + 1) + REPLAYED

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trial:
    """Some steps from the first on."""

    scalars: Sequence[Mapping[str, float]]
    """What each logged."""
    seconds: Sequence[float]
    captured: int
    """Kinds of steps that were replayed in the end."""


def worth_capturing(eager: Plan, captured: Plan, trial: Callable[[Plan, int], Trial]) -> bool:
    """Whether the captured steps log what the eager ones do, every one of them, in less time."""
    try:
        replayed = trial(captured, STEPS)
        truth = trial(eager, STEPS)
    except RuntimeError as error:
        log.info("CUDA graphs are not used: %s", error)
        return False
    if not replayed.captured:
        return False
    if not all(agree(one, other) for one, other in zip(replayed.scalars, truth.scalars, strict=True)):
        log.info("CUDA graphs are not used: their losses are others.")
        return False
    return median(replayed.seconds[-REPLAYED:]) < GAIN * median(truth.seconds[-REPLAYED:])


def agree(scalars: Mapping[str, float], truth: Mapping[str, float]) -> bool:
    """Whether all losses and gradient norms of a step are near the true ones. What is not a number never is."""
    names = [name for name in truth if name.startswith(("loss/", "grad/"))]
    return all(abs(scalars[name] - truth[name]) <= AGREEMENT * max(abs(truth[name]), 1e-3) for name in names)
