"""The explorer's session: the GUI thread's side of the thread in which models are opened and pictures are made.

Every method returns at once. Requests meet in a mailbox of one place, so that the newest wins and none queue.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gan_studio.engine.control import Control
from gan_studio.engine.errors import StudioError
from gan_studio.engine.folders import pictures_folder
from gan_studio.gui.sessions import explorer_jobs
from gan_studio.gui.sessions.explorer_boxes import BatchBox, Mailbox, PictureBox, Request, UnsavedFavourites
from gan_studio.gui.sessions.explorer_worker import ExplorerWorker
from gan_studio.gui.sessions.folder_snapshots import FolderSnapshots
from gan_studio.gui.sessions.worker_thread import WorkerThread
from gan_studio.gui.views import ModelView, Picture, Viewpoint
from gan_studio.gui.views.explorer import Batch, BatchPictures, Favourites, FilmRequest, PathPosition, PictureRequest
from gan_studio.gui.views.jobs import Work

logger = logging.getLogger(__name__)
SNAPSHOT_MS = 1000
"""How often the model in training is copied while it is followed."""
LOOK_MS = 2000
"""How often an opened run is looked at for newer checkpoints."""


class ExplorerSession(QObject):
    """Opens models, answers requests for pictures, saves them; one model at a time."""

    model_opened = Signal(object, object)
    """ModelView, and the Viewpoint to show it from (None: the page's own choice)."""
    seed_drawn = Signal(int, object)
    """Stamp of a `request_seed`, and the Viewpoint with its latents."""
    path_drawn = Signal(int, object)
    """Stamp of a `request_path`, and the Viewpoint there."""
    picture_ready = Signal(object)
    """Picture."""
    batch_ready = Signal(object)
    """BatchPictures: some of a batch."""
    checkpoints_found = Signal(object)
    """Checkpoints of the run that is open; again whenever they change."""
    favourites_found = Signal(object)
    """Favourites of another model than before."""
    picture_begun = Signal(object)
    """PictureBegun: work on a picture of the user's begins."""
    picture_progress = Signal(int, int)
    """Parts done, and all; both 0 where nobody knows."""
    picture_ended = Signal()
    """No picture of the user's is worked on any more, whatever became of it."""
    model_needed = Signal(str, str)
    """Hash and message: ask the user for the file and call `provide_model`."""
    failed = Signal(str, str)
    """Message and advice."""
    saved = Signal(object)
    """Path."""
    following_changed = Signal(bool)

    _open = Signal(object)
    _provide = Signal(object)
    _follow = Signal(object, object)
    _snapshot = Signal()
    _wake = Signal()
    _wake_batch = Signal()
    _wake_step = Signal()
    _wake_picture = Signal()
    _look = Signal()
    _save = Signal(object, object)
    _save_favourites = Signal()
    _moved = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox: Mailbox[Request] = Mailbox()
        self._batches, self._steps, self._unsaved = BatchBox(), Mailbox[int](), UnsavedFavourites()
        self._pictures = PictureBox()
        self._shot: Any = None
        self._grid: explorer_jobs.GridPieces | None = None
        self._control: Control | FolderSnapshots | None = None
        self.save_folder: Path | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(SNAPSHOT_MS)
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._worker = ExplorerWorker(self._mailbox, self._batches, self._steps, self._unsaved, self._pictures)
        self._thread = WorkerThread("explorer", self._worker)
        self._connect_worker()

    def _connect_worker(self) -> None:
        worker = self._worker
        self._open.connect(worker.open_file)
        self._provide.connect(worker.provide_model)
        self._follow.connect(worker.follow)
        self._snapshot.connect(worker.take_snapshot)
        self._wake.connect(worker.work)
        self._wake_batch.connect(worker.work_batch)
        self._wake_step.connect(worker.open_step)
        self._wake_picture.connect(worker.work_picture)
        self._look.connect(worker.look_for_checkpoints)
        self._save.connect(worker.save)
        self._save_favourites.connect(worker.save_favourites)
        worker.model_opened.connect(self._tell_model)
        self._moved.connect(worker.run_moved)
        worker.seed_drawn.connect(self.seed_drawn)
        worker.path_drawn.connect(self.path_drawn)
        worker.shot_made.connect(self._keep_shot)
        worker.batch_made.connect(self._keep_pictures)
        worker.checkpoints_found.connect(self.checkpoints_found)
        worker.favourites_found.connect(self.favourites_found)
        worker.picture_begun.connect(self.picture_begun)
        worker.picture_progress.connect(self.picture_progress)
        worker.picture_ended.connect(self.picture_ended)
        worker.model_needed.connect(self.model_needed)
        worker.failed.connect(self.failed)
        worker.saved.connect(self.saved)
        self._timer.timeout.connect(self._ask_for_snapshot)
        self._looking.timeout.connect(self._look)

    @Slot(object)
    def open_file(self, path: Path) -> None:
        """Open a generator file, the newest generator of a run folder, or a saved picture's model and controls."""
        self.unfollow()
        self._thread.start()
        self._open.emit(Path(path))

    @Slot(object)
    def provide_model(self, path: Path) -> None:
        """The answer to `model_needed`."""
        self._thread.start()
        self._provide.emit(Path(path))

    @Slot(int)
    def open_step(self, step: int) -> None:
        """Open another checkpoint of the run that is open; one asked for before and not begun is forgotten."""
        self.unfollow()
        if self._steps.put(step):
            self._wake_step.emit()

    def follow(self, control: Control | FolderSnapshots, run: Path) -> None:
        """Show the model in training and keep up with it."""
        self._thread.start()
        self._control = control
        self._follow.emit(control, run)
        self._ask_for_snapshot()
        self._timer.start()
        self.following_changed.emit(True)

    @Slot()
    def unfollow(self) -> None:
        """Keep what is shown and no longer ask for snapshots."""
        if self._control is not None:
            self._control = None
            self._timer.stop()
            self._follow.emit(None, None)
            self.following_changed.emit(False)

    @Slot()
    def look_for_snapshot(self) -> None:
        """There may be a newer one of what is followed."""
        if self._control is not None:
            self._snapshot.emit()

    @Slot(int, object)
    def request(self, stamp: int, viewpoint: Viewpoint) -> None:
        """A picture of these controls. A request that came earlier and was not begun is forgotten."""
        self._put(Request(stamp, viewpoint, from_seed=False))

    @Slot(int, object)
    def request_seed(self, stamp: int, viewpoint: Viewpoint) -> None:
        """A picture of the viewpoint's seed: its latents come with `seed_drawn`, then the picture."""
        self._put(Request(stamp, viewpoint, from_seed=True))

    @Slot(int, object)
    def request_path(self, stamp: int, path: PathPosition) -> None:
        """A picture on a path: its controls come with `path_drawn`, then the picture."""
        self._put(Request(stamp, path.places[0], path=path))

    @Slot(object)
    def request_from_picture(self, request: PictureRequest) -> None:
        """Something made of a picture of the user's: `picture_begun`, progress, `picture_ready`, `picture_ended`."""
        if self._pictures.put(request):
            self._wake_picture.emit()

    @Slot()
    def cancel_picture(self) -> None:
        """Give up the work on a picture of the user's."""
        self._pictures.cancel()

    @Slot(object)
    def request_batch(self, batch: Batch) -> None:
        """Pictures that come one after the other with `batch_ready`; a batch of none calls its channel's off."""
        if batch.channel == "grid":
            self._grid = explorer_jobs.GridPieces(batch)
        if self._batches.put(batch):
            self._wake_batch.emit()

    def suggest_path(self, title: str, suffix: str = ".png") -> Path:
        """A free name for a picture, in the folder where one was saved last."""
        from gan_studio.engine.export.png import free_path

        folder = self.save_folder or pictures_folder()
        return free_path(folder if folder.is_dir() else Path.home(), title, suffix)

    @Slot(object)
    def save(self, path: Path) -> None:
        """Write the picture that was handed out last, with its recipe; `saved` or `failed` follows."""
        if self._shot is None:
            self.failed.emit("There is no picture to save yet.", "Open a model first.")
        else:
            self.save_folder = Path(path).parent
            self._save.emit(Path(path), self._shot)

    @Slot(object)
    def save_grid(self, path: Path) -> None:
        """Write the newest grid, whose recipe leads back to it; `saved` or `failed` follows."""
        if self._grid is None or not self._grid.is_whole():
            self.failed.emit("The grid is not whole yet.", "Wait a moment, and save it again.")
        else:
            self.save_folder = Path(path).parent
            self._save.emit(Path(path), self._grid)

    @Slot(object)
    def save_favourites(self, favourites: Favourites) -> None:
        """Write them to where they were found."""
        self._unsaved.put(favourites)
        self._thread.start()
        self._save_favourites.emit()

    def film(self, request: FilmRequest) -> Work | None:
        """The making of a film of a path by the model on show; None without one."""
        return explorer_jobs.film(self._shot.model, request) if self._shot else None

    def export(self, file: Path) -> Work | None:
        """The writing of the model on show to a file, of the kind that its suffix says; None without one."""
        if self._shot is None:
            return None
        if file.suffix.lower() != ".onnx":
            return explorer_jobs.export_safetensors(self._shot.model, file)
        values = self._shot.viewpoint.controls.items()
        fixed = {name: value for name, value in values if isinstance(value, int | float)}
        return explorer_jobs.export_onnx(self._shot.model, file, fixed)

    @Slot(object, object)
    def run_moved(self, before: Path, now: Path) -> None:
        """A run's folder has another name; what is explored may belong to it."""
        self._thread.start()
        self._moved.emit(before, now)

    @Slot()
    def shutdown(self) -> None:
        """End the thread; what it does at the moment is finished first. Waits ten seconds at most."""
        self._timer.stop()
        self._looking.stop()
        self._control = None
        self._worker.closing.set()
        self._thread.shutdown()
        try:
            self._unsaved.write()
        except StudioError as error:
            logger.warning("Favourites were lost: %s", error)

    def _put(self, request: Request) -> None:
        if self._mailbox.put(request):
            self._wake.emit()

    @Slot()
    def _ask_for_snapshot(self) -> None:
        if self._control is not None:
            self._control.request_snapshot()

    @Slot(object, object)
    def _tell_model(self, view: ModelView, viewpoint: Viewpoint | None) -> None:
        if self._worker.closing.is_set():
            return
        if view.run is not None:
            self._looking.start()
        else:
            self._looking.stop()
        self.model_opened.emit(view, viewpoint)

    @Slot(object, object)
    def _keep_pictures(self, pictures: BatchPictures, model: Any) -> None:
        if pictures.channel == "grid" and self._grid is not None:
            self._grid.add(pictures, model)
        self.batch_ready.emit(pictures)

    @Slot(object, object)
    def _keep_shot(self, picture: Picture, shot: Any) -> None:
        self._shot = shot
        self.picture_ready.emit(picture)
