"""The first GAN on points in the plane, where the whole game can be seen (Goodfellow 2014; Metz 2017, section 3.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from pydantic import model_validator
from torch import Tensor, nn
from torch.optim import Optimizer

from gan_studio.engine.adam import AdamSettings, adam
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.points import PREFIX, SHAPES, shape_called
from gan_studio.engine.data.scatter import Scatter
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.adversarial import AdversarialFamily, Shown
from gan_studio.engine.families.base import Controls, DataSpec, Parts, Sampler, StepContext
from gan_studio.engine.families.registry import register_family
from gan_studio.engine.families.samplers import latent_control, latents_of
from gan_studio.engine.latent.seeds import from_seed
from gan_studio.engine.latent.settings import LatentSettings
from gan_studio.engine.networks import perceptron
from gan_studio.engine.regularisers.settings import RegularisedSettings, refuse_unbounded_critic
from gan_studio.engine.sampler_controls import ControlSpec
from gan_studio.engine.settings import Settings, setting, with_default

SAMPLES = 2_500
"""Points in a picture."""
REALS = 1_000
FIELD = 64
"""Places along each side of a picture at which D is asked."""
_SHOWN_SEED = 1


class PointsSettings(AdamSettings, RegularisedSettings, LatentSettings):
    GROUPS: ClassVar[Mapping[str, str]] = {
        "Networks": "How many neurons each layer has and how many layers there are, in both networks. Small ones train "
        "in seconds; too small ones cannot take a plane apart.",
    }

    latent_size: int = with_default(LatentSettings, "latent_size", 16)
    g_learning_rate: float = with_default(AdamSettings, "g_learning_rate", 1e-3)
    d_learning_rate: float = with_default(AdamSettings, "d_learning_rate", 1e-3)
    width: int = setting(
        128, label="Width", group="Networks", ge=4, le=4096, step=32, help="Neurons of each hidden layer.",
    )  # fmt: skip
    layers: int = setting(
        3, label="Hidden layers", group="Networks", ge=1, le=8, help="Layers between z and point, in both networks.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _refuse_what_points_cannot_have(self) -> PointsSettings:
        if self.augmentation != "none":
            raise ValueError("Augmentations change pictures; a point has nothing to be cut out or coloured.")
        refuse_unbounded_critic(self, spectral_norm=False)
        return self


@register_family(
    "points",
    title="Points in the plane",
    summary="The first GAN on points: watch samples find the modes, and see them collapse. Trains in seconds.",
)
class Points(AdversarialFamily):
    """Two fully connected networks: z → point `[2]`, point → logit."""

    Config: ClassVar[type[Settings]] = PointsSettings
    config: PointsSettings
    computes_on_device = True

    def __init__(self, config: PointsSettings, picture: PictureSpec) -> None:
        super().__init__(config, picture)
        if not picture.points:
            shapes = ", ".join(PREFIX + name for name in SHAPES)
            raise SettingsError(f"{self.title} has no shape to train on.", f"Choose one: {shapes}.")
        self.shape = shape_called(picture.points)

    @classmethod
    def data(cls) -> DataSpec:
        return DataSpec("A shape of points instead of pictures. Points are drawn without end.", kind="points")

    @classmethod
    def tiny(cls) -> PointsSettings:
        return PointsSettings(latent_size=4, width=16)

    @classmethod
    def presets(cls) -> Mapping[str, Settings]:
        return {
            "Non-saturating (2014)": PointsSettings(),
            "Minimax, as first written down (2014)": PointsSettings(objective="minimax"),
            "Unrolled 5 steps (2016)": PointsSettings(
                layers=2, d_learning_rate=1e-4, unrolled_steps=5, unrolled_rate=0.1
            ),
            "WGAN-GP (2017)": PointsSettings(
                objective="wasserstein", gradient_penalty=0.1, critic_steps=5, beta1=0, beta2=0.9
            ),
            "R3GAN recipe (2024)": PointsSettings(objective="relativistic", r1=0.02, r2=0.02, beta1=0, beta2=0.99),
        }

    def build(self) -> Parts:
        config = self.config
        widths = [config.width] * config.layers
        networks: dict[str, nn.Module] = {
            "G": nn.Sequential(
                *perceptron.relu_layers(config.latent_size, widths, batch_norm=False), nn.Linear(config.width, 2)
            ),
            "D": nn.Sequential(*perceptron.hidden(2, widths, dropout=0), nn.Linear(config.width, 1), nn.Flatten(0)),
        }
        # D too: the pictures show what it takes for real
        return Parts(networks, averaged=("G", "D"), state=self.state())

    def optimizers(self, parts: Parts) -> dict[str, Optimizer]:
        config, networks = self.config, parts.networks
        return {
            "D": adam(networks["D"].parameters(), config.d_learning_rate, config, self.lazy_share),
            "G": adam(networks["G"].parameters(), config.g_learning_rate, config),
        }

    def generate(self, ctx: StepContext) -> Shown:
        count = len(ctx.reals())
        return Shown(ctx.networks["G"](ctx.noise(count, self.config.latent_size, prior=self.config.prior)))

    def kept(self, fakes: Any, updated: Sequence[str]) -> Any:
        """D makes nothing."""
        return None if "G" in updated else fakes

    def sampler(self, networks: Mapping[str, nn.Module]) -> Sampler:
        return PointsSampler(networks, self)


class PointsSampler(Sampler):
    """One z in, and a picture of the plane out that marks its point among many others."""

    def __init__(self, networks: Mapping[str, nn.Module], family: Points) -> None:
        self._networks, self._family = networks, family
        self._latent = latent_control(family.config.latent_size, family.config.prior)
        shows = ("samples, reals and D", "samples and reals", "samples")
        self.controls = (self._latent, ControlSpec("shows", "Shows", "choice", choices=shows))
        self._reals = family.shape.draw(_SHOWN_SEED, np.arange(REALS))

    def __call__(self, controls: Controls) -> dict[str, Tensor]:
        """`image`, and `points` `[N, 2]`, which are no pictures."""
        points = self.points(controls)
        plane = self._plane(int(controls.get("shows", 0)))
        pixels = np.stack([plane.pixels(point) for point in points.cpu().numpy()])
        pictures = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1
        return {"image": pictures[:, : self._family.picture.channels], "points": points}

    def points(self, controls: Controls) -> Tensor:
        generator = self._networks["G"]
        return generator(latents_of(controls, self._latent, generator)).float()

    def grid_count(self, most: int) -> int:
        """One picture of the plane holds all samples."""
        return 1

    def _plane(self, shows: int) -> Scatter:
        """Everything but the mark."""
        picture, shape = self._family.picture, self._family.shape
        plane = Scatter(picture.size, shape.extent)
        if shows == 0:
            plane.field(self._belief())
        if shows < 2:
            plane.faint(self._reals)
        generator = self._networks["G"]
        many = ControlSpec("many", "", "latent", (SAMPLES, *self._latent.shape), self._latent.prior)
        z = from_seed(many, _SHOWN_SEED).to(next(generator.parameters()))
        plane.strong(generator(z).float().cpu().numpy())
        return plane

    def _belief(self) -> np.ndarray:
        """What D says from place to place, `[FIELD, FIELD]` in [0, 1], the top row first."""
        judge = self._networks["D"]
        side = self._family.shape.extent * ((torch.arange(FIELD) + 0.5) / (FIELD / 2) - 1)
        places = torch.cartesian_prod(-side, side).flip(1).to(next(judge.parameters()))
        logits = judge(places).float()
        if self._family.objective.probabilities:
            values = logits.sigmoid()
        else:
            values = (logits - logits.min()) / (logits.max() - logits.min()).clamp_min(1e-12)
        return values.nan_to_num().view(FIELD, FIELD).cpu().numpy()
