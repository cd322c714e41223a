"""LAPGAN (Denton 2015): a small GAN makes a tiny picture, and one more for each doubling adds the detail."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal

import torch
from pydantic import model_validator
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import SGD, Optimizer

from gan_studio.engine.adam import AdamSettings, adam
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.adversarial import AdversarialGame, Shown
from gan_studio.engine.families.base import Controls, Family, Parts, Phase, Sampler, Stage, StepContext
from gan_studio.engine.families.registry import register_family
from gan_studio.engine.families.samplers import latent_control, latents_of
from gan_studio.engine.latent.seeds import draw_prior
from gan_studio.engine.latent.settings import LatentSettings
from gan_studio.engine.networks import perceptron
from gan_studio.engine.networks.laplacian import downsample, gaussian_level, level_sizes, upsample
from gan_studio.engine.networks.pyramid import DetailDiscriminator, DetailGenerator
from gan_studio.engine.regularisers.settings import RegularisedSettings, refuse_unbounded_critic
from gan_studio.engine.sampler_controls import ControlSpec, Prior
from gan_studio.engine.settings import Settings, setting

FINEST_START, COARSEST_START = 16, 4
"""Sides that the first, fully connected level may have."""
USUAL_START = 8
"""The pyramid goes down to this side, or just below it, where nobody says how many levels it has."""
LARGEST_SEED = 2**31


class LAPGANSettings(AdamSettings, RegularisedSettings, LatentSettings):
    """Defaults: networks that show something within minutes without a GPU."""

    GROUPS: ClassVar[Mapping[str, str]] = {
        "Pyramid": "The first level makes a tiny picture from noise; each further one doubles it and adds the detail. "
        "Every level is a GAN of its own and learns from the real pictures alone, all of them in each step.",
        "Networks": "How large the two networks of each level are. The finest level takes most of the time: half the "
        "features are about a quarter of the work.",
    }

    levels: Literal["auto", 2, 3, 4, 5, 6] = setting(
        "auto", label="Levels", group="Pyramid",
        help="How many sizes there are, each half of the next. auto begins with 8 px or just below: 8, 16, 32 px.",
    )  # fmt: skip
    width: int = setting(
        512, label="First level's width", group="Networks", ge=4, le=8192, step=64,
        help="Neurons of both hidden layers of the fully connected first level. The paper takes 600 in D, 1,200 in G.",
    )  # fmt: skip
    features: int = setting(
        32, label="Features", group="Networks", ge=2, le=1024, step=16,
        help="Channels of the convolutions that add detail; in D they double with every halving. The paper takes 64.",
    )  # fmt: skip
    most_features: int = setting(
        256, label="Most features", group="Networks", advanced=True, ge=2, le=4096, step=64,
        help="Where the doubling in D ends.",
    )  # fmt: skip
    layers: int = setting(
        2, label="Hidden layers", group="Networks", advanced=True, ge=1, le=8,
        help="Convolutions of each finer G before the last one.",
    )  # fmt: skip
    g_norm: bool = setting(
        True, label="BatchNorm in G", group="Networks", advanced=True,
        help="Not in the paper; without it G learns more slowly and repeats itself more.",
    )  # fmt: skip
    d_dropout: float = setting(
        0.0, label="Dropout in D", group="Networks", advanced=True, ge=0, le=0.9, step=0.05,
        help="Share of D's neurons or features that is dropped at random. The paper takes 0.5.",
    )  # fmt: skip
    optimizer: Literal["adam", "sgd"] = setting(
        "adam", label="Optimiser", group="Optimisers", advanced=True,
        help="SGD with a growing momentum is the paper's; Adam learns much faster.",
        choice_labels={"adam": "Adam", "sgd": "SGD"},
    )  # fmt: skip
    momentum: float = setting(
        0.5, label="SGD's momentum", group="Optimisers", advanced=True, ge=0, lt=1, step=0.05,
        help="At the start of training. With Adam it has no effect.",
    )  # fmt: skip
    last_momentum: float = setting(
        0.8, label="Momentum grows to", group="Optimisers", advanced=True, ge=0, lt=1, step=0.05,
        help="Where SGD's momentum ends.",
    )  # fmt: skip
    momentum_images: int = setting(
        1_000_000, label="Momentum grows over", unit="pictures", group="Optimisers", advanced=True,
        ge=0, le=10**9, step=10_000,
        help="Pictures shown until then. The paper's 375 rounds of CIFAR-10 are 18,750,000.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _refuse_a_critic_that_cannot_work(self) -> LAPGANSettings:
        refuse_unbounded_critic(self, spectral_norm=False)
        return self


class LevelContext:
    """A step as one level sees it: its own pair is G and D, and what it logs has its side in the name."""

    def __init__(self, ctx: StepContext, side: int, depth: int) -> None:
        self.networks: Mapping[str, nn.Module] = {name: ctx.networks[f"{name}_{side}"] for name in ("G", "D")}
        self.state: Any = getattr(ctx.state, f"level_{side}")
        self.stage, self.device = ctx.stage, ctx.device
        self.noise, self.labels, self.check_stop = ctx.noise, ctx.labels, ctx.check_stop
        self.average, self.over_batch, self.batch_size = ctx.average, ctx.over_batch, ctx.batch_size
        self._ctx, self._side, self._depth = ctx, side, depth

    def reals(self, domain: str = "image", *, fresh: bool = False) -> Tensor:
        """Real pictures of this level's size."""
        return gaussian_level(self._ctx.reals(domain, fresh=fresh), self._depth)

    def fakes(self) -> Shown:
        # All D are updated before any G, so that a level never asks for what its G's update has made old
        return self._ctx.fakes()[self._side]

    def log(self, name: str, value: Tensor) -> None:
        self._ctx.log(f"{name}_{self._side}", value)


class Level(AdversarialGame):
    """The game of one size. D is shown low-pass plus residual, which is the picture of that size."""

    def __init__(self, config: LAPGANSettings, side: int, depth: int, first: bool) -> None:
        """`depth` is how often the full picture was halved for it; `first` is the level that begins with z."""
        super().__init__(config)
        self.settings, self.side, self.depth, self.first = config, side, depth, first

    def phases(self, stage: Stage) -> Sequence[Phase]:
        return [self._of_this_level(phase) for phase in super().phases(stage)]

    def generate(self, ctx: StepContext) -> Shown:
        reals, prior = ctx.reals(), self.settings.prior
        if self.first:
            return Shown(ctx.networks["G"](ctx.noise(len(reals), self.settings.latent_size, prior=prior)))
        low_pass = upsample(downsample(reals), (self.side, self.side))
        noise = ctx.noise(len(reals), 1, self.side, self.side, prior=prior)
        return Shown(low_pass + ctx.networks["G"](low_pass, noise).float())

    def seen_in(self, ctx: StepContext) -> LevelContext:
        return LevelContext(ctx, self.side, self.depth)

    def named(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """With this level's side in the names."""
        return {f"{name}_{self.side}": value for name, value in values.items()}

    def _of_this_level(self, phase: Phase) -> Phase:
        loss, after = phase.loss, phase.after
        return replace(
            phase,
            name=f"{phase.name}_{self.side}",
            trains=tuple(self.named(dict.fromkeys(phase.trains))),
            optimizer=f"{phase.optimizer}_{self.side}",
            loss=lambda ctx: loss(self.seen_in(ctx)),
            after=after and (lambda ctx: after(self.seen_in(ctx))),
        )


@register_family(
    "lapgan",
    title="LAPGAN",
    summary="Draws a tiny picture, then doubles it again and again, each time adding the detail.",
)
class LAPGAN(Family):
    """Denton 2015, section 3.2: a Laplacian pyramid of GANs."""

    Config: ClassVar[type[Settings]] = LAPGANSettings
    config: LAPGANSettings

    def __init__(self, config: LAPGANSettings, picture: PictureSpec) -> None:
        super().__init__(config, picture)
        sides = pyramid_sides(picture.size, config.levels)
        count = len(sides)
        self.levels = [Level(config, side, count - 1 - place, place == 0) for place, side in enumerate(sides)]

    @classmethod
    def tiny(cls) -> LAPGANSettings:
        return LAPGANSettings(latent_size=8, width=16, features=4, most_features=8, layers=1)

    @classmethod
    def presets(cls) -> Mapping[str, Settings]:
        return {
            "LAPGAN, small (no GPU)": LAPGANSettings(),
            "LAPGAN, medium (64 features)": LAPGANSettings(width=1200, features=64, most_features=512),
            "LAPGAN, as trained in the paper (SGD)": LAPGANSettings(
                prior="uniform", width=1200, features=64, layers=2, g_norm=False, d_dropout=0.5,
                optimizer="sgd", g_learning_rate=0.02, d_learning_rate=0.02, momentum_images=18_750_000,
            ),
            "Few pictures (DiffAugment)": LAPGANSettings(augmentation="diffaugment"),
        }  # fmt: skip

    def build(self) -> Parts:
        networks: dict[str, nn.Module] = {}
        state = nn.Module()
        for level in self.levels:
            networks |= level.named(self._pair(level))
            state.add_module(f"level_{level.side}", level.state())
        return Parts(networks, averaged=tuple(f"G_{level.side}" for level in self.levels), state=state)

    def optimizers(self, parts: Parts) -> dict[str, Optimizer]:
        return {name: self._optimizer(name, network) for name, network in parts.networks.items()}

    def stage(self, images: int) -> Stage:
        stage = self.levels[0].stage(images)
        if self.config.optimizer != "sgd":
            return stage
        momentum = grown(self.config.momentum, self.config.last_momentum, images, self.config.momentum_images)
        return replace(stage, momentum=momentum, values={**stage.values, "momentum": momentum})

    def phases(self, stage: Stage) -> Sequence[Phase]:
        phases = [phase for level in self.levels for phase in level.phases(stage)]
        return sorted(phases, key=lambda phase: phase.trains[0].startswith("G"))

    def generate(self, ctx: StepContext) -> dict[int, Shown]:
        """Of every level, by its side."""
        return {level.side: level.generate(level.seen_in(ctx)) for level in self.levels}

    def kept(self, fakes: dict[int, Shown], updated: Sequence[str]) -> dict[int, Shown] | None:
        """A level's G makes nothing of another level's."""
        return {side: shown for side, shown in fakes.items() if f"G_{side}" not in updated} or None

    def after_step(self, ctx: StepContext) -> None:
        for level in self.levels:
            level.after_step(level.seen_in(ctx))

    def reference_lines(self) -> Mapping[str, float]:
        lines = [level.named(level.reference_lines()) for level in self.levels]
        return {name: value for line in lines for name, value in line.items()}

    def sampler(self, networks: Mapping[str, nn.Module]) -> Sampler:
        return PyramidSampler([(level.side, networks[f"G_{level.side}"]) for level in self.levels], self.config)

    def _pair(self, level: Level) -> dict[str, nn.Module]:
        config, channels, side = self.config, self.picture.channels, level.side
        if not level.first:
            return {
                "G": DetailGenerator(channels, config.features, config.layers, config.g_norm),
                "D": DetailDiscriminator(side, channels, config.features, config.most_features, config.d_dropout),
            }
        shape, widths = (channels, side, side), [config.width] * 2
        body = perceptron.hidden(math.prod(shape), widths, config.d_dropout)
        return {
            "G": perceptron.generator(config.latent_size, widths, shape, config.g_norm),
            "D": nn.Sequential(nn.Flatten(), *body, nn.Linear(config.width, 1), nn.Flatten(0)),
        }

    def _optimizer(self, name: str, network: nn.Module) -> Optimizer:
        judges = name.startswith("D")
        rate = self.config.d_learning_rate if judges else self.config.g_learning_rate
        if self.config.optimizer == "sgd":
            return SGD(network.parameters(), rate, self.config.momentum)
        return adam(network.parameters(), rate, self.config, self.levels[0].lazy_share if judges else 1.0)


class PyramidSampler(Sampler):
    """z for the first level, a seed for the noise of the others. The run's grid shows pictures growing, in rows."""

    def __init__(self, generators: Sequence[tuple[int, nn.Module]], config: LAPGANSettings) -> None:
        """`generators` with the sides they make, coarsest first."""
        self._generators = generators
        self._prior: Prior = config.prior
        self._side = generators[-1][0]
        coarser = [f"{side} px" for side, _ in generators[:-1]]
        self.controls = (
            latent_control(config.latent_size, config.prior),
            ControlSpec("noise", "Noise", "seed"),
            ControlSpec("level", "Shows", "choice", choices=("the picture", *coarser)),
        )

    def __call__(self, controls: Controls) -> dict[str, Tensor]:
        """`image`, and each level's picture by its side (`8 px`), at its own size."""
        pictures = self._pyramid(controls)
        named = {f"{side} px": picture for (side, _), picture in zip(self._generators, pictures, strict=True)}
        return {"image": self._shown(pictures, controls.get("level", 0)), **named}

    def grid_columns(self, count: int) -> int:
        """Every row holds whole pyramids."""
        levels = len(self._generators)
        return levels * max(1, round(math.sqrt(count) / levels))

    def grid_count(self, most: int) -> int:
        columns = self.grid_columns(most)
        return columns * max(1, most // columns)

    def fixed_controls(self, count: int, generator: torch.Generator) -> Controls:
        """Each picture as often as there are levels, coarse → fine."""
        levels = len(self._generators)
        drawn = self.random_controls(math.ceil(count / levels), generator)
        rows = {name: value.repeat_interleave(levels, 0)[:count] for name, value in drawn.items()}
        return {**rows, "level": (torch.arange(count) + 1) % levels}

    def random_controls(self, count: int, generator: torch.Generator) -> Controls:
        drawn = super().random_controls(count, generator)
        return {**drawn, "noise": torch.randint(LARGEST_SEED, (count,), generator=generator)}

    def _pyramid(self, controls: Controls) -> list[Tensor]:
        """Pictures of every level, `[N, C, S, S]` in [-1, 1], coarsest first."""
        (_, first), *finer = self._generators
        pictures = [first(latents_of(controls, self.controls[0], first)).float()]
        sources = self._sources(controls.get("noise", 0))
        for side, generator in finer:
            low_pass = upsample(pictures[-1], (side, side))
            planes = [draw_prior((1, side, side), self._prior, source) for source in sources]
            noise = torch.stack(planes).to(low_pass).expand(len(low_pass), -1, -1, -1)
            pictures.append((low_pass + generator(low_pass, noise).float()).clamp(-1, 1))
        return pictures

    def _sources(self, seeds: Any) -> list[torch.Generator]:
        """One for all pictures, or one for each where each has a seed of its own."""
        return [torch.Generator().manual_seed(int(seed)) for seed in torch.as_tensor(seeds).reshape(-1).tolist()]

    def _shown(self, pictures: list[Tensor], levels: Any) -> Tensor:
        """The picture of the level asked for, in squares of the full size; 0 is the last one."""
        asked = torch.as_tensor(levels)
        if asked.dim() == 0:
            return self._enlarged(pictures[int(asked) - 1])
        choice = (asked - 1) % len(pictures)
        enlarged = torch.stack([self._enlarged(picture) for picture in pictures])
        return enlarged[choice.to(enlarged.device), torch.arange(len(asked), device=enlarged.device)]

    def _enlarged(self, pictures: Tensor) -> Tensor:
        return F.interpolate(pictures, self._side, mode="nearest")


def pyramid_sides(size: int, levels: Literal["auto", 2, 3, 4, 5, 6]) -> list[int]:
    """Sides of the levels, coarsest first. Raises SettingsError for a number of levels that does not suit the size."""
    sides = [side for side, _ in level_sizes(size, size, COARSEST_START)]
    fitting = [count for count in range(2, len(sides) + 1) if sides[count - 1] <= FINEST_START]
    if not fitting:
        raise SettingsError(f"LAPGAN cannot make pictures of {size} px.", "Choose 16, 28, 32, 64, 128 or 256.")
    usual = [count for count in fitting if sides[count - 1] <= USUAL_START]
    count = usual[0] if levels == "auto" else levels
    if count not in fitting:
        smallest = math.ceil(size / 2 ** (count - 1))
        raise SettingsError(
            f"{count} levels up to {size} px would begin with pictures of {smallest} px; the first level makes "
            f"{COARSEST_START} to {FINEST_START} px.",
            f"Choose {_either(fitting)} levels, or auto.",
        )
    return sides[:count][::-1]


def _either(counts: Sequence[int]) -> str:
    *others, last = map(str, counts)
    return f"{', '.join(others)} or {last}" if others else last


def grown(start: float, end: float, images: int, over: int) -> float:
    """From one value to another along a straight line over so many pictures."""
    return start + (end - start) * min(1.0, images / over) if over else end
