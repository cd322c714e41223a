"""The regularisers as settings, and which combinations cannot work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import model_validator

from gan_studio.engine.objectives import OBJECTIVES, AdversarialSettings
from gan_studio.engine.settings import setting

GROUP = "Regularisers"


class RegularisedSettings(AdversarialSettings):
    """An objective with everything that may be added to it; all of it is off at first."""

    GROUPS: ClassVar[Mapping[str, str]] = {
        GROUP: "What keeps the discriminator from winning too easily. With few pictures, take an augmentation first. "
        "Penalties make the game steadier and each step dearer; the presets combine what belongs together.",
    }

    critic_steps: int = setting(
        1, label="D steps per G step", group="Objective", advanced=True, ge=1, le=100,
        help="How often D is updated for one update of G, each time on a batch of its own. WGAN takes 5.",
    )  # fmt: skip
    gradient_penalty: float = setting(
        0.0, label="Gradient penalty", group=GROUP, ge=0, le=1000, step=1,
        help="Keeps the slope of D near 1 between reals and fakes; WGAN-GP takes 10. Not with BatchNorm in D.",
    )  # fmt: skip
    r1: float = setting(
        0.0, label="R1", group=GROUP, ge=0, le=10_000, step=0.5,
        help="γ of a penalty on D's slope at real pictures: calms D down. Not with BatchNorm in D.",
    )  # fmt: skip
    r2: float = setting(
        0.0, label="R2", group=GROUP, advanced=True, ge=0, le=10_000, step=0.5,
        help="The same at made pictures; the relativistic recipe takes both.",
    )  # fmt: skip
    penalty_every: int = setting(
        1, label="R1 and R2 every", unit="steps", group=GROUP, advanced=True, ge=1, le=64,
        help="Lazy penalties: weighted up and computed this seldom. 16 costs little and does nearly the same.",
    )  # fmt: skip
    drift: float = setting(
        0.0, label="Drift", group=GROUP, advanced=True, ge=0, le=10, step=0.001,
        help="Weight of D's squared scores of reals: keeps the scores of a critic near zero. ProGAN takes 0.001.",
    )  # fmt: skip
    weight_clip: float = setting(
        0.0, label="Clip weights", group=GROUP, advanced=True, ge=0, le=10, step=0.01,
        help="Keeps every weight of D within ± this: the first Wasserstein GAN took 0.01. 0 turns it off.",
    )  # fmt: skip
    augmentation: Literal["none", "diffaugment", "ada"] = setting(
        "none", label="Augmentation", group=GROUP,
        help="Shows D changed pictures, real and made alike, so that it cannot learn few pictures by heart. "
        "DiffAugment always changes colour, place and a cut-out; ADA as much as D's over-confidence asks for.",
        choice_labels={"none": "None", "diffaugment": "DiffAugment", "ada": "Adaptive (ADA)"},
    )  # fmt: skip
    instance_noise: float = setting(
        0.0, label="Instance noise", group=GROUP, advanced=True, ge=0, le=2, step=0.05,
        help="Deviation of noise added to all that D sees, real and made, at the start of training.",
    )  # fmt: skip
    noise_images: int = setting(
        200_000, label="Noise fades over", unit="pictures", group=GROUP, advanced=True, ge=0, le=10**9, step=10_000,
        help="Instance noise falls to nothing over so many pictures; 0 keeps it as it is.",
    )  # fmt: skip
    unrolled_steps: int = setting(
        0, label="Unrolled steps", group=GROUP, advanced=True, ge=0, le=10,
        help="G learns against the D of so many updates later: against mode collapse, for as many times the work.",
    )  # fmt: skip
    unrolled_rate: float = setting(
        1e-3, label="Unrolled step size", group=GROUP, advanced=True, gt=0, le=10,
        help="Step size of those updates, by plain gradient descent.",
    )  # fmt: skip

    @property
    def penalises_gradients(self) -> bool:
        return bool(self.gradient_penalty) or self.is_zero_centred

    @property
    def is_zero_centred(self) -> bool:
        """Whether R1 or R2 is on."""
        return bool(self.r1 or self.r2)

    @model_validator(mode="after")
    def _refuse_what_cannot_work(self) -> RegularisedSettings:
        if self.real_target != 1 and not OBJECTIVES[self.objective].smooths:
            raise ValueError("This objective has no target for reals: set it to 1.")
        if self.weight_clip and self.gradient_penalty:
            raise ValueError("Clipped weights and a gradient penalty do the same job: set one of them to 0.")
        if self.gradient_penalty and self.unrolled_steps:
            raise ValueError("Unrolled steps would have to be differentiated a third time: take R1 or nothing.")
        return self


def refuse_batch_norm(settings: RegularisedSettings, batch_norm: bool) -> None:
    """A gradient of one picture alone means nothing where BatchNorm mixes it with the others. Raises ValueError."""
    if batch_norm and settings.penalises_gradients:
        raise ValueError(
            "A gradient penalty, R1 or R2 looks at each picture's own gradient, which BatchNorm mixes with that of "
            "the others: choose another normalisation in D, or none."
        )


def refuse_unbounded_critic(settings: RegularisedSettings, spectral_norm: bool) -> None:
    """The Wasserstein loss of a D that may grow as steep as it likes has no end. Raises ValueError."""
    bounded = spectral_norm or settings.weight_clip or settings.penalises_gradients
    if settings.objective == "wasserstein" and not bounded:
        raise ValueError(
            "The Wasserstein loss needs a D of bounded slope: set the gradient penalty to 10 and take BatchNorm out "
            "of D, or clip weights at 0.01, or switch on spectral normalisation."
        )
