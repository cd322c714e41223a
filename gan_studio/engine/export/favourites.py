"""Places in a model's space of pictures that somebody wants to find again, as a JSON file. Imports no torch.

They lie in the run folder, so that they go where the run goes, or by the generator's hash among the user's data.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from gan_studio.engine.errors import RecipeError, SettingsError
from gan_studio.engine.export.recipe import ControlValue, Latent
from gan_studio.engine.files import atomic_write, make_folder
from gan_studio.engine.folders import favourites_folder
from gan_studio.engine.settings import Settings, validated

SCHEMA = 1
FILE_NAME = "explorer-favourites.json"
MOST_BYTES = 64 * 2**20
MOST = 1000


class Favourite(Settings):
    """A place with its name; latents with exact float32 values."""

    name: str = Field("", max_length=200)
    seed: float = 0.0
    row: float = 0.0
    controls: dict[str, Latent | int | float]

    @classmethod
    def of(cls, name: str, seed: float, row: float, controls: dict[str, ControlValue]) -> Favourite:
        """Raises ValueError for NaN and infinities."""
        portable = {
            key: Latent.of(value) if isinstance(value, np.ndarray) else value for key, value in controls.items()
        }
        return cls.model_validate({"name": name[:200], "seed": seed, "row": row, "controls": portable})

    def values(self) -> dict[str, ControlValue]:
        """The controls as a sampler's front end takes them."""
        return {name: value.array() if isinstance(value, Latent) else value for name, value in self.controls.items()}


class Favourites(Settings):
    """The file."""

    schema_version: int = Field(SCHEMA, alias="schema")
    favourites: tuple[Favourite, ...] = Field(max_length=MOST)


def favourites_file(run: Path | None, sha256: str) -> Path:
    """Where a model's favourites lie: in its run, else under its hash."""
    return run / FILE_NAME if run is not None else favourites_folder() / f"{sha256}.json"


def load_favourites(path: Path) -> tuple[Favourite, ...]:
    """Nothing where there is no file. Raises RecipeError for one that cannot be understood."""
    try:
        if not path.is_file():
            return ()
        if path.stat().st_size > MOST_BYTES:
            raise RecipeError(f"{path} is too large and was not read.", _ADVICE)
        values: Any = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise RecipeError(f"The favourites in {path} cannot be read.", _ADVICE) from error
    schema = values.get("schema") if isinstance(values, dict) else None
    if type(schema) is int and schema > SCHEMA:
        raise RecipeError(f"The favourites in {path} were written by a newer GAN Studio.", "Install that version.")
    try:
        return validated(Favourites, values).favourites
    except SettingsError as error:
        raise RecipeError(f"The favourites in {path} do not hold together: {error.message}.", _ADVICE) from error


def save_favourites(path: Path, favourites: Sequence[Favourite]) -> None:
    """Write them, whole or not at all; without any, no file is made. Raises RunError."""
    if not favourites and not path.exists():
        return
    make_folder(path.parent)
    whole = Favourites.model_validate({"schema": SCHEMA, "favourites": tuple(favourites)})
    with atomic_write(path) as file:
        file.write(json.dumps(whole.model_dump(mode="json", by_alias=True), allow_nan=False, indent=1).encode())


_ADVICE = "Move the file away to begin anew."
