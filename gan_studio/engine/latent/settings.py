"""The settings of a plain z, as several families have them. Imports no torch."""

from __future__ import annotations

from typing import Literal

from gan_studio.engine.settings import Settings, setting


class LatentSettings(Settings):
    latent_size: int = setting(
        100, label="Latent size", group="Networks", ge=1, le=4096,
        help="How many numbers z has: the dimensions in which the explorer walks.",
    )  # fmt: skip
    prior: Literal["normal", "uniform"] = setting(
        "normal", label="Prior of z", group="Networks", advanced=True,
        help="What z is drawn from: N(0, 1), or U(-1, 1) as in the paper.",
        choice_labels={"normal": "Normal", "uniform": "Uniform"},
    )  # fmt: skip
