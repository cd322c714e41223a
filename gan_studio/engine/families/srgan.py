"""SRGAN (Ledig 2017): small pictures become large ones, first by squared error, then against a discriminator."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

import torch
from pydantic import model_validator
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import Optimizer

from gan_studio.engine.adam import AdamSettings, adam
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.bicubic import reduced
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.adversarial import AdversarialFamily, Shown
from gan_studio.engine.families.base import DataSpec, Examples, Parts, Phase, Sampler, Stage, StepContext
from gan_studio.engine.families.registry import register_family
from gan_studio.engine.families.samplers import EnlargingSampler
from gan_studio.engine.networks.super_resolution import SRResNet, SuperResolutionDiscriminator
from gan_studio.engine.networks.vgg import VGGFeatures, read_vgg_weights
from gan_studio.engine.regularisers.settings import (
    RegularisedSettings,
    refuse_batch_norm,
    refuse_unbounded_critic,
)
from gan_studio.engine.settings import Settings, setting, with_default

CROP = 96
"""Side of the paper's crops (section 3.2)."""
PAPER_WARM_UP = 16_000_000
"""A million updates of 16 crops."""
LEAST_LOW = 4
"""Pixels of low resolution that a crop has at least."""


class SRGANSettings(AdamSettings, RegularisedSettings):
    """Defaults: the paper's networks, with a warm-up that a GPU is through with in an hour or two."""

    GROUPS: ClassVar[Mapping[str, str]] = {
        "Networks": "How much larger pictures become, and how large the networks are. With few pictures or without a "
        "GPU, take a small preset: it learns only what bicubic enlargement lacks, and is better than that in minutes.",
        "Content": "What keeps the result true to the picture. First the squared error of pixels, which is exact but "
        "soft; then features of pictures and the discriminator, which are sharp but invent.",
    }

    scale: Literal[2, 4] = setting(
        4, label="Enlarge", unit="times", group="Networks", help="How many times as wide and as high pictures become.",
    )  # fmt: skip
    features: int = setting(
        64, label="Features of G", group="Networks", ge=4, le=512, step=16,
        help="Channels of the generator. 32 is a quarter of the work.",
    )  # fmt: skip
    blocks: int = setting(
        16, label="Residual blocks", group="Networks", ge=1, le=64, help="Depth of the generator; 16 is the paper's.",
    )  # fmt: skip
    over_bicubic: bool = setting(
        False, label="Start from bicubic", group="Networks",
        help="Learn what bicubic enlargement lacks instead of the whole picture: much faster with few pictures.",
    )  # fmt: skip
    edge_kernel: Literal[3, 9] = setting(
        9, label="Outer kernels of G", group="Networks", advanced=True,
        help="Side of its first and last kernel: 9 is the paper's; 3 saves half of a small generator's work.",
    )  # fmt: skip
    g_norm: Literal["batch", "none"] = setting(
        "batch", label="Normalisation in G", group="Networks", advanced=True,
        help="BatchNorm is the paper's; small generators are better without.",
        choice_labels={"batch": "BatchNorm", "none": "None"},
    )  # fmt: skip
    d_features: int = setting(
        64, label="Features of D", group="Networks", advanced=True, ge=2, le=256, step=16,
        help="Channels next to the picture; eight times as many next to the judgement.",
    )  # fmt: skip
    d_norm: Literal["batch", "none"] = setting(
        "batch", label="Normalisation in D", group="Networks", advanced=True,
        help="BatchNorm is the paper's. Gradient penalty, R1 and R2 need none.",
        choice_labels={"batch": "BatchNorm", "none": "None"},
    )  # fmt: skip
    warmup_images: int = setting(
        800_000, label="Warm-up", unit="pictures", group="Content", ge=0, le=10**9, step=10_000,
        help="So many crops G learns from by squared error alone, before D joins. The paper took 16,000,000.",
    )  # fmt: skip
    warmup_rate: float = setting(
        1.0, label="Rate of the warm-up", unit="times", group="Content", advanced=True, ge=1, le=100,
        help="G's learning rate begins so many times as high, and falls to its own by the end of the warm-up.",
    )  # fmt: skip
    content: Literal["auto", "vgg", "features", "pixels"] = setting(
        "auto", label="Content loss", group="Content",
        help="What the result is compared by, once D has joined. VGG19 features are the paper's and need a file of "
        "weights; without one, the features of D take their place.",
        choice_labels={"auto": "Automatic", "vgg": "VGG19 features", "features": "Features of D", "pixels": "Pixels"},
    )  # fmt: skip
    vgg_weights: str = setting(
        "", label="VGG19 weights", group="Content", widget="file", endings=(".safetensors", ".pth", ".pt"),
        help="A file with torchvision's VGG19 weights (.safetensors or .pth), if you have one.",
    )  # fmt: skip
    adversarial_weight: float = setting(
        1e-3, label="Weight of D's judgement", group="Content", advanced=True, ge=0, le=10, step=0.001,
        help="How much G listens to D beside the content loss; 0.001 is the paper's.",
    )  # fmt: skip
    g_learning_rate: float = with_default(AdamSettings, "g_learning_rate", 1e-4)
    d_learning_rate: float = with_default(AdamSettings, "d_learning_rate", 1e-4)
    beta1: float = with_default(AdamSettings, "beta1", 0.9)

    @property
    def content_loss(self) -> Literal["vgg", "features", "pixels"]:
        """The one that runs."""
        if self.content == "auto":
            return "vgg" if self.vgg_weights else "features"
        return self.content

    @model_validator(mode="after")
    def _refuse_what_cannot_be_compared(self) -> SRGANSettings:
        refuse_batch_norm(self, self.d_norm == "batch")
        refuse_unbounded_critic(self, spectral_norm=False)
        if self.content == "vgg" and not self.vgg_weights:
            raise ValueError("VGG19 features need a file of weights: name one, or choose another content loss.")
        return self


SMALL = SRGANSettings(
    features=32,
    blocks=4,
    g_norm="none",
    over_bicubic=True,
    edge_kernel=3,
    d_features=16,
    warmup_images=16_000,
    warmup_rate=10,
    content="pixels",
)


@register_family("srgan", title="SRGAN", summary="Enlarges pictures two or four times, with details that look real.")
class SRGAN(AdversarialFamily):
    """Ledig 2017. The reals are random crops of high-resolution pictures; G sees them reduced."""

    Config: ClassVar[type[Settings]] = SRGANSettings
    config: SRGANSettings

    def __init__(self, config: SRGANSettings, picture: PictureSpec) -> None:
        super().__init__(config, picture)
        if picture.size % config.scale or picture.size < LEAST_LOW * config.scale:
            raise SettingsError(
                f"Crops of {picture.size} px cannot be reduced {config.scale} times.",
                f"Choose a multiple of {config.scale} from {LEAST_LOW * config.scale} px on; 96 px is the paper's.",
            )

    @classmethod
    def data(cls) -> DataSpec:
        return DataSpec("A folder or zip of large, sharp pictures; random crops of them are learned from.", crop=CROP)

    @classmethod
    def tiny(cls) -> SRGANSettings:
        return SRGANSettings(scale=2, features=4, blocks=1, d_features=2, warmup_images=0)

    @classmethod
    def suggestions(cls) -> Mapping[str, Any]:
        return {"batch_size": 16}

    @classmethod
    def presets(cls) -> Mapping[str, Settings]:
        return {
            "SRGAN ×4": SRGANSettings(warmup_images=PAPER_WARM_UP),
            "SRGAN ×2": SRGANSettings(scale=2, warmup_images=PAPER_WARM_UP),
            "SRGAN ×4, small (minutes without a GPU)": SMALL,
            "SRGAN ×2, small (minutes without a GPU)": SMALL.changed(scale=2),
        }

    def remarks(self) -> Sequence[str]:
        return (_REMARKS[self.config.content_loss],)

    def check_files(self) -> None:
        if self.config.content_loss == "vgg":
            read_vgg_weights(Path(self.config.vgg_weights))

    def build(self) -> Parts:
        config, channels = self.config, self.picture.channels
        generator = SRResNet(
            channels,
            scale=config.scale,
            features=config.features,
            blocks=config.blocks,
            batch_norm=config.g_norm == "batch",
            over_bicubic=config.over_bicubic,
            edge=config.edge_kernel,
            shown=self.picture.size,
        )
        discriminator = SuperResolutionDiscriminator(
            channels, self.picture.size, features=config.d_features, batch_norm=config.d_norm == "batch"
        )
        return Parts({"G": generator, "D": discriminator}, averaged=("G",), state=self.state())

    def state(self) -> nn.Module:
        state = super().state()
        if self.config.content_loss == "vgg" and not torch.empty(0).is_meta:
            state.add_module("vgg", VGGFeatures(read_vgg_weights(Path(self.config.vgg_weights))))
        return state

    def optimizers(self, parts: Parts) -> dict[str, Optimizer]:
        config, networks = self.config, parts.networks
        return {
            "D": adam(networks["D"].parameters(), config.d_learning_rate, config, self.lazy_share),
            "G": adam(networks["G"].parameters(), config.g_learning_rate, config),
        }

    def stage(self, images: int) -> Stage:
        """Warm-up, then the game. G's rate falls along half a cosine during the warm-up."""
        warming, values = images < self.config.warmup_images, super().stage(images).values
        name = "warm-up" if warming else "adversarial"
        factors = {}
        if warming and self.config.warmup_rate != 1:
            left = (1 + math.cos(math.pi * images / self.config.warmup_images)) / 2
            factors = {"G": 1 + (self.config.warmup_rate - 1) * left}
        return Stage(name, values={**values, "adversarial": float(not warming)}, learning_rate_factors=factors)

    def phases(self, stage: Stage) -> Sequence[Phase]:
        return (Phase("G", ("G",), "G", self.warmup_loss),) if stage.name == "warm-up" else super().phases(stage)

    def generate(self, ctx: StepContext) -> Shown:
        return Shown(ctx.networks["G"](reduced(ctx.reals(), self.config.scale)))

    def reference_lines(self) -> Mapping[str, float]:
        """None for G, whose loss is more than the game, and none before D has joined."""
        if self.config.warmup_images:
            return {}
        return {name: value for name, value in super().reference_lines().items() if name != "loss/G"}

    def sampler(self, networks: Mapping[str, nn.Module]) -> Sampler:
        generator: Any = networks["G"]
        return EnlargingSampler(generator, self.picture)

    def keep_examples(self, networks: Mapping[str, nn.Module], examples: Examples) -> None:
        network: Any = networks["G"]
        network.examples.copy_(examples["image"])

    # --- losses ---

    def warmup_loss(self, ctx: StepContext) -> Tensor:
        loss = _pixel_error(ctx.fakes().pictures, ctx.reals())
        ctx.log("loss/pixels", loss)
        return loss

    def g_loss(self, ctx: StepContext) -> Tensor:
        """Content + 1e-3 adversarial (eq. 3)."""
        content, adversarial = self._content(ctx), self.adversarial_loss(ctx)
        loss = content + self.config.adversarial_weight * adversarial
        ctx.log(f"loss/{self.config.content_loss}", content)
        ctx.log("loss/adversarial", adversarial)
        ctx.log("loss/G", loss)
        return loss

    def _content(self, ctx: StepContext) -> Tensor:
        fakes, reals = ctx.fakes().pictures, ctx.reals()
        if self.config.content_loss == "pixels":
            return _pixel_error(fakes, reals)
        network: Any = ctx.state if self.config.content_loss == "vgg" else ctx.networks["D"]
        if self.config.content_loss == "vgg":
            return F.mse_loss(network.vgg(fakes).float(), network.vgg(reals).float())
        wanted = [found.detach().float() for found in network.features(reals)]
        found = [found.float() for found in network.features(fakes)]
        return torch.stack([F.l1_loss(one, other) for one, other in zip(found, wanted, strict=True)]).mean()


def _pixel_error(fakes: Tensor, reals: Tensor) -> Tensor:
    return F.mse_loss(fakes.float(), reals)


_REMARKS = {
    "vgg": "Content loss: features of VGG19, layer 5,4, from the file of weights.",
    "features": "Content loss: features of the discriminator, because no file of VGG19 weights was given.",
    "pixels": "Content loss: squared error of pixels.",
}
