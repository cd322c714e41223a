"""VGG19 up to its layer 5,4 (Simonyan 2015), with weights from a file that the user has; nothing is downloaded."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from gan_studio.engine.errors import SettingsError, first_line

LAYERS = (64, 64, 0, 128, 128, 0, 256, 256, 256, 256, 0, 512, 512, 512, 512, 0, 512, 512, 512, 512)
"""Widths of the 3×3 convolutions, each with a ReLU; 0 is a pooling. The last is layer 5,4."""
FEATURE_SCALE = 12.75
"""What the features are divided by (Ledig 2017, section 3.2), which brings their error to that of pixels."""
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of the pictures that torchvision's weights were trained on, in [0, 1]."""
ADVICE = "Choose torchvision's VGG19 weights: a .safetensors file, or a .pth file that holds nothing but tensors."


class VGGFeatures(nn.Module):
    """Pictures `[N, C, H, W]` in [-1, 1], C 1 or 3 → features `[N, 512, H/16, W/16]`, divided by 12.75.

    The weights are no parameters and are in no checkpoint. Only their hash is: a training that goes on with other
    weights is refused.
    """

    digest: Tensor
    mean: Tensor
    deviation: Tensor

    def __init__(self, weights: dict[str, Tensor] | None = None) -> None:
        """Weights by torchvision's names; without any it has none, and is of use for shapes alone."""
        super().__init__()
        digest = hashlib.sha256()
        for name, shape in _shapes().items():
            tensor = weights[name].detach().float().contiguous() if weights else torch.empty(shape)
            self.register_buffer(name.replace(".", "_"), tensor, persistent=False)
            if weights:
                digest.update(tensor.numpy().tobytes())
        self.register_buffer("digest", torch.tensor(list(digest.digest()), dtype=torch.uint8))
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION).view(1, 3, 1, 1), persistent=False)

    def forward(self, pictures: Tensor) -> Tensor:
        features: Any = ((pictures.expand(-1, 3, -1, -1) + 1) / 2 - self.mean) / self.deviation
        for place, width in _places():
            if width:
                weight, bias = (getattr(self, f"features_{place}_{kind}") for kind in ("weight", "bias"))
                features = F.relu(F.conv2d(features, weight, bias, padding=1))
            else:
                features = F.max_pool2d(features, 2)
        return features / FEATURE_SCALE

    def _load_from_state_dict(self, state_dict: Any, prefix: str, *arguments: Any) -> None:
        found = state_dict.get(f"{prefix}digest")
        if found is not None and not torch.equal(found.cpu(), self.digest.cpu()):
            raise SettingsError("The VGG19 weights are others than this training began with.", "Put that file back.")
        super()._load_from_state_dict(state_dict, prefix, *arguments)


def read_vgg_weights(path: Path) -> dict[str, Tensor]:
    """The convolutions' weights of a `.safetensors` file or a state_dict, checked. Raises SettingsError."""
    try:
        found = load_file(path) if path.suffix.lower() == ".safetensors" else _state_dict(path)
    except FileNotFoundError as error:
        raise SettingsError(f"There is no file {path} with VGG19 weights.", ADVICE) from error
    except (OSError, SafetensorError, RuntimeError, ValueError, EOFError, pickle.UnpicklingError) as error:
        raise SettingsError(f"{path} cannot be read as weights ({first_line(error)}).", ADVICE) from error
    for name, shape in _shapes().items():
        tensor = found.get(name)
        if not isinstance(tensor, Tensor) or tuple(tensor.shape) != shape or not tensor.is_floating_point():
            raise SettingsError(f"{path} holds no VGG19: {name} is missing or has another shape.", ADVICE)
        if not bool(tensor.isfinite().all()):
            raise SettingsError(f"{path} is damaged: {name} holds numbers that are not finite.", ADVICE)
    return {name: found[name] for name in _shapes()}


def _state_dict(path: Path) -> dict[str, Any]:
    found = torch.load(path, map_location="cpu", weights_only=True)
    if not isinstance(found, dict):
        raise ValueError("it holds no named tensors")
    return found


def _shapes() -> dict[str, tuple[int, ...]]:
    """By torchvision's names."""
    shapes: dict[str, tuple[int, ...]] = {}
    before = 3
    for place, width in _places():
        if width:
            shapes |= {f"features.{place}.weight": (width, before, 3, 3), f"features.{place}.bias": (width,)}
            before = width
    return shapes


def _places() -> list[tuple[int, int]]:
    """Where each layer stands in torchvision's list, in which every convolution is followed by its ReLU."""
    places, place = [], 0
    for width in LAYERS:
        places.append((place, width))
        place += 2 if width else 1
    return places
