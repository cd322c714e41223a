"""A small classifier of the classes of a data set: trained once on its real pictures, kept for the next time.

A sixth of the pictures is kept away from it, and how many of those it names rightly is said beside every result: a
measure that relies on it is worth no more than it is.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.errors import CheckpointError, RunError
from gan_studio.engine.files import atomic_write, make_folder
from gan_studio.engine.folders import classifiers_folder
from gan_studio.engine.metrics.subject import Subject

VERSION = 1
"""Raised when another network or another training would give other results."""
TESTED_SHARE = 1 / 6
FEWEST_TESTED = 1
PICTURES_SEEN = 96_000
"""About a minute and a half on one core; a set is gone through 3 to 60 times for it."""
FEWEST_ROUNDS, MOST_ROUNDS = 3, 60
BATCH = 64
RATE = 3e-3
LARGEST_SIDE = 32
WIDTHS = (32, 64, 128)
SHIFT = 2
"""Pixels by which training pictures are moved at random."""
CHUNK = 256


@dataclass(frozen=True)
class Classifier:
    """Names classes; `accuracy` is the share of real pictures, never shown to it, that it names rightly."""

    network: nn.Module
    accuracy: float
    tested: int
    """On how many pictures that was found."""

    @torch.no_grad()
    def classes_of(self, pictures: Tensor, subject: Subject) -> Tensor:
        """The likeliest class of each picture uint8 `[N, C, H, W]`, int64 `[N]` on the CPU."""
        found = []
        for part in pictures.split(CHUNK):
            subject.check()
            found.append(self.network(_fitting(part.to(subject.device))).argmax(1).cpu())
        return torch.cat(found)


def classifier_for(subject: Subject) -> Classifier:
    """The one of the subject's data set: from disk where it was trained before. Raises DatasetError, Cancelled."""
    path = _file_of(subject)
    known = _read(path, subject)
    if known is not None:
        return known
    classifier = train_classifier(subject)
    with suppress(RunError, OSError):  # it is trained again the next time
        _write(path, classifier)
    return classifier


def train_classifier(subject: Subject, pictures_seen: int = PICTURES_SEEN) -> Classifier:
    """Train on five sixths of all labelled pictures, and test on the rest. Draws from generators of its own alone."""
    generator = torch.Generator().manual_seed(0)
    everything = subject.real_pictures.pictures
    labels = torch.from_numpy(everything.labels)
    order = torch.randperm(len(labels), generator=generator)
    order = order[labels[order] >= 0]
    tested = max(FEWEST_TESTED, int(len(order) * TESTED_SHARE))
    known, unknown = order[tested:], order[:tested]
    network = _network(subject.picture, generator).to(subject.device)
    _train(network, known, labels, subject, generator, pictures_seen)
    accuracy = _accuracy(network.eval().requires_grad_(False), unknown, labels, subject)
    return Classifier(network, accuracy, tested)


def _train(
    network: nn.Module,
    known: Tensor,
    labels: Tensor,
    subject: Subject,
    generator: torch.Generator,
    pictures_seen: int,
) -> None:
    rounds = min(MOST_ROUNDS, max(FEWEST_ROUNDS, pictures_seen // max(1, len(known))))
    batch = min(BATCH, max(2, len(known) // 2))
    steps = max(1, rounds * len(known) // batch)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps + 1)
    waiting = known[:0]
    for _ in range(steps):
        subject.check()
        if len(waiting) < batch:
            waiting = torch.cat([waiting, known[torch.randperm(len(known), generator=generator)]])
        chosen, waiting = waiting[:batch], waiting[batch:]
        pictures = _moved(_fitting(subject.pictures_of(chosen.numpy()).to(subject.device)), generator)
        loss = F.cross_entropy(network(pictures), labels[chosen].to(subject.device))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()


@torch.no_grad()
def _accuracy(network: nn.Module, numbers: Tensor, labels: Tensor, subject: Subject) -> float:
    right = 0
    for part in numbers.split(CHUNK):
        subject.check()
        logits = network(_fitting(subject.pictures_of(part.numpy()).to(subject.device)))
        right += int((logits.argmax(1).cpu() == labels[part]).sum())
    return right / len(numbers)


def _network(picture: PictureSpec, generator: torch.Generator | None) -> nn.Sequential:
    """Three convolutions that halve the size, then the mean over the picture. Weights after He 2015."""
    with torch.device("meta"):
        layers: list[nn.Module] = []
        widths = (picture.channels, *WIDTHS)
        for into, out in pairwise(widths):
            layers += [nn.Conv2d(into, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU(), nn.MaxPool2d(2)]
        network = nn.Sequential(
            *layers, nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(4 * WIDTHS[-1], len(picture.classes))
        )
    if generator is not None:
        network.to_empty(device="cpu")
        for module in network.modules():
            _initialise(module, generator)
    return network


def _initialise(module: nn.Module, generator: torch.Generator) -> None:
    """Never by torch's own initialisation, which draws from the random state that a training owns."""
    if isinstance(module, nn.Conv2d | nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    if isinstance(module, nn.BatchNorm2d):
        nn.init.ones_(module.weight)
        nn.init.zeros_(module.bias)
        module.reset_running_stats()


def _fitting(pictures: Tensor) -> Tensor:
    """uint8 of any size as float in [-1, 1], 32 px at most."""
    values = pictures.float() / 127.5 - 1
    return (
        F.interpolate(values, (LARGEST_SIDE, LARGEST_SIDE), mode="area") if values.shape[-1] > LARGEST_SIDE else values
    )


def _moved(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """A batch moved by a few pixels, all of it alike; its border is repeated."""
    size = pictures.shape[-1]
    top, left = torch.randint(2 * SHIFT + 1, (2,), generator=generator).tolist()
    padded = F.pad(pictures, (SHIFT,) * 4, mode="replicate")
    return padded[:, :, top : top + size, left : left + size]


# --- on disk ---


def _file_of(subject: Subject) -> Path:
    pictures = subject.real_pictures.pictures
    text = json.dumps([VERSION, pictures.fingerprint(), pictures.classes, pictures.labels.tolist(), PICTURES_SEEN])
    return classifiers_folder() / f"{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}.safetensors"


def _write(path: Path, classifier: Classifier) -> None:
    metadata = {"accuracy": str(classifier.accuracy), "tested": str(classifier.tested)}
    tensors = {name: tensor.cpu().contiguous() for name, tensor in classifier.network.state_dict().items()}
    make_folder(path.parent)
    with atomic_write(path) as file:
        file.write(save(tensors, metadata))


def _read(path: Path, subject: Subject) -> Classifier | None:
    """None where there is none, or a damaged one."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        network = _network(subject.picture, None)
        network.load_state_dict(tensors, assign=True)
        accuracy, tested = float(metadata["accuracy"]), int(metadata["tested"])
    except (OSError, SafetensorError, RuntimeError, KeyError, ValueError, TypeError, CheckpointError):
        return None
    return Classifier(network.to(subject.device).eval().requires_grad_(False), accuracy, tested)
