"""Latents from seeds: the same seed gives the same latent on every machine.

Everything is drawn on the CPU by a generator of its own, so that neither the device nor a training under way
changes what a seed means.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gan_studio.engine.sampler_controls import ControlSpec, Prior


def draw(spec: ControlSpec, count: int, generator: torch.Generator | None = None) -> Tensor:
    """`count` latents for a control, float32 `[count, *spec.shape]` on the CPU."""
    return draw_prior((count, *spec.shape), spec.prior, generator)


def draw_prior(
    shape: tuple[int, ...],
    prior: Prior,
    generator: torch.Generator | None = None,
    device: torch.device | str = "cpu",
) -> Tensor:
    """Latents of a prior: `normal` N(0, 1); `uniform` U(-1, 1); `sphere` normal, scaled to length sqrt(size)."""
    if prior == "uniform":
        return torch.rand(shape, generator=generator, device=device) * 2 - 1
    latent = torch.randn(shape, generator=generator, device=device)
    return to_sphere(latent) if prior == "sphere" else latent


def to_sphere(latent: Tensor) -> Tensor:
    """Scale each latent `[N, …]` to length sqrt(size), where normal ones lie anyway."""
    flat = latent.flatten(1)
    return (flat * (flat.shape[1] ** 0.5 / flat.norm(dim=1, keepdim=True).clamp_min(1e-12))).view_as(latent)


def from_seed(spec: ControlSpec, seed: int) -> Tensor:
    """The latent of one seed, `[*spec.shape]`."""
    return draw(spec, 1, torch.Generator().manual_seed(seed))[0]


def from_seeds(spec: ControlSpec, seeds: list[int]) -> Tensor:
    """The latents of several seeds, `[len(seeds), *spec.shape]`."""
    return torch.stack([from_seed(spec, seed) for seed in seeds])


def at_position(spec: ControlSpec, position: float) -> Tensor:
    """The latent at a seed with a fraction: between two neighbouring seeds, blended along the prior's own path."""
    seed = math.floor(position)
    fraction = position - seed
    start = from_seed(spec, seed)
    return start if fraction == 0 else blend(start, from_seed(spec, seed + 1), fraction, spec.prior)


def blend(start: Tensor, end: Tensor, fraction: float, prior: Prior) -> Tensor:
    """Spherical interpolation for normal and sphere priors (White 2016, section 2.1), linear for uniform ones."""
    return torch.lerp(start, end, fraction) if prior == "uniform" else slerp(start, end, fraction)


def slerp(start: Tensor, end: Tensor, fraction: float) -> Tensor:
    """Along the great circle between two latents of any one shape; lengths are blended linearly."""
    a, b = start.flatten().double(), end.flatten().double()
    length_a, length_b = a.norm().clamp_min(1e-12), b.norm().clamp_min(1e-12)
    angle = torch.acos((torch.dot(a, b) / (length_a * length_b)).clamp(-1, 1))
    if angle.sin() < 1e-6:
        return torch.lerp(start, end, fraction)
    length = torch.lerp(length_a, length_b, fraction)
    direction = (
        torch.sin((1 - fraction) * angle) * a / length_a + torch.sin(fraction * angle) * b / length_b
    ) / angle.sin()
    return (direction * length).to(start.dtype).view_as(start)
