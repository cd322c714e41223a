"""What a training leaves on disk: metrics, TensorBoard, grids and checkpoints.

A disk that is full costs a grid or a checkpoint, never the training.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from gan_studio.engine.checkpoint import flat_tensors, save_generator, save_state
from gan_studio.engine.config import RunConfig
from gan_studio.engine.errors import RunError
from gan_studio.engine.events import CheckpointSaved, Emit, GridSaved, Notice
from gan_studio.engine.run import RunFolder
from gan_studio.engine.samples import GridMaker, RawGrids
from gan_studio.engine.state import TrainingState
from gan_studio.engine.tensorboard import TensorBoard


class Recorder:
    """Writes the state of one training into its run folder. What cannot be written is told once, not every time."""

    def __init__(
        self,
        config: RunConfig,
        run: RunFolder,
        state: TrainingState,
        grids: GridMaker,
        raw_grids: RawGrids | None = None,
    ) -> None:
        self._config, self._run, self._state, self._grids = config, run, state, grids
        self._raw_grids = raw_grids
        self._counters = state.counters
        self._emit: Emit = lambda event: None
        self._board: TensorBoard | None = None
        self._grid_point: tuple[int, int] | None = None
        self._saved_point: tuple[int, int] | None = None
        self._failing: set[str] = set()

    def open(self, emit: Emit) -> None:
        """Begin to write, and to tell `emit` what was written."""
        self._emit = emit
        self._open_board()

    def close(self) -> None:
        if self._board:
            self._board.close()
            self._board = None

    def scalars(self, scalars: dict[str, float]) -> None:
        """One line of metrics, and the same for TensorBoard."""
        counters = self._counters
        place = {"step": counters.step, "images": counters.images, "seconds": round(counters.seconds, 3)}
        self.attempt("metrics", lambda: self._run.append_metrics(place | scalars))
        board = self._board
        if board and not self.attempt("TensorBoard", lambda: board.add(counters.step, scalars)):
            self.close()

    def grid(self) -> None:
        """The sample grid of this point, and the raw one where it is wanted, unless they were made already."""
        step, point = self._counters.step, self._point()
        if point == self._grid_point:
            return
        path, raw = self._run.sample_file(step), self._raw_grids
        # First, so that who hears of the grid finds both
        if raw:
            self.attempt("raw grid", lambda: raw.write(self._run.raw_sample_file(step)))
        if self.attempt("grid", lambda: self._grids.write(path)):
            self._grid_point = point
            self._emit(GridSaved(step, path))

    def checkpoint(self) -> bool:
        """The checkpoint of this point, unless it was written already; False where it could not be."""
        step, point, start = self._counters.step, self._point(), time.perf_counter()
        if point == self._saved_point:
            return True
        if not self.attempt("checkpoint", self._write_checkpoint):
            return False
        self._saved_point = point
        self.attempt("old checkpoints", lambda: self._run.prune_checkpoints(self._config.training.keep_checkpoints))
        path, seconds = self._run.state_file(step), time.perf_counter() - start
        size_bytes = path.stat().st_size + self._run.generator_file(step).stat().st_size
        self._run.log(f"Checkpoint at step {step}, {size_bytes / 2**20:.0f} MiB in {seconds:.1f} s.")
        self._emit(CheckpointSaved(step, path, size_bytes, seconds))
        return True

    def loaded(self) -> None:
        """The state was just read from its checkpoint: it need not be written again."""
        self._saved_point = self._point()
        self._grid_point = None

    def cut(self) -> None:
        """Forget what lies behind this step, because it is trained again."""
        self.attempt("metrics", lambda: self._run.cut(self._counters.step))
        if self._board:
            self.close()
            self._open_board()

    def attempt(self, what: str, write: Callable[[], Any]) -> bool:
        """Write something; where that fails, say so the first time."""
        try:
            write()
        except RunError as error:
            if what not in self._failing:
                self._failing.add(what)
                self._run.log(str(error))
                self._emit(Notice(error.message, f"{error.advice} Training goes on.".strip()))
            return False
        self._failing.discard(what)
        return True

    def _open_board(self) -> None:
        if self._config.training.tensorboard:
            self.attempt("TensorBoard", self._make_board)

    def _make_board(self) -> None:
        self._board = TensorBoard(self._run.tensorboard, first_step=self._counters.step + 1)

    def _write_checkpoint(self) -> None:
        """Generator first, state last: where there is a state, its checkpoint is whole. Raises RunError."""
        step = self._counters.step
        generator = self._run.generator_file(step)
        save_generator(generator, self._config, step, flat_tensors(self._state.averages.networks))
        try:
            save_state(
                self._run.state_file(step), {"plan": self._state.stepper.plan.to_dict(), **self._state.capture()}
            )
        except RunError:
            generator.unlink(missing_ok=True)
            raise

    def _point(self) -> tuple[int, int]:
        """What tells one state of the networks from another: steps, and updates by hand between them."""
        return self._counters.step, self._counters.interventions
