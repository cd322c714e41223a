"""The explorer's session: the GUI thread's side of the thread in which models are opened and pictures are made.

Every method returns at once. Requests meet in a mailbox of one place, so that the newest wins and none queue.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gan_studio.engine.control import Control
from gan_studio.engine.folders import pictures_folder
from gan_studio.gui.sessions.explorer_worker import ExplorerWorker, Mailbox, Request
from gan_studio.gui.sessions.worker_thread import WorkerThread
from gan_studio.gui.views import Picture, Viewpoint

SNAPSHOT_MS = 1000
"""How often the model in training is copied while it is followed."""


class ExplorerSession(QObject):
    """Opens models, answers requests for pictures, saves them; one model at a time."""

    model_opened = Signal(object, object)
    """ModelView, and the Viewpoint to show it from (None: the page's own choice)."""
    seed_drawn = Signal(int, object)
    """Stamp of a `request_seed`, and the Viewpoint with its latents."""
    picture_ready = Signal(object)
    """Picture."""
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
    _save = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = Mailbox()
        self._shot: Any = None
        self._control: Control | None = None
        self.save_folder: Path | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(SNAPSHOT_MS)
        self._worker = ExplorerWorker(self._mailbox)
        self._thread = WorkerThread("explorer", self._worker)
        self._connect_worker()

    def _connect_worker(self) -> None:
        worker = self._worker
        self._open.connect(worker.open_file)
        self._provide.connect(worker.provide_model)
        self._follow.connect(worker.follow)
        self._snapshot.connect(worker.take_snapshot)
        self._wake.connect(worker.work)
        self._save.connect(worker.save)
        worker.model_opened.connect(self.model_opened)
        worker.seed_drawn.connect(self.seed_drawn)
        worker.shot_made.connect(self._keep_shot)
        worker.model_needed.connect(self.model_needed)
        worker.failed.connect(self.failed)
        worker.saved.connect(self.saved)
        self._timer.timeout.connect(self._ask_for_snapshot)

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

    def follow(self, control: Control, run: Path) -> None:
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

    @Slot(int, int)
    def snapshot_ready(self, version: int, step: int) -> None:
        """The trainer put a snapshot into the control's mailbox."""
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

    def suggest_path(self, title: str) -> Path:
        """A free name for a picture, in the folder where one was saved last."""
        from gan_studio.engine.export.png import free_path

        folder = self.save_folder or pictures_folder()
        return free_path(folder if folder.is_dir() else Path.home(), title)

    @Slot(object)
    def save(self, path: Path) -> None:
        """Write the picture that was handed out last, with its recipe; `saved` or `failed` follows."""
        if self._shot is None:
            self.failed.emit("There is no picture to save yet.", "Open a model first.")
        else:
            self.save_folder = Path(path).parent
            self._save.emit(Path(path), self._shot)

    @Slot()
    def shutdown(self) -> None:
        """End the thread; what it does at the moment is finished first. Waits ten seconds at most."""
        self._timer.stop()
        self._control = None
        self._worker.closing.set()
        self._thread.shutdown()

    def _put(self, request: Request) -> None:
        if self._mailbox.put(request):
            self._wake.emit()

    @Slot()
    def _ask_for_snapshot(self) -> None:
        if self._control is not None:
            self._control.request_snapshot()

    @Slot(object, object)
    def _keep_shot(self, picture: Picture, shot: Any) -> None:
        self._shot = shot
        self.picture_ready.emit(picture)
