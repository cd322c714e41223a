"""Memorisation: how near samples come to the pictures trained on, beside how near other reals come to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from gan_studio.engine.metrics.measure import Measured, PictureMeasure, register_measure
from gan_studio.engine.metrics.subject import RealPictures, Subject

SIDE = 32
"""Pictures are compared at this size at most: noise and shifts by a pixel of large ones hide no copy."""
CHUNK = 512
COPY_SHARE = 0.5
"""A sample this much nearer to a training picture than reals are to one another is counted as a copy."""


@register_measure
class NearestPicture(PictureMeasure):
    name = "nearest"
    title = "Nearest training picture"
    summary = (
        "Median difference of a sample to the training picture most like it, in grey levels. Far below that of "
        "real pictures, training pictures are copied."
    )
    better = "higher"
    cost = 4
    order = 30

    def measure(self, subject: Subject) -> Measured:
        trained_on, own = _compared(subject.real_pictures, subject.numbers[0])
        table = subject.reals_know("trained on", lambda: _rows(trained_on, subject))
        floors = subject.reals_know("nearest", lambda: nearest(_flat(subject.reals), table, subject, own))
        found = nearest(_flat(subject.fakes), table, subject)
        closest = int(found.distances.argmin())
        floor = float(floors.distances.median())
        copies = float((found.distances < COPY_SHARE * floor).float().mean())
        return Measured(
            float(found.distances.median()),
            floor,
            {
                "closest picture": subject.real_pictures.pictures.names[trained_on[found.places[closest]]],
                "its difference": float(found.distances[closest]),
                "sample number": float(closest),
                "suspected copies": copies,
            },
            f"among {len(trained_on):,} training pictures",
        )


@dataclass(frozen=True)
class Nearest:
    """Of each picture: the root mean square difference in grey levels to the one most like it, and which that is."""

    distances: Tensor
    places: Tensor


@torch.no_grad()
def nearest(pictures: Tensor, table: Tensor, subject: Subject, own: Tensor | None = None) -> Nearest:
    """Nearest rows of `table` `[M, D]` to each of `pictures` `[N, D]`, grey levels as float32.

    `own` `[N]` names the row that a picture is itself, -1 for none: it does not count.
    """
    distances, places = [], []
    for start in range(0, len(pictures), CHUNK):
        subject.check()
        gaps = torch.cdist(pictures[start : start + CHUNK], table)
        if own is not None:
            mine = own[start : start + CHUNK]
            rows = torch.arange(len(mine))[mine >= 0]
            gaps[rows, mine[mine >= 0]] = torch.inf
        least = gaps.min(1)
        distances.append(least.values)
        places.append(least.indices)
    return Nearest(torch.cat(distances) / table.shape[1] ** 0.5, torch.cat(places))


def _compared(real: RealPictures, reference: np.ndarray) -> tuple[np.ndarray, Tensor]:
    """The pictures that were trained on, and where among them the reference pictures are; -1 for held-out ones."""
    trained_on = real.trained_on
    places = np.searchsorted(trained_on, reference).clip(max=len(trained_on) - 1)
    return trained_on, torch.from_numpy(np.where(trained_on[places] == reference, places, -1))


def _rows(numbers: np.ndarray, subject: Subject) -> Tensor:
    parts = []
    for start in range(0, len(numbers), CHUNK):
        subject.check()
        parts.append(_flat(subject.pictures_of(numbers[start : start + CHUNK])))
    return torch.cat(parts)


def _flat(pictures: Tensor) -> Tensor:
    """uint8 `[N, C, H, W]` as rows of grey levels at 32 px at most."""
    values = pictures.float()
    if values.shape[-1] > SIDE:
        values = F.interpolate(values, (SIDE, SIDE), mode="area")
    return values.flatten(1)
