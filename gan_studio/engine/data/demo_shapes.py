"""The things on the demonstration pictures, as polygons. Imports no torch.

A thing is drawn in a square from -1 to 1, y downwards, layer by layer. A tone makes the picture's colour lighter
(above 1) or darker (below 1); a colour of its own stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Colour = tuple[int, int, int]
CREAM: Colour = (255, 248, 232)
GOLD: Colour = (252, 205, 96)
INK: Colour = (58, 54, 72)
WOOD: Colour = (164, 116, 84)


@dataclass(frozen=True)
class Layer:
    """One polygon in one colour."""

    points: np.ndarray
    """`[K, 2]` in [-1, 1]."""
    paint: float | Colour = 1.0
    """A tone of the picture's colour, or a colour."""


def ellipse(x: float, y: float, width: float, height: float, turn: float = 0.0, points: int = 28) -> np.ndarray:
    """`width` and `height` are half axes, `turn` is in degrees."""
    angles = np.linspace(0, 2 * np.pi, points, endpoint=False)
    line = np.stack([width * np.cos(angles), height * np.sin(angles)], 1)
    return _turned(line, turn) + np.array([x, y])


def polygon(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, dtype=float)


def wave(radius: Callable[[np.ndarray], np.ndarray], points: int = 120) -> np.ndarray:
    """A closed line around the middle, its distance given by the angle."""
    angles = np.linspace(-np.pi / 2, 1.5 * np.pi, points, endpoint=False)
    return np.stack([np.cos(angles), np.sin(angles)], 1) * radius(angles)[:, None]


def curve(*corners: tuple[float, float], rounds: int = 3) -> np.ndarray:
    """A smooth closed line that follows its corners (Chaikin 1974, corner cutting)."""
    points = np.array(corners, dtype=float)
    for _ in range(rounds):
        after = np.roll(points, -1, axis=0)
        points = np.stack([0.75 * points + 0.25 * after, 0.25 * points + 0.75 * after], 1).reshape(-1, 2)
    return points


def _turned(points: np.ndarray, degrees: float) -> np.ndarray:
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return points @ np.array([[cosine, sine], [-sine, cosine]])


def _around(shape: np.ndarray, count: int, start: float = 0.0) -> list[np.ndarray]:
    return [_turned(shape, start + index * 360 / count) for index in range(count)]


def _balloon() -> list[Layer]:
    envelope = curve((-0.3, -0.98), (0.3, -0.98), (0.78, -0.6), (0.72, -0.05), (0.2, 0.48), (-0.2, 0.48),
                     (-0.72, -0.05), (-0.78, -0.6))  # fmt: skip
    return [
        Layer(polygon((-0.17, 0.36), (-0.12, 0.36), (-0.1, 0.76), (-0.14, 0.76)), WOOD),
        Layer(polygon((0.17, 0.36), (0.12, 0.36), (0.1, 0.76), (0.14, 0.76)), WOOD),
        Layer(curve((-0.2, 0.72), (0.2, 0.72), (0.16, 1.0), (-0.16, 1.0), rounds=2), WOOD),
        Layer(envelope),
        Layer(envelope * (0.62, 1.0), CREAM),
        Layer(envelope * (0.26, 1.0), 0.86),
    ]


def _boat() -> list[Layer]:
    return [
        Layer(polygon((-0.05, -0.95), (0.03, -0.95), (0.03, 0.45), (-0.05, 0.45)), WOOD),
        Layer(curve((0.08, -0.9), (0.14, -0.86), (0.8, 0.28), (0.76, 0.34), (0.08, 0.34), rounds=2)),
        Layer(curve((-0.1, -0.68), (-0.14, -0.66), (-0.62, 0.26), (-0.6, 0.34), (-0.1, 0.34), rounds=2), CREAM),
        Layer(curve((-0.95, 0.46), (0.95, 0.46), (0.62, 0.9), (0.4, 0.95), (-0.5, 0.95), (-0.7, 0.88), rounds=2), WOOD),
        Layer(polygon((-0.86, 0.5), (0.88, 0.5), (0.8, 0.62), (-0.78, 0.62)), CREAM),
    ]


def _butterfly() -> list[Layer]:
    upper = curve((0.02, -0.1), (0.3, -0.8), (0.85, -0.9), (0.95, -0.35), (0.5, 0.1))
    lower = curve((0.02, 0.02), (0.55, 0.05), (0.8, 0.45), (0.5, 0.9), (0.15, 0.6))
    layers = []
    for side in (-1, 1):
        mirror = np.array([side, 1])
        layers += [
            Layer(lower * mirror, 0.82),
            Layer(upper * mirror),
            Layer((upper * 0.55 + (0.24, -0.17)) * mirror, 1.3),
            Layer(ellipse(side * 0.46, 0.42, 0.14, 0.17), 1.25),
        ]
    return [*layers, Layer(ellipse(0, 0.0, 0.09, 0.56), INK), Layer(ellipse(0, -0.58, 0.13, 0.13), INK)]


def _fish() -> list[Layer]:
    body = curve((0.95, 0.02), (0.6, -0.42), (0.05, -0.62), (-0.5, -0.25), (-0.62, 0.0), (-0.5, 0.25), (0.05, 0.62),
                 (0.6, 0.46))  # fmt: skip
    return [
        Layer(curve((-0.35, 0), (-0.98, -0.62), (-0.8, 0), (-0.98, 0.62), rounds=2), 0.8),
        Layer(curve((0.35, -0.4), (-0.05, -0.95), (-0.4, -0.75), (-0.3, -0.25), rounds=2), 0.8),
        Layer(body),
        Layer(curve((0.9, 0.12), (0.4, 0.26), (-0.5, 0.12), (0.05, 0.56), (0.55, 0.44), rounds=2), 1.35),
        Layer(ellipse(0.02, 0.08, 0.24, 0.13, 20), 0.8),
        Layer(ellipse(0.52, -0.12, 0.15, 0.15), CREAM),
        Layer(ellipse(0.56, -0.11, 0.08, 0.08), INK),
    ]


def _flower() -> list[Layer]:
    petals = _around(ellipse(0, -0.6, 0.28, 0.38), 7)
    inner = _around(ellipse(0, -0.42, 0.13, 0.24), 7)
    return [
        *(Layer(petal, 1.0 if index % 2 else 0.92) for index, petal in enumerate(petals)),
        *(Layer(petal, 1.28) for petal in inner),
        Layer(ellipse(0, 0, 0.28, 0.28), GOLD),
        Layer(ellipse(-0.05, -0.06, 0.15, 0.15), (255, 226, 150)),
    ]


def _mushroom() -> list[Layer]:
    cap = curve((-0.98, 0.1), (-0.8, -0.6), (-0.3, -0.98), (0.3, -0.98), (0.8, -0.6), (0.98, 0.1), (0.5, 0.22),
                (-0.5, 0.22))  # fmt: skip
    dots = ((-0.42, -0.42, 0.17), (0.18, -0.62, 0.15), (0.52, -0.18, 0.16), (-0.05, -0.12, 0.11), (-0.7, -0.04, 0.09))
    return [
        Layer(curve((-0.3, 0.0), (0.3, 0.0), (0.28, 0.6), (0.42, 0.95), (-0.42, 0.95), (-0.28, 0.6)), CREAM),
        Layer(ellipse(0, 0.14, 0.62, 0.14), (222, 205, 190)),
        Layer(cap),
        *(Layer(ellipse(x, y, size * 1.1, size), CREAM) for x, y, size in dots),
    ]


def _planet() -> list[Layer]:
    ring = np.concatenate([ellipse(0, 0, 1.0, 0.34, -18, 40), ellipse(0, 0, 0.74, 0.19, -18, 40)])
    front = np.concatenate([_half(1.0, 0.34), _half(0.74, 0.19)[::-1]])
    return [
        Layer(ring[:40], GOLD),
        Layer(ellipse(0, 0, 0.62, 0.62, points=48)),
        Layer(_band(-0.34, -0.16), 1.25),
        Layer(_band(0.08, 0.2), 0.85),
        Layer(_band(0.34, 0.44), 1.2),
        Layer(_turned(front, -18), (255, 224, 150)),
    ]


def _half(width: float, height: float) -> np.ndarray:
    angles = np.linspace(0, np.pi, 28)
    return np.stack([width * np.cos(angles), height * np.sin(angles)], 1)


def _band(top: float, bottom: float, radius: float = 0.62) -> np.ndarray:
    down = np.linspace(top, bottom, 5)
    edge = np.sqrt(radius**2 - down**2)
    return np.concatenate([np.stack([edge, down], 1), np.stack([-edge, down], 1)[::-1]])


def _star() -> list[Layer]:
    outline = wave(lambda angle: 0.68 + 0.29 * np.cos(5 * (angle + np.pi / 2)))
    return [
        Layer(outline),
        Layer(outline * 0.66, 1.22),
        Layer(ellipse(-0.2, -0.02, 0.08, 0.1), INK),
        Layer(ellipse(0.2, -0.02, 0.08, 0.1), INK),
        Layer(ellipse(-0.36, 0.16, 0.1, 0.06), (255, 170, 160)),
        Layer(ellipse(0.36, 0.16, 0.1, 0.06), (255, 170, 160)),
        Layer(_half(0.12, 0.1) + np.array([0, 0.14]), INK),
    ]


SHAPES: Mapping[str, list[Layer]] = {
    "balloon": _balloon(),
    "boat": _boat(),
    "butterfly": _butterfly(),
    "fish": _fish(),
    "flower": _flower(),
    "mushroom": _mushroom(),
    "planet": _planet(),
    "star": _star(),
}
"""Kind → its layers, from back to front."""
