"""The film of a run's timeline: its sample grids, or one cell of them, step by step. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gan_studio.engine.errors import StudioError, first_line
from gan_studio.engine.export.film import enlarged, write_film
from gan_studio.engine.film_plan import FilmPlan, caption_height
from gan_studio.engine.grid_layout import GridLayout, cut_cell
from gan_studio.engine.progress import IsCancelled, Progress

PAPER, INK = (24, 25, 30), (231, 233, 239)
FONT_SHARE = 0.62
LONGEST_SHARE = 0.96
"""How much of a frame's width a caption may take."""
SMALLEST_FONT = 5


def write_timeline_film(
    path: Path,
    grids: Mapping[int, Path],
    picture_size: int,
    plan: FilmPlan,
    progress: Progress = lambda done, total: None,
    cancelled: IsCancelled = lambda: False,
) -> None:
    """Write the grids of the plan's steps as a film; `picture_size` says where their cells lie.

    Raises Cancelled, or StudioError where a grid cannot be read, there is no such cell, or the file cannot be written.
    """
    frames = (frame(grids[step], step, picture_size, plan) for step in plan.steps)
    write_film(path, frames, len(plan.steps), plan.fps, progress, cancelled)


def frame(file: Path, step: int, picture_size: int, plan: FilmPlan) -> np.ndarray:
    """One frame of the film, uint8 `[H, W, 3]`. Raises StudioError."""
    pixels = enlarged(part_of(read_grid(file), picture_size, plan.cell), plan.zoom)
    return captioned(pixels, f"step {step:,}") if plan.caption else pixels


def read_grid(path: Path) -> np.ndarray:
    """A grid's pixels, uint8 `[H, W, 3]`. Raises StudioError."""
    try:
        with Image.open(path) as image:
            return np.array(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise StudioError(
            f"The grid {path.name} cannot be read: {first_line(error)}.", "Leave this step out, or open the run again."
        ) from error


def part_of(pixels: np.ndarray, picture_size: int, cell: int | None) -> np.ndarray:
    """The grid, or one cell of it. Raises StudioError where there is no such cell."""
    if cell is None:
        return pixels
    layout = GridLayout.of(pixels.shape[1], pixels.shape[0], picture_size)
    try:
        return cut_cell(pixels, layout, cell)
    except IndexError:
        raise StudioError(
            f"There is no cell {cell + 1} in this grid.", f"Choose one from 1 to {layout.cells}."
        ) from None


def captioned(pixels: np.ndarray, text: str) -> np.ndarray:
    """Pixels with a strip below that says `text`, as large as there is room for."""
    height, width = pixels.shape[:2]
    strip = Image.new("RGB", (width, caption_height(height)), PAPER)
    draw, middle = ImageDraw.Draw(strip), (width / 2, strip.height / 2)
    draw.text(middle, text, INK, font=_fitting_font(text, width, strip.height), anchor="mm")
    return np.vstack((pixels, np.asarray(strip)))


def _fitting_font(text: str, width: int, height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Small sizes are hinted to whole pixels: how long a text is does not grow evenly with them, so they are tried."""
    largest = max(SMALLEST_FONT, round(height * FONT_SHARE))
    fonts = (ImageFont.load_default(size) for size in range(largest, SMALLEST_FONT, -1))
    fitting = (font for font in fonts if font.getlength(text) <= LONGEST_SHARE * width)
    return next(fitting, ImageFont.load_default(SMALLEST_FONT))
