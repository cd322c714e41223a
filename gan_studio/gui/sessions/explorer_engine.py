"""What the explorer's thread does with torch: opens models, draws seeds, makes pictures, saves them. No Qt.

Imported inside that thread only, because it imports torch.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gan_studio.engine.checkpoint import LoadedGenerator, flat_tensors, generator_from_tensors, load_generator
from gan_studio.engine.config import RunConfig
from gan_studio.engine.control import Snapshot
from gan_studio.engine.errors import CheckpointError, RecipeError
from gan_studio.engine.export.favourites import favourites_file, load_favourites
from gan_studio.engine.export.full_size import InputPicture, at_full_size, needed_bytes, read_input
from gan_studio.engine.export.grids import tile, to_pixels
from gan_studio.engine.export.models import find_model, keep_model, recipe_of
from gan_studio.engine.export.png import read_recipe, save_png
from gan_studio.engine.export.recipe import Recipe
from gan_studio.engine.latent.paths import on_chain
from gan_studio.engine.latent.plane import at_point
from gan_studio.engine.progress import IsCancelled, Progress
from gan_studio.engine.run import GENERATOR_SUFFIX, find_run, generator_at
from gan_studio.engine.sampler_controls import ControlSpec
from gan_studio.gui.sessions.explorer_jobs import GridPieces
from gan_studio.gui.views import ModelView, Viewpoint
from gan_studio.gui.views.explorer import Favourite, Favourites, PathPosition, PictureBegun, PictureRequest


@dataclass(frozen=True)
class OpenModel:
    """A generator in the explorer's memory."""

    view: ModelView
    loaded: LoadedGenerator
    run: Path | None
    """The run it belongs to, where saved pictures' models are kept."""


@dataclass(frozen=True)
class Shot:
    """A picture together with everything it was made from."""

    model: OpenModel
    viewpoint: Viewpoint
    pixels: np.ndarray
    given: InputPicture | None = None
    """The picture that it was made from."""


class ModelMissing(RecipeError):
    """A recipe whose generator lies in none of the places that were looked at."""

    def __init__(self, path: Path, recipe: Recipe) -> None:
        super().__init__(
            f"{path.name} was made by “{recipe.title}” at step {recipe.step}, which is not among the known runs.",
            "Choose that run's folder or its generator file.",
        )
        self.recipe = recipe


def use_one_thread() -> None:
    """Compute on one core in this thread, and leave the default of threads made later as it was.

    torch remembers the last count set anywhere as the default for new threads; a short-lived thread sets it back.
    """
    default = torch.get_num_threads()
    torch.set_num_threads(1)
    restorer = threading.Thread(target=torch.set_num_threads, args=(default,))
    restorer.start()
    restorer.join()


def open_model(path: Path) -> OpenModel:
    """A generator file, or the newest of a run folder. Raises CheckpointError or RunError."""
    file = generator_at(path)
    return _model(load_generator(file), file)


def open_picture(path: Path, run_folders: Iterable[Path], files: Iterable[Path]) -> tuple[OpenModel, Viewpoint]:
    """The model and controls a saved PNG was made with. Raises RecipeError, or ModelMissing."""
    recipe = read_recipe(path)
    found = find_model(recipe.sha256, run_folders, files)
    if found is None:
        raise ModelMissing(path, recipe)
    return _model(found[1], found[0]), viewpoint_of(recipe, found[1].sampler.controls)


def open_for_recipe(path: Path, recipe: Recipe) -> tuple[OpenModel, Viewpoint]:
    """The same with a file or run that the user points at. Raises CheckpointError where it holds another model."""
    runs, files = ([path], []) if path.is_dir() else ([], [path])
    found = find_model(recipe.sha256, runs, files)
    if found is None:
        raise CheckpointError(
            f"{path} does not hold the model that the picture was made by.",
            f"It is “{recipe.title}” at step {recipe.step}.",
        )
    return _model(found[1], found[0]), viewpoint_of(recipe, found[1].sampler.controls)


def model_from_snapshot(config: RunConfig, run: Path, snapshot: Snapshot) -> OpenModel:
    """The model in training, as it was at the end of a step."""
    loaded = generator_from_tensors(config, snapshot.step, snapshot.tensors)
    return OpenModel(_view(loaded, run.name, None, run, live=True), loaded, run)


def viewpoint_of(recipe: Recipe, specs: tuple[ControlSpec, ...]) -> Viewpoint:
    """A recipe's controls, checked against what the model takes. Raises RecipeError."""
    controls = recipe.values()
    latents = {spec.name for spec in specs if spec.kind == "latent"}
    if not fits(controls, specs) or not latents <= controls.keys():
        raise RecipeError("The recipe's controls are not those of its model.", "The picture's recipe was changed.")
    return Viewpoint(recipe.seed, recipe.row, controls, recipe.grid, recipe.picture.name if recipe.picture else "")


def fits(controls: Mapping[str, Any], specs: tuple[ControlSpec, ...]) -> bool:
    """Whether arrays have the shapes, numbers are numbers and choices exist that these specs ask for."""
    known = {spec.name: spec for spec in specs}
    return all(name in known and _fits_one(value, known[name]) for name, value in controls.items())


def can_show(model: OpenModel, viewpoints: Iterable[Viewpoint]) -> bool:
    """Whether these were made for controls such as the model's."""
    return all(fits(viewpoint.controls, model.view.controls) for viewpoint in viewpoints)


def draw_seed(model: OpenModel, viewpoint: Viewpoint) -> Viewpoint:
    """The viewpoint with every latent replaced by the one of its seed and row."""
    latents = {
        spec.name: at_point(spec, viewpoint.seed, viewpoint.row).numpy()
        for spec in model.view.controls
        if spec.kind == "latent"
    }
    return Viewpoint(viewpoint.seed, viewpoint.row, {**viewpoint.controls, **latents})


def on_path(model: OpenModel, path: PathPosition) -> Viewpoint:
    """The place on a path. Its seed is that of the place it is nearest to."""
    places = path.places
    controls = on_chain(model.view.controls, [place.controls for place in places], path.position, path.loop)
    nearest = places[round(path.position) % len(places)]
    return Viewpoint(nearest.seed, nearest.row, controls)


def render(model: OpenModel, viewpoint: Viewpoint) -> Shot:
    """One picture."""
    return Shot(model, viewpoint, pixels_of(model.loaded, viewpoint.controls))


def render_many(model: OpenModel, viewpoints: Iterable[Viewpoint], from_seed: bool) -> np.ndarray:
    """Pictures uint8 `[N, H, W, 3]`. One at a time: the same pixels as one by one, and as fast on one core."""
    places = [draw_seed(model, viewpoint) if from_seed else viewpoint for viewpoint in viewpoints]
    return np.stack([pixels_of(model.loaded, place.controls) for place in places])


def pixels_of(loaded: LoadedGenerator, values: Mapping[str, Any]) -> np.ndarray:
    """The picture of controls of one sample, uint8 `[H, W, 3]`."""
    controls = {
        name: torch.from_numpy(np.array(value, np.float32))[None] if isinstance(value, np.ndarray) else value
        for name, value in values.items()
    }
    sampler = loaded.sampler
    with torch.inference_mode():
        return to_pixels(sampler(controls)[sampler.main_output])[0]


def given_picture(request: PictureRequest) -> InputPicture | None:
    """The picture of a request; None where it asks for the one before. Raises DatasetError."""
    if request.pixels is not None:
        return InputPicture("pasted picture", request.pixels)
    return read_input(request.source) if request.source else None


def begun(model: OpenModel, request: PictureRequest, given: InputPicture) -> PictureBegun:
    """What the user should know before the work on a picture begins."""
    height, width = given.pixels.shape[:2]
    return PictureBegun(request.stamp, given.name, (width, height), needed_bytes(model.loaded, given))


def apply(
    model: OpenModel, given: InputPicture, controls: Mapping[str, Any], progress: Progress, cancelled: IsCancelled
) -> tuple[Shot, np.ndarray | None]:
    """What the model makes of a picture at full size, and the picture to compare with. Raises Cancelled."""
    made = at_full_size(model.loaded, given, controls, progress=progress, cancelled=cancelled)
    return Shot(model, Viewpoint(controls=controls), made.result, given), made.before


def copied(model: OpenModel) -> LoadedGenerator:
    """The model with tensors of its own, for another thread."""
    loaded = model.loaded
    return generator_from_tensors(loaded.config, loaded.step, flat_tensors(loaded.networks))


def grid_shot(grid: GridPieces) -> Shot:
    """A whole grid as one picture; where it leads back to is its first."""
    model, batch = grid.model, grid.batch
    pixels = tile(np.concatenate([grid.pictures[start] for start in sorted(grid.pictures)]), batch.columns)
    first = draw_seed(model, batch.viewpoints[0]) if batch.from_seed else batch.viewpoints[0]
    rows = -(-len(batch.viewpoints) // batch.columns)
    return Shot(model, Viewpoint(first.seed, first.row, first.controls, (batch.columns, rows)), pixels)


def save_shot(path: Path, shot: Shot, run: Path | None) -> None:
    """Write the picture with its recipe, and its model under its hash into the run it belongs to. Raises RunError.

    `run` is where that run lies by now.
    """
    view, loaded, viewpoint = shot.model.view, shot.model.loaded, shot.viewpoint
    recipe = recipe_of(
        loaded,
        viewpoint.controls,
        title=view.title,
        seed=viewpoint.seed,
        row=viewpoint.row,
        grid=viewpoint.grid,
        picture=shot.given.in_recipe() if shot.given else None,
    )
    if run is not None:
        keep_model(run, loaded, view.source)
    save_png(path, shot.pixels, recipe)


def favourites_place(model: OpenModel) -> Path:
    """The file that a model's favourites are kept in."""
    return favourites_file(model.run, model.view.sha256)


def read_favourites(model: OpenModel, place: Path) -> Favourites:
    """Those that the model can show. Raises RecipeError."""
    items = tuple(
        Favourite(item.name, Viewpoint(item.seed, item.row, item.values())) for item in load_favourites(place)
    )
    return Favourites(place, tuple(item for item in items if can_show(model, (item.viewpoint,))))


def _model(loaded: LoadedGenerator, file: Path) -> OpenModel:
    run = find_run(file.parent)
    title = loaded.config.name or (run.path.name if run else file.name.removesuffix(GENERATOR_SUFFIX))
    folder = run.path if run else None
    return OpenModel(_view(loaded, title, file, folder, live=False), loaded, folder)


def _view(loaded: LoadedGenerator, title: str, source: Path | None, run: Path | None, live: bool) -> ModelView:
    return ModelView(
        title=loaded.config.name or title,
        family=loaded.family.title,
        step=loaded.step,
        size=loaded.config.picture.size,
        sha256=loaded.sha256,
        controls=loaded.sampler.controls,
        source=source,
        live=live,
        run=run,
    )


def _fits_one(value: Any, spec: ControlSpec) -> bool:
    if spec.kind in ("latent", "picture"):
        return isinstance(value, np.ndarray) and value.shape == spec.shape
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return spec.kind != "choice" or (isinstance(value, int) and 0 <= value < len(spec.choices))
