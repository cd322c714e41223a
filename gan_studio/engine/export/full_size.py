"""A user's own picture through a model, at its full size."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import torch
from PIL import Image

from gan_studio.engine.checkpoint import LoadedGenerator
from gan_studio.engine.data.decode import read_whole
from gan_studio.engine.data.reasons import UnreadablePicture
from gan_studio.engine.errors import DatasetError, DeviceError, SettingsError
from gan_studio.engine.export.grids import to_pixels
from gan_studio.engine.export.recipe import PictureInput
from gan_studio.engine.progress import IsCancelled, Progress
from gan_studio.engine.sampler_controls import ControlSpec

SHARE_OF_MEMORY = 0.8
"""Of what is free, so much may be taken."""
_NEVER_SMALLER = 10**9


@dataclass(frozen=True)
class InputPicture:
    """A picture that a model is given."""

    name: str
    pixels: np.ndarray = field(repr=False)
    """uint8 `[H, W, 3]`."""

    def in_recipe(self) -> PictureInput:
        """What a recipe says of it: enough to know it again."""
        digest = hashlib.sha256(repr(self.pixels.shape).encode() + self.pixels.tobytes())
        return PictureInput(name=self.name[:200], sha256=digest.hexdigest())


@dataclass(frozen=True)
class FullSize:
    """What a model made of a picture, uint8 `[H, W, 3]`."""

    result: np.ndarray = field(repr=False)
    before: np.ndarray | None = field(repr=False)
    """The picture to compare with, of the result's size."""


def read_input(path: Path) -> InputPicture:
    """A picture file at its full size; white lies under what is transparent. Raises DatasetError."""
    try:
        return InputPicture(path.name, np.array(read_whole(path, _NEVER_SMALLER, "#ffffff")))
    except UnreadablePicture as error:
        raise DatasetError(f"{path} cannot be opened: {error.message}.", "Choose another picture.") from error


def needed_bytes(loaded: LoadedGenerator, picture: InputPicture) -> int:
    """About how much memory the work takes; 0 where it is not worth a word."""
    return loaded.sampler.memory_bytes(*picture.pixels.shape[:2])


def at_full_size(
    loaded: LoadedGenerator,
    picture: InputPicture,
    others: Mapping[str, Any],
    *,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> FullSize:
    """What the model makes of a picture. `others` are its other controls by name.

    Raises SettingsError for a model that takes no picture, DeviceError where memory does not suffice, Cancelled.
    """
    spec = picture_control(loaded)
    free = psutil.virtual_memory().available
    needed = needed_bytes(loaded, picture)
    if needed > free * SHARE_OF_MEMORY:
        height, width = picture.pixels.shape[:2]
        raise DeviceError(
            f"{picture.name} is too large: {width} × {height} pixels take about {needed / 2**30:.1f} GiB of memory, "
            f"and {free / 2**30:.1f} GiB are free.",
            "Take a smaller picture, or close other programs.",
        )
    sampler = loaded.sampler
    with torch.inference_mode():
        controls = {**others, spec.name: _as_tensor(picture.pixels, spec.shape[0])}
        made = sampler.full_size(controls, progress=progress, cancelled=cancelled)
        before = made.get(sampler.before_output)
        return FullSize(to_pixels(made[sampler.main_output])[0], None if before is None else to_pixels(before)[0])


def picture_control(loaded: LoadedGenerator) -> ControlSpec:
    """The control that takes a picture. Raises SettingsError."""
    for spec in loaded.sampler.controls:
        if spec.kind == "picture":
            return spec
    raise SettingsError(f"A {loaded.family.title} takes no picture.", "Open a model that translates or enlarges.")


def _as_tensor(pixels: np.ndarray, channels: int) -> torch.Tensor:
    """`[1, C, H, W]` in [-1, 1]."""
    if channels == 1:
        pixels = np.array(Image.fromarray(pixels).convert("L"))[:, :, None]
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
