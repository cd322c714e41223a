"""The first GAN (Goodfellow 2014): two fully connected networks, pictures taken as rows of numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import model_validator
from torch import nn
from torch.optim import Optimizer

from gan_studio.engine.adam import AdamSettings, adam
from gan_studio.engine.families.adversarial import AdversarialFamily, Shown
from gan_studio.engine.families.base import Parts, Sampler, StepContext
from gan_studio.engine.families.registry import register_family
from gan_studio.engine.families.samplers import LatentSampler
from gan_studio.engine.latent.settings import LatentSettings
from gan_studio.engine.networks import perceptron
from gan_studio.engine.regularisers.settings import RegularisedSettings, refuse_unbounded_critic
from gan_studio.engine.settings import Settings, setting


class VanillaSettings(AdamSettings, RegularisedSettings, LatentSettings):
    GROUPS: ClassVar[Mapping[str, str]] = {
        "Networks": "How many neurons each layer has and how many layers there are. Fully connected networks know "
        "nothing of neighbourhood in a picture: they suit small grey pictures.",
    }

    width: int = setting(
        512, label="Width", group="Networks", ge=4, le=8192, step=64, help="Neurons of each hidden layer.",
    )  # fmt: skip
    layers: int = setting(
        2, label="Hidden layers", group="Networks", ge=1, le=8, help="Layers between z and picture, in both networks.",
    )  # fmt: skip
    g_norm: bool = setting(
        True, label="BatchNorm in G", group="Networks", advanced=True,
        help="Not in the paper; without it G learns more slowly and repeats itself more.",
    )  # fmt: skip
    d_layers: Literal["leaky", "maxout"] = setting(
        "leaky", label="Layers of D", group="Networks", advanced=True,
        help="Maxout is the paper's: each neuron is the largest of five.",
        choice_labels={"leaky": "LeakyReLU 0.2", "maxout": "Maxout"},
    )  # fmt: skip
    d_dropout: float = setting(
        0.3, label="Dropout in D", group="Networks", advanced=True, ge=0, le=0.9, step=0.05,
        help="Share of D's neurons that is dropped at random.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _refuse_a_critic_that_cannot_work(self) -> VanillaSettings:
        refuse_unbounded_critic(self, spectral_norm=False)
        return self


MAXOUT_PIECES = 5


@register_family(
    "vanilla",
    title="Vanilla GAN",
    summary="The first of them: two fully connected networks. For small grey pictures, and to see how it all began.",
)
class Vanilla(AdversarialFamily):
    """Goodfellow 2014, section 5."""

    Config: ClassVar[type[Settings]] = VanillaSettings
    config: VanillaSettings
    computes_on_device = True

    @classmethod
    def tiny(cls) -> VanillaSettings:
        return VanillaSettings(latent_size=8, width=16)

    @classmethod
    def presets(cls) -> Mapping[str, Settings]:
        return {
            "Vanilla, as first written down (2014)": VanillaSettings(
                objective="minimax", prior="uniform", width=1200, g_norm=False, d_layers="maxout", d_dropout=0.5
            ),
            "Vanilla, unrolled 5 steps (2016)": VanillaSettings(unrolled_steps=5, d_dropout=0),
            "WGAN-GP (2017)": VanillaSettings(
                objective="wasserstein", gradient_penalty=10, critic_steps=5, d_dropout=0,
                g_learning_rate=1e-4, d_learning_rate=1e-4, beta1=0,
            ),
        }  # fmt: skip

    def build(self) -> Parts:
        config, picture = self.config, (self.picture.channels, self.picture.size, self.picture.size)
        widths = [config.width] * config.layers
        pieces = MAXOUT_PIECES if config.d_layers == "maxout" else 0
        body = perceptron.hidden(math.prod(picture), widths, config.d_dropout, pieces)
        networks: dict[str, nn.Module] = {
            "G": perceptron.generator(config.latent_size, widths, picture, config.g_norm),
            "D": nn.Sequential(nn.Flatten(), *body, nn.Linear(config.width, 1), nn.Flatten(0)),
        }
        return Parts(networks, averaged=("G",), state=self.state())

    def optimizers(self, parts: Parts) -> dict[str, Optimizer]:
        config, networks = self.config, parts.networks
        return {
            "D": adam(networks["D"].parameters(), config.d_learning_rate, config, self.lazy_share),
            "G": adam(networks["G"].parameters(), config.g_learning_rate, config),
        }

    def generate(self, ctx: StepContext) -> Shown:
        count = len(ctx.reals())
        return Shown(ctx.networks["G"](ctx.noise(count, self.config.latent_size, prior=self.config.prior)))

    def sampler(self, networks: Mapping[str, nn.Module]) -> Sampler:
        return LatentSampler(networks["G"], self.config.latent_size, self.config.prior)
