"""Jobs that write a run's grids to files: the film of its timeline, and pictures. `JobsSession` runs them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gan_studio.engine.film_plan import FilmPlan
from gan_studio.engine.folders import pictures_folder
from gan_studio.engine.progress import IsCancelled, Progress, check
from gan_studio.gui.quantities import whole
from gan_studio.gui.views.jobs import JobResult, Work


def film_work(path: Path, grids: Mapping[int, Path], picture_size: int, plan: FilmPlan) -> Work:
    """The film of a plan; `picture_size` says where the cells of the grids lie."""
    kept = {step: grids[step] for step in plan.steps}

    def work(progress: Progress, cancelled: IsCancelled) -> JobResult:
        from gan_studio.engine.export.timeline_film import write_timeline_film

        write_timeline_film(path, kept, picture_size, plan, progress, cancelled)
        frames = len(plan.steps)
        said = f"{whole(frames)} {'frame' if frames == 1 else 'frames'}, {plan.seconds:.1f} s"
        return JobResult(f"Saved {path.name} ({said}, {path.stat().st_size / 1024**2:.1f} MiB)", path)

    return work


def picture_work(path: Path, grid: Path, picture_size: int, cell: int | None, zoom: int) -> Work:
    """One grid, or one of its cells, as a PNG at `path`."""

    def work(progress: Progress, cancelled: IsCancelled) -> JobResult:
        _write_picture(path, grid, picture_size, cell, zoom)
        return JobResult(f"Saved {path.name}", path)

    return work


def pictures_work(folder: Path, grids: Mapping[int, Path], picture_size: int, cell: int | None, zoom: int) -> Work:
    """Several grids as PNGs in a folder, under names that no file bears."""
    wanted = dict(grids)

    def work(progress: Progress, cancelled: IsCancelled) -> JobResult:
        from gan_studio.engine.export.png import free_path

        written: list[Path] = []
        try:
            for step, grid in wanted.items():
                check(cancelled)
                path = free_path(folder, f"step {step:08d}" + ("" if cell is None else f" cell {cell + 1}"))
                _write_picture(path, grid, picture_size, cell, zoom)
                written.append(path)
                progress(len(written), len(wanted))
        except BaseException:
            for path in written:
                path.unlink(missing_ok=True)
            raise
        return JobResult(f"Saved {whole(len(written))} pictures in {folder.name}", folder)

    return work


def suggest_path(folder: Path | None, title: str, suffix: str) -> Path:
    """A free file name for what is to be saved, in this folder or where pictures usually go."""
    from gan_studio.engine.export.png import free_path

    return free_path(folder or pictures_folder(), title, suffix)


def _write_picture(path: Path, grid: Path, picture_size: int, cell: int | None, zoom: int) -> None:
    from gan_studio.engine.export.film import enlarged
    from gan_studio.engine.export.png import save_png
    from gan_studio.engine.export.timeline_film import part_of, read_grid

    save_png(path, enlarged(part_of(read_grid(grid), picture_size, cell), zoom))
