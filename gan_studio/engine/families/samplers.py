"""Samplers that several families share. Like `base.py`, no family."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gan_studio.engine.families.base import Controls, Sampler
from gan_studio.engine.latent.seeds import draw
from gan_studio.engine.sampler_controls import ControlSpec, Prior


class LatentSampler(Sampler):
    """One latent in, one picture out."""

    def __init__(self, generator: nn.Module, latent_size: int, prior: Prior) -> None:
        self._generator = generator
        self.controls = (latent_control(latent_size, prior),)

    def __call__(self, controls: Controls) -> dict[str, Tensor]:
        return {"image": self._generator(latents_of(controls, self.controls[0], self._generator)).float()}


def latent_control(latent_size: int, prior: Prior) -> ControlSpec:
    """z, with a range of sliders that holds nearly all that is drawn."""
    span = 1.0 if prior == "uniform" else 3.0
    return ControlSpec("z", "Latent", "latent", (latent_size,), prior, low=-span, high=span)


def latents_of(controls: Controls, spec: ControlSpec, generator: nn.Module) -> Tensor:
    """The latents `[N, …]` asked for, or one of seed 0, as the generator takes them."""
    weight = next(generator.parameters())
    z = controls[spec.name] if spec.name in controls else draw(spec, 1, torch.Generator().manual_seed(0))
    return z.to(weight.device, weight.dtype)
