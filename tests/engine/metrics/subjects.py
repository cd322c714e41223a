"""Subjects of a measure without a training: reals and samples are given as tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.domains import Domain
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.families.base import Controls, DataSpec, Sampler
from gan_studio.engine.metrics.subject import RealPictures, Subject
from gan_studio.engine.sampler_controls import ControlSpec


class GivenSampler(Sampler):
    """Hands out given pictures, float `[N, C, H, W]` in [-1, 1], in their order; classes as they are given."""

    def __init__(self, pictures: Tensor, classes: tuple[str, ...] = (), labels: Tensor | None = None) -> None:
        self._pictures, self._labels = pictures, labels
        self.controls = (
            ControlSpec("z", "Latent", "latent", (1,)),
            *([ControlSpec("class", "Class", "choice", choices=classes)] if classes else []),
        )

    def __call__(self, controls: Controls) -> dict[str, Tensor]:
        return {"image": self._pictures[controls["z"][:, 0].long()]}

    def random_controls(self, count: int, generator: torch.Generator) -> Controls:
        chosen = torch.arange(count) % len(self._pictures)
        labels = {} if self._labels is None else {"class": self._labels[chosen]}
        return {"z": chosen[:, None].float(), **labels}


def picture_set(reals: Tensor, labels: Sequence[int] = (), classes: tuple[str, ...] = ()) -> PictureSet:
    """Pictures float `[N, C, H, W]` in [-1, 1] as a data set; the n-th is called `n.png`."""
    pixels = ((reals + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
    return PictureSet(
        pixels,
        np.array(labels if len(labels) else [-1] * len(reals), np.int64),
        tuple(f"{number}.png" for number in range(len(reals))),
        classes,
        PictureSpec(size=reals.shape[-1], channels=3 if reals.shape[1] == 3 else 1, classes=classes),
        (),
    )


def subject(
    reals: Tensor,
    fakes: Tensor,
    *,
    labels: Sequence[int] = (),
    classes: tuple[str, ...] = (),
    fake_labels: Tensor | None = None,
    held_out: Sequence[int] = (),
    **settings: Any,
) -> Subject:
    pictures = picture_set(reals, labels, classes)
    away = np.array(held_out, np.int64)
    rest = np.setdiff1d(np.arange(len(reals)), away)
    sampler = GivenSampler(fakes, classes, fake_labels)
    return Subject(
        sampler, DataSpec(), pictures.spec, lambda: RealPictures(pictures, {"image": Domain(rest, away, 0)}), **settings
    )
