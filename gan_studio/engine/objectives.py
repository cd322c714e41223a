"""Adversarial losses as pure functions of logits.

Everything is computed from logits: log(sigmoid(l)) = -softplus(-l) never overflows, the logarithm of a rounded
sigmoid does. Under autocast logits arrive in bf16 and are widened first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from torch import Tensor
from torch.nn import functional as F

from gan_studio.engine.config import Settings, setting

ObjectiveName = Literal["non-saturating", "minimax"]


@dataclass(frozen=True)
class Objective:
    """A pair of losses. Logits are `[N, …]` of any shape (a patch discriminator's map, say)."""

    d_loss: Callable[[Tensor, Tensor, float], Tensor]
    """Real logits, fake logits, target for reals → loss of the discriminator."""
    g_loss: Callable[[Tensor], Tensor]
    """Fake logits → loss of the generator."""
    references: Mapping[str, float]
    """What the losses are when D says one half to everything."""


def cross_entropy_d_loss(real_logits: Tensor, fake_logits: Tensor, real_target: float = 1.0) -> Tensor:
    """-log D(x) - log(1 - D(G(z))) (Goodfellow 2014, eq. 1), with a one-sided smoothed target for reals.

    The smoothed real term -t log D - (1 - t) log(1 - D) equals softplus(l) - t l (Salimans 2016, section 3.4).
    """
    real_logits, fake_logits = _widened(real_logits), _widened(fake_logits)
    real = F.softplus(real_logits) - real_target * real_logits
    return real.mean() + F.softplus(fake_logits).mean()


def _widened(logits: Tensor) -> Tensor:
    return logits.float() if logits.dtype.itemsize < 4 else logits


def non_saturating_g_loss(fake_logits: Tensor) -> Tensor:
    """-log D(G(z)) (Goodfellow 2014, section 3)."""
    return F.softplus(-_widened(fake_logits)).mean()


def minimax_g_loss(fake_logits: Tensor) -> Tensor:
    """log(1 - D(G(z))) (Goodfellow 2014, eq. 1): it saturates while D wins."""
    return -F.softplus(_widened(fake_logits)).mean()


OBJECTIVES: Mapping[ObjectiveName, Objective] = {
    "non-saturating": Objective(
        cross_entropy_d_loss, non_saturating_g_loss, {"loss/D": 2 * math.log(2), "loss/G": math.log(2)}
    ),
    "minimax": Objective(cross_entropy_d_loss, minimax_g_loss, {"loss/D": 2 * math.log(2), "loss/G": -math.log(2)}),
}


class AdversarialSettings(Settings):
    """The settings that every family with a free choice of objective shares."""

    GROUPS: ClassVar[Mapping[str, str]] = {
        "Objective": "What the two networks are rewarded for. Non-saturating is the safe choice. If the discriminator "
        "soon wins nearly always and the pictures stop getting better, lower the target for reals to 0.9.",
    }

    objective: ObjectiveName = setting(
        "non-saturating", label="Objective", group="Objective",
        help="Non-saturating keeps G's gradient alive while D wins; minimax is the game as first written down.",
        choice_labels={"non-saturating": "Non-saturating", "minimax": "Minimax"},
    )  # fmt: skip
    real_target: float = setting(
        1.0, label="Target for reals", group="Objective", ge=0.5, le=1, step=0.05,
        help="0.9 is one-sided label smoothing: D is not asked to be entirely sure of real pictures.",
    )  # fmt: skip
