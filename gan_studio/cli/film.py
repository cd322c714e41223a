"""`gan-studio film`: the sample grids of a run, step by step, as a film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from gan_studio.cli.arguments import UsageError, parse
from gan_studio.cli.console import progress_bar, put, put_json
from gan_studio.engine.errors import RunError, StudioError
from gan_studio.engine.files import make_folder
from gan_studio.engine.film_formats import film_format
from gan_studio.engine.film_plan import FilmPlan, film_steps
from gan_studio.engine.run import RunFolder

MOST_ZOOM = 64


@dataclass(frozen=True)
class FilmArguments:
    run: Annotated[Path, tyro.conf.Positional]
    """A run folder."""
    out: Path = Path("film.mp4")
    """The film to write; .mp4, .webp, .png (APNG) or .gif says which kind."""
    fps: float = 12.0
    """Frames per second."""
    seconds: float = 0.0
    """How long the film lasts, instead of --fps; 0 leaves it to --fps."""
    every: int = 1
    """Takes every n-th grid; the last one is always there."""
    first: int = 0
    """Begins at this step."""
    last: int = 0
    """Ends at this step; 0 for the end of the run."""
    cell: int = 0
    """Shows one cell of the grid, counted row by row from 1; 0 shows the whole grid."""
    zoom: int = 1
    """Enlarges every pixel to a square of this side."""
    caption: bool = False
    """Writes the step below each frame."""
    favourites: bool = False
    """Takes only the steps that were marked in the window."""
    json: bool = False
    """Print what was written as JSON."""


def run(arguments: Sequence[str]) -> int:
    parsed = parse(FilmArguments, "film", arguments, "Make a film of how a run learned.")
    _check(parsed)
    folder = RunFolder.open(parsed.run)
    plan = _plan(parsed, folder)
    from gan_studio.engine.export.timeline_film import write_timeline_film

    make_folder(parsed.out.parent)
    with progress_bar("Writing the film") as update:
        write_timeline_film(parsed.out, folder.sample_files(), folder.config().picture.size, plan, update)
    if parsed.json:
        put_json({"file": str(parsed.out), "frames": len(plan.steps), "seconds": round(plan.seconds, 3)})
    else:
        put(f"{parsed.out}: {len(plan.steps):,} frames, {plan.seconds:.1f} s")
    return 0


def _check(parsed: FilmArguments) -> None:
    """Raises UsageError."""
    try:
        film_format(parsed.out)
    except StudioError as error:
        raise UsageError(f"--out {error.message}", error.advice) from None
    if parsed.fps <= 0 or parsed.seconds < 0:
        raise UsageError("A film takes time.", "Give --fps or --seconds above 0.")
    if parsed.every < 1 or not 1 <= parsed.zoom <= MOST_ZOOM or parsed.cell < 0:
        raise UsageError("--every, --zoom or --cell is out of range.", f"--zoom goes from 1 to {MOST_ZOOM}.")


def _plan(parsed: FilmArguments, folder: RunFolder) -> FilmPlan:
    """Raises RunError where there is nothing to film."""
    only = folder.favourites() if parsed.favourites else None
    steps = film_steps(folder.sample_files(), parsed.first, parsed.last or None, parsed.every, only)
    if not steps:
        raise RunError(f"{folder.path} has no such grids.", "Widen --first and --last, or leave --favourites out.")
    fps = len(steps) / parsed.seconds if parsed.seconds else parsed.fps
    return FilmPlan(steps, fps, parsed.zoom, parsed.cell - 1 if parsed.cell else None, parsed.caption)
