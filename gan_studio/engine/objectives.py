"""Adversarial losses as pure functions of logits.

Everything is computed from logits: log(sigmoid(l)) = -softplus(-l) never overflows, the logarithm of a rounded
sigmoid does. Under autocast logits arrive in bf16 and are widened first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from torch import Tensor
from torch.nn import functional as F

from gan_studio.engine.settings import Settings, setting

ObjectiveName = Literal["non-saturating", "minimax", "least-squares", "hinge", "wasserstein", "relativistic"]


@dataclass(frozen=True)
class Objective:
    """A pair of losses. Logits are `[N, …]` of any shape (a patch discriminator's map, say)."""

    d_loss: Callable[[Tensor, Tensor, float], Tensor]
    """Real logits, fake logits, target for reals → loss of the discriminator."""
    g_loss: Callable[[Tensor, Tensor | None], Tensor]
    """Fake logits, and where the objective `pairs` the logits of as many reals → loss of the generator."""
    references: Mapping[str, float] = field(default_factory=dict)
    """What the losses are when D says the same to everything; empty where that number says nothing."""
    probabilities: bool = False
    """Whether the sigmoid of a logit is what D believes: then scores are probabilities, else plain logits."""
    pairs: bool = False
    """Whether the generator's loss compares fakes with reals."""
    smooths: bool = False
    """Whether the target for reals has a meaning."""


def cross_entropy_d_loss(real_logits: Tensor, fake_logits: Tensor, real_target: float = 1.0) -> Tensor:
    """-log D(x) - log(1 - D(G(z))) (Goodfellow 2014, eq. 1), with a one-sided smoothed target for reals.

    The smoothed real term -t log D - (1 - t) log(1 - D) equals softplus(l) - t l (Salimans 2016, section 3.4).
    """
    real_logits, fake_logits = _widened(real_logits), _widened(fake_logits)
    real = F.softplus(real_logits) - real_target * real_logits
    return real.mean() + F.softplus(fake_logits).mean()


def non_saturating_g_loss(fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """-log D(G(z)) (Goodfellow 2014, section 3)."""
    return F.softplus(-_widened(fake_logits)).mean()


def minimax_g_loss(fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """log(1 - D(G(z))) (Goodfellow 2014, eq. 1): it saturates while D wins."""
    return -F.softplus(_widened(fake_logits)).mean()


def least_squares_d_loss(real_logits: Tensor, fake_logits: Tensor, real_target: float = 1.0) -> Tensor:
    """½(D(x) - t)² + ½D(G(z))², t = 1 unless smoothed (Mao 2017, eq. 9)."""
    real_logits, fake_logits = _widened(real_logits), _widened(fake_logits)
    return ((real_logits - real_target).square().mean() + fake_logits.square().mean()) / 2


def least_squares_g_loss(fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """½(D(G(z)) - 1)² (Mao 2017, eq. 9)."""
    return (_widened(fake_logits) - 1).square().mean() / 2


def hinge_d_loss(real_logits: Tensor, fake_logits: Tensor, real_target: float = 1.0) -> Tensor:
    """max(0, 1 - D(x)) + max(0, 1 + D(G(z))) (Lim 2017; Miyato 2018, eq. 16)."""
    return F.relu(1 - _widened(real_logits)).mean() + F.relu(1 + _widened(fake_logits)).mean()


def wasserstein_d_loss(real_logits: Tensor, fake_logits: Tensor, real_target: float = 1.0) -> Tensor:
    """D(G(z)) - D(x): minus the critic's estimate of the distance (Arjovsky 2017, algorithm 1)."""
    return _widened(fake_logits).mean() - _widened(real_logits).mean()


def critic_g_loss(fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """-D(G(z)) (Arjovsky 2017, algorithm 1; Miyato 2018, eq. 17)."""
    return -_widened(fake_logits).mean()


def relativistic_d_loss(real_logits: Tensor, fake_logits: Tensor, real_target: float = 1.0) -> Tensor:
    """-log sigmoid(D(x) - D(G(z))) over pairs (Jolicoeur-Martineau 2019; Huang 2024, eq. 2)."""
    return F.softplus(_widened(fake_logits) - _widened(real_logits)).mean()


def relativistic_g_loss(fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """-log sigmoid(D(G(z)) - D(x)) over pairs (Huang 2024, eq. 2). Raises ValueError without reals to pair with."""
    if real_logits is None:
        raise ValueError("relativistic pairing compares fakes with as many reals")
    return F.softplus(_widened(real_logits) - _widened(fake_logits)).mean()


def _widened(logits: Tensor) -> Tensor:
    return logits.float() if logits.dtype.itemsize < 4 else logits


_LOG_2 = math.log(2)
OBJECTIVES: Mapping[ObjectiveName, Objective] = {
    "non-saturating": Objective(
        cross_entropy_d_loss,
        non_saturating_g_loss,
        {"loss/D": 2 * _LOG_2, "loss/G": _LOG_2},
        probabilities=True,
        smooths=True,
    ),
    "minimax": Objective(
        cross_entropy_d_loss,
        minimax_g_loss,
        {"loss/D": 2 * _LOG_2, "loss/G": -_LOG_2},
        probabilities=True,
        smooths=True,
    ),
    # Where D cannot tell it says ½ to everything, the least squares answer to targets of 1 and 0
    "least-squares": Objective(
        least_squares_d_loss, least_squares_g_loss, {"loss/D": 0.25, "loss/G": 0.125}, smooths=True
    ),
    "hinge": Objective(hinge_d_loss, critic_g_loss),
    "wasserstein": Objective(wasserstein_d_loss, critic_g_loss),
    "relativistic": Objective(
        relativistic_d_loss, relativistic_g_loss, {"loss/D": _LOG_2, "loss/G": _LOG_2}, pairs=True
    ),
}


class AdversarialSettings(Settings):
    """The settings that every family with a free choice of objective shares."""

    GROUPS: ClassVar[Mapping[str, str]] = {
        "Objective": "What the two networks are rewarded for. Non-saturating is the safe choice. If the discriminator "
        "soon wins nearly always and the pictures stop getting better, lower the target for reals to 0.9.",
    }

    objective: ObjectiveName = setting(
        "non-saturating", label="Objective", group="Objective",
        help="Non-saturating keeps G's gradient alive while D wins; minimax is the game as first written down. "
        "Wasserstein wants a gradient penalty or clipping, relativistic pairing wants R1 and R2: see the presets.",
        choice_labels={
            "non-saturating": "Non-saturating", "minimax": "Minimax", "least-squares": "Least squares",
            "hinge": "Hinge", "wasserstein": "Wasserstein", "relativistic": "Relativistic pairing",
        },
    )  # fmt: skip
    real_target: float = setting(
        1.0, label="Target for reals", group="Objective", ge=0.5, le=1, step=0.05,
        help="0.9 is one-sided label smoothing: D is not asked to be entirely sure of real pictures.",
    )  # fmt: skip
