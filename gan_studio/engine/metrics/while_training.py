"""Measures on a clock while training: few samples, little work, and nothing of the training's is touched."""

from __future__ import annotations

from collections.abc import Sequence

from gan_studio.engine.averaging import Averages
from gan_studio.engine.config import RunConfig
from gan_studio.engine.families.base import Family
from gan_studio.engine.metrics.measure import Measure, all_measures
from gan_studio.engine.metrics.subject import RealPictures, Subject

MOST_PICTURES, FEWEST_PICTURES = 128, 32
VALUE, FLOOR, SECONDS = "metric/", "floor/", "metrics/seconds"
"""Names of scalars: what was measured, what reals reach, and how long all of it took."""
_PIXELS = MOST_PICTURES * 64 * 64


class TrainingMetrics:
    """The measures of a training that are quick enough. A step's end waits for them, so there is a budget elsewhere."""

    def __init__(self, subject: Subject) -> None:
        """`subject` samples from the averaged networks, in evaluation mode."""
        self._subject = subject
        count = len(subject.real_pictures.pictures)
        quick = [cls().quick() for cls in all_measures().values() if count >= cls.fewest_pictures]
        self._measures: Sequence[Measure] = [one for one in quick if one is not None and not one.why_not(subject)]

    def __bool__(self) -> bool:
        return bool(self._measures)

    def measure(self) -> dict[str, float]:
        """Scalars of the networks as they are now, each beside its floor. Raises StudioError."""
        self._subject.renew()
        scalars: dict[str, float] = {}
        for measure in self._measures:
            measured = measure.measure(self._subject)
            scalars[VALUE + measure.name] = measured.value
            if measured.floor is not None:
                scalars[FLOOR + measure.name] = measured.floor
        self._subject.renew()  # the samples are not kept in memory until the next time
        return scalars


def training_metrics(
    config: RunConfig, family: Family, averages: Averages, reals: RealPictures, device: str
) -> TrainingMetrics | None:
    """Of the averaged generator; None where the user wants none, or nothing can be measured quickly."""
    if not config.training.measure:
        return None
    subject = Subject(
        family.sampler(averages.networks),
        type(family).data(),
        config.picture,
        lambda: reals,
        count=picture_count(config.picture.size),
        seed=config.training.seed,
        device=device,
    )
    return TrainingMetrics(subject) or None


def picture_count(size: int) -> int:
    """How many pictures are compared: fewer large ones, so that Stop need not wait for them."""
    return max(FEWEST_PICTURES, min(MOST_PICTURES, _PIXELS // size**2))
