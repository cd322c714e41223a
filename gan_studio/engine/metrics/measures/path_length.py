"""Perceptual path length (Karras 2019, section 4.1): how evenly pictures change between one latent and another."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from gan_studio.engine.latent.seeds import blend, draw
from gan_studio.engine.metrics.features import RandomFeatures
from gan_studio.engine.metrics.measure import Measured, PictureMeasure, register_measure
from gan_studio.engine.metrics.perceptual import PerceptualDistance, lpips_distance, own_distance
from gan_studio.engine.metrics.subject import CHUNK, Subject

EPSILON = 1e-4
LOW, HIGH = 0.01, 0.99
"""Quantiles outside which paths are left out: few of them would decide the mean."""


@register_measure
class PathLength(PictureMeasure):
    name = "path_length"
    title = "Perceptual path length"
    summary = "How unevenly pictures change on the way from one latent to another: low is smooth to walk through."
    better = "lower"
    cost = 30
    order = 50

    def why_not(self, subject: Subject) -> str:
        if subject.latent is None:
            return super().why_not(subject) or "The model has no latent to walk through."
        return super().why_not(subject)

    def measure(self, subject: Subject) -> Measured:
        distance, title = _distance(subject)
        count = len(subject.numbers[0])
        lengths = torch.cat(
            [distance(a.to(subject.device), b.to(subject.device)).cpu() for a, b in steps(subject, count)]
        )
        space = "in z" if subject.sampler.styles({}) is None else "in w"
        return Measured(trimmed_mean(lengths / EPSILON**2), None, note=f"{title}, {count:,} paths {space}")


@torch.no_grad()
def steps(subject: Subject, count: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Pictures at t and at t + ε of `count` paths, float `[n, C, H, W]` in [-1, 1]; t is drawn evenly from 0 to 1.

    Straight in w where the model maps its latent to styles, else along the latent's own way: the sphere for a normal z.
    """
    spec, generator = subject.latent, subject.generator(50)
    assert spec is not None
    starts, ends = draw(spec, count, generator), draw(spec, count, generator)
    fractions = torch.rand(count, generator=generator, dtype=torch.float64)
    others = {name: value for name, value in subject.controls.items() if name != spec.name}
    for at in torch.arange(count).split(CHUNK):
        subject.check()
        rest = {
            name: value[at].to(subject.device) if isinstance(value, Tensor) else value for name, value in others.items()
        }
        a, b = starts[at].to(subject.device), ends[at].to(subject.device)
        first, second = (_pictures(subject, spec.name, a, b, fractions[at] + add, rest) for add in (0, EPSILON))
        yield first, second


def _pictures(subject: Subject, name: str, a: Tensor, b: Tensor, fractions: Tensor, rest: dict) -> Tensor:
    sampler = subject.sampler
    first, second = sampler.styles({name: a}), sampler.styles({name: b})
    if first is not None and second is not None:
        weights = fractions.to(first.device, first.dtype).view(-1, *[1] * (first.ndim - 1))
        return sampler.from_styles(first + (second - first) * weights, rest)[sampler.main_output].clamp(-1, 1)
    prior = subject.latent.prior if subject.latent else "normal"
    between = [blend(x, y, float(at), prior) for x, y, at in zip(a, b, fractions, strict=True)]
    return sampler({**rest, name: torch.stack(between)})[sampler.main_output].clamp(-1, 1)


def trimmed_mean(values: Tensor) -> float:
    """The mean of what lies between the 1st and the 99th percentile, both included."""
    values = values.double()
    low, high = torch.quantile(values, LOW, interpolation="lower"), torch.quantile(values, HIGH, interpolation="higher")
    return float(values[(values >= low) & (values <= high)].mean())


def _distance(subject: Subject) -> tuple[PerceptualDistance, str]:
    if subject.weights.vgg is None:
        network = subject.reals_know("random features", lambda: RandomFeatures(subject.device))
        return own_distance(network), "PPL (own features)"
    path = subject.weights.vgg
    return subject.reals_know("lpips", lambda: lpips_distance(path, subject.device)), "PPL (LPIPS, VGG-16)"
