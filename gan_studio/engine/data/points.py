"""Points in the plane instead of pictures: shapes on which the game can be seen. Imports no torch.

A source of points is written `points:ring`. The n-th point is a pure function of the shape, the seed and n.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan_studio.engine.data.mixing import mix
from gan_studio.engine.errors import DatasetError

PREFIX = "points:"
_PLACE_STREAM, _RADIUS_STREAM, _ANGLE_STREAM = 0x504C41, 0x524144, 0x414E47


@dataclass(frozen=True)
class Shape:
    """A distribution of points: a place on a curve or one of several modes, and normal noise around it."""

    title: str
    sentence: str
    places: Callable[[np.ndarray], np.ndarray]
    """Numbers uniform in [0, 1) `[N]` → places without noise `[N, 2]`."""
    sigma: float
    """Deviation of the noise in both directions."""
    extent: float
    """What is drawn of the plane: from -extent to extent, both ways."""
    modes: np.ndarray | None = None
    """Centres `[K, 2]` where there are single modes to count; None for a curve."""

    def draw(self, seed: int, numbers: np.ndarray) -> np.ndarray:
        """The points with these numbers, float32 `[N, 2]`."""
        places = self.places(_uniform(seed, _PLACE_STREAM, numbers))
        # Box and Muller 1958; the radius is of 1 - u, which is never 0
        radii = self.sigma * np.sqrt(-2 * np.log1p(-_uniform(seed, _RADIUS_STREAM, numbers)))
        angles = 2 * np.pi * _uniform(seed, _ANGLE_STREAM, numbers)
        return (places + radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1)).astype(np.float32)


def _mixture(title: str, sentence: str, modes: np.ndarray, sigma: float, extent: float) -> Shape:
    """Gaussians of equal weight."""

    def places(uniform: np.ndarray) -> np.ndarray:
        return modes[(uniform * len(modes)).astype(np.int64)]

    return Shape(title, sentence, places, sigma, extent, modes)


def _ring() -> np.ndarray:
    angles = 2 * np.pi * np.arange(8) / 8
    return 2 * np.stack([np.cos(angles), np.sin(angles)], 1)


def _grid() -> np.ndarray:
    side = 2.0 * np.arange(-2, 3)
    return np.stack(np.meshgrid(side, side), -1).reshape(-1, 2)


def _moons(uniform: np.ndarray) -> np.ndarray:
    """Two half circles, one turned over and moved into the other."""
    upper = uniform < 0.5
    angles = np.pi * (2 * uniform % 1)
    x = np.where(upper, np.cos(angles), 1 - np.cos(angles)) - 0.5
    y = np.where(upper, np.sin(angles), 0.5 - np.sin(angles)) - 0.25
    return 1.5 * np.stack([x, y], 1)


def _spiral(uniform: np.ndarray) -> np.ndarray:
    """Two turns; the root spreads the points evenly along it."""
    turn = np.sqrt(uniform)
    angles = 4 * np.pi * turn
    return 2 * turn[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1)


SHAPES: Mapping[str, Shape] = {
    "ring": _mixture("Ring of 8", "Eight Gaussians on a circle of radius 2, σ 0.02.", _ring(), 0.02, 3.0),
    "grid": _mixture("Grid of 25", "5 × 5 Gaussians, 2 apart, σ 0.05.", _grid(), 0.05, 5.0),
    "gaussian": _mixture("One Gaussian", "A single Gaussian in the middle, σ 0.5.", np.zeros((1, 2)), 0.5, 2.5),
    "moons": Shape("Two moons", "Two half circles that reach into each other, σ 0.1.", _moons, 0.1, 3.0),
    "spiral": Shape("Spiral", "Two turns of a spiral, σ 0.03.", _spiral, 0.03, 3.0),
}


def shape_name(source: Path | str) -> str:
    """The shape that a source of points names (`points:ring`); empty for a folder or zip."""
    name = Path(source).name
    return name.removeprefix(PREFIX) if name.startswith(PREFIX) else ""


def shape_called(name: str) -> Shape:
    """Raises DatasetError for a name that no shape has."""
    if name not in SHAPES:
        raise DatasetError(f"There is no shape called {name!r}.", f"Choose one of: {', '.join(SHAPES)}.")
    return SHAPES[name]


def _uniform(seed: int, stream: int, numbers: np.ndarray) -> np.ndarray:
    """In [0, 1), with the 53 bits that a float64 holds."""
    return (mix(seed, stream, counter=numbers) >> np.uint64(11)) * 2.0**-53
