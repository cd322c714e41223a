"""Truncation for families that bring none of their own: a normal z is scaled, so that pictures come closer to the mean.

A uniform z has no such control, because its corners are as likely as its middle; one on a sphere has no length to
lose. A family with a mapped latent brings its own control of this name and is left as it is.
"""

from __future__ import annotations

import torch
from torch import Tensor

from gan_studio.engine.families.base import Controls, Sampler
from gan_studio.engine.progress import IsCancelled, Progress
from gan_studio.engine.sampler_controls import ControlSpec

TRUNCATION = ControlSpec("truncation", "Truncation", "number", low=-1.0, high=2.0, default=1.0)
"""1 leaves z as it was drawn, 0 is the middle of all pictures, below 0 lies the opposite."""


def with_truncation(sampler: Sampler) -> Sampler:
    """The sampler with a control that scales its normal latents; itself where that means nothing."""
    scaled = tuple(spec.name for spec in sampler.controls if spec.kind == "latent" and spec.prior == "normal")
    has_its_own = any(spec.name == TRUNCATION.name for spec in sampler.controls)
    return sampler if has_its_own or not scaled else TruncatedSampler(sampler, scaled)


class TruncatedSampler(Sampler):
    """Another sampler whose latents `scaled` are multiplied by the truncation first."""

    def __init__(self, sampler: Sampler, scaled: tuple[str, ...]) -> None:
        self._sampler = sampler
        self._scaled = scaled
        self.controls = (*sampler.controls, TRUNCATION)
        self.main_output, self.before_output = sampler.main_output, sampler.before_output

    def __call__(self, controls: Controls) -> dict[str, Tensor]:
        return self._sampler(self._scaled_down(controls))

    def _scaled_down(self, controls: Controls) -> Controls:
        rest = dict(controls)
        factor = float(rest.pop(TRUNCATION.name, TRUNCATION.default))
        if factor != 1:
            rest |= {name: rest[name] * factor for name in self._scaled if name in rest}
        return rest

    def points(self, controls: Controls) -> Tensor:
        return self._sampler.points(self._scaled_down(controls))

    def styles(self, controls: Controls) -> Tensor | None:
        return self._sampler.styles(controls)

    def from_styles(self, styles: Tensor, controls: Controls) -> dict[str, Tensor]:
        return self._sampler.from_styles(styles, controls)

    def fixed_controls(self, count: int, generator: torch.Generator) -> Controls:
        return self._sampler.fixed_controls(count, generator)

    def random_controls(self, count: int, generator: torch.Generator) -> Controls:
        return self._sampler.random_controls(count, generator)

    def grid_pictures(self, controls: Controls) -> Tensor:
        return self._sampler.grid_pictures(self._scaled_down(controls))

    def degraded(self, truth: Tensor) -> Controls | None:
        return self._sampler.degraded(truth)

    def full_size(
        self, controls: Controls, *, progress: Progress | None = None, cancelled: IsCancelled | None = None
    ) -> dict[str, Tensor]:
        return self._sampler.full_size(self._scaled_down(controls), progress=progress, cancelled=cancelled)

    def memory_bytes(self, height: int, width: int) -> int:
        return self._sampler.memory_bytes(height, width)

    def grid_count(self, most: int) -> int:
        return self._sampler.grid_count(most)

    def grid_columns(self, count: int) -> int:
        return self._sampler.grid_columns(count)
