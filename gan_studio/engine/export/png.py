"""PNG files that carry their recipe. Imports no torch."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from gan_studio import __version__
from gan_studio.engine.errors import RecipeError
from gan_studio.engine.export.recipe import Recipe, parse_recipe
from gan_studio.engine.files import atomic_write

RECIPE_KEYWORD = "GAN Studio recipe"


def save_png(path: Path, pixels: np.ndarray, recipe: Recipe | None = None, *, compress_level: int = 6) -> None:
    """Write pixels uint8 `[H, W, 3]` and the recipe as a PNG, whole or not at all.

    A file that bears the name already is replaced, as a person who was asked agreed to; `free_path` finds a name that
    is free. `compress_level` is zlib's: 1 is fast, 9 is small. Raises RunError where the file cannot be written,
    RecipeError where the recipe is too large.
    """
    information = _text_chunks(recipe)
    with atomic_write(path) as file:
        Image.fromarray(np.ascontiguousarray(pixels)).save(
            file, "PNG", pnginfo=information, compress_level=compress_level
        )


def free_path(folder: Path, title: str, suffix: str = ".png") -> Path:
    """A path in `folder` that no file bears: `title.png`, `title 2.png`, … Characters no system likes are replaced."""
    stem = re.sub(r'[\x00-\x1f<>:"/\\|?*]+', "-", title).strip(" .-")[:120] or "picture"
    path, number = folder / f"{stem}{suffix}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem} {number}{suffix}"
    return path


def read_recipe(path: Path) -> Recipe:
    """The recipe inside a PNG; its pixels are not decoded. Raises RecipeError."""
    try:
        with Image.open(path, formats=("PNG",)) as picture:
            text = picture.info.get(RECIPE_KEYWORD)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise RecipeError(f"{path} cannot be read as a PNG picture.", "Choose a PNG saved by the explorer.") from error
    if not isinstance(text, str):
        raise RecipeError(
            f"{path} holds no recipe.",
            "To explore, choose a PNG that was saved by the explorer and not edited since. "
            "To train on pictures like it, open the folder that they lie in.",
        )
    return parse_recipe(text, str(path))


def _text_chunks(recipe: Recipe | None) -> PngImagePlugin.PngInfo:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Software", f"GAN Studio {__version__}")
    if recipe is not None:
        chunks.add_text(RECIPE_KEYWORD, recipe.to_json())
    return chunks
