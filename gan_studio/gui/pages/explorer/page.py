"""The explorer page: turns what the user does into requests with stamps, and shows the answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QUndoStack
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.pages.explorer.control_column import ControlColumn
from gan_studio.gui.pages.explorer.history import History, Place
from gan_studio.gui.pages.explorer.stage import Stage
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import ModelView, Picture, Viewpoint

SEEDS_PER_SIDE = 2.0
"""How many seeds a drag over the whole picture walks."""
PICTURE_FILES = "PNG pictures (*.png)"
SuggestPath = Callable[[str], Path]


class ExplorerPage(QWidget):
    """Knows views, never models: the window connects it to a session.

    Args:
        example: the trained example's file, where there is one.
        suggest_path: a free file name for a title, where "Save picture" starts.
    """

    open_requested = Signal(object)
    """Path of a generator, a run, or a saved picture."""
    model_provided = Signal(object)
    """Path, in answer to `ask_for_model`."""
    live_requested = Signal(bool)
    picture_requested = Signal(int, object)
    """Stamp and Viewpoint."""
    seed_requested = Signal(int, object)
    """Stamp and a Viewpoint whose latents are to be drawn from its seed."""
    save_requested = Signal(object)
    """Path for the picture that is shown."""

    def __init__(self, suggest_path: SuggestPath, example: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("explorer_page")
        self._suggest_path = suggest_path
        self._view: ModelView | None = None
        self._stamp = 0
        self._gestures: dict[int, str] = {}
        self.undo_stack = QUndoStack(self)
        self._history = History(self.undo_stack, self._go_back)
        self._build_panels(example)
        self._build_actions()
        self._connect_controls()
        self._connect_stage()

    def _build_panels(self, example: Path | None) -> None:
        self.stage = Stage(example)
        self.controls = ControlColumn(self.undo_stack, example)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING.l, SPACING.l, SPACING.l, SPACING.m)
        row.setSpacing(SPACING.l)
        row.addWidget(self.stage, 1)
        row.addWidget(self.controls)

    def _build_actions(self) -> None:
        """`actions()`, for keys while the focus is on this page, and for the window's menu."""
        self._add_action("undo", self.undo_stack.createUndoAction(self, "&Undo"), "Ctrl+Z", "arrow-u-up-left")
        redo = self.undo_stack.createRedoAction(self, "Re&do")
        self._add_action("redo", redo, "Ctrl+Shift+Z", "arrow-u-up-right")
        redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        reset, save, copy = QAction("&Reset", self), QAction("&Save picture…", self), QAction("&Copy picture", self)
        self._add_action("reset", reset, "Home", "arrow-counter-clockwise")
        self._add_action("save_picture", save, "Ctrl+S", "floppy-disk")
        self._add_action("copy_picture", copy, "Ctrl+Shift+C", "copy")
        # No other page saves anything by hand: this one counts wherever the focus is.
        save.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self._picture_actions = (reset, save, copy)
        for action, slot in zip(self._picture_actions, (self.reset, self.save_picture, self.copy_picture), strict=True):
            action.triggered.connect(slot)
            action.setEnabled(False)

    def _add_action(self, name: str, action: QAction, keys: str, symbol: str) -> None:
        action.setObjectName(f"action_{name}")
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setIcon(icon(symbol))
        self.addAction(action)

    def _connect_controls(self) -> None:
        controls = self.controls
        controls.edited.connect(self._on_edited)
        controls.position.moved.connect(self._on_moved)
        controls.position.reset_requested.connect(self.reset)
        controls.save_button.clicked.connect(self.save_picture)
        controls.copy_button.clicked.connect(self.copy_picture)
        controls.model.open_requested.connect(self.open_path)
        controls.model.live_toggled.connect(self.live_requested)

    def _connect_stage(self) -> None:
        stage = self.stage
        stage.canvas.walked.connect(self._on_walked)
        stage.canvas.walk_finished.connect(self.controls.position.end_gesture)
        stage.model_provided.connect(self.model_provided)
        stage.welcome.open_requested.connect(self.controls.model.menu.ask_for_run)
        stage.welcome.example_requested.connect(self.open_path)
        stage.welcome.follow_requested.connect(self._follow)

    # --- what the session says ---

    @Slot(object, object)
    def show_model(self, view: ModelView, viewpoint: Viewpoint | None) -> None:
        """A model was opened. One with the same controls is shown from where the user stands, unless told otherwise."""
        known = self._view is not None and self._view.controls == view.controls
        self._view = view
        self.controls.model.show_model(view)
        self.stage.clear_messages()
        if not known:
            self._gestures.clear()
            self.controls.set_specs(view.controls)
        if viewpoint is not None:
            self._start_from(viewpoint)
        elif known:
            self._refresh()
        else:
            self._draw_seed("")

    @Slot(int, object)
    def show_seed(self, stamp: int, viewpoint: Viewpoint) -> None:
        """The latents of a seed that was asked for; those that came after a slider was moved are too late."""
        gesture = self._gestures.get(stamp)
        if gesture is None:
            return
        self._gestures = {later: name for later, name in self._gestures.items() if later > stamp}
        self.controls.latents.set_arrays(viewpoint.controls)
        self.controls.latents.set_baseline(viewpoint.controls)
        place = Place(viewpoint, viewpoint.controls)
        if gesture:
            self._history.record(place, gesture)
        else:
            self._history.start(place)

    @Slot(object)
    def show_picture(self, picture: Picture) -> None:
        """Older pictures than the one that is shown are dropped."""
        self.stage.show_picture(picture)
        for action in self._picture_actions:
            action.setEnabled(True)

    @Slot(str, str)
    def show_failure(self, message: str, advice: str) -> None:
        self.stage.show_failure(message, advice)
        if self._view is None:
            self.controls.model.show_nothing()
        else:
            self.controls.model.show_model(self._view)

    @Slot(str, str)
    def ask_for_model(self, sha256: str, message: str) -> None:
        """The model of a saved picture was not found."""
        self.show_failure(message, "")
        self.stage.ask_for_model(message)

    @Slot(object)
    def show_saved(self, path: Path) -> None:
        self.stage.say(f"Saved {path}")

    @Slot(bool)
    def set_training(self, running: bool) -> None:
        """Whether there is a model in training."""
        self.controls.model.set_training(running)
        self.stage.welcome.set_training(running)

    @Slot(bool)
    def set_following(self, following: bool) -> None:
        self.controls.model.set_following(following)

    def set_recent(self, paths: list[Path]) -> None:
        """What the open menu offers again."""
        self.controls.model.menu.set_recent(paths)

    # --- what the user does ---

    @Slot(object)
    def open_path(self, path: Path) -> None:
        """Open a generator, a run, or a saved picture."""
        self.stage.clear_messages()
        self.controls.model.show_opening(path.name)
        self.open_requested.emit(path)

    @Slot()
    def reset(self) -> None:
        """Back to the seed's own picture; where that is shown already, to seed 0."""
        if self._view is None:
            return
        if not self.controls.is_changed():
            self.controls.position.set_position(0, 0)
        self.controls.others.set_values({})
        self._draw_seed("reset")

    @Slot()
    def save_picture(self) -> None:
        """Ask where to, then have the picture that is shown saved."""
        if self._view is None or self.stage.canvas.image() is None:
            return
        title = f"{self._view.title} step {self._view.step} seed {self.controls.position.seed_spin.text()}"
        suggestion = str(self._suggest_path(title))
        text, _ = QFileDialog.getSaveFileName(self.window(), "Save picture", suggestion, PICTURE_FILES)
        if text:
            self.save_requested.emit(Path(text) if text.lower().endswith(".png") else Path(f"{text}.png"))

    @Slot()
    def copy_picture(self) -> None:
        """The picture, pixel for pixel, to the clipboard."""
        image = self.stage.canvas.image()
        if image is not None:
            QGuiApplication.clipboard().setImage(image)
            self.stage.say("Copied")

    @Slot()
    def _follow(self) -> None:
        self.live_requested.emit(True)

    @Slot(str)
    def _on_edited(self, gesture: str) -> None:
        viewpoint = self.controls.viewpoint()
        self._history.record(Place(viewpoint, self._history.place.baseline), gesture)
        self._request(viewpoint)

    @Slot(float, float, str)
    def _on_moved(self, seed: float, row: float, gesture: str) -> None:
        self._draw_seed(gesture or f"move {self._stamp}")

    @Slot(float, float)
    def _on_walked(self, dx: float, dy: float) -> None:
        # The picture is pulled along: what lies to the right comes into view when it is dragged to the left.
        self.controls.position.walk(-dx * SEEDS_PER_SIDE, -dy * SEEDS_PER_SIDE)

    def _start_from(self, viewpoint: Viewpoint) -> None:
        self.controls.show_viewpoint(viewpoint)
        self.controls.latents.set_baseline(viewpoint.controls)
        self._history.start(Place(self.controls.viewpoint(), viewpoint.controls))
        self._request(self.controls.viewpoint())

    def _go_back(self, place: Place) -> None:
        self.controls.show_viewpoint(place.viewpoint)
        self.controls.latents.set_baseline(place.baseline)
        self._request(place.viewpoint)

    def _refresh(self) -> None:
        """The model changed: ask again for what was asked for last."""
        if self._gestures:
            self._draw_seed(self._gestures[max(self._gestures)])
        else:
            self._request(self.controls.viewpoint())

    def _request(self, viewpoint: Viewpoint) -> None:
        """Ask for a picture; seeds still under way no longer count."""
        self._stamp += 1
        self._gestures.clear()
        self.picture_requested.emit(self._stamp, viewpoint)

    def _draw_seed(self, gesture: str) -> None:
        """Ask for the latents of the place; `""` begins a new history there."""
        self._stamp += 1
        self._gestures[self._stamp] = gesture
        seed, row = self.controls.position.position()
        self.seed_requested.emit(self._stamp, Viewpoint(seed, row, self.controls.others.values()))
