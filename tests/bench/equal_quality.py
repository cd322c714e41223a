"""Pictures of our training against those of the textbook loop: as near to held-out reals after as many images?

Both train the same networks on the same pictures, a few seeds each. Compared are the generators as they are, ours also
averaged, by the sliced Wasserstein distance to reals that nobody trained on. `make bench` leaves it out: with
the default number of images it takes hours on two cores.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from gan_studio.cli.console import say
from gan_studio.engine.assembly import assemble
from gan_studio.engine.config import DataSettings, TrainingSettings
from gan_studio.engine.data.batches import Batches
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.domains import Domain, split
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.scan import scan
from gan_studio.engine.families import family_class
from gan_studio.engine.metrics.sliced_wasserstein import sliced_wasserstein
from gan_studio.engine.speed import Plan, choose_plan, usable_cores
from gan_studio.engine.speed.measure import fastest_plan
from gan_studio.engine.state import TrainingState, seed_everything
from gan_studio.engine.stats import Statistics
from tests.bench import command
from tests.bench.home import temporary_home
from tests.bench.load import OtherLoad
from tests.bench.results import Figure, Result, Round
from tests.bench.textbook import LATENT, TextbookDCGAN

HELD_OUT = 0.3
CHUNK = 64
AIM_SPREADS = 1.0


@dataclass(frozen=True)
class Pictures:
    """Those to train on, and those to compare with."""

    all: PictureSet
    domain: Domain
    held_out: Tensor
    """uint8 `[N, C, H, W]`."""

    def batches(self, batch_size: int, seed: int) -> Batches:
        chosen = self.domain.trained_on
        return Batches(self.all, chosen, batch_size=batch_size, seed=seed, flip=False, device="cpu")

    def distance(self, make: Callable[[Tensor], Tensor]) -> float:
        """Of as many fakes as there are held-out reals; `make` takes latents `[n, LATENT]`."""
        latents = torch.randn(len(self.held_out), LATENT, generator=torch.Generator().manual_seed(1))
        with torch.inference_mode():
            fakes = torch.cat([make(part) for part in latents.split(CHUNK)])
        return sliced_wasserstein(fakes, self.held_out).mean

    def floor(self) -> float:
        """The distance of as many reals that were trained on."""
        numbers = self.domain.trained_on[: len(self.held_out)]
        return sliced_wasserstein(torch.from_numpy(self.all.take(numbers)).permute(0, 3, 1, 2), self.held_out).mean


def measure(options: argparse.Namespace) -> Result:
    source = Path(options.data or os.environ.get("GAN_STUDIO_TEST_DATA", "")) / options.pictures
    with temporary_home():
        pictures = _load(source)
        plan = _plan(pictures, TrainingSettings(batch_size=options.batch))
        rounds = [_round(pictures, plan, options, seed) for seed in range(options.seeds)]
    columns = {name: [one.values[name] for one in rounds] for name in rounds[0].values}
    figures = (
        *(Figure(f"{name}, mean of seeds", _mean(values)) for name, values in columns.items()),
        *(Figure(f"{name}, largest less smallest", _spread(values)) for name, values in columns.items()),
        Figure("difference of means over the larger spread", _difference(columns), "", AIM_SPREADS),
        Figure("reals trained on against held-out ones", pictures.floor()),
    )
    what = (
        f"DCGAN 64 px, {options.images:,} images at batch {options.batch}, {plan.describe()}; {source.name}: "
        f"{len(pictures.domain.trained_on)} trained on, {len(pictures.held_out)} held out, as many fakes"
    )
    return Result("Sliced Wasserstein distance × 10³ to held-out reals", what, figures, tuple(rounds))


def _load(source: Path) -> Pictures:
    pictures = load_pictures(scan(source), DataSettings(image_size=64, channels="colour"))
    domain = split(pictures, ("image",), HELD_OUT, 0)["image"]
    held_out = torch.from_numpy(pictures.take(domain.held_out)).permute(0, 3, 1, 2)
    return Pictures(pictures, domain, held_out)


def _plan(pictures: Pictures, settings: TrainingSettings) -> Plan:
    def build(plan: Plan, statistics: Statistics, batch_size: int) -> TrainingState:
        return _build(pictures, plan, statistics, batch_size, 0)

    dcgan = family_class("dcgan")
    model = dcgan(dcgan.Config(), pictures.all.spec)
    return fastest_plan(choose_plan(settings), settings, model, build, lambda: False)


def _build(pictures: Pictures, plan: Plan, statistics: Statistics, batch_size: int, seed: int) -> TrainingState:
    dcgan = family_class("dcgan")
    model = dcgan(dcgan.Config(), pictures.all.spec)
    data = {"image": pictures.batches(batch_size, seed)}
    return assemble(model, data, plan, statistics, TrainingSettings().average_images)


def _round(pictures: Pictures, plan: Plan, options: argparse.Namespace, seed: int) -> Round:
    load, steps = OtherLoad(), max(1, options.images // options.batch)
    values = {"textbook": _textbook(pictures, steps, options.batch, seed)}
    values |= _ours(pictures, plan, steps, options.batch, seed)
    say(f"seed {seed}: " + ", ".join(f"{name} {value:.1f}" for name, value in values.items()))
    return Round(values, load.cores())


def _textbook(pictures: Pictures, steps: int, batch_size: int, seed: int) -> float:
    torch.set_num_threads(usable_cores())
    torch.manual_seed(seed)
    training, batches = TextbookDCGAN(), pictures.batches(batch_size, seed)
    for _ in range(steps):
        training.step(batches.next().images.contiguous())
    generator = training.generator.eval()
    return pictures.distance(lambda z: generator(z[:, :, None, None]))


def _ours(pictures: Pictures, plan: Plan, steps: int, batch_size: int, seed: int) -> dict[str, float]:
    with plan.working():
        seed_everything(seed)
        training = _build(pictures, plan, Statistics(), batch_size, seed)
        for step in range(steps):
            images = training.stepper.step(step, step * batch_size)
            training.averages.update((step + 1) * batch_size, images)
        raw: nn.Module = training.parts.networks["G"].eval()
        return {"ours": pictures.distance(raw), "ours, averaged": pictures.distance(training.averages.networks["G"])}


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _spread(values: list[float]) -> float:
    return max(values) - min(values)


def _difference(columns: dict[str, list[float]]) -> float:
    """Spreads of seeds, the larger of both, between the means; above 0 where ours is farther from reals."""
    difference = _mean(columns["ours"]) - _mean(columns["textbook"])
    return difference / max(_spread(columns["textbook"]), _spread(columns["ours"]), 1e-9)


if __name__ == "__main__":
    command.run(
        measure,
        "Compare the pictures of our training with those of the textbook loop.",
        images=64_000,
        seeds=3,
        batch=64,
        data="",
        pictures="emoji_faces.zip",
    )
