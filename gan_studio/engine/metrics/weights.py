"""Weights of networks that others trained, which a user may have: Inception for FID and KID, VGG-16 for LPIPS.

Nothing is ever downloaded. Files are known by what they hold, not by their names, and are read without running code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gan_studio.engine.errors import CheckpointError, first_line

INCEPTION_FILE = "weights-inception-2015-12-05-6726825d.pth"
VGG_FILE = "vgg16-397923af.pth"
NO_INCEPTION = (
    f"It needs the weights of Inception: a file such as {INCEPTION_FILE} (91 MB, from the releases of torch-fidelity), "
    "named with --weights or chosen in the window. Nothing is downloaded by itself."
)
ADVICE = f"Name {INCEPTION_FILE} (of torch-fidelity) or {VGG_FILE} (of torchvision)."
_INCEPTION_MARK, _VGG_MARK = "Mixed_7c.branch_pool.conv.weight", "features.28.weight"
_INCEPTION_CLASSES = 1008


@dataclass(frozen=True)
class Weights:
    """Files that the user has; None for what is missing."""

    inception: Path | None = None
    """The network of Szegedy 2015 as FID takes it (Heusel 2017)."""
    vgg: Path | None = None
    """VGG-16 trained on ImageNet, for LPIPS (Zhang 2018)."""


def find_weights(paths: Iterable[Path]) -> Weights:
    """Look into files and say which is which. Raises CheckpointError for one that is neither."""
    found: dict[str, Path] = {}
    for path in paths:
        found[_kind(path)] = path
    return Weights(**found)


def read_tensors(path: Path) -> Mapping[str, Tensor]:
    """A state dict, mapped into memory; pickled code is refused. Raises CheckpointError."""
    try:
        state: Any = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except Exception as error:  # there is no telling what a reader of pickles makes of a foreign file
        raise CheckpointError(f"{path} cannot be read as weights ({first_line(error)}).", ADVICE) from error
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise CheckpointError(f"{path} holds no weights of a network.", ADVICE)
    return state


def _kind(path: Path) -> str:
    state = read_tensors(path)
    if _INCEPTION_MARK in state and "fc.bias" in state and len(state["fc.bias"]) == _INCEPTION_CLASSES:
        return "inception"
    if _VGG_MARK in state:
        return "vgg"
    if _INCEPTION_MARK in state:
        raise CheckpointError(
            f"{path} is an Inception network, but not the one of FID: it knows {len(state.get('fc.bias', ()))} classes "
            f"and not {_INCEPTION_CLASSES}.",
            f"Take {INCEPTION_FILE} of torch-fidelity.",
        )
    raise CheckpointError(f"{path} is neither Inception nor VGG-16.", ADVICE)
