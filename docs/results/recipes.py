"""What is trained for the documentation: each recipe is a command of the program, and what must come out of it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gan_studio.engine.request import TrainingRequest

MINUTES = 20.0
"""Of training, each at most: most end by their number of images, which makes them the same on every machine."""
KEEP_ALL = 10_000


@dataclass(frozen=True)
class Recipe:
    """One training on one of the data sets, and how it is judged."""

    name: str
    title: str
    data: str
    """File name of the data set inside the folder of the real pictures."""
    family: str
    measures: tuple[str, ...]
    """Names in `measuring.MEASURES`."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    pictures: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    domains: tuple[str, str] | tuple[()] = ()
    """Classes that are A and B, for families that translate."""

    def request(self, data: Path, run: Path, minutes: float, threads: int) -> TrainingRequest:
        """The training as both front ends ask for it. Every checkpoint is kept: the first one is what is compared."""
        domain_a, domain_b = self.domains or ("", "")
        limits = {"minutes": minutes, "threads": threads, "keep_checkpoints": KEEP_ALL}
        return TrainingRequest(
            data / self.data,
            family=self.family,
            family_settings=self.settings,
            data=self.pictures,
            training={**limits, **self.training},
            outdir=run,
            domain_a=domain_a,
            domain_b=domain_b,
        )

    def command(self) -> str:
        """The same, for a terminal."""
        domains = dict(zip(("domain_a", "domain_b"), self.domains, strict=False))
        given = {**domains, **self.pictures, **self.training, **self.settings}
        flags = [word for name, value in given.items() for word in _flag(name, value)]
        return shlex.join(["gan-studio", "train", "--data", self.data, "--family", self.family, *flags])


def _flag(name: str, value: Any) -> list[str]:
    flag = name.replace("_", "-")
    if isinstance(value, bool):
        return [f"--{flag}" if value else f"--no-{flag}"]
    return [f"--{flag}", str(value)]


FASHION = {"data": "fashion.zip", "pictures": {"image_size": 32, "channels": "grey"}}
EMOJI = {"data": "emoji_faces.zip", "pictures": {"image_size": 64}}
GENTLE = {"features": 32, "most_features": 256, "real_target": 0.9, "d_learning_rate": 1e-4}
SHORT = {"images": 40_000}
DISTANCE = ("distance",)
COMPARISON = ("comparison",)
NARROW = {"features": 32, "most_features": 256}
TRANSLATION = {
    "features": 24,
    "halvings": 1,
    "blocks": 3,
    "d_features": 32,
    "d_halvings": 2,
    "constant_images": 4_000,
    "decay_images": 4_000,
}
KODAK = {
    "data": "photos_kodak.zip",
    "pictures": {"image_size": 64, "flip": True, "held_out_names": "kodim19, kodim21, kodim23"},
}


def _enlarging(scale: int, warm_up_images: int, game_images: int) -> Recipe:
    """The small networks: most of the time for squared error, the rest against D. A checkpoint falls between the two.

    fp32, because so narrow layers take longer in bf16.
    """
    return Recipe(
        f"photos-srgan-x{scale}",
        f"SRGAN ×{scale}",
        family="srgan",
        measures=("restoration",),
        settings={
            "scale": scale,
            "features": 32,
            "blocks": 4,
            "g_norm": "none",
            "over_bicubic": True,
            "edge_kernel": 3,
            "d_features": 16,
            "content": "pixels",
            "warmup_images": warm_up_images,
            "warmup_rate": 10,
        },
        training={
            "batch_size": 16,
            "images": warm_up_images + game_images,
            "average_images": 500,
            "checkpoint_steps": 800,
            "precision": "fp32",
        },
        **KODAK,
    )


RECIPES = (
    Recipe(
        "fashion-vanilla", "Vanilla GAN", family="vanilla", measures=DISTANCE, training={"images": 500_000}, **FASHION
    ),
    Recipe("fashion-dcgan", "DCGAN", family="dcgan", measures=DISTANCE, training={"images": 32_000}, **FASHION),
    Recipe(
        "fashion-cgan",
        "CGAN",
        family="cgan",
        measures=(*DISTANCE, "classes"),
        settings=NARROW,
        training={"images": 100_000},
        **FASHION,
    ),
    Recipe(
        "fashion-lapgan",
        "LAPGAN",
        family="lapgan",
        measures=DISTANCE,
        settings={"real_target": 0.9, "d_learning_rate": 1e-4},
        training={"batch_size": 16, "images": 40_000},
        **FASHION,
    ),
    Recipe(
        "fashion-progan",
        "ProGAN",
        family="progan",
        measures=DISTANCE,
        settings={"stable_images": 4000, "fade_images": 2000},
        training={"batch_size": 16, "images": 40_000},
        **FASHION,
    ),
    Recipe(
        "fashion-stylegan",
        "StyleGAN",
        family="stylegan",
        measures=DISTANCE,
        settings={"r1_auto": False, "r1": 0.01},
        training={"batch_size": 16, "images": 100_000},
        **FASHION,
    ),
    Recipe(
        "fashion-cyclegan",
        "CycleGAN, sandal ↔ ankle boot",
        data="fashion.zip",
        family="cyclegan",
        measures=("translation",),
        domains=("sandal", "ankle_boot"),
        settings=TRANSLATION,
        pictures={**FASHION["pictures"], "held_out": 0.2},
        training={"batch_size": 4, "images": 8_000},
    ),
    Recipe(
        "emoji-dcgan",
        "DCGAN, few pictures",
        family="dcgan",
        measures=COMPARISON,
        settings=GENTLE,
        training=SHORT,
        **EMOJI,
    ),
    Recipe(
        "emoji-dcgan-diffaugment",
        "DCGAN, few pictures, DiffAugment",
        family="dcgan",
        measures=COMPARISON,
        settings={**GENTLE, "augmentation": "diffaugment"},
        training=SHORT,
        **EMOJI,
    ),
    _enlarging(2, warm_up_images=51_200, game_images=12_800),
    _enlarging(4, warm_up_images=89_600, game_images=12_800),
)
