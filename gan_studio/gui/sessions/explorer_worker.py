"""The explorer's worker: lives in its own thread, and always does the newest request only. Imports torch there."""

from __future__ import annotations

import functools
import importlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from gan_studio.engine.control import Control
from gan_studio.engine.errors import Cancelled, StudioError
from gan_studio.engine.run import RunFolder, known_runs
from gan_studio.gui.sessions.explorer_boxes import BatchBox, Mailbox, PictureBox, Request, UnsavedFavourites
from gan_studio.gui.sessions.explorer_jobs import GridPieces
from gan_studio.gui.sessions.folder_snapshots import FolderSnapshots
from gan_studio.gui.views import Picture, Viewpoint
from gan_studio.gui.views.explorer import BatchPictures, Checkpoints, Favourites, PictureRequest

logger = logging.getLogger(__name__)


def _reported(method: Callable[..., None]) -> Callable[..., None]:
    """Turn whatever a slot raises into `failed`: an exception that leaves a slot would end in the terminal only."""

    @functools.wraps(method)
    def guarded(self: ExplorerWorker, *args: Any) -> None:
        try:
            if not self.closing.is_set():
                method(self, *args)
        except StudioError as error:
            self.failed.emit(error.message, error.advice)
        except Exception as error:
            logger.exception("The explorer failed.")
            self.failed.emit(f"The explorer failed: {error}.", "Open the model again. The log holds the details.")

    return guarded


class ExplorerWorker(QObject):
    """All slots run in the explorer's thread."""

    model_opened = Signal(object, object)
    seed_drawn = Signal(int, object)
    shot_made = Signal(object, object)
    """Picture, and the shot that `save` takes."""
    model_needed = Signal(str, str)
    path_drawn = Signal(int, object)
    batch_made = Signal(object, object)
    """BatchPictures, and the model that made them."""
    checkpoints_found = Signal(object)
    favourites_found = Signal(object)
    picture_begun = Signal(object)
    picture_progress = Signal(int, int)
    picture_ended = Signal()
    failed = Signal(str, str)
    saved = Signal(object)
    _more = Signal()

    def __init__(
        self,
        mailbox: Mailbox[Request],
        batches: BatchBox,
        steps: Mailbox[int],
        unsaved: UnsavedFavourites,
        pictures: PictureBox,
    ) -> None:
        super().__init__()
        self.closing = threading.Event()
        self._mailbox, self._batches, self._steps, self._unsaved = mailbox, batches, steps, unsaved
        self._pictures = pictures
        self._given: Any = None
        """The picture that the user gave last."""
        self._checkpoints: Checkpoints | None = None
        self._favourites_at: Path | None = None
        self._loaded_engine: Any = None
        self._model: Any = None
        self._wanted: Any = None
        self._runs: list[Path] = []
        self._files: list[Path] = []
        self._moves: list[tuple[Path, Path]] = []
        self._followed: tuple[Control | FolderSnapshots, Path] | None = None
        # Through the event loop, so that a request for a single picture comes in between
        self._more.connect(self.work_batch, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    @_reported
    def open_file(self, path: Path) -> None:
        """A generator, a run, or a saved picture."""
        self._followed = None
        engine = self._engine()
        if path.suffix.lower() != ".png" or path.is_dir():
            self._show(engine.open_model(path), None)
            return
        try:
            self._show(*engine.open_picture(path, [*self._runs, *known_runs()], self._files))
        except engine.ModelMissing as missing:
            self._wanted = missing.recipe
            self.model_needed.emit(missing.recipe.sha256, str(missing))

    @Slot(object)
    @_reported
    def provide_model(self, path: Path) -> None:
        """The file or run that the last picture's recipe needs."""
        if self._wanted is not None:
            self._show(*self._engine().open_for_recipe(path, self._wanted))
            self._wanted = None

    @Slot(object, object)
    @_reported
    def follow(self, control: Control | FolderSnapshots | None, run: Path | None) -> None:
        """Take snapshots from this control from now on; None for no longer."""
        self._followed = (control, run) if control is not None and run is not None else None
        if run is not None:
            self._remember(self._runs, run)

    @Slot()
    @_reported
    def take_snapshot(self) -> None:
        """Show the newest snapshot, if there is one and it is of another step."""
        if self._followed is None:
            return
        control, run = self._followed
        snapshot = control.take_snapshot()
        if snapshot is None or self._shows_already(run, snapshot.step):
            return
        config = RunFolder.open(run).config()
        self._show(self._engine().model_from_snapshot(config, run, snapshot), None)

    @Slot()
    @_reported
    def open_step(self) -> None:
        """Another checkpoint of the run that is open."""
        step = self._steps.take()
        if step is None or self._model is None or self._model.run is None:
            return
        self._followed = None
        self._show(self._engine().open_model(RunFolder.open(self._model.run).generator_at_step(step)), None)

    @Slot()
    @_reported
    def look_for_checkpoints(self) -> None:
        """Tell which checkpoints the run has, where that changed: it may be trained on, here or elsewhere."""
        if self._model is None or self._model.run is None:
            return
        found = Checkpoints(self._model.run, tuple(RunFolder(self._model.run).generator_files()))
        if found != self._checkpoints:
            self._checkpoints = found
            self.checkpoints_found.emit(found)

    @Slot()
    @_reported
    def work(self) -> None:
        """Answer the newest request; one that was made for another model's controls is dropped."""
        request = self._mailbox.take()
        if request is None or self._model is None:
            return
        engine, viewpoint = self._engine(), request.viewpoint
        if not engine.can_show(self._model, (viewpoint, *(request.path.places if request.path else ()))):
            return
        started = time.perf_counter()
        if request.path:
            viewpoint = engine.on_path(self._model, request.path)
            self.path_drawn.emit(request.stamp, viewpoint)
        elif request.from_seed:
            viewpoint = engine.draw_seed(self._model, viewpoint)
            self.seed_drawn.emit(request.stamp, viewpoint)
        shot = engine.render(self._model, viewpoint)
        self.shot_made.emit(Picture(request.stamp, shot.pixels, time.perf_counter() - started), shot)

    @Slot()
    @_reported
    def work_picture(self) -> None:
        """Make the newest picture that is wanted from one of the user's."""
        request = self._pictures.take()
        if request is None:
            return
        try:
            self._make_from_picture(request)
        except Cancelled:
            logger.info("A picture was called off.")
        finally:
            if not self._pictures.waits():
                self.picture_ended.emit()

    def _make_from_picture(self, request: PictureRequest) -> None:
        engine, model = self._engine(), self._model
        self._given = engine.given_picture(request) or self._given
        if model is None or not model.view.takes_pictures or not engine.fits(request.controls, model.view.controls):
            return
        if self._given is None:
            return
        self.picture_begun.emit(engine.begun(model, request, self._given))
        started = time.perf_counter()
        shot, before = engine.apply(
            model,
            self._given,
            request.controls,
            self.picture_progress.emit,
            lambda: self.closing.is_set() or not self._pictures.is_wanted(request),
        )
        picture = Picture(request.stamp, shot.pixels, time.perf_counter() - started, before)
        self.shot_made.emit(picture, shot)

    @Slot()
    @_reported
    def work_batch(self) -> None:
        """Make the next few pictures of a batch, and see to the rest after whatever else is wanted."""
        piece = self._batches.next_piece()
        if piece is None:
            return
        batch, start, stop = piece
        try:
            engine, wanted = self._engine(), batch.viewpoints[start:stop]
            if self._model is not None and engine.can_show(self._model, wanted):
                pixels = engine.render_many(self._model, wanted, batch.from_seed)
                self.batch_made.emit(BatchPictures(batch.channel, batch.stamp, start, pixels), self._model)
        finally:
            # Also after a failure: nobody else wakes what is still to be made
            if not self._batches.is_empty():
                self._more.emit()

    @Slot(object, object)
    def run_moved(self, before: Path, now: Path) -> None:
        """From now on the models of pictures that are saved are kept in the new folder."""
        self._moves.append((before, now))
        self._remember(self._runs, now)
        if self._model is not None and self._model.run == before:
            self._model = _moved(self._model, before, now)
            self._tell_favourites(self._model)

    def _where_now(self, run: Path | None) -> Path | None:
        for before, now in self._moves:
            run = now if run == before else run
        return run

    @Slot(object, object)
    @_reported
    def save(self, path: Path, shot: Any) -> None:
        """Write a shot that was made, or the pieces of a grid."""
        engine = self._engine()
        shot = engine.grid_shot(shot) if isinstance(shot, GridPieces) else shot
        engine.save_shot(path, shot, self._where_now(shot.model.run))
        self.saved.emit(path)

    @Slot()
    @_reported
    def save_favourites(self) -> None:
        """Write the favourites that changed."""
        self._unsaved.write()

    def _show(self, model: Any, viewpoint: Viewpoint | None) -> None:
        self._model = model
        if model.run is not None:
            self._remember(self._runs, model.run)
        if model.view.source is not None:
            self._remember(self._files, model.view.source)
        self.model_opened.emit(model.view, viewpoint)
        self._tell_favourites(model)
        self.look_for_checkpoints()

    def _tell_favourites(self, model: Any) -> None:
        """Those of the model's run, or of the model itself; nothing where they are known already."""
        place = self._engine().favourites_place(model)
        if place == self._favourites_at:
            return
        self._favourites_at = place
        try:
            self.favourites_found.emit(self._engine().read_favourites(model, place))
        except StudioError as error:
            self.favourites_found.emit(Favourites(None))
            self.failed.emit(error.message, error.advice)

    def _shows_already(self, run: Path, step: int) -> bool:
        model = self._model
        return model is not None and model.view.live and (model.run, model.view.step) == (run, step)

    def _remember(self, paths: list[Path], path: Path) -> None:
        if path not in paths:
            paths.insert(0, path)

    def _engine(self) -> Any:
        """The module that knows torch, imported here so that the window need not wait for it."""
        if self._loaded_engine is None:
            engine = importlib.import_module("gan_studio.gui.sessions.explorer_engine")
            engine.use_one_thread()
            self._loaded_engine = engine
        return self._loaded_engine


def _moved(model: Any, before: Path, now: Path) -> Any:
    """An open model whose run has another folder now."""
    source = model.view.source
    if source is not None and source.is_relative_to(before):
        source = now / source.relative_to(before)
    return replace(model, run=now, view=replace(model.view, source=source))
