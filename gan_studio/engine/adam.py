"""Adam for one G and one D: its settings, and how lazy penalties change its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from torch.optim import Adam

from gan_studio.engine.settings import Settings, setting


class AdamSettings(Settings):
    """Defaults: DCGAN's (Radford 2015, section 4)."""

    GROUPS: ClassVar = {
        "Optimisers": "How large a stride each network takes when it learns. If the losses swing wildly, halve both "
        "rates; if the discriminator wins nearly always, halve its rate alone. They can also be changed while "
        "training.",
    }

    g_learning_rate: float = setting(
        2e-4, label="Learning rate of G", group="Optimisers", gt=0, le=1, help="Adam's step for the generator.",
    )  # fmt: skip
    d_learning_rate: float = setting(
        2e-4, label="Learning rate of D", group="Optimisers", gt=0, le=1, help="Adam's step for the discriminator.",
    )  # fmt: skip
    beta1: float = setting(
        0.5, label="β₁", group="Optimisers", advanced=True, ge=0, lt=1, step=0.05, help="Adam's memory of gradients.",
    )  # fmt: skip
    beta2: float = setting(
        0.999, label="β₂", group="Optimisers", advanced=True, ge=0, lt=1, step=0.001,
        help="Adam's memory of squared gradients.",
    )  # fmt: skip


def adam(parameters: Iterable[Any], rate: float, settings: AdamSettings, share: float = 1.0) -> Adam:
    """Fused Adam; on a GPU one that can be captured in a graph.

    Args:
        parameters: tensors or parameter groups.
        share: k / (k + 1) where a penalty of every k-th step is an update of its own: so many more updates shall go
            no further (Karras 2020b, appendix B).
    """
    betas = settings.beta1**share, settings.beta2**share
    optimizer = Adam(parameters, rate * share, betas, fused=True)
    for group in optimizer.param_groups:
        group["capturable"] = group["params"][0].is_cuda
    return optimizer
