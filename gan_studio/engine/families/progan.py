"""ProGAN (Karras 2018): both networks grow from 4×4 to the full size while they train."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from pydantic import model_validator
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import Optimizer

from gan_studio.engine.adam import AdamSettings, adam
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.adversarial import AdversarialFamily, Discriminate, Shown
from gan_studio.engine.families.base import Controls, Parts, Sampler, Stage, StepContext
from gan_studio.engine.families.registry import register_family
from gan_studio.engine.families.samplers import latent_control, latents_of
from gan_studio.engine.networks.equalised import halving_widths
from gan_studio.engine.networks.growing import SMALLEST, GrowingDiscriminator, GrowingGenerator, faded, level_of
from gan_studio.engine.objectives import ObjectiveName
from gan_studio.engine.regularisers.settings import RegularisedSettings, refuse_unbounded_critic
from gan_studio.engine.settings import Settings, setting, with_default


class ProGANSettings(AdamSettings, RegularisedSettings):
    """Defaults: networks and a schedule that show something within minutes."""

    GROUPS: ClassVar[Mapping[str, str]] = {
        "Growing": "Training begins with tiny pictures and doubles their side step by step, each time blending the new "
        "layers in. Count in pictures shown: the paper takes 800,000 for each period, a few thousand show the idea. "
        "With few pictures shown at a size, the next one has little to build on.",
        "Networks": "How large the generator and the discriminator are. More features can draw finer pictures and take "
        "longer; half as many train two to four times as fast, which suits a computer without a GPU.",
    }

    start_size: Literal[4, 8, 16, 32, 64, 128, 256] = setting(
        4, label="Starts at", unit="px", group="Growing",
        help="Side of the first pictures. At the full size nothing grows: for going on from a grown run.",
    )  # fmt: skip
    stable_images: int = setting(
        5_000, label="Steady for", unit="pictures", group="Growing", ge=0, le=10**9, step=1_000,
        help="Pictures shown at each size before the next one begins; the paper takes 800,000.",
    )  # fmt: skip
    fade_images: int = setting(
        5_000, label="Blends over", unit="pictures", group="Growing", ge=0, le=10**9, step=1_000,
        help="Pictures shown while the layers of a new size are blended in; the paper takes 800,000.",
    )  # fmt: skip
    batch_growth: Literal[1, 2, 4, 8, 16] = setting(
        1, label="Small sizes take", unit="× the batch", group="Growing", advanced=True,
        help="The batch doubles with each halving of the size, up to so many times the Batch of the training. "
        "Small pictures leave room for it on a GPU.",
    )  # fmt: skip
    latent_size: int = setting(
        128, label="Latent size", group="Networks", ge=1, le=4096,
        help="How many numbers z has, on a sphere: the dimensions in which the explorer walks. The paper takes 512.",
    )  # fmt: skip
    features: int = setting(
        8, label="Features at 64 px", group="Networks", ge=1, le=1024, step=8,
        help="Channels of the maps of 64×64; twice as many at each halving of the size. The paper takes 256.",
    )  # fmt: skip
    most_features: int = setting(
        64, label="Most features", group="Networks", ge=2, le=4096, step=64,
        help="Where the doubling ends. The paper takes 512.",
    )  # fmt: skip
    g_learning_rate: float = with_default(AdamSettings, "g_learning_rate", 1e-3)
    d_learning_rate: float = with_default(AdamSettings, "d_learning_rate", 1e-3)
    beta1: float = with_default(AdamSettings, "beta1", 0.0)
    beta2: float = with_default(AdamSettings, "beta2", 0.99)
    objective: ObjectiveName = with_default(RegularisedSettings, "objective", "wasserstein")
    gradient_penalty: float = with_default(RegularisedSettings, "gradient_penalty", 10.0)
    drift: float = with_default(RegularisedSettings, "drift", 1e-3)

    @model_validator(mode="after")
    def _refuse_a_critic_that_cannot_work(self) -> ProGANSettings:
        refuse_unbounded_critic(self, spectral_norm=False)
        return self


@dataclass(frozen=True)
class Grown(Shown):
    """Pictures of the stage's size, and how far that size has faded in."""

    alpha: float = 1.0


@register_family(
    "progan", title="ProGAN", summary="Grows with its pictures: first tiny ones, then twice the size, and again."
)
class ProGAN(AdversarialFamily):
    """Level 0 is 4×4; which level it is and how far it has faded in follows from the pictures seen."""

    Config: ClassVar[type[Settings]] = ProGANSettings
    config: ProGANSettings
    computes_on_device = True

    def __init__(self, config: ProGANSettings, picture: PictureSpec) -> None:
        super().__init__(config, picture)
        if picture.size < 2 * SMALLEST or picture.size & (picture.size - 1):
            raise SettingsError(f"ProGAN cannot make pictures of {picture.size} px.", "Choose 16, 32, 64, 128 or 256.")
        self.last_level = level_of(picture.size)
        self.first_level = min(level_of(config.start_size), self.last_level)

    @classmethod
    def tiny(cls) -> ProGANSettings:
        return ProGANSettings(latent_size=8, features=2, most_features=8, stable_images=8, fade_images=8)

    @classmethod
    def presets(cls) -> Mapping[str, Settings]:
        calm: dict[str, Any] = {"objective": "non-saturating", "gradient_penalty": 0, "drift": 0, "r1": 1}
        return {
            "ProGAN, small (no GPU)": ProGANSettings(),
            "ProGAN, small, non-saturating with R1": ProGANSettings(**calm),
            "ProGAN, medium": ProGANSettings(
                latent_size=256, features=64, most_features=256, stable_images=50_000, fade_images=50_000
            ),
            "ProGAN, as in the paper (512 features)": ProGANSettings(
                latent_size=512,
                features=256,
                most_features=512,
                stable_images=800_000,
                fade_images=800_000,
                batch_growth=8,
            ),
            "Few pictures (DiffAugment)": ProGANSettings(**calm, augmentation="diffaugment"),
        }

    def build(self) -> Parts:
        widths = halving_widths(self.picture.size, self.config.features, self.config.most_features)
        generator = GrowingGenerator(self.config.latent_size, widths, self.picture.channels)
        generator.level.fill_(self.first_level)
        discriminator = GrowingDiscriminator(widths, self.picture.channels)
        return Parts({"G": generator, "D": discriminator}, averaged=("G",), state=self.state())

    def optimizers(self, parts: Parts) -> dict[str, Optimizer]:
        discriminator, generator = parts.networks["D"].parameters(), parts.networks["G"].parameters()
        return {
            "D": adam(discriminator, self.config.d_learning_rate, self.config, self.lazy_share),
            "G": adam(generator, self.config.g_learning_rate, self.config),
        }

    def stage(self, images: int) -> Stage:
        stage = super().stage(images)
        level, alpha = growth(
            images, self.first_level, self.last_level, self.config.stable_images, self.config.fade_images
        )
        size = SMALLEST << level
        return replace(
            stage,
            name=f"{size} px" if alpha == 1 else f"blending in {size} px",
            size=size,
            batch_factor=min(2 ** (self.last_level - level), self.config.batch_growth),
            values={**stage.values, "level": level, "alpha": alpha},
        )

    def generate(self, ctx: StepContext) -> Shown:
        level, alpha = _growth_of(ctx.stage)
        z = ctx.noise(len(ctx.reals()), self.config.latent_size, prior="sphere")
        return Grown(ctx.networks["G"](z, level, alpha), alpha=alpha)

    def shown_reals(self, ctx: StepContext, fresh: bool = False) -> Shown:
        alpha = _growth_of(ctx.stage)[1]
        return Grown(faded(ctx.reals(fresh=fresh), alpha), alpha=alpha)

    def judge(self, discriminate: Discriminate, shown: Shown) -> Tensor:
        assert isinstance(shown, Grown)
        return discriminate(shown.pictures, shown.alpha)

    def after_step(self, ctx: StepContext) -> None:
        super().after_step(ctx)
        generator: Any = ctx.networks["G"]
        level, alpha = _growth_of(ctx.stage)
        generator.level.fill_(level)
        generator.alpha.fill_(alpha)

    def sampler(self, networks: Mapping[str, nn.Module]) -> Sampler:
        return ProGANSampler(networks["G"], self.config, self.picture)


class ProGANSampler(Sampler):
    """One latent in, one picture of the full size out, however far G has grown."""

    def __init__(self, generator: nn.Module, config: ProGANSettings, picture: PictureSpec) -> None:
        self._generator: Any = generator
        self._size = picture.size
        self.controls = (latent_control(config.latent_size, "sphere"),)

    def __call__(self, controls: Controls) -> dict[str, Tensor]:
        z = latents_of(controls, self.controls[0], self._generator)
        picture = self._generator(z, int(self._generator.level), float(self._generator.alpha))
        return {"image": F.interpolate(picture.clamp(-1, 1), self._size, mode="nearest")}


def growth(images: int, first: int, last: int, stable: int, fade: int) -> tuple[int, float]:
    """Level and alpha after so many images: `stable` of them at each level, `fade` more to blend in each next one."""
    over = images - stable
    for level in range(first + 1, last + 1):
        if over < 0:
            return level - 1, 1.0
        if over < fade:
            return level, over / fade
        over -= fade + stable
    return last, 1.0


def _growth_of(stage: Stage) -> tuple[int, float]:
    return int(stage.values["level"]), stage.values["alpha"]
