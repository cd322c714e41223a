"""Paths through viewpoints: what lies between two places in a model's space of pictures, and a film's frames on it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from gan_studio.engine.latent.seeds import blend
from gan_studio.engine.sampler_controls import ControlSpec

Values = Mapping[str, Any]
"""Controls of one sample by name: float32 arrays for latents and pictures, plain numbers for the rest."""


def at_fraction(specs: Sequence[ControlSpec], start: Values, end: Values, fraction: float) -> dict[str, Any]:
    """Controls between two places; exactly `start` at 0 and `end` at 1.

    Latents follow their prior's own path: along the sphere for normal and sphere, straight for uniform. Numbers and
    pictures are blended linearly; choices and seeds switch in the middle. A control that only one of the places has
    is taken at its default in the other.
    """
    if fraction <= 0:
        return dict(start)
    if fraction >= 1:
        return dict(end)
    names = start.keys() | end.keys()
    return {spec.name: _blend(spec, start, end, fraction) for spec in specs if spec.name in names}


def on_chain(
    specs: Sequence[ControlSpec], places: Sequence[Values], position: float, loop: bool = False
) -> dict[str, Any]:
    """Controls at a position of a chain of places: 0 is the first, 1 the second; `loop` leads on to the first again.

    Raises ValueError without places.
    """
    if not places:
        raise ValueError("a path needs a place")
    stops = [*places, places[0]] if loop and len(places) > 1 else list(places)
    position = min(max(position, 0.0), float(len(stops) - 1))
    stretch = min(math.floor(position), len(stops) - 2)
    if stretch < 0:
        return dict(stops[0])
    return at_fraction(specs, stops[stretch], stops[stretch + 1], position - stretch)


def frame_positions(places: int, frames: int, loop: bool = False) -> list[float]:
    """Positions of a film's frames, evenly along the chain.

    A film that loops leaves out its last place, which is its first: played over and over, no frame comes twice.
    """
    stretches = places if loop and places > 1 else places - 1
    steps = frames if loop else frames - 1
    return [stretches * number / max(1, steps) for number in range(frames)]


def _blend(spec: ControlSpec, start: Values, end: Values, fraction: float) -> Any:
    if spec.kind in ("latent", "picture"):
        a, b = (torch.from_numpy(np.array(values[spec.name], np.float32)) for values in (start, end))
        if np.array_equal(start[spec.name], end[spec.name]):
            return a.numpy()
        return (blend(a, b, fraction, spec.prior) if spec.kind == "latent" else torch.lerp(a, b, fraction)).numpy()
    a, b = (values.get(spec.name, spec.default) for values in (start, end))
    if spec.kind == "number":
        return a + (b - a) * fraction
    return a if fraction < 0.5 else b
