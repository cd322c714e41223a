"""Networks that turn pictures into features, in which pictures are compared.

Without weights of the user's, a small convolutional network with random weights serves: always the same one, drawn from
a fixed seed. Random embeddings tell sets of pictures apart well enough for precision, recall, density and coverage
(Naeem 2020, section 5), and know no prejudice for photographs. What they give is never called FID.
"""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan_studio.engine.errors import CheckpointError, DependencyError, first_line
from gan_studio.engine.metrics.subject import Subject
from gan_studio.engine.metrics.weights import ADVICE, read_tensors

CHUNK = 32
RANDOM_SEED = 20_250_101
"""Never to be changed: features of two versions of the program would no longer compare."""
_WIDTHS = (32, 64, 128, 256)
_LARGEST_SIDE = 64
_LAST_SIDE = 4
_SLOPE = 0.2
LAYOUT_FEATURES = 256


class FeatureNetwork(Protocol):
    """Pictures uint8 `[N, C, H, W]`, C 1 or 3, to features float32 `[N, D]`."""

    title: str

    def __call__(self, pictures: Tensor) -> Tensor: ...


class RandomFeatures:
    """Four convolutions with random weights (He 2015).

    Features are a random projection of the last maps to 256 numbers, which see the layout, and the deviation of every
    channel of every layer over the picture, which sees texture. Pictures larger than 64 px are averaged down to that,
    grey ones get three equal channels.
    """

    title = "own random features"

    def __init__(self, device: str = "cpu", seed: int = RANDOM_SEED) -> None:
        generator = torch.Generator().manual_seed(seed)
        widths = (3, *_WIDTHS)
        self._filters = [
            (torch.randn(out, into, 3, 3, generator=generator) * (2 / (9 * into)) ** 0.5).to(device)
            for into, out in pairwise(widths)
        ]
        last = _WIDTHS[-1] * _LAST_SIDE**2
        self._projection = (torch.randn(last, LAYOUT_FEATURES, generator=generator) / last**0.5).to(device)
        self._device = device

    @torch.no_grad()
    def __call__(self, pictures: Tensor) -> Tensor:
        maps = self.maps(pictures.to(self._device).float() / 127.5 - 1)
        layout = F.adaptive_avg_pool2d(maps[-1], _LAST_SIDE).flatten(1) @ self._projection
        return torch.cat([layout, *(values.std((2, 3), correction=0) for values in maps)], 1)

    def maps(self, pictures: Tensor) -> list[Tensor]:
        """The feature maps of every layer for float pictures `[N, C, H, W]` in [-1, 1], the finest first."""
        maps, values = [], self._fitting(pictures)
        for filters in self._filters:
            values = F.leaky_relu(F.conv2d(values, filters, stride=2 if maps else 1, padding=1), _SLOPE)
            maps.append(values)
        return maps

    @staticmethod
    def _fitting(pictures: Tensor) -> Tensor:
        if pictures.shape[-1] > _LARGEST_SIDE:
            pictures = F.interpolate(pictures, (_LARGEST_SIDE, _LARGEST_SIDE), mode="area")
        return pictures.expand(-1, 3, -1, -1)


class InceptionFeatures:
    """The 2048 pooled features of Inception as FID takes them, by torch-fidelity's network and the user's weights."""

    title = "Inception"

    def __init__(self, path: Path, device: str = "cpu") -> None:
        """Raises CheckpointError for weights that do not fit, DependencyError without torch-fidelity."""
        self._network, self._device = _inception(path).to(device), device

    @torch.no_grad()
    def __call__(self, pictures: Tensor) -> Tensor:
        (features,) = self._network(pictures.to(self._device).expand(-1, 3, -1, -1))
        return features


def features_of(pictures: Tensor, network: FeatureNetwork, subject: Subject) -> Tensor:
    """float32 `[N, D]` on the CPU, some pictures at a time."""
    parts = []
    for part in pictures.split(CHUNK):
        subject.check()
        parts.append(network(part).cpu())
    return torch.cat(parts)


def network_for(subject: Subject) -> FeatureNetwork:
    """Inception where the user has weights, else our own random features."""
    if subject.weights.inception is None:
        return subject.reals_know("random features", lambda: RandomFeatures(subject.device))
    path = subject.weights.inception
    return subject.reals_know("inception", lambda: InceptionFeatures(path, subject.device))


def fake_features(subject: Subject) -> Tensor:
    return subject.once("features", lambda: features_of(subject.fakes, network_for(subject), subject))


def real_features(subject: Subject) -> Tensor:
    return subject.reals_know("features", lambda: features_of(subject.reals, network_for(subject), subject))


def other_features(subject: Subject) -> Tensor:
    return subject.reals_know("others", lambda: features_of(subject.other_reals, network_for(subject), subject))


def _inception(path: Path) -> nn.Module:
    try:
        from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3
    except ImportError as error:
        raise DependencyError(
            "The package torch-fidelity, which holds the network of FID, is not installed.",
            "Install it with: pip install 'gan-studio[fid]'",
        ) from error
    state = read_tensors(path)
    # Built empty, so that nothing is drawn from torch's random state. The package reads weights with a reader that
    # would run code; it is given shapes alone, and the weights as we read them take their place.
    shapes = io.BytesIO()
    torch.save({name: tensor.to("meta") for name, tensor in state.items()}, shapes)
    shapes.seek(0)
    try:
        with torch.device("meta"):
            network: Any = FeatureExtractorInceptionV3("inception", ["2048"], feature_extractor_weights_path=shapes)
        network.load_state_dict(dict(state), assign=True)
    except (RuntimeError, KeyError) as error:
        raise CheckpointError(f"The weights in {path} do not fit Inception ({first_line(error)}).", ADVICE) from error
    return network.float().eval().requires_grad_(False)
