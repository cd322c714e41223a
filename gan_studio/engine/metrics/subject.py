"""What is measured: a model beside real pictures. Samples and halves of the reals are made once, when asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.domains import Domain
from gan_studio.engine.data.mixing import permutation
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.errors import DatasetError
from gan_studio.engine.families.base import Controls, DataSpec, Sampler
from gan_studio.engine.metrics.weights import Weights
from gan_studio.engine.sampler_controls import ControlSpec

T = TypeVar("T")
CHUNK = 64
FEWEST_HELD_OUT = 64
"""Fewer pictures than this, held out, say too little; all of them are compared then."""
_REFERENCE_STREAM = 0x52454652


@dataclass(frozen=True)
class RealPictures:
    """The pictures of a data set, and which of them the model has seen."""

    pictures: PictureSet = field(repr=False)
    domains: Mapping[str, Domain] = field(repr=False)
    """One for most families, A and B for those that translate; sets of samples are compared with the first."""

    @property
    def trained_on(self) -> np.ndarray:
        """Numbers of pictures, int64, sorted."""
        return next(iter(self.domains.values())).trained_on

    @property
    def held_out(self) -> np.ndarray:
        """The same; none where nothing was held out."""
        return next(iter(self.domains.values())).held_out

    @property
    def has_held_out(self) -> bool:
        return len(self.held_out) >= FEWEST_HELD_OUT

    def split(self, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of a reference and of other reals, as many of each, no picture in both.

        The reference is of held-out pictures where there are enough. Raises DatasetError for a single picture.
        """
        if self.has_held_out:
            reference, others = self._shuffled(self.held_out, seed), self._shuffled(self.trained_on, seed)
        else:
            order = self._shuffled(np.concatenate([self.trained_on, self.held_out]), seed)
            half = len(order) // 2
            reference, others = order[:half], order[half:]
        most = min(count, len(reference), len(others))
        if most < 1:
            raise DatasetError(
                f"A floor needs at least two real pictures, and there are {len(self.pictures)}.",
                "Add pictures to the data set.",
            )
        return reference[:most], others[:most]

    def _shuffled(self, numbers: np.ndarray, seed: int) -> np.ndarray:
        return numbers[permutation(len(numbers), seed, _REFERENCE_STREAM)]


@dataclass
class Subject:
    """A sampler, the real pictures beside it, and how many of both are compared.

    All random draws come from `seed`, through generators of their own: a training in another thread is not disturbed.
    """

    sampler: Sampler
    data: DataSpec
    picture: PictureSpec
    load: Callable[[], RealPictures]
    """Reads the pictures, when they are first asked for."""
    count: int = 1000
    seed: int = 0
    device: str = "cpu"
    weights: Weights = field(default_factory=Weights)
    check: Callable[[], None] = lambda: None
    """Called often; raises Cancelled where nobody wants the result any more."""
    _known: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    _known_of_reals: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    # --- what may be asked before a picture is read ---

    @property
    def class_control(self) -> ControlSpec | None:
        """The control that chooses a class of the data, where the model has one."""
        choices = (spec for spec in self.sampler.controls if spec.kind == "choice")
        return next((spec for spec in choices if spec.choices == self.picture.classes), None)

    @property
    def latent(self) -> ControlSpec | None:
        return next((spec for spec in self.sampler.controls if spec.kind == "latent"), None)

    def why_no_samples(self) -> str:
        """Why the model makes no pictures on its own; empty where it does."""
        if self.data.kind != "pictures":
            return "The model makes points, no pictures."
        if any(spec.kind == "picture" for spec in self.sampler.controls):
            return "The model changes pictures and makes none of its own."
        return ""

    # --- pictures ---

    @cached_property
    def real_pictures(self) -> RealPictures:
        return self.load()

    @cached_property
    def numbers(self) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of the reference pictures and of as many others."""
        return self.real_pictures.split(self.count, self.seed)

    @property
    def compared(self) -> int:
        """So many samples with as many reals; points there are without end, and of given pictures each is changed."""
        if self.data.kind == "points":
            return self.count
        if self.why_no_samples():
            return sum(min(self.count, len(domain.shown)) for domain in self.real_pictures.domains.values())
        return len(self.numbers[0])

    @property
    def compares_held_out(self) -> bool:
        """Whether the reals are ones that were never trained on."""
        return self.real_pictures.has_held_out or bool(self.why_no_samples() and len(self.real_pictures.held_out))

    @cached_property
    def reals(self) -> Tensor:
        """The reference, uint8 `[N, C, H, W]`."""
        return self.pictures_of(self.numbers[0])

    @cached_property
    def other_reals(self) -> Tensor:
        """As many other real pictures, uint8 `[N, C, H, W]`."""
        return self.pictures_of(self.numbers[1])

    @property
    def controls(self) -> Controls:
        """With which `fakes` were made."""
        return self.once("controls", self._draw_controls)

    @property
    def fakes(self) -> Tensor:
        """As many samples as there are reals, uint8 `[N, C, H, W]` on the CPU: what would be saved."""
        return self.once("fakes", lambda: torch.cat([to_grey_levels(part) for part in self._sample()]))

    @property
    def fake_labels(self) -> Tensor:
        """The class that was asked for of each sample, int64 `[N]`; only where there is a class control."""
        spec = self.class_control
        assert spec is not None
        asked = self.controls.get(spec.name, torch.full((len(self.reals),), int(spec.default)))
        return torch.as_tensor(asked).cpu().long()

    def pictures_of(self, numbers: np.ndarray) -> Tensor:
        """Real pictures by their numbers, uint8 `[n, C, H, W]`."""
        return torch.from_numpy(self.real_pictures.pictures.take(numbers)).permute(0, 3, 1, 2).contiguous()

    def labels_of(self, numbers: np.ndarray) -> Tensor:
        return torch.from_numpy(self.real_pictures.pictures.labels[numbers])

    def renew(self) -> None:
        """The model has trained on: what was made of its samples counts no more; what is known of the reals stays."""
        self._known.clear()

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Something that several measures need of the samples."""
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def reals_know(self, key: Hashable, make: Callable[[], T]) -> T:
        """The same of the reals alone, which outlives `renew`."""
        if key not in self._known_of_reals:
            self._known_of_reals[key] = make()
        return self._known_of_reals[key]

    def generator(self, stream: int = 0) -> torch.Generator:
        """Random numbers of a measure's own, on the CPU."""
        return torch.Generator().manual_seed((self.seed << 8) + stream)

    def _draw_controls(self) -> Controls:
        return self.sampler.random_controls(len(self.numbers[0]), torch.Generator().manual_seed(self.seed))

    def _sample(self) -> Iterator[Tensor]:
        count = len(self.numbers[0])
        for start in range(0, count, CHUNK):
            self.check()
            chunk = {
                name: value[start : start + CHUNK].to(self.device) if isinstance(value, Tensor) else value
                for name, value in self.controls.items()
            }
            with torch.inference_mode():
                yield self.sampler(chunk)[self.sampler.main_output].cpu()


def to_grey_levels(pictures: Tensor) -> Tensor:
    """Float `[N, C, H, W]` in [-1, 1] as uint8. Raises DatasetError for what is no number."""
    levels = pictures.float().add(1).mul_(127.5).round_().clamp_(0, 255)
    if not torch.isfinite(levels).all():
        raise DatasetError(
            "Pictures to compare hold values that are not numbers.",
            "The generator has probably diverged: take an earlier checkpoint.",
        )
    return levels.to(torch.uint8)
