"""The sliced Wasserstein distance as a measure; the distance itself is in `metrics/sliced_wasserstein.py`."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from gan_studio.engine.metrics.measure import Measure, SetMeasure, register_measure
from gan_studio.engine.metrics.sliced_wasserstein import sliced_wasserstein
from gan_studio.engine.metrics.subject import Subject

QUICK_DIRECTIONS, QUICK_PATCHES = 128, 64


@register_measure
class SlicedWassersteinMeasure(SetMeasure):
    """Karras 2018, section 5."""

    name = "sliced_wasserstein"
    title = "Sliced Wasserstein"
    summary = "How far texture and composition are from real pictures, scale by scale, × 1000."
    better = "lower"
    cost = 12
    order = 0

    def __init__(self, directions: int = 512, patches_per_picture: int = 128) -> None:
        self._directions, self._patches = directions, patches_per_picture

    def quick(self) -> Measure:
        return SlicedWassersteinMeasure(QUICK_DIRECTIONS, QUICK_PATCHES)

    def compare(self, pictures: Tensor, reals: Tensor, subject: Subject) -> tuple[float, Mapping[str, float | str]]:
        subject.check()
        distance = sliced_wasserstein(
            pictures.to(subject.device),
            reals.to(subject.device),
            directions=self._directions,
            patches_per_picture=self._patches,
            seed=subject.seed,
        )
        return distance.mean, {f"detail at {size} px": value for size, value in distance.levels.items()}
