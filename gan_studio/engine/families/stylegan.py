"""StyleGAN (Karras 2019, 2020): a mapping network turns z into styles, which steer every layer of the generator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import torch
from pydantic import model_validator
from torch import Tensor, nn
from torch.optim import Optimizer

from gan_studio.engine.adam import AdamSettings, adam
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.adversarial import AdversarialFamily, AdversarialState, Shown
from gan_studio.engine.families.base import Controls, Parts, Phase, Sampler, Stage, StepContext
from gan_studio.engine.families.registry import register_family
from gan_studio.engine.families.samplers import latent_control, latents_of
from gan_studio.engine.latent import drawing
from gan_studio.engine.latent.seeds import from_seed
from gan_studio.engine.networks.equalised import halving_widths
from gan_studio.engine.networks.residual import ResidualDiscriminator
from gan_studio.engine.networks.styled import StyleGenerator, mixed, repeated, truncated
from gan_studio.engine.regularisers.path_length import path_lengths, path_penalty
from gan_studio.engine.regularisers.settings import GROUP as REGULARISERS
from gan_studio.engine.regularisers.settings import RegularisedSettings, refuse_unbounded_critic
from gan_studio.engine.sampler_controls import ControlSpec
from gan_studio.engine.settings import Settings, setting, with_default

SMALLEST = 4
MAPPING_RATE = 0.01
"""The mapping network learns this much more slowly (Karras 2019, section C)."""
MEAN_DECAY = 0.998
"""Of the mean w, per batch (public code of Karras 2020)."""
R1_SCALE = 0.0002
"""γ of R1 × batch / pixels (Karras 2020b, appendix C)."""
PATH_SHARE = 2
"""The path length is computed on a batch this much smaller (Karras 2020b, appendix B)."""


class StyleGANSettings(AdamSettings, RegularisedSettings):
    """Defaults: StyleGAN2, narrow enough for small pictures on a processor."""

    GROUPS: ClassVar[Mapping[str, str]] = {
        "Networks": "How large the generator and the discriminator are and how styles steer the layers. More features "
        "can draw finer pictures and take longer; half as many train two to four times as fast, which suits a "
        "computer without a GPU.",
        "Styles": "What makes the space of styles even, so that walking through it looks smooth and mixing two "
        "pictures works. The defaults are the papers'.",
    }

    latent_size: int = setting(
        128, label="Latent size", group="Networks", ge=1, le=4096,
        help="How many numbers z and w have: the dimensions in which the explorer walks. The papers take 512.",
    )  # fmt: skip
    mapping_layers: int = setting(
        8, label="Mapping layers", group="Networks", advanced=True, ge=1, le=16,
        help="Depth of the network that turns z into styles. 8 in the papers; 2 is enough for few pictures.",
    )  # fmt: skip
    features: int = setting(
        8, label="Features at 64 px", group="Networks", ge=1, le=1024, step=8,
        help="Channels of the maps of 64×64; twice as many at each halving of the size. The papers take 512.",
    )  # fmt: skip
    most_features: int = setting(
        64, label="Most features", group="Networks", ge=2, le=4096, step=64,
        help="Where the doubling ends. The papers take 512.",
    )  # fmt: skip
    modulation: Literal["demodulation", "adain"] = setting(
        "demodulation", label="Styles act by", group="Networks", advanced=True,
        help="Scaling the weights (2020) makes no droplets; AdaIN is what the first StyleGAN did (2019).",
        choice_labels={"demodulation": "Demodulation (2020)", "adain": "AdaIN (2019)"},
    )  # fmt: skip
    style_mixing: float = setting(
        0.9, label="Style mixing", group="Styles", ge=0, le=1, step=0.1,
        help="Share of training pictures that are made from two styles, changing at a random layer: layers then do "
        "not rely on one another, and the explorer can mix.",
    )  # fmt: skip
    path_length: float = setting(
        2.0, label="Path length", group="Styles", ge=0, le=1000, step=0.5,
        help="Weight of the penalty on uneven steps through the styles; 0 turns it off.",
    )  # fmt: skip
    path_every: int = setting(
        4, label="Path length every", unit="steps", group="Styles", advanced=True, ge=1, le=64,
        help="Weighted up and computed this seldom.",
    )  # fmt: skip
    r1_auto: bool = setting(
        True, label="R1 by size and batch", group=REGULARISERS,
        help="γ of R1 = 0.0002 × size² / batch, where the papers start from. The number for R1 counts without it.",
    )  # fmt: skip
    r1: float = with_default(RegularisedSettings, "r1", 0.01)
    penalty_every: int = with_default(RegularisedSettings, "penalty_every", 16)
    g_learning_rate: float = with_default(AdamSettings, "g_learning_rate", 2e-3)
    d_learning_rate: float = with_default(AdamSettings, "d_learning_rate", 2e-3)
    beta1: float = with_default(AdamSettings, "beta1", 0.0)
    beta2: float = with_default(AdamSettings, "beta2", 0.99)

    @property
    def is_zero_centred(self) -> bool:
        return self.r1_auto or super().is_zero_centred

    def r1_for(self, size: int, batch_size: int) -> float:
        """γ of R1 for pictures of `size` px."""
        return R1_SCALE * size**2 / batch_size if self.r1_auto else self.r1

    def in_words(self, size: int, batch_size: int) -> Mapping[str, str]:
        if not self.r1_auto:
            return {}
        gamma = f"γ = {self.r1_for(size, batch_size):.3g}, for {size} px and a batch of {batch_size}"
        return {"r1_auto": gamma, "r1": "Not used: chosen by size and batch."}

    @model_validator(mode="before")
    @classmethod
    def _keep_a_number_that_is_given(cls, values: Any) -> Any:
        """Who names γ means it, and so do runs from before it could be chosen by size and batch."""
        if isinstance(values, dict) and "r1" in values:
            return {"r1_auto": False, **values}
        return values

    @model_validator(mode="after")
    def _refuse_a_critic_that_cannot_work(self) -> StyleGANSettings:
        refuse_unbounded_critic(self, spectral_norm=False)
        return self


class StyleState(AdversarialState):
    """Also the running mean of path lengths."""

    mean_length: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean_length", torch.zeros(()))


@register_family(
    "stylegan",
    title="StyleGAN",
    summary="Styles steer every layer: mix pictures, walk smoothly, trade variety for looks.",
)
class StyleGAN(AdversarialFamily):
    """The second version with its defaults; the first one's AdaIN is an option."""

    Config: ClassVar[type[Settings]] = StyleGANSettings
    config: StyleGANSettings
    computes_on_device = True

    def __init__(self, config: StyleGANSettings, picture: PictureSpec) -> None:
        super().__init__(config, picture)
        if picture.size < 2 * SMALLEST or picture.size & (picture.size - 1):
            raise SettingsError(
                f"StyleGAN cannot make pictures of {picture.size} px.", "Choose 16, 32, 64, 128 or 256."
            )

    @classmethod
    def tiny(cls) -> StyleGANSettings:
        return StyleGANSettings(latent_size=8, mapping_layers=2, features=1, most_features=4, penalty_every=4)

    @classmethod
    def presets(cls) -> Mapping[str, Settings]:
        medium: dict[str, Any] = {"latent_size": 256, "features": 64, "most_features": 256}
        return {
            "StyleGAN2, small (no GPU)": StyleGANSettings(),
            "StyleGAN2, medium": StyleGANSettings(**medium),
            "StyleGAN2, as in the paper (512 features)": StyleGANSettings(
                latent_size=512, features=512, most_features=512
            ),
            "StyleGAN2-ADA, small (few pictures)": StyleGANSettings(augmentation="ada", mapping_layers=2, r1=0.1),
            "StyleGAN2-ADA, medium (few pictures)": StyleGANSettings(
                **medium, augmentation="ada", mapping_layers=2, r1=0.1
            ),
            "StyleGAN2, small, DiffAugment": StyleGANSettings(augmentation="diffaugment", mapping_layers=2),
            "StyleGAN (2019, AdaIN), small": StyleGANSettings(modulation="adain", path_length=0),
        }

    def build(self) -> Parts:
        config = self.config
        widths = halving_widths(self.picture.size, config.features, config.most_features)
        generator = StyleGenerator(
            config.latent_size, config.mapping_layers, widths, self.picture.channels, config.modulation
        )
        discriminator = ResidualDiscriminator(widths, self.picture.channels)
        return Parts({"G": generator, "D": discriminator}, averaged=("G",), state=self.state())

    def state(self) -> nn.Module:
        return StyleState()

    def optimizers(self, parts: Parts) -> dict[str, Optimizer]:
        share = self.config.path_every / (self.config.path_every + 1) if self._flattens_paths else 1.0
        generator: Any = parts.networks["G"]
        mapping = list(generator.mapping.parameters())
        known = set(map(id, mapping))
        synthesis = [parameter for parameter in generator.parameters() if id(parameter) not in known]
        rate = self.config.g_learning_rate
        groups = [{"params": synthesis}, {"params": mapping, "lr": rate * share * MAPPING_RATE}]
        discriminator = parts.networks["D"].parameters()
        return {
            "D": adam(discriminator, self.config.d_learning_rate, self.config, self.lazy_share),
            "G": adam(groups, rate, self.config, share),
        }

    def phases(self, stage: Stage) -> Sequence[Phase]:
        paths = Phase("G_path", ("G",), "G", self.path_loss, every=self.config.path_every)
        return (*super().phases(stage), *([paths] if self._flattens_paths else []))

    def generate(self, ctx: StepContext) -> Shown:
        count, generator = len(ctx.reals()), self._generator(ctx)
        w = generator.mapping(ctx.noise(count, self.config.latent_size))
        generator.follow(w, MEAN_DECAY)
        styles = repeated(w, generator.style_count)
        if self.config.style_mixing:
            other = generator.mapping(ctx.noise(count, self.config.latent_size))
            styles = mixed(styles, repeated(other, generator.style_count), self._crossovers(count, styles))
        return Shown(generator(styles))

    def path_loss(self, ctx: StepContext) -> Tensor:
        """Weighted up by how seldom it is computed; in fp32 throughout, as it differentiates twice."""
        state: Any = ctx.state
        generator = self._generator(ctx)
        count = max(1, len(ctx.reals()) // PATH_SHARE)
        with torch.autocast(ctx.device.type, enabled=False):
            styles = repeated(generator.mapping(ctx.noise(count, self.config.latent_size)), generator.style_count)
            lengths = path_lengths(generator(styles), styles)
            penalty = path_penalty(lengths, state.mean_length)
        ctx.log("path_length", lengths.mean())
        ctx.log("penalty/path", penalty)
        return penalty * self.config.path_length * self.config.path_every

    def r1_weight(self, ctx: StepContext) -> float:
        return self.config.r1_for(self.picture.size, ctx.batch_size)

    def sampler(self, networks: Mapping[str, nn.Module]) -> Sampler:
        return StyleGANSampler(networks["G"], self.config, self.picture)

    @property
    def _flattens_paths(self) -> bool:
        return self.config.path_length > 0

    def _crossovers(self, count: int, styles: Tensor) -> Tensor:
        """The layer from which each picture has its second style; behind the last one where nothing is mixed."""
        layers = styles.shape[1]
        start = drawing.randint(1, layers, count, device=styles.device)
        mixes = drawing.rand(count, device=styles.device) < self.config.style_mixing
        return torch.where(mixes, start, layers)

    def _generator(self, ctx: StepContext) -> Any:
        return ctx.networks["G"]


class StyleGANSampler(Sampler):
    """z, truncation, the noise, and a second picture whose style takes over from a size on."""

    def __init__(self, generator: nn.Module, config: StyleGANSettings, picture: PictureSpec) -> None:
        self._generator: Any = generator
        self._noise: tuple[Any, list[Tensor]] = (None, [])
        sizes = [f"{SMALLEST << level} px" for level in range(picture.size.bit_length() - SMALLEST.bit_length() + 1)]
        self.controls = (
            latent_control(config.latent_size, "normal"),
            ControlSpec("truncation", "Truncation", "number", low=0.0, high=1.5, default=1.0),
            ControlSpec("truncated", "Acts on", "choice", choices=("all layers", *(f"up to {s}" for s in sizes[:-1]))),
            ControlSpec("mixing", "Mixed in", "choice", choices=("nothing", *(f"from {size} on" for size in sizes))),
            ControlSpec("mixed_seed", "By seed", "seed", default=1),
            ControlSpec("noise", "Noise", "seed"),
        )

    def __call__(self, controls: Controls) -> dict[str, Tensor]:
        return self.from_styles(self.styles(controls), controls)

    def styles(self, controls: Controls) -> Tensor:
        """w `[N, latent_size]`."""
        return self._generator.mapping(latents_of(controls, self.controls[0], self._generator))

    def from_styles(self, styles: Tensor, controls: Controls) -> dict[str, Tensor]:
        generator, asked = self._generator, {spec.name: spec.default for spec in self.controls} | dict(controls)
        w, count = styles, generator.style_count
        styles = repeated(w, count)
        if asked["mixing"]:
            other = from_seed(self.controls[0], int(asked["mixed_seed"])).to(w).expand(len(w), -1)
            styles = mixed(styles, repeated(generator.mapping(other), count), _first_layer(int(asked["mixing"]) - 1))
        last = int(asked["truncated"])
        layers = _first_layer(last) if last else count
        styles = truncated(styles, generator.mean_w, float(asked["truncation"]), layers)
        return {"image": generator(styles, self._noise_of(int(asked["noise"]))).clamp(-1, 1)}

    def _noise_of(self, seed: int) -> list[Tensor]:
        """One plane a layer, the same for all pictures; kept until another seed is asked for."""
        device = self._generator.mean_w.device
        if self._noise[0] != (seed, device):
            source = torch.Generator().manual_seed(seed)
            planes = [torch.randn(shape, generator=source) for shape in self._generator.noise_shapes()]
            self._noise = ((seed, device), [plane.to(device) for plane in planes])
        return self._noise[1]


def _first_layer(level: int) -> int:
    """The first layer of a size, 4 px being level 0."""
    return max(0, 2 * level - 1)
