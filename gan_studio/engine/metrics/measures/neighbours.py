"""Precision, recall, density and coverage: whether samples lie among reals, and reals among samples, by features.

Precision and recall after Kynkäänniemi 2019, section 2 (k = 3); density and coverage after Naeem 2020, section 3
(k = 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor

from gan_studio.engine.metrics.features import fake_features, network_for, other_features, real_features
from gan_studio.engine.metrics.measure import Measured, PictureMeasure, register_measure
from gan_studio.engine.metrics.subject import Subject

PRECISION_NEIGHBOURS, DENSITY_NEIGHBOURS = 3, 5
CHUNK = 1024


class _Neighbours(PictureMeasure):
    better = "higher"
    cost = 3

    part: ClassVar[str]

    def measure(self, subject: Subject) -> Measured:
        reals = real_features(subject)
        found = subject.once("neighbours", lambda: compare(fake_features(subject), reals))
        floor = subject.reals_know("neighbours", lambda: compare(other_features(subject), reals))
        return Measured(found[self.part], floor[self.part], note=f"in {network_for(subject).title}")


@register_measure
class Precision(_Neighbours):
    name = part = "precision"
    title = "Precision"
    summary = "Share of the samples that lie among real pictures: how believable they are."
    order = 20


@register_measure
class Recall(_Neighbours):
    name = part = "recall"
    title = "Recall"
    summary = "Share of the real pictures that lie among samples: how much of the variety is there."
    order = 21


@register_measure
class Density(_Neighbours):
    name = part = "density"
    title = "Density"
    summary = "How densely real pictures lie around the samples; precision that outliers cannot fool. May exceed 1."
    order = 22


@register_measure
class Coverage(_Neighbours):
    name = part = "coverage"
    title = "Coverage"
    summary = "Share of the real pictures with a sample nearby: recall that outliers cannot fool."
    order = 23


@torch.no_grad()
def compare(fakes: Tensor, reals: Tensor) -> Mapping[str, float]:
    """All four of two sets of features `[N, D]` and `[M, D]`.

    With fewer points than neighbours are asked for, as many as there are count.
    """
    near_3, near_5 = (neighbour_radii(reals, k) for k in (PRECISION_NEIGHBOURS, DENSITY_NEIGHBOURS))
    fake_radii = neighbour_radii(fakes, PRECISION_NEIGHBOURS)
    inside_reals, hits, inside_fakes, covered = [], [], [], torch.zeros(len(reals), dtype=torch.bool)
    for some, radii in zip(fakes.split(CHUNK), fake_radii.split(CHUNK), strict=True):
        distances = _distances(some, reals)
        inside_reals.append((distances <= near_3).any(1))
        hits.append((distances <= near_5).sum(1))
        inside_fakes.append((distances <= radii[:, None]).any(0))
        covered |= (distances <= near_5).any(0)
    neighbours = min(DENSITY_NEIGHBOURS, max(1, len(reals) - 1))
    return {
        "precision": float(torch.cat(inside_reals).float().mean()),
        "recall": float(torch.stack(inside_fakes).any(0).float().mean()),
        "density": float(torch.cat(hits).float().mean()) / neighbours,
        "coverage": float(covered.float().mean()),
    }


def neighbour_radii(points: Tensor, neighbours: int) -> Tensor:
    """Distance `[N]` of each point `[N, D]` to its k-th nearest among the others; 0 for a single point."""
    k = min(neighbours, len(points) - 1)
    # The nearest of all is the point itself
    return torch.cat([_distances(some, points).kthvalue(k + 1, dim=1).values for some in points.split(CHUNK)])


def _distances(a: Tensor, b: Tensor) -> Tensor:
    # Without the shortcut over a matrix product, whose rounding makes a point lie at some distance from itself
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")
