"""DCGAN (Radford 2015): strided convolutions, batch normalisation, ReLU and LeakyReLU."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from torch import nn
from torch.optim import Optimizer

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.families.adversarial import AdversarialFamily, Shown
from gan_studio.engine.families.base import Parts, Sampler, StepContext
from gan_studio.engine.families.registry import register_family
from gan_studio.engine.families.samplers import LatentSampler
from gan_studio.engine.networks.convolutional import (
    ConvolutionalSettings,
    Discriminator,
    Generator,
    optimizers,
    refuse_other_sizes,
)
from gan_studio.engine.settings import Settings


class DCGANSettings(ConvolutionalSettings):
    """Those of its networks."""


@register_family(
    "dcgan", title="DCGAN", summary="The classic for pictures: two convolutional networks that learn quickly."
)
class DCGAN(AdversarialFamily):
    """Radford 2015: layer sizes by doubling and halving between 4×4 and the picture."""

    Config: ClassVar[type[Settings]] = DCGANSettings
    config: DCGANSettings
    computes_on_device = True

    def __init__(self, config: DCGANSettings, picture: PictureSpec) -> None:
        super().__init__(config, picture)
        refuse_other_sizes(self.title, picture.size)

    @classmethod
    def tiny(cls) -> DCGANSettings:
        return DCGANSettings(latent_size=8, features=8, most_features=16)

    @classmethod
    def presets(cls) -> Mapping[str, Settings]:
        return {
            "DCGAN (4×4, 64 features)": DCGANSettings(),
            "DCGAN, small (32 features)": DCGANSettings(features=32, most_features=256),
            "DCGAN, small and gentle (few pictures, no GPU)": DCGANSettings(
                features=32, most_features=256, real_target=0.9, d_learning_rate=1e-4
            ),
            "DCGAN, as in the paper (5×5, 128 features)": DCGANSettings(
                features=128, most_features=1024, kernel=5, first_layer="linear", prior="uniform"
            ),
            "Few pictures (DiffAugment)": DCGANSettings(
                features=32, most_features=256, augmentation="diffaugment", d_learning_rate=1e-4
            ),
            "WGAN (2017)": DCGANSettings(
                objective="wasserstein",
                weight_clip=0.01,
                critic_steps=5,
                optimizer="rmsprop",
                g_learning_rate=5e-5,
                d_learning_rate=5e-5,
            ),
            "WGAN-GP (2017)": DCGANSettings(
                objective="wasserstein",
                gradient_penalty=10,
                critic_steps=5,
                d_norm="instance",
                g_learning_rate=1e-4,
                d_learning_rate=1e-4,
                beta1=0,
                beta2=0.9,
            ),
            "Spectral norm, hinge (2018)": DCGANSettings(
                objective="hinge", spectral_norm=True, d_norm="none", beta1=0, beta2=0.9
            ),
            "R3GAN recipe (2024)": DCGANSettings(
                objective="relativistic", r1=1, r2=1, d_norm="none", beta1=0, beta2=0.99
            ),
        }

    def build(self) -> Parts:
        size, channels = self.picture.size, self.picture.channels
        networks = {
            "G": Generator(self.config, size, channels),
            "D": Discriminator(self.config, size, channels),
        }
        return Parts(networks, averaged=("G",), state=self.state())

    def optimizers(self, parts: Parts) -> dict[str, Optimizer]:
        return optimizers(self.config, parts.networks, self.lazy_share)

    def generate(self, ctx: StepContext) -> Shown:
        count = len(ctx.reals())
        return Shown(ctx.networks["G"](ctx.noise(count, self.config.latent_size, prior=self.config.prior)))

    def sampler(self, networks: Mapping[str, nn.Module]) -> Sampler:
        return LatentSampler(networks["G"], self.config.latent_size, self.config.prior)
