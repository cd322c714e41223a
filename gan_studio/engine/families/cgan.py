"""Conditional GAN (Mirza 2014): both networks are told the class, so that pictures of a class can be asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.adversarial import AdversarialFamily, Discriminate, Shown
from gan_studio.engine.families.base import Controls, DataSpec, Parts, Sampler, StepContext
from gan_studio.engine.families.registry import register_family
from gan_studio.engine.families.samplers import latent_control, latents_of
from gan_studio.engine.networks import convolutional, perceptron
from gan_studio.engine.networks.convolutional import ConvolutionalSettings
from gan_studio.engine.objectives import ObjectiveName
from gan_studio.engine.sampler_controls import ControlSpec
from gan_studio.engine.settings import Settings, setting, with_default

FEWEST_CLASSES = 2
PAPER_G, PAPER_G_JOINT, PAPER_D, PAPER_D_LABEL, PAPER_D_JOINT = 200, 1200, 240, 50, 240
"""Neurons of the paper's networks (Mirza 2014, section 4.1)."""


class CGANSettings(ConvolutionalSettings):
    """Defaults: projection, hinge and spectral normalisation (Miyato 2018).

    With a plane beside the picture and BatchNorm, a class soon shows one picture alone (docs/families/cgan.md).
    """

    architecture: Literal["convolutional", "perceptron"] = setting(
        "convolutional", label="Architecture", group="Networks",
        help="DCGAN's convolutions with the class added, or the paper's fully connected networks.",
        choice_labels={"convolutional": "Convolutional", "perceptron": "Fully connected (2014)"},
    )  # fmt: skip
    class_size: int = setting(
        32, label="Class size", group="Networks", advanced=True, ge=1, le=1024,
        help="How many learned numbers stand for a class beside z.",
    )  # fmt: skip
    conditioning: Literal["plane", "projection"] = setting(
        "projection", label="Class in D", group="Networks", advanced=True,
        help="A learned plane beside the picture's colours, or a product with D's last features (Miyato 2018).",
        choice_labels={"plane": "A plane beside the picture", "projection": "Projection"},
    )  # fmt: skip
    objective: ObjectiveName = with_default(ConvolutionalSettings, "objective", "hinge")
    spectral_norm: bool = with_default(ConvolutionalSettings, "spectral_norm", True)
    d_norm: Literal["batch", "instance", "none"] = with_default(ConvolutionalSettings, "d_norm", "none")
    beta1: float = with_default(ConvolutionalSettings, "beta1", 0.0)
    beta2: float = with_default(ConvolutionalSettings, "beta2", 0.9)


@register_family(
    "cgan", title="CGAN", summary="Makes pictures of the class you ask for. Needs pictures in folders by class."
)
class CGAN(AdversarialFamily):
    """Mirza 2014, section 3.2."""

    Config: ClassVar[type[Settings]] = CGANSettings
    config: CGANSettings

    def __init__(self, config: CGANSettings, picture: PictureSpec) -> None:
        super().__init__(config, picture)
        # The paper's networks take classes as one-hot vectors, and making those may read the device
        self.computes_on_device = config.architecture == "convolutional"
        if len(picture.classes) < FEWEST_CLASSES:
            raise SettingsError(
                "CGAN needs classes, and these pictures have none.",
                "Put the pictures of each class into a folder of its own, or choose DCGAN.",
            )
        if config.architecture == "convolutional":
            convolutional.refuse_other_sizes(self.title, picture.size)

    @classmethod
    def data(cls) -> DataSpec:
        return DataSpec("Pictures in folders, one folder a class: its name is the class.", labels="needed")

    @classmethod
    def tiny(cls) -> CGANSettings:
        return CGANSettings(latent_size=8, features=8, most_features=16, class_size=4)

    @classmethod
    def presets(cls) -> Mapping[str, Settings]:
        plain: dict[str, Any] = {
            "objective": "non-saturating", "conditioning": "plane", "spectral_norm": False, "d_norm": "batch",
            "beta1": 0.5, "beta2": 0.999,
        }  # fmt: skip
        paper: dict[str, Any] = {**plain, "architecture": "perceptron", "prior": "uniform", "d_dropout": 0.5}
        return {
            "CGAN, projection and spectral norm (2018)": CGANSettings(),
            "CGAN, small, projection (32 features)": CGANSettings(features=32, most_features=256),
            "CGAN, plain convolutional (64 features)": CGANSettings(**plain),
            "CGAN, plain, small (32 features)": CGANSettings(features=32, most_features=256, **plain),
            "CGAN, as in the paper (2014)": CGANSettings(**paper),
        }

    def build(self) -> Parts:
        networks: dict[str, nn.Module] = (
            {"G": Generator(self.config, self.picture), "D": Discriminator(self.config, self.picture)}
            if self.config.architecture == "convolutional"
            else {"G": PaperGenerator(self.config, self.picture), "D": PaperDiscriminator(self.config, self.picture)}
        )
        return Parts(networks, averaged=("G",), state=self.state())

    def optimizers(self, parts: Parts) -> dict[str, Optimizer]:
        return convolutional.optimizers(self.config, parts.networks, self.lazy_share)

    def shown_reals(self, ctx: StepContext, fresh: bool = False) -> Shown:
        return Shown(ctx.reals(fresh=fresh), ctx.labels())

    def generate(self, ctx: StepContext) -> Shown:
        """Fakes of the classes that the step's reals have, so that both are judged over the same classes."""
        labels = ctx.labels()
        z = ctx.noise(len(labels), self.config.latent_size, prior=self.config.prior)
        return Shown(ctx.networks["G"](z, labels), labels)

    def judge(self, discriminate: Discriminate, shown: Shown) -> Tensor:
        return discriminate(shown.pictures, shown.labels)

    def sampler(self, networks: Mapping[str, nn.Module]) -> Sampler:
        return ClassSampler(networks["G"], self.config, self.picture.classes)


class ClassSampler(Sampler):
    """A latent and a class in, one picture out. The run's grid has a row for each class."""

    def __init__(self, generator: nn.Module, config: CGANSettings, classes: tuple[str, ...]) -> None:
        self._generator = generator
        self._latent = latent_control(config.latent_size, config.prior)
        self._classes = classes
        self.controls = (ControlSpec("class", "Class", "choice", choices=classes), self._latent)

    def __call__(self, controls: Controls) -> dict[str, Tensor]:
        z = latents_of(controls, self._latent, self._generator)
        labels = torch.as_tensor(controls.get("class", 0), device=z.device, dtype=torch.int64).expand(len(z))
        return {"image": self._generator(z, labels).float()}

    def grid_count(self, most: int) -> int:
        return len(self._classes) * self.grid_columns(most)

    def grid_columns(self, count: int) -> int:
        return max(1, count // len(self._classes))

    def fixed_controls(self, count: int, generator: torch.Generator) -> Controls:
        """As many of each class, class by class."""
        drawn = super().random_controls(count, generator)
        return {**drawn, "class": torch.arange(count) // self.grid_columns(count) % len(self._classes)}

    def random_controls(self, count: int, generator: torch.Generator) -> Controls:
        drawn = super().random_controls(count, generator)
        return {**drawn, "class": torch.randint(len(self._classes), (count,), generator=generator)}


class Generator(nn.Module):
    """z `[N, latent_size]` and classes `[N]` → picture `[N, C, S, S]`: the class is a learned part of z."""

    def __init__(self, config: CGANSettings, picture: PictureSpec) -> None:
        super().__init__()
        self.classes = nn.Embedding(len(picture.classes), config.class_size)
        inputs = config.latent_size + config.class_size
        self.body = convolutional.Generator(config, picture.size, picture.channels, inputs)

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        return self.body(torch.cat([z, self.classes(labels).to(z.dtype)], 1))


class Discriminator(nn.Module):
    """Picture `[N, C, S, S]` and classes `[N]` → logit `[N]`."""

    def __init__(self, config: CGANSettings, picture: PictureSpec) -> None:
        super().__init__()
        self.size = picture.size
        self.projects = config.conditioning == "projection"
        layers = list(convolutional.Discriminator(config, picture.size, picture.channels + (not self.projects)))
        self.features, self.last = nn.Sequential(*layers[:-2]), nn.Sequential(*layers[-2:])
        width = layers[-2].in_channels if isinstance(layers[-2], nn.Conv2d) else 0
        self.classes = nn.Embedding(len(picture.classes), width if self.projects else picture.size**2)
        nn.init.normal_(self.classes.weight, 0.0, convolutional.INITIAL_DEVIATION)

    def forward(self, pictures: Tensor, labels: Tensor) -> Tensor:
        known = self.classes(labels)
        if not self.projects:
            plane = known.view(-1, 1, self.size, self.size).to(pictures.dtype)
            return self.last(self.features(torch.cat([pictures, plane], 1)))
        features = self.features(pictures)
        return self.last(features) + (known * features.sum((2, 3))).sum(1)


class PaperGenerator(nn.Module):
    """z and class through layers of their own, then one of both (Mirza 2014, section 4.1)."""

    def __init__(self, config: CGANSettings, picture: PictureSpec) -> None:
        super().__init__()
        shape = (picture.channels, picture.size, picture.size)
        self.count = len(picture.classes)
        self.from_z = nn.Sequential(nn.Linear(config.latent_size, PAPER_G), nn.ReLU())
        self.from_class = nn.Sequential(nn.Linear(self.count, PAPER_G_JOINT - PAPER_G), nn.ReLU())
        self.body = perceptron.generator(PAPER_G_JOINT, [PAPER_G_JOINT], shape, batch_norm=False)

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        one_hot = nn.functional.one_hot(labels, self.count).to(z.dtype)
        return self.body(torch.cat([self.from_z(z), self.from_class(one_hot)], 1))


class PaperDiscriminator(nn.Module):
    """Maxout layers over picture and class, then over both (Mirza 2014, section 4.1)."""

    def __init__(self, config: CGANSettings, picture: PictureSpec) -> None:
        super().__init__()
        self.count = len(picture.classes)
        size = math.prod((picture.channels, picture.size, picture.size))
        self.from_picture = perceptron.hidden(size, [PAPER_D], config.d_dropout, pieces=5)
        self.from_class = perceptron.hidden(self.count, [PAPER_D_LABEL], config.d_dropout, pieces=5)
        self.body = perceptron.hidden(PAPER_D + PAPER_D_LABEL, [PAPER_D_JOINT], config.d_dropout, pieces=4)
        self.last = nn.Linear(PAPER_D_JOINT, 1)

    def forward(self, pictures: Tensor, labels: Tensor) -> Tensor:
        one_hot = nn.functional.one_hot(labels, self.count).to(pictures.dtype)
        joint = torch.cat([self.from_picture(pictures.flatten(1)), self.from_class(one_hot)], 1)
        return self.last(self.body(joint)).flatten()
