"""What the explorer has done beside the window: films of paths, and models taken to other programs.

Each function makes a `Work` for the jobs' thread; torch and what else it needs is imported there.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gan_studio.engine.errors import Cancelled, CheckpointError
from gan_studio.engine.progress import Progress
from gan_studio.gui.views.explorer import Batch, BatchPictures, FilmRequest
from gan_studio.gui.views.jobs import JobResult, Work

POLL_SECONDS = 0.1
WASTE_BYTES = 4096
"""How much of what a child process complains about is kept."""


class GridPieces:
    """A batch's pictures as they come, to be saved together."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.model: Any = None
        self.pictures: dict[int, np.ndarray] = {}

    def add(self, made: BatchPictures, model: Any) -> None:
        """Pictures of another batch are passed over."""
        if made.stamp == self.batch.stamp:
            self.model = model
            self.pictures[made.start] = made.pixels

    def is_whole(self) -> bool:
        return sum(map(len, self.pictures.values())) == len(self.batch.viewpoints) > 0


def film(model: Any, request: FilmRequest) -> Work:
    """A film of a path, made by a copy of the model on one core: neither a training nor the explorer feel it."""

    def work(progress: Progress, cancelled: Callable[[], bool]) -> JobResult:
        from gan_studio.engine.export.film import write_film
        from gan_studio.gui.sessions import explorer_engine

        explorer_engine.use_one_thread()
        frames = _frames(explorer_engine, model, request)
        write_film(request.file, frames, request.frames, request.fps, progress, cancelled, zoom=request.enlarge)
        mebibytes = request.file.stat().st_size / 2**20
        return JobResult(f"Saved {request.file.name} ({request.frames} pictures, {mebibytes:.1f} MiB)", request.file)

    return work


def export_safetensors(model: Any, file: Path) -> Work:
    """The generator as one self-describing file."""

    def work(progress: Progress, cancelled: Callable[[], bool]) -> JobResult:
        from gan_studio.engine.export.generators import export_generator

        progress(0, 0)
        export_generator(model.loaded, file, "safetensors")
        return _exported(file)

    return work


def export_onnx(model: Any, file: Path, fixed: Mapping[str, Any]) -> Work:
    """The generator as ONNX, by the command line in a process of its own.

    torch's exporter sets back the random state of its process, which a training here would not survive exactly; and it
    keeps the interpreter busy for seconds.
    """

    def work(progress: Progress, cancelled: Callable[[], bool]) -> JobResult:
        from gan_studio.engine.export.generators import export_generator
        from gan_studio.engine.export.onnx import require_onnx

        require_onnx()
        progress(0, 0)
        with tempfile.TemporaryDirectory(prefix="gan-studio-", ignore_cleanup_errors=True) as folder:
            source = Path(folder) / "generator.safetensors"
            export_generator(model.loaded, source, "safetensors")
            _command(
                ["export", str(source), "--format", "onnx", "--out", str(file), "--controls", json.dumps(dict(fixed))],
                cancelled,
            )
        return _exported(file)

    return work


def _frames(engine: Any, model: Any, request: FilmRequest) -> Iterator[np.ndarray]:
    from gan_studio.engine.latent.paths import frame_positions, on_chain

    loaded = engine.copied(model)
    places = [place.controls for place in request.places]
    for position in frame_positions(len(places), request.frames, request.loop):
        controls = on_chain(loaded.sampler.controls, places, position, request.loop)
        yield engine.pixels_of(loaded, controls)


def _command(arguments: list[str], cancelled: Callable[[], bool]) -> None:
    """Run a command of `gan-studio`. Raises Cancelled, or CheckpointError with what it said."""
    child = subprocess.Popen(
        [sys.executable, "-m", "gan_studio", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        while True:
            try:
                _, said = child.communicate(timeout=POLL_SECONDS)
                break
            except subprocess.TimeoutExpired:
                if cancelled():
                    raise Cancelled from None
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    if child.returncode:
        lines = said.decode(errors="replace")[-WASTE_BYTES:].strip().splitlines() or ["it said nothing"]
        raise CheckpointError(lines[-1].removeprefix("gan-studio export: "))


def _exported(file: Path) -> JobResult:
    return JobResult(f"Exported {file.name} ({file.stat().st_size / 2**20:.1f} MiB)", file)
