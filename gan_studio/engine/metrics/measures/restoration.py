"""How near enlarged pictures come to the true ones, beside bicubic enlargement: PSNR and SSIM, on luma."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean

import numpy as np
import torch
from torch import Tensor

from gan_studio.engine.families.base import Controls
from gan_studio.engine.metrics.measure import Measure, Measured, register_measure
from gan_studio.engine.metrics.restoration import WINDOW, Likeness, likeness
from gan_studio.engine.metrics.subject import Subject

MOST_PSNR = 100.0
"""dB: what a picture counts that comes back exactly, so that means and files need no infinity."""
MOST_NAMED = 24
"""Up to so many pictures are listed one by one."""


@dataclass(frozen=True)
class Restored:
    """One picture: what the model made of it, and what bicubic enlargement makes of it."""

    name: str
    result: Likeness
    bicubic: Likeness


class RestorationMeasure(Measure):
    """Reduces pictures, has the model enlarge them, and compares with what they were.

    Of held-out pictures, or of all where none were held out. A border as wide as the scale is left out (Ledig 2017,
    section 3.1). While training, of the middles of a few.
    """

    better = "higher"
    cost = 20
    fewest_pictures = 1

    def __init__(self, middles: bool = False) -> None:
        """`middles` takes a crop of each picture, as large as those of the training, instead of the whole."""
        self._middles = middles

    def quick(self) -> Measure:
        return type(self)(middles=True)

    def why_not(self, subject: Subject) -> str:
        side = subject.picture.size
        controls = subject.sampler.degraded(torch.zeros(1, subject.picture.channels, side, side))
        if controls is None:
            return "The model does not enlarge pictures."
        least = WINDOW + 2 * _scale(controls)
        return f"Pictures must be {least} px or larger to be compared." if side < least else ""

    def measure(self, subject: Subject) -> Measured:
        found = subject.once(("restored", self._middles), lambda: list(_restored(subject, self._middles)))
        value, floor = fmean(self.of(one.result) for one in found), fmean(self.of(one.bicubic) for one in found)
        named = found if len(found) <= MOST_NAMED else []
        details = {one.name: f"{self.of(one.result):.4g}, bicubic {self.of(one.bicubic):.4g}" for one in named}
        held_out = "held-out " if len(subject.real_pictures.held_out) else ""
        pictures = "picture" if len(found) == 1 else "pictures"
        return Measured(value, floor, details, f"beside bicubic enlargement; of {len(found):,} {held_out}{pictures}")

    @staticmethod
    @abstractmethod
    def of(one: Likeness) -> float:
        """The number of this measure."""


@register_measure
class PSNR(RestorationMeasure):
    name = "psnr"
    title = "PSNR"
    summary = "Peak signal to noise of enlarged pictures in dB: squared error, whatever the eye says."
    order = 20

    @staticmethod
    def of(one: Likeness) -> float:
        return min(one.psnr, MOST_PSNR)


@register_measure
class SSIM(RestorationMeasure):
    name = "ssim"
    title = "SSIM"
    summary = "Structural similarity of enlarged pictures to the true ones: 1 where they are the same (Wang 2004)."
    order = 21

    @staticmethod
    def of(one: Likeness) -> float:
        return one.ssim


def _restored(subject: Subject, middles: bool) -> Iterator[Restored]:
    real = subject.real_pictures
    (domain, *_) = real.domains.values()
    for number in domain.shown[: subject.count].tolist():
        pixels = real.pictures.take(np.array([number]))[0] if middles else real.pictures.at_full_size(number)
        truth = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
        yield _compared(subject, real.pictures.names[number], truth)


@torch.inference_mode()
def _compared(subject: Subject, name: str, truth: Tensor) -> Restored:
    sampler, controls = subject.sampler, subject.sampler.degraded(truth)
    assert controls is not None

    def cancelled() -> bool:
        subject.check()
        return False

    made: Mapping[str, Tensor] = sampler.full_size(controls, cancelled=cancelled)
    result, bicubic = (
        likeness(made[which].cpu(), controls["truth"], _scale(controls))
        for which in (sampler.main_output, sampler.before_output)
    )
    return Restored(name, result, bicubic)


def _scale(controls: Controls) -> int:
    return controls["truth"].shape[2] // controls["picture"].shape[2]
