"""Samplers that several families share. Like `base.py`, no family."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.bicubic import enlarged, reduced
from gan_studio.engine.data.domains import EXAMPLES
from gan_studio.engine.families.base import Controls, Sampler
from gan_studio.engine.latent.seeds import draw
from gan_studio.engine.networks.tiles import in_tiles
from gan_studio.engine.progress import IsCancelled, Progress
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


class EnlargingSampler(Sampler):
    """A small picture in; the same large, as the generator makes it and as bicubic enlargement does."""

    main_output, before_output = "result", "bicubic"
    TILE = 112
    """Side of the part of a tile that is kept, in pixels of the small picture."""

    def __init__(self, generator: Any, picture: PictureSpec) -> None:
        """`generator` is an `SRResNet`: it knows its scale, its reach and the run's examples."""
        self._generator, self._scale, self._reach = generator, int(generator.scale), int(generator.reach)
        side = picture.size // self._scale
        self.controls = (ControlSpec("picture", "Picture", "picture", (picture.channels, side, side)),)

    def __call__(self, controls: Controls) -> dict[str, Tensor]:
        """`low` (enlarged with hard pixels), `bicubic`, `result`, and `truth` where the controls hold it."""
        low = self._low(controls)
        pictures = {
            "low": F.interpolate(low, scale_factor=self._scale),
            "bicubic": enlarged(low, self._scale).clamp(-1, 1),
            "result": self._enlarged(low),
        }
        return {**pictures, "truth": controls["truth"]} if "truth" in controls else pictures

    def full_size(
        self, controls: Controls, *, progress: Progress | None = None, cancelled: IsCancelled | None = None
    ) -> dict[str, Tensor]:
        """`bicubic` and `result`, tile by tile: the tiles overlap by the generator's reach, so there are no seams."""
        low = self._low(controls)
        result = in_tiles(
            self._enlarged,
            low[0],
            scale=self._scale,
            tile=self.TILE,
            overlap=self._reach,
            progress=progress,
            cancelled=cancelled,
        )
        return {"bicubic": enlarged(low, self._scale).clamp(-1, 1), "result": result[None]}

    def memory_bytes(self, height: int, width: int) -> int:
        """The two large pictures, and what is made of them on the way to a file."""
        channels = self.controls[0].shape[0]
        return height * width * self._scale**2 * (2 * 4 * channels + 2 * 3)

    def fixed_controls(self, count: int, generator: torch.Generator) -> Controls:
        """The run's examples, in order."""
        return self.degraded(self._examples(torch.arange(count)))

    def random_controls(self, count: int, generator: torch.Generator) -> Controls:
        """Examples by chance: no model makes small pictures on its own."""
        return self.degraded(self._examples(torch.randint(EXAMPLES, (count,), generator=generator)))

    def grid_pictures(self, controls: Controls) -> Tensor:
        """Low resolution, bicubic, result and truth of each example, side by side."""
        made = self(controls)
        return torch.stack([made[name] for name in ("low", "bicubic", "result", "truth")], 1).flatten(0, 1)

    def grid_count(self, most: int) -> int:
        return max(1, min(EXAMPLES, most // 4))

    def grid_columns(self, count: int) -> int:
        return 8 if count >= 16 else 4

    def degraded(self, truth: Tensor) -> Controls:
        """The picture reduced, its sides cut to multiples of the scale, and that truth itself."""
        height, width = (side // self._scale * self._scale for side in truth.shape[2:])
        return {"picture": reduced(truth, self._scale), "truth": truth[:, :, :height, :width]}

    def _low(self, controls: Controls) -> Tensor:
        if "picture" not in controls:
            return self._low(self.degraded(self._examples(torch.zeros(1, dtype=torch.int64))))
        weight = next(self._generator.parameters())
        return controls["picture"].to(weight.device, weight.dtype)

    def _examples(self, numbers: Tensor) -> Tensor:
        """Float `[N, C, S, S]` in [-1, 1] on the CPU."""
        return self._generator.examples.cpu()[numbers % EXAMPLES].float() / 127.5 - 1

    def _enlarged(self, low: Tensor) -> Tensor:
        return self._generator(low).float().clamp(-1, 1)
