"""Recipes: what a saved picture was made from, as JSON text. Imports no torch.

A recipe names a generator by its hash and holds the controls with exact float32 values. It is read from files of
unknown origin: nothing in it is ever used as a path, and its size and depth are checked before it is parsed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import Field, model_validator

from gan_studio import __version__
from gan_studio.engine.errors import RecipeError, SettingsError
from gan_studio.engine.settings import Settings, validated

RECIPE_SCHEMA = 1
MOST_BYTES = 64 * 1024
MOST_DEPTH = 8

ControlValue = np.ndarray | float | int
"""float32 arrays of one sample's shape for latents and pictures, plain numbers for the rest."""


Side = Annotated[int, Field(ge=1, le=1000)]


class Latent(Settings):
    """A float32 array as JSON: its shape, and its values in C order."""

    shape: tuple[Annotated[int, Field(ge=0, le=MOST_BYTES)], ...] = Field(max_length=6)
    values: tuple[float, ...] = Field(max_length=MOST_BYTES)

    @model_validator(mode="after")
    def _holds_together(self) -> Latent:
        if math.prod(self.shape) != len(self.values):
            raise ValueError(f"{len(self.values)} values do not fill the shape {list(self.shape)}")
        if not np.isfinite(self.array()).all():
            raise ValueError("a value lies outside the range of float32")
        return self

    def array(self) -> np.ndarray:
        """float32, writable, of `shape`."""
        with np.errstate(over="ignore"):
            return np.array(self.values, np.float64).astype(np.float32).reshape(self.shape)

    @classmethod
    def of(cls, array: np.ndarray) -> Latent:
        """Raises ValueError for NaN and infinities."""
        values = np.asarray(array, np.float32)
        return cls(shape=values.shape, values=tuple(_short(value) for value in values.ravel()))


class PictureInput(Settings):
    """The picture that another one was made from: to be known again, never to be looked for."""

    name: str = Field(max_length=200)
    """What the file was called; words for a person."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Of its shape and pixels, uint8 `[H, W, 3]`."""


class Recipe(Settings):
    """All that is needed to make one picture again, given the generator."""

    schema_version: int = Field(RECIPE_SCHEMA, alias="schema")
    program: str = Field(__version__, max_length=100)
    """Version of GAN Studio that wrote it."""
    family: str = Field(max_length=100)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Of the generator's weights, as `checkpoint.generator_sha256` counts it."""
    step: int = Field(ge=0)
    title: str = Field("", max_length=500)
    output: str = Field("image", max_length=100)
    """Which of the sampler's named pictures it is."""
    seed: float = 0.0
    row: float = 0.0
    """Where on the plane of seeds the picture was found; shown again, not needed to make it."""
    controls: dict[str, Latent | int | float]
    grid: tuple[Side, Side] | None = None
    """Columns and rows where the picture is a grid of consecutive seeds; the rest then describes its first."""

    picture: PictureInput | None = None
    """Where it was made from another picture, which is not inside: that picture is needed again."""

    def values(self) -> dict[str, ControlValue]:
        """The controls as a sampler's front end takes them."""
        return {name: value.array() if isinstance(value, Latent) else value for name, value in self.controls.items()}

    def to_json(self) -> str:
        """ASCII JSON. Raises RecipeError where it would exceed `MOST_BYTES`."""
        absent = {name for name in ("grid", "picture") if getattr(self, name) is None}
        values = self.model_dump(mode="json", by_alias=True, exclude=absent)
        text = json.dumps(values, allow_nan=False, separators=(",", ":"))
        if len(text) > MOST_BYTES:
            raise RecipeError(
                f"The recipe of this picture takes {len(text) // 1024} KiB; at most {MOST_BYTES // 1024} KiB fit.",
                "Save the picture without changed style layers or noise.",
            )
        return text


def make_recipe(
    *,
    family: str,
    sha256: str,
    step: int,
    controls: Mapping[str, ControlValue],
    title: str = "",
    output: str = "image",
    seed: float = 0.0,
    row: float = 0.0,
    grid: tuple[int, int] | None = None,
    picture: PictureInput | None = None,
) -> Recipe:
    """A recipe from the values that a picture was made with. Raises RecipeError for NaN, infinities and odd types."""
    try:
        return Recipe.model_validate(
            {
                "family": family,
                "sha256": sha256,
                "step": step,
                "title": title[:500],
                "output": output,
                "seed": seed,
                "row": row,
                "grid": grid,
                "picture": picture,
                "controls": {name: _portable(value) for name, value in controls.items()},
            }
        )
    except ValueError as error:
        raise RecipeError("These controls cannot be written into a recipe.", "Reset the sliders first.") from error


def parse_recipe(text: str | bytes, where: str) -> Recipe:
    """Read a recipe's JSON. `where` names the file in errors. Raises RecipeError."""
    if len(text) > MOST_BYTES:
        raise RecipeError(f"The recipe in {where} is larger than {MOST_BYTES // 1024} KiB and was not read.")
    try:
        text = text.decode() if isinstance(text, bytes) else text
        if _depth(text) > MOST_DEPTH:
            raise RecipeError(f"The recipe in {where} is nested too deeply and was not read.")
        values = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise RecipeError(f"The recipe in {where} is damaged.", "Use the picture as it was saved.") from error
    _check_schema(values, where)
    try:
        return validated(Recipe, values)
    except SettingsError as error:
        raise RecipeError(f"The recipe in {where} does not hold together: {error.message}.") from error


def _check_schema(values: Any, where: str) -> None:
    schema = values.get("schema") if isinstance(values, dict) else None
    if type(schema) is not int or schema < 1:
        raise RecipeError(f"The text in {where} is not a recipe of GAN Studio.")
    if schema > RECIPE_SCHEMA:
        raise RecipeError(
            f"The recipe in {where} was written by GAN Studio {str(values.get('program'))[:40]}, which is newer.",
            "Install that version to open it.",
        )


def _portable(value: ControlValue) -> Latent | int | float:
    return Latent.of(value) if isinstance(value, np.ndarray) else value


def _short(value: np.float32) -> float:
    """The double with the fewest digits that is this float32 again when rounded; seven digits instead of seventeen."""
    short = float(str(value))
    return short if np.float32(short) == value else float(value)


def _depth(text: str) -> int:
    """How deeply brackets are nested, those inside strings left out."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", re.sub(r'"(?:\\.|[^"\\])*"', "", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")
