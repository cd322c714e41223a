"""When a training is done, and how long that will take. Imports no torch."""

from __future__ import annotations

from gan_studio.engine.config import TrainingSettings

MOST_STEPS = 2**31 - 1
"""A greater number in a folder that others write is no step: not every program that looks there could count so far."""


def reached(settings: TrainingSettings, step: int, images: int, seconds: float) -> bool:
    """Whether any limit that was set is reached; with none set, never."""
    return bool(
        (settings.steps and step >= settings.steps)
        or (settings.images and images >= settings.images)
        or (settings.minutes and seconds >= settings.minutes * 60)
    )


def lifted(settings: TrainingSettings, step: int, images: int, seconds: float) -> dict[str, int]:
    """New values for the limits that are reached: none."""
    each = {"steps": settings.steps, "images": settings.images, "minutes": settings.minutes}
    return {
        name: 0
        for name, limit in each.items()
        if limit and reached(TrainingSettings(**{name: limit}), step, images, seconds)
    }


def progress(settings: TrainingSettings, step: int, images: int, seconds: float) -> float | None:
    """The share of the limit that is nearest, from 0 to 1; None where there is none."""
    limits = ((settings.steps, step), (settings.images, images), (settings.minutes * 60, seconds))
    shares = [done / limit for limit, done in limits if limit]
    return min(1.0, max(shares)) if shares else None


def seconds_left(
    settings: TrainingSettings, step: int, images: int, seconds: float, images_per_second: float
) -> float | None:
    """An estimate for the limit that is reached first; None where there is none, or nothing is known yet."""
    estimates = []
    if settings.minutes:
        estimates.append(settings.minutes * 60 - seconds)
    if images_per_second > 0 and step > 0:
        if settings.steps:
            estimates.append((settings.steps - step) * (images / step) / images_per_second)
        if settings.images:
            estimates.append((settings.images - images) / images_per_second)
    return max(0.0, min(estimates)) if estimates else None
