"""The convolutional networks of DCGAN (Radford 2015), shared by the families that are built on them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from typing import ClassVar, Literal

from pydantic import model_validator
from torch import nn
from torch.optim import Optimizer, RMSprop

from gan_studio.engine.adam import AdamSettings, adam
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.latent import drawing
from gan_studio.engine.latent.settings import LatentSettings
from gan_studio.engine.regularisers.layers import MinibatchDeviation, spectrally_normalised
from gan_studio.engine.regularisers.settings import RegularisedSettings, refuse_batch_norm, refuse_unbounded_critic
from gan_studio.engine.settings import setting

INITIAL_DEVIATION = 0.02
LEAK = 0.2
SMALLEST = 4
"""Side of the coarsest feature map."""


class ConvolutionalSettings(AdamSettings, RegularisedSettings, LatentSettings):
    """Defaults: the widely used 4×4 variant of DCGAN with 64 features."""

    GROUPS: ClassVar[Mapping[str, str]] = {
        "Networks": "How large the generator and the discriminator are and how they are built. More features can draw "
        "finer pictures and take longer; half as many train about four times as fast, which suits a computer without "
        "a GPU or a few hundred pictures.",
    }

    features: int = setting(
        64, label="Features", group="Networks", ge=2, le=1024, step=16,
        help="Channels next to the picture; they double with every halving of the size. 32 is a quarter of the work.",
    )  # fmt: skip
    most_features: int = setting(
        512, label="Most features", group="Networks", advanced=True, ge=2, le=4096, step=64,
        help="Where the doubling ends.",
    )  # fmt: skip
    kernel: Literal[4, 5] = setting(
        4, label="Kernel", group="Networks", advanced=True,
        help="Side of the convolution kernels: 4 is common, 5 is the paper's.",
    )  # fmt: skip
    upsampling: Literal["transposed", "nearest"] = setting(
        "transposed", label="Upsampling", group="Networks", advanced=True,
        help="Transposed convolutions, or enlarging and a 3×3 convolution: no checkerboards, for 2.24 times the work.",
        choice_labels={"transposed": "Transposed convolution", "nearest": "Enlarge + 3×3 convolution"},
    )  # fmt: skip
    first_layer: Literal["convolution", "linear"] = setting(
        "convolution", label="First layer", group="Networks", advanced=True,
        help="How z becomes the first 4×4 map.",
        choice_labels={"convolution": "Transposed convolution", "linear": "Linear"},
    )  # fmt: skip
    g_activation: Literal["relu", "leaky"] = setting(
        "relu", label="Activation in G", group="Networks", advanced=True,
        help="ReLU is the paper's.", choice_labels={"relu": "ReLU", "leaky": "LeakyReLU 0.2"},
    )  # fmt: skip
    d_dropout: float = setting(
        0.0, label="Dropout in D", group="Networks", advanced=True, ge=0, le=0.9, step=0.05,
        help="Share of D's features that is dropped at random: helps against memorising few pictures.",
    )  # fmt: skip
    d_norm: Literal["batch", "instance", "none"] = setting(
        "batch", label="Normalisation in D", group="Networks", advanced=True,
        help="BatchNorm is the paper's. Gradient penalty, R1 and R2 need another one, or none.",
        choice_labels={"batch": "BatchNorm", "instance": "InstanceNorm", "none": "None"},
    )  # fmt: skip
    spectral_norm: bool = setting(
        False, label="Spectral norm in D", group="Networks", advanced=True,
        help="Divides each layer of D by its greatest stretch: D cannot grow steep. Usually without BatchNorm.",
    )  # fmt: skip
    minibatch_deviation: bool = setting(
        False, label="Minibatch deviation", group="Networks", advanced=True,
        help="Tells D how much the pictures of a batch differ: a generator that repeats itself is found out.",
    )  # fmt: skip
    optimizer: Literal["adam", "rmsprop"] = setting(
        "adam", label="Optimiser", group="Optimisers", advanced=True,
        help="RMSprop is what the first Wasserstein GAN took.", choice_labels={"adam": "Adam", "rmsprop": "RMSprop"},
    )  # fmt: skip

    @model_validator(mode="after")
    def _refuse_a_critic_that_cannot_work(self) -> ConvolutionalSettings:
        refuse_batch_norm(self, self.d_norm == "batch")
        refuse_unbounded_critic(self, self.spectral_norm)
        return self


def feature_widths(size: int, features: int, most: int) -> list[int]:
    """Channels of the feature maps from 4×4 up to size/2, coarsest first: 64 px → [512, 256, 128, 64]."""
    levels = size.bit_length() - SMALLEST.bit_length()
    return [min(features * 2**level, most) for level in reversed(range(levels))]


class Generator(nn.Sequential):
    """`[N, inputs]`, z and whatever else it is made from → picture `[N, C, S, S]` in [-1, 1]."""

    def __init__(self, config: ConvolutionalSettings, size: int, channels: int, inputs: int | None = None) -> None:
        widths = feature_widths(size, config.features, config.most_features)
        activation = nn.ReLU if config.g_activation == "relu" else partial(nn.LeakyReLU, LEAK)
        layers: list[nn.Module] = [
            *_first_layer(config, inputs or config.latent_size, widths[0]),
            nn.BatchNorm2d(widths[0]),
            activation(),
        ]
        for coarse, fine in pairwise(widths):
            layers += [_doubling(config, coarse, fine), nn.BatchNorm2d(fine), activation()]
        super().__init__(*layers, _doubling(config, widths[-1], channels), nn.Tanh())
        initialise(self)


class Discriminator(nn.Sequential):
    """Picture `[N, channels, S, S]` → logit `[N]`. No normalisation next to the picture (Radford 2015, section 3).

    All but the last two layers are its features `[N, F, 4, 4]`.
    """

    def __init__(self, config: ConvolutionalSettings, size: int, channels: int) -> None:
        widths = feature_widths(size, config.features, config.most_features)[::-1]
        layers: list[nn.Module] = [_halving(config, channels, widths[0]), nn.LeakyReLU(LEAK)]
        for fine, coarse in pairwise(widths):
            layers += [_halving(config, fine, coarse), *_normalisation(config, coarse), nn.LeakyReLU(LEAK)]
            layers += [drawing.Dropout2d(config.d_dropout)] if config.d_dropout else []
        layers += [MinibatchDeviation()] if config.minibatch_deviation else []
        width = widths[-1] + config.minibatch_deviation
        super().__init__(*layers, nn.Conv2d(width, 1, SMALLEST, bias=False), nn.Flatten(0))
        initialise(self)
        if config.spectral_norm:
            spectrally_normalised(self)


def _normalisation(config: ConvolutionalSettings, width: int) -> list[nn.Module]:
    if config.d_norm == "batch":
        return [nn.BatchNorm2d(width)]
    return [nn.InstanceNorm2d(width, affine=True)] if config.d_norm == "instance" else []


def _first_layer(config: ConvolutionalSettings, inputs: int, width: int) -> list[nn.Module]:
    if config.first_layer == "linear":
        return [nn.Linear(inputs, width * SMALLEST**2, bias=False), nn.Unflatten(1, (width, SMALLEST, SMALLEST))]
    return [nn.Unflatten(1, (inputs, 1, 1)), nn.ConvTranspose2d(inputs, width, SMALLEST, bias=False)]


def _doubling(config: ConvolutionalSettings, inputs: int, outputs: int) -> nn.Module:
    """`[N, inputs, S, S]` → `[N, outputs, 2S, 2S]`."""
    if config.upsampling == "nearest":
        return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(inputs, outputs, 3, padding=1, bias=False))
    odd = config.kernel % 2
    return nn.ConvTranspose2d(
        inputs, outputs, config.kernel, stride=2, padding=config.kernel // 2 - 1 + odd, output_padding=odd, bias=False
    )


def _halving(config: ConvolutionalSettings, inputs: int, outputs: int) -> nn.Module:
    """`[N, inputs, S, S]` → `[N, outputs, S/2, S/2]`."""
    return nn.Conv2d(inputs, outputs, config.kernel, stride=2, padding=(config.kernel - 1) // 2, bias=False)


def refuse_other_sizes(family: str, size: int) -> None:
    """Sizes come by doubling 4×4. Raises SettingsError for any other."""
    if size < 2 * SMALLEST or size & (size - 1):
        raise SettingsError(f"{family} cannot make pictures of {size} px.", "Choose 16, 32, 64, 128 or 256.")


def optimizers(
    config: ConvolutionalSettings, networks: Mapping[str, nn.Module], lazy_share: float
) -> dict[str, Optimizer]:
    """One for D and one for G.

    Args:
        lazy_share: what lazy penalties make of D's rate and memory, 1 without them.
    """
    rates = {"D": config.d_learning_rate, "G": config.g_learning_rate}
    shares = {"D": lazy_share, "G": 1.0}
    return {name: _optimizer(config, networks[name], rates[name], shares[name]) for name in rates}


def _optimizer(config: ConvolutionalSettings, network: nn.Module, rate: float, share: float) -> Optimizer:
    if config.optimizer == "rmsprop":
        return RMSprop(network.parameters(), rate * share)
    return adam(network.parameters(), rate, config, share)


def initialise(network: nn.Module) -> None:
    """Weights N(0, 0.02); normalisation γ N(1, 0.02), β 0 (Radford 2015, section 4, and its common public code)."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(module.weight, 0.0, INITIAL_DEVIATION)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, INITIAL_DEVIATION)
            nn.init.zeros_(module.bias)
