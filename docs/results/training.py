"""Trains one recipe to its end; what was interrupted goes on where it was."""

from __future__ import annotations

import sys
from pathlib import Path

from docs.results.recipes import Recipe
from gan_studio.engine.control import Control
from gan_studio.engine.errors import StudioError
from gan_studio.engine.events import Failed, Report, TrainEvent
from gan_studio.engine.request import ResumeRequest
from gan_studio.engine.run import RunFolder
from gan_studio.engine.training import run_training


def trained(recipe: Recipe, data: Path, runs: Path, minutes: float, threads: int) -> RunFolder:
    """The run of a recipe, trained for `minutes` in all. Raises StudioError."""
    run = RunFolder(runs / recipe.name)
    if run.config_file.is_file() and run.state_files():
        request = ResumeRequest(run.path, limits={"minutes": minutes})
    else:
        if run.path.exists():
            run.delete()
        request = recipe.request(data, run.path, minutes, threads)
    run_training(request, _show(recipe.name), Control())
    return run


def _show(name: str):
    def show(event: TrainEvent) -> None:
        match event:
            case Report(step, images):
                sys.stderr.write(f"\r{name}: step {step:,}, {images:,} images ")
            case Failed(message, advice):
                raise StudioError(message, advice)

    return show
