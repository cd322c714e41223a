"""Draws one demonstration picture from its factors. Imports no torch."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from gan_studio.engine.data.demo_shapes import SHAPES, Colour, Layer

COLOURS: dict[str, Colour] = {
    "coral": (238, 108, 98),
    "apricot": (246, 158, 84),
    "lemon": (244, 200, 78),
    "mint": (98, 190, 150),
    "sky": (84, 160, 220),
    "indigo": (104, 112, 200),
    "plum": (164, 100, 180),
    "rose": (236, 122, 160),
}
BACKGROUNDS: dict[str, tuple[Colour, Colour]] = {
    "dawn": ((255, 226, 214), (255, 246, 226)),
    "day": ((202, 228, 248), (240, 249, 252)),
    "meadow": ((222, 242, 226), (247, 250, 228)),
    "lilac": ((228, 220, 246), (250, 240, 250)),
    "sand": ((246, 232, 208), (253, 248, 236)),
    "dusk": ((196, 206, 236), (248, 224, 228)),
}
"""Name → colour at the top and at the bottom."""

_OVERSAMPLING = 4
_HALF_EXTENT = 0.42
"""Half the width of a thing of size 1, as a share of the picture."""


@dataclass(frozen=True)
class Factors:
    """All that is seen on one picture."""

    kind: str
    colour: str
    background: str
    size: float
    """1 is as large as it gets."""
    angle: float
    """Degrees, clockwise."""
    mirrored: bool
    shift_x: float
    shift_y: float
    """Away from the middle, as shares of the picture."""


def render(factors: Factors, side: int) -> Image.Image:
    """The picture in RGB, `side` pixels wide and high."""
    colour, alpha = _drawn(factors, side)
    scene = _background(factors.background, side) * _shadow(alpha, side)
    soft = np.asarray(alpha.filter(ImageFilter.GaussianBlur(side / 14)), np.float32)[..., None] / 255
    # Bright in the middle and towards the light, so that flat layers look round.
    lit = colour * ((0.84 + 0.2 * soft) * _light(side))
    cover = np.asarray(alpha, np.float32)[..., None] / 255
    return Image.fromarray((scene * (1 - cover) + lit).clip(0, 255).astype(np.uint8))


def _drawn(factors: Factors, side: int) -> tuple[np.ndarray, Image.Image]:
    """The thing on black, float32 `[side, side, 3]` (so multiplied by its cover), and its cover."""
    large = side * _OVERSAMPLING
    picture, cover = Image.new("RGB", (large, large)), Image.new("L", (large, large))
    draw, draw_cover = ImageDraw.Draw(picture), ImageDraw.Draw(cover)
    transform, middle = _transform(factors, large)
    base = COLOURS[factors.colour]
    for layer in SHAPES[factors.kind]:
        points = (layer.points @ transform + middle).ravel().tolist()
        draw.polygon(points, fill=_paint(layer, base))
        draw_cover.polygon(points, fill=255)
    small = np.asarray(picture.reduce(_OVERSAMPLING), np.float32)
    return small, cover.reduce(_OVERSAMPLING)


def _transform(factors: Factors, large: int) -> tuple[np.ndarray, np.ndarray]:
    radians = np.radians(factors.angle)
    cosine, sine = np.cos(radians), np.sin(radians)
    turn = np.array([[cosine, sine], [-sine, cosine]]) * (factors.size * _HALF_EXTENT * large)
    if factors.mirrored:
        turn = np.array([[-1, 0], [0, 1]]) @ turn
    return turn, np.array([0.5 + factors.shift_x, 0.49 + factors.shift_y]) * large


def _paint(layer: Layer, base: Colour) -> Colour:
    if isinstance(layer.paint, tuple):
        return layer.paint
    tone = layer.paint
    # Lighter tones go towards white, or they would only become more garish.
    red, green, blue = (
        round(part * tone) if tone <= 1 else round(part + (255 - part) * min(1, (tone - 1) * 1.6)) for part in base
    )
    return red, green, blue


def _shadow(alpha: Image.Image, side: int) -> np.ndarray:
    """What a soft shadow below the thing leaves of the background, `[side, side, 3]` in [0, 1]."""
    blurred = np.asarray(alpha.filter(ImageFilter.GaussianBlur(side / 22)), np.float32) / 255
    down, right = round(side * 0.06), round(side * 0.025)
    moved = np.zeros_like(blurred)
    moved[down:, right:] = blurred[:-down, :-right] if right else blurred[:-down]
    return 1 - moved[..., None] * np.array([0.34, 0.31, 0.22], np.float32)


@functools.cache
def _background(name: str, side: int) -> np.ndarray:
    """A gradient with a glow in the upper left, float32 `[side, side, 3]`."""
    top, bottom = (np.array(colour, np.float32) for colour in BACKGROUNDS[name])
    down = np.linspace(0, 1, side, dtype=np.float32)[:, None, None]
    across = np.linspace(0, 1, side, dtype=np.float32)[None, :, None]
    glow = np.exp(-((across - 0.3) ** 2 + (down - 0.25) ** 2) / 0.12)
    sky = top + (bottom - top) * np.broadcast_to(down, (side, side, 1))
    return sky + (255 - sky) * 0.45 * glow


@functools.cache
def _light(side: int) -> np.ndarray:
    """Light from the upper left, float32 `[side, side, 1]` around 1."""
    along = np.linspace(-1, 1, side, dtype=np.float32)
    return (1.03 - 0.11 * along[None, :] - 0.17 * along[:, None])[..., None]
