"""What a training draws from: its pictures, found and decoded, divided into domains, and drawn in batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan_studio.engine.config import RunConfig
from gan_studio.engine.control import Control
from gan_studio.engine.data.batches import Batches, BatchSource
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.domains import Domain, examples, split
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.point_batches import PointBatches
from gan_studio.engine.data.points import shape_called
from gan_studio.engine.data.report import ScanReport
from gan_studio.engine.data.scan import scan
from gan_studio.engine.decisions import domains_of
from gan_studio.engine.distributed import World
from gan_studio.engine.events import Emit, Notice, Preparing
from gan_studio.engine.families import family_class
from gan_studio.engine.latent.drawing import Share
from gan_studio.engine.progress import Progress, paced

PROGRESS_SECONDS = 0.1


@dataclass(frozen=True)
class TrainingData:
    """The pictures of one training."""

    pictures: PictureSet
    domains: Mapping[str, Domain]
    """By the names that the family gives them."""

    @classmethod
    def divided(cls, pictures: PictureSet, config: RunConfig) -> TrainingData:
        """Into domains, and into those that are trained on and those held out. Raises DatasetError."""
        names, data = family_class(config.family).data().domains, config.data
        return cls(pictures, split(pictures, names, data.held_out, config.training.seed, data.held_out_list))

    def examples(self) -> dict[str, np.ndarray]:
        """Pictures that stay with the generator, uint8 `[N, H, W, C]` by domain."""
        return examples(self.pictures, self.domains)

    def batches(self, config: RunConfig, device: str, share: Share) -> dict[str, BatchSource]:
        """By domain, of the batch size of `config`; `share` is this process's part of each."""
        return {name: self._drawn(config, domain, device, share) for name, domain in self.domains.items()}

    def _drawn(self, config: RunConfig, domain: Domain, device: str, share: Share) -> BatchSource:
        size = config.training.batch_size
        if config.picture.points:
            shape = shape_called(config.picture.points)
            return PointBatches(shape, batch_size=size, seed=domain.seed, device=device, share=share)
        return Batches(
            self.pictures,
            domain.trained_on,
            batch_size=size,
            seed=domain.seed,
            flip=config.data.flip,
            device=device,
            share=share,
        )


def scan_source(source: Path, second: Path | None, emit: Emit, control: Control) -> ScanReport:
    """Look at the pictures of a source, or of both of a pair. Raises DatasetError or Cancelled."""
    return scan(
        source,
        second,
        progress=_progress(emit, "Looking at the pictures"),
        examining=_progress(emit, "Looking for colour"),
        cancelled=lambda: control.stopping,
    )


def scan_sources_of(config: RunConfig, emit: Emit, control: Control) -> ScanReport:
    """The same for a run that has begun."""
    second = Path(config.second_source) if config.second_source else None
    return scan_source(Path(config.source), second, emit, control)


def load_first(report: ScanReport, config: RunConfig, emit: Emit, control: Control, world: World) -> PictureSet:
    """The pictures, decoded before the other processes of this machine look for them."""
    world.check_batch(config.training.batch_size)
    world.same(config.model_dump_json())
    with world.first_here():
        return load(report, config, emit, control)


def load(report: ScanReport, config: RunConfig, emit: Emit, control: Control) -> PictureSet:
    """The pictures of a report that are trained on, decoded. Raises DatasetError or Cancelled."""
    pictures = load_pictures(
        domains_of(report, config),
        config.decided_data(),
        crops=family_class(config.family).data().crop > 0,
        progress=_progress(emit, "Decoding"),
        cancelled=lambda: control.stopping,
    )
    for notice in pictures.notices:
        emit(Notice(notice))
    pictures = pictures.without(config.excluded)
    for name in config.data.held_out_list:
        if not len(pictures.numbers_of([name])):
            emit(Notice(f"No picture here is called {name}: it cannot be held out."))
    return pictures


def _progress(emit: Emit, what: str) -> Progress:
    return paced(lambda done, total: emit(Preparing(what, done, total)), PROGRESS_SECONDS)
