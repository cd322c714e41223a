"""The models that saved pictures refer to: named in their recipes, kept under their hash, and found again by it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from gan_studio.engine.checkpoint import LoadedGenerator, flat_tensors, load_generator, read_metadata, save_generator
from gan_studio.engine.errors import StudioError
from gan_studio.engine.export.recipe import ControlValue, PictureInput, Recipe, make_recipe
from gan_studio.engine.files import make_folder
from gan_studio.engine.run import GENERATOR_SUFFIX, RunFolder


def find_model(
    sha256: str, run_folders: Iterable[Path], files: Iterable[Path] = ()
) -> tuple[Path, LoadedGenerator] | None:
    """The generator whose weights have this hash, opened, and the file it lies in.

    Looks among the generators kept under their hash first, then at what the metadata of checkpoints and of `files`
    claim. A claim counts for nothing until the weights themselves were hashed.
    """
    runs = [RunFolder(folder) for folder in run_folders]
    for path in _claimants(sha256, runs, files):
        with suppress(StudioError):
            loaded = load_generator(path)
            if loaded.sha256 == sha256:
                return path, loaded
    return None


def keep_model(run_folder: Path, loaded: LoadedGenerator, source: Path | None = None) -> Path:
    """Make sure that this generator lies under its hash in the run, where no pruning of checkpoints deletes it.

    `source`, the file it was loaded from, is linked instead of written again where the file system can do that.
    Raises RunError where the disk is full.
    """
    path = RunFolder(run_folder).generators / f"{loaded.sha256}{GENERATOR_SUFFIX}"
    if path.exists():
        return path
    make_folder(path.parent)
    if source is None or not _link(source, path, loaded.sha256):
        save_generator(path, loaded.config, loaded.step, flat_tensors(loaded.networks))
    return path


def recipe_of(
    loaded: LoadedGenerator,
    controls: Mapping[str, ControlValue],
    *,
    title: str,
    seed: float,
    row: float = 0.0,
    grid: tuple[int, int] | None = None,
    picture: PictureInput | None = None,
) -> Recipe:
    """The recipe of a picture that this generator made from `controls`. Raises RecipeError."""
    return make_recipe(
        family=loaded.config.family,
        sha256=loaded.sha256,
        step=loaded.step,
        title=title,
        controls=controls,
        output=loaded.sampler.main_output,
        seed=seed,
        row=row,
        grid=grid,
        picture=picture,
    )


def _claimants(sha256: str, runs: list[RunFolder], files: Iterable[Path]) -> Iterator[Path]:
    for run in runs:
        path = run.generators / f"{sha256}{GENERATOR_SUFFIX}"
        if path.is_file():
            yield path
    for path in (*files, *(path for run in runs for path in reversed(run.generator_files().values()))):
        with suppress(StudioError):
            if read_metadata(path)[2] == sha256:
                yield path


def _link(source: Path, path: Path, sha256: str) -> bool:
    """False where the source changed since it was opened, or links are not to be had."""
    try:
        if read_metadata(source)[2] != sha256:
            return False
        os.link(source, path)
    except (StudioError, OSError):
        return False
    return True
