"""The contract between a kind of GAN and everything else.

A family is one file in this folder. It says which networks there are, which optimiser updates (phases) make up a
step, and how pictures are sampled. The trainer knows this contract and no family; front ends know `DataSpec`,
`Config` and `Sampler` and no family. `docs/add-a-family.md` walks through it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.progress import IsCancelled, Progress
from gan_studio.engine.sampler_controls import ControlSpec, Prior
from gan_studio.engine.settings import Settings

Controls = Mapping[str, Any]
"""Values for a sampler's controls by name: tensors `[N, …]` for latents and pictures, plain numbers for the rest."""
Examples = Mapping[str, Tensor]
"""Some fixed pictures of a run by domain, uint8 `[N, C, H, W]` of the run's size, N the same for every run: held-out
ones where there are any, else some that are trained on."""


@dataclass(frozen=True)
class DataSpec:
    """What a user is asked for before this family can train."""

    explanation: str = "A folder or zip of pictures."
    domains: tuple[str, ...] = ("image",)
    """One data source each; CycleGAN has `("A", "B")`."""
    labels: Literal["ignored", "needed"] = "ignored"
    kind: Literal["pictures", "points"] = "pictures"
    crop: int = 0
    """Side of random crops out of larger pictures (SRGAN); 0 for whole pictures."""


@dataclass
class Parts:
    """Everything of a family that has state, apart from optimisers."""

    networks: dict[str, nn.Module]
    averaged: tuple[str, ...]
    """Networks that a sampler needs. Their running averages make the grids and travel in generator files, so what a
    sampler reads beside weights (mean w, level, alpha) is a buffer of one of them."""
    state: nn.Module = field(default_factory=nn.Module)
    """What belongs to training alone: a pool of past pictures, an adaptive probability. Saved for exact resume."""

    def modules(self) -> dict[str, nn.Module]:
        return {**self.networks, "state": self.state}


@dataclass(frozen=True)
class Stage:
    """What a point of training looks like: a pure function of the images seen, so that a resume is exact."""

    name: str = "train"
    size: int | None = None
    """Side of the pictures that `StepContext.reals` hands out, averaged down to it; None for the full size."""
    batch_factor: int = 1
    """How many times the batch size of the settings a batch has: small pictures leave room for more."""
    values: Mapping[str, float] = field(default_factory=dict)
    """Numbers of this stage that the family reads back and the metrics record: level, fade."""
    learning_rate_factors: Mapping[str, float] = field(default_factory=dict)
    """By optimiser; 1 where missing."""
    momentum: float | None = None
    """Of the optimisers that have one (SGD); None leaves it as they were made."""


class StepContext(Protocol):
    """What a loss may ask of the trainer. Everything handed out lives on the training device."""

    networks: Mapping[str, nn.Module]
    state: nn.Module
    stage: Stage
    device: torch.device

    def reals(self, domain: str = "image", *, fresh: bool = False) -> Tensor:
        """Pictures of this step, `[N, C, H, W]` in [-1, 1]. The same for every phase of a step unless `fresh`."""
        ...

    def labels(self, domain: str = "image") -> Tensor:
        """Classes of the pictures last handed out, int64 `[N]`."""
        ...

    def fakes(self) -> Any:
        """What `Family.generate` made in this step, with its graph; made anew once a generator was updated."""
        ...

    def noise(self, *shape: int, prior: Prior = "normal") -> Tensor:
        """Latents from the training's own random state: `normal` N(0, 1), `uniform` U(-1, 1), `sphere`."""
        ...

    def log(self, name: str, value: Tensor) -> None:
        """Add a scalar to the report. It stays on the device; nothing waits for it."""
        ...

    @property
    def batch_size(self) -> int:
        """Pictures of a step, over all processes of the training; `reals` hands out this one's share."""
        ...

    def average(self, value: Tensor) -> Tensor:
        """The mean over the processes of the training; of a single one, the value itself."""
        ...

    def over_batch(self, work: Callable[[Tensor], Tensor], own: Tensor) -> Tensor:
        """What `work` makes of the pictures `[n, …]` of all processes together, `own` among them; of that, this one's
        share. For what keeps pictures in the state, which must be the same in every process. Without gradients."""
        ...

    def check_stop(self) -> None:
        """Leave a long loss when the user wants to stop; the unfinished step is discarded."""
        ...


@dataclass(frozen=True)
class Phase:
    """One optimiser update inside a step."""

    name: str
    """`"D"`, `"G"`, `"D_r1"`: unique within a stage, used in plots (`grad/D`)."""
    trains: tuple[str, ...]
    """Networks that get gradients; all others are frozen."""
    optimizer: str
    loss: Callable[[StepContext], Tensor]
    after: Callable[[StepContext], None] | None = None
    """What is done to the networks right after the update: weight clipping."""
    every: int = 1
    """Due in the steps whose number (from 0) is `every - 1` modulo `every`: lazy penalties, or five critic steps per
    generator step."""

    capturable: bool = False
    """Whether a step with this phase may be captured as a CUDA graph and replayed: its loss, what the family generates
    for it and `after_step` compute on the device alone, never read it, never make a tensor of numbers of the host, draw
    random numbers from the device's state, decide nothing by what was drawn, and take nothing for a constant but
    settings and `Stage`, its rate factors excepted. The same in every stage. Say so only where it was tried; all else
    runs eagerly."""

    def due(self, step: int) -> bool:
        return step % self.every == self.every - 1


class Sampler(ABC):
    """Turns controls into pictures. All that front ends and exports know of a model."""

    controls: tuple[ControlSpec, ...]
    main_output: str = "image"
    before_output: str = ""
    """What `full_size` names the picture to compare with, where a picture is made from another."""

    @abstractmethod
    def __call__(self, controls: Controls) -> dict[str, Tensor]:
        """Named pictures, float `[N, C, H, W]` in [-1, 1]. Missing controls take their defaults."""

    def points(self, controls: Controls) -> Tensor:
        """Points `[N, 2]`, of families that train on these. Raises NotImplementedError for all others."""
        raise NotImplementedError

    def styles(self, controls: Controls) -> Tensor | None:
        """The styles w `[N, …]` of latents, for families that map them; None for all others."""
        return None

    def from_styles(self, styles: Tensor, controls: Controls) -> dict[str, Tensor]:
        """Pictures as from a call, of styles in the place of latents. Only where `styles` gives some."""
        raise NotImplementedError

    def fixed_controls(self, count: int, generator: torch.Generator) -> Controls:
        """Controls of the run's sample grid, drawn once before step 0. `generator` is a CPU generator."""
        return self.random_controls(count, generator)

    def random_controls(self, count: int, generator: torch.Generator) -> Controls:
        """Controls of `count` pictures as the model would make them on its own: for measuring."""
        from gan_studio.engine.latent.seeds import draw

        return {spec.name: draw(spec, count, generator) for spec in self.controls if spec.kind == "latent"}

    def degraded(self, truth: Tensor) -> Controls | None:
        """What the model is given where `truth` `[N, C, H, W]`, of any size, is what it should make of it.

        None for models that no known picture can be asked of.
        """
        return None

    def full_size(
        self, controls: Controls, *, progress: Progress | None = None, cancelled: IsCancelled | None = None
    ) -> dict[str, Tensor]:
        """The same for one picture of any size: in pieces, where the networks allow that. Raises Cancelled."""
        return self(controls)

    def memory_bytes(self, height: int, width: int) -> int:
        """About how much memory `full_size` takes for a picture of this size; 0 where it is not worth a word."""
        return 0

    def grid_pictures(self, controls: Controls) -> Tensor:
        """The cells of the run's grid, float `[N, C, H, W]` in order: one for each fixed picture, or several."""
        return self(controls)[self.main_output]

    def grid_count(self, most: int) -> int:
        """How many samples the run's grid shows: `most` cells, unless there are more classes than that."""
        return most

    def grid_columns(self, count: int) -> int:
        """Columns of the sample grid. Families with rows of a meaning (classes, levels) override it."""
        return max(1, round(count**0.5))


class Family(ABC):
    """A kind of GAN. Made fresh for a training or for a generator file; holds settings, never state."""

    Config: ClassVar[type[Settings]]
    """The family's settings; the form and the command line are built from it."""
    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]

    def __init__(self, config: Any, picture: PictureSpec) -> None:
        """`config` is an instance of `Config`. Raises SettingsError where it cannot work for `picture`."""
        self.config = config
        self.picture = picture

    @classmethod
    def data(cls) -> DataSpec:
        return DataSpec()

    @classmethod
    @abstractmethod
    def tiny(cls) -> Settings:
        """Settings small enough for a test that trains in seconds."""

    @classmethod
    def presets(cls) -> Mapping[str, Settings]:
        """Settings with names people know, for the form's preset list."""
        return {}

    @classmethod
    def suggestions(cls) -> Mapping[str, Any]:
        """Settings of the training that suit this family, by name, where nobody asks for others: `batch_size`."""
        return {}

    def remarks(self) -> Sequence[str]:
        """What a user should know of a training that begins, a sentence each: which substitute runs, say."""
        return ()

    def check_files(self) -> None:
        """Look at the files that training needs beside pictures, before anything is written. Raises SettingsError."""
        return

    @abstractmethod
    def build(self) -> Parts:
        """Networks at full size, initialised. Called under the meta device when only shapes are wanted."""

    @abstractmethod
    def optimizers(self, parts: Parts) -> dict[str, Optimizer]:
        """Made after the networks moved to their device; the optimiser's name is what the user sees (`"D"`)."""

    @abstractmethod
    def generate(self, ctx: StepContext) -> Any:
        """The fakes of a step, with graph; what `StepContext.fakes` hands out."""

    @abstractmethod
    def phases(self, stage: Stage) -> Sequence[Phase]:
        """The updates of a step, in order."""

    @abstractmethod
    def sampler(self, networks: Mapping[str, nn.Module]) -> Sampler:
        """A sampler over the networks named in `Parts.averaged`, in evaluation mode, on whatever device they are."""

    def keep_examples(self, networks: Mapping[str, nn.Module], examples: Examples) -> None:
        """Copy what the sampler shows of the run's own pictures into buffers of these networks.

        Called once for the networks in training and once for their averages, before step 0, where a run begins. For
        families whose sampler takes a picture: what lies in buffers is there after a resume, and in a generator file
        without its data set.
        """
        return

    def stage(self, images: int) -> Stage:
        """The stage after `images` pictures were seen."""
        return Stage()

    def kept(self, fakes: Any, updated: Sequence[str]) -> Any:
        """What of the step's fakes is as these generators, now updated, would make it; None has all made anew."""
        return None

    def after_step(self, ctx: StepContext) -> None:
        """Feedback into state (adaptive p, mean w), on the device."""
        return

    def reference_lines(self) -> Mapping[str, float]:
        """Scalar name → the value it takes when D cannot tell."""
        return {}
