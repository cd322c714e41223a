"""What families with one generator and one discriminator share: the losses of both, and every regulariser.

Such a family says how fakes are made and how D judges pictures; objective, penalties, augmentation, instance noise and
unrolling then work for it by themselves. This file is part of the contract, like `base.py`: it registers no family.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.augment import adaptive_augment, diff_augment
from gan_studio.engine.families.base import Family, Phase, Stage, StepContext
from gan_studio.engine.latent import drawing
from gan_studio.engine.objectives import OBJECTIVES
from gan_studio.engine.regularisers.penalties import clip_weights, gradient_penalty, zero_centred_penalty
from gan_studio.engine.regularisers.settings import RegularisedSettings
from gan_studio.engine.regularisers.unrolling import unrolled_judge

ADA_TARGET = 0.6
"""E[sign D(x)] of the reals that ADA aims at (Karras 2020, section 3.1)."""
ADA_IMAGES = 500_000
"""Pictures over which ADA's probability may go from 0 to 1."""
Discriminate = Callable[..., Tensor]


@dataclass(frozen=True)
class Shown:
    """Pictures as D gets them, `[N, C, H, W]`, with their classes `[N]` where the family has any."""

    pictures: Tensor
    labels: Tensor | None = None

    def detached(self) -> Shown:
        return replace(self, pictures=self.pictures.detach())


class AdversarialState(nn.Module):
    """What adaptive augmentation has come to, on the device; saved for exact resume."""

    probability: Tensor
    signs: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("probability", torch.zeros(()))
        self.register_buffer("signs", torch.zeros(()))


class AdversarialGame:
    """The phases and losses of one G against one D, each with an optimiser of its own name.

    A family with several pairs holds one game for each, and shows it a `StepContext` in which its pair is G and D.
    """

    config: RegularisedSettings
    computes_on_device: bool = False
    """Whether what the family itself adds to the losses keeps to what `Phase.capturable` asks for."""

    def __init__(self, config: Any) -> None:
        self.config = config
        self.objective = OBJECTIVES[config.objective]

    # --- what a family says ---

    def judge(self, discriminate: Discriminate, shown: Shown) -> Tensor:
        """Logits `[N, …]` of what D is shown."""
        return discriminate(shown.pictures)

    def shown_reals(self, ctx: StepContext, fresh: bool = False) -> Shown:
        """Reals of this step, with their classes where the family looks at them."""
        return Shown(ctx.reals(fresh=fresh))

    def state(self) -> nn.Module:
        """What belongs to training alone, for `Parts.state`."""
        return AdversarialState() if self.config.augmentation == "ada" else nn.Module()

    @property
    def lazy_share(self) -> float:
        """c = k / (k + 1), by which lazy penalties shrink D's rate, and to which power its β (Karras 2020b, app. B)."""
        every = self.config.penalty_every
        return every / (every + 1) if self._is_lazy else 1.0

    # --- the contract ---

    def stage(self, images: int) -> Stage:
        noise = self.config.instance_noise
        if not noise:
            return Stage()
        fade = self.config.noise_images
        return Stage(values={"instance_noise": noise * max(0.0, 1 - images / fade) if fade else noise})

    def phases(self, stage: Stage) -> Sequence[Phase]:
        # What differentiates twice is left to run eagerly
        d_capturable = self.computes_on_device and (self._is_lazy or not self.config.penalises_gradients)
        g_capturable = self.computes_on_device and not self.config.unrolled_steps
        discriminator = Phase("D", ("D",), "D", self.d_loss, after=self.after_d, capturable=d_capturable)
        generator = Phase("G", ("G",), "G", self.g_loss, every=self.config.critic_steps, capturable=g_capturable)
        if not self._is_lazy:
            return discriminator, generator
        penalty = Phase(
            "D_penalty", ("D",), "D", self.lazy_penalty, every=self.config.penalty_every, after=self.after_d
        )
        return discriminator, penalty, generator

    def after_step(self, ctx: StepContext) -> None:
        """ADA: more augmentation while D is surer of reals than it should be (Karras 2020, section 3.1)."""
        if self.config.augmentation == "ada":
            state: Any = ctx.state
            change = (ctx.average(state.signs) - ADA_TARGET).sign() * (ctx.batch_size / ADA_IMAGES)
            state.probability.add_(change).clamp_(0, 1)
            ctx.log("augmentation", state.probability)

    def reference_lines(self) -> Mapping[str, float]:
        scores = {"score/real": 0.5, "score/fake": 0.5} if self.objective.probabilities else {}
        always = self.config.gradient_penalty or self.config.drift
        penalised = always or (self.config.penalises_gradients and not self._is_lazy)
        losses = {name: value for name, value in self.objective.references.items() if not penalised or name != "loss/D"}
        return {**losses, **scores}

    # --- losses ---

    def d_loss(self, ctx: StepContext) -> Tensor:
        """The objective, and the penalties that are due in every step."""
        reals, fakes = self._seen(ctx, self.shown_reals(ctx)), self._seen(ctx, ctx.fakes().detached())
        discriminate = ctx.networks["D"]
        real_logits, fake_logits = self.judge(discriminate, reals), self.judge(discriminate, fakes)
        loss = self.objective.d_loss(real_logits, fake_logits, self.config.real_target)
        self._log_scores(ctx, real_logits, fake_logits)
        if self.config.drift:
            loss = loss + self.config.drift * real_logits.float().square().mean()
        if self.config.gradient_penalty:
            loss = loss + self.config.gradient_penalty * self._slope_penalty(ctx, reals, fakes)
        if not self._is_lazy:
            loss = loss + self._zero_centred(ctx, reals, fakes)
        ctx.log("loss/D", loss)
        return loss

    def lazy_penalty(self, ctx: StepContext) -> Tensor:
        """R1 and R2, weighted up by how seldom they are computed (Karras 2020b, section 3.1)."""
        reals, fakes = self._seen(ctx, self.shown_reals(ctx)), self._seen(ctx, ctx.fakes().detached())
        return self._zero_centred(ctx, reals, fakes) * self.config.penalty_every

    def g_loss(self, ctx: StepContext) -> Tensor:
        loss = self.adversarial_loss(ctx)
        ctx.log("loss/G", loss)
        return loss

    def adversarial_loss(self, ctx: StepContext) -> Tensor:
        """What the objective asks of G."""
        discriminate: Discriminate = ctx.networks["D"]
        fakes = self._seen(ctx, ctx.fakes())
        if self.config.unrolled_steps:
            discriminate = self._unrolled(ctx, fakes)
        real_logits = None
        if self.objective.pairs:
            real_logits = self.judge(discriminate, self._seen(ctx, self.shown_reals(ctx, fresh=True)))
        return self.objective.g_loss(self.judge(discriminate, fakes), real_logits)

    def r1_weight(self, ctx: StepContext) -> float:
        """γ of R1; 0 where it is off."""
        return self.config.r1

    def after_d(self, ctx: StepContext) -> None:
        """Right after each update of D."""
        if self.config.weight_clip:
            clip_weights(ctx.networks["D"].parameters(), self.config.weight_clip)

    # --- parts of losses ---

    @property
    def _is_lazy(self) -> bool:
        return self.config.penalty_every > 1 and self.config.is_zero_centred

    def _seen(self, ctx: StepContext, shown: Shown) -> Shown:
        """Pictures as D sees them: augmented, and under instance noise."""
        pictures = shown.pictures
        if self.config.augmentation == "diffaugment":
            pictures = diff_augment(pictures)
        elif self.config.augmentation == "ada":
            state: Any = ctx.state
            pictures = adaptive_augment(pictures, state.probability)
        noise = ctx.stage.values.get("instance_noise", 0.0)
        if noise:
            pictures = pictures + noise * drawing.randn_like(pictures)
        return replace(shown, pictures=pictures)

    def _slope_penalty(self, ctx: StepContext, reals: Shown, fakes: Shown) -> Tensor:
        penalty = gradient_penalty(self._judge_like(ctx, reals), reals.pictures, fakes.pictures)
        ctx.log("penalty/gradient", penalty)
        return penalty

    def _zero_centred(self, ctx: StepContext, reals: Shown, fakes: Shown) -> Tensor:
        total = reals.pictures.new_zeros((), dtype=torch.float32)
        for name, weight, shown in (("r1", self.r1_weight(ctx), reals), ("r2", self.config.r2, fakes)):
            if weight:
                penalty = zero_centred_penalty(self._judge_like(ctx, shown), shown.pictures)
                ctx.log(f"penalty/{name}", penalty)
                total = total + weight * penalty
        return total

    def _judge_like(self, ctx: StepContext, shown: Shown) -> Callable[[Tensor], Tensor]:
        """D over other pictures, with the classes of these."""
        return lambda pictures: self.judge(ctx.networks["D"], replace(shown, pictures=pictures))

    def _unrolled(self, ctx: StepContext, fakes: Shown) -> nn.Module:
        reals = self._seen(ctx, self.shown_reals(ctx))

        def loss(discriminate: Discriminate) -> Tensor:
            real_logits, fake_logits = self.judge(discriminate, reals), self.judge(discriminate, fakes)
            return self.objective.d_loss(real_logits, fake_logits, self.config.real_target)

        return unrolled_judge(
            ctx.networks["D"],
            loss,
            steps=self.config.unrolled_steps,
            rate=self.config.unrolled_rate,
            check_stop=ctx.check_stop,
        )

    def _log_scores(self, ctx: StepContext, real_logits: Tensor, fake_logits: Tensor) -> None:
        real, fake = real_logits.float(), fake_logits.float()
        if self.objective.probabilities:
            real, fake = real.sigmoid(), fake.sigmoid()
        ctx.log("score/real", real.mean())
        ctx.log("score/fake", fake.mean())
        if self.config.augmentation == "ada":
            state: Any = ctx.state
            state.signs.copy_(real_logits.detach().float().sign().mean())


class AdversarialFamily(AdversarialGame, Family):
    """A family that is one game, under `RegularisedSettings`."""

    config: RegularisedSettings

    def __init__(self, config: Any, picture: PictureSpec) -> None:
        Family.__init__(self, config, picture)
        AdversarialGame.__init__(self, config)
