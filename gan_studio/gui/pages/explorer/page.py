"""The explorer page: composes its panels, and shows what the session says of models and pictures."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gan_studio.gui.pages.explorer.control_column import ControlColumn
from gan_studio.gui.pages.explorer.navigation import Navigation
from gan_studio.gui.pages.explorer.page_actions import PageActions
from gan_studio.gui.pages.explorer.save_dialogs import SuggestPath
from gan_studio.gui.pages.explorer.saving import Saving
from gan_studio.gui.pages.explorer.stage import GRID, PATH, SINGLE, Stage
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import ModelView, Picture, Viewpoint
from gan_studio.gui.views.explorer import BatchPictures, Checkpoints, Favourites


class ExplorerPage(QWidget):
    """Knows views, never models: the window connects it to a session.

    Args:
        example: the trained example's file, where there is one.
        suggest_path: a free file for a title and a suffix, where "Save picture" starts.
    """

    open_requested = Signal(object)
    """Path of a generator, a run, or a saved picture."""
    step_requested = Signal(int)
    """Another checkpoint of the run that is open."""
    model_provided = Signal(object)
    """Path, in answer to `ask_for_model`."""
    live_requested = Signal(bool)
    batch_requested = Signal(object)
    """Batch."""
    picture_given = Signal(object)
    """PictureRequest: a picture that the model is to make something of."""
    picture_cancelled = Signal()
    favourites_save_requested = Signal(object)

    def __init__(self, suggest_path: SuggestPath, example: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("explorer_page")
        self._view: ModelView | None = None
        self.undo_stack = QUndoStack(self)
        self._build_parts(suggest_path, example)
        self._build_layout()
        self._connect_controls()
        self._connect_stage()
        self._connect_favourites()
        self._connect_actions()

    def _build_parts(self, suggest_path: SuggestPath, example: Path | None) -> None:
        self.stage = Stage(example)
        self.controls = ControlColumn(self.undo_stack, example)
        self.navigation = Navigation(self.stage, self.controls, self.undo_stack, self)
        self.favourites, self.pictures = self.navigation.favourites, self.navigation.pictures
        self.saving = Saving(self.stage, self.controls, self.navigation, suggest_path, self)
        self._actions = PageActions(self, self.undo_stack)

    def _build_layout(self) -> None:
        """After the other parts: Qt destroys children in their order, and those that watch the stage must go first."""
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING.l, SPACING.l, SPACING.l, SPACING.m)
        row.setSpacing(SPACING.l)
        row.addWidget(self.stage, 1)
        row.addWidget(self.controls)

    def _connect_actions(self) -> None:
        canvas, navigation, saving = self.stage.canvas, self.navigation, self.saving
        for name, slot in (
            ("previous_seed", navigation.page_back),
            ("next_seed", navigation.page_on),
            ("random_seed", self.controls.position.randomise),
            ("reset", self.reset),
            ("walk_left", navigation.walk_left),
            ("walk_right", navigation.walk_right),
            ("walk_up", navigation.walk_up),
            ("walk_down", navigation.walk_down),
            ("single_view", self._show_single),
            ("grid_view", self._show_grid),
            ("path_view", self._show_path),
            ("zoom_in", canvas.zoom_in),
            ("zoom_out", canvas.zoom_out),
            ("zoom_fit", canvas.fit),
            ("add_favourite", self.add_favourite),
            ("save_picture", saving.save_picture),
            ("copy_picture", saving.copy_picture),
            ("paste_picture", self.pictures.paste),
            ("film", saving.make_film),
            ("evaluate_model", saving.evaluate_model),
            ("export_model", saving.export_model),
        ):
            self._actions.actions[name].triggered.connect(slot)

    def _connect_controls(self) -> None:
        controls = self.controls
        controls.position.reset_requested.connect(self.reset)
        controls.model.open_requested.connect(self.open_path)
        controls.model.step_requested.connect(self.step_requested)
        controls.model.live_toggled.connect(self.live_requested)

    def _connect_stage(self) -> None:
        stage = self.stage
        stage.model_provided.connect(self.model_provided)
        stage.mode_changed.connect(self._on_mode)
        stage.grid.wanted.connect(self.batch_requested)
        stage.welcome.open_requested.connect(self.controls.model.menu.ask_for_run)
        stage.welcome.example_requested.connect(self.open_path)
        stage.welcome.follow_requested.connect(self._follow)

    def _connect_favourites(self) -> None:
        self.stage.favourites.add_requested.connect(self.add_favourite)
        self.favourites.wanted.connect(self.batch_requested)
        self.favourites.save_requested.connect(self.favourites_save_requested)
        self.pictures.wanted.connect(self.picture_given)
        self.pictures.cancel_requested.connect(self.picture_cancelled)
        self.pictures.failed.connect(self.stage.show_failure)

    # --- what the session says ---

    @Slot(object, object)
    def show_model(self, view: ModelView, viewpoint: Viewpoint | None) -> None:
        """A model was opened. One with the same controls is shown from where the user stands, unless told otherwise."""
        known = self._view is not None and self._view.controls == view.controls
        self._view = view
        self.saving.set_model(view)
        self.controls.model.show_model(view)
        self.stage.clear_messages()
        self.stage.grid.set_side(view.size)
        if not known:
            self.navigation.forget_requests()
            self.controls.set_specs(view.controls)
            self._actions.set_given(view.takes_pictures)
        self.pictures.show_model(view.takes_pictures, viewpoint)
        if view.takes_pictures:
            self._start_with_picture(viewpoint, known)
            return
        self.favourites.refresh(now=not view.live)
        if viewpoint is not None:
            self.navigation.begin_at(viewpoint)
        elif known:
            self.navigation.refresh()
        else:
            self.navigation.begin()
        self.stage.grid.refresh()

    def _start_with_picture(self, viewpoint: Viewpoint | None, known: bool) -> None:
        """Seeds, grids and favourites have no meaning here; the other controls have."""
        if viewpoint is not None:
            self.controls.others.set_values(viewpoint.controls)
        if viewpoint is not None or not known:
            self.navigation.begin_with_picture()

    @Slot(object)
    def show_checkpoints(self, found: Checkpoints) -> None:
        """Which other steps of the run there are."""
        self.controls.model.show_checkpoints(found)

    @Slot(object)
    def show_favourites(self, favourites: Favourites) -> None:
        """Those of the model that was opened."""
        self.favourites.show(favourites)

    @Slot(object)
    def show_pictures(self, made: BatchPictures) -> None:
        """Some of a batch."""
        (self.stage.grid if made.channel == "grid" else self.favourites).show_pictures(made)

    @Slot(object)
    def show_picture(self, picture: Picture) -> None:
        """Older pictures than the one that is shown are dropped."""
        if self.stage.show_picture(picture):
            self.pictures.show_picture(picture)
        self._actions.set_enabled(True)

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
        if self._view is not None:
            self.navigation.reset()

    @Slot()
    def add_favourite(self) -> None:
        """Keep this place."""
        if self._view is not None and self.stage.canvas.image() is not None:
            name = f"seed {self.controls.position.seed_spin.text()}"
            self.favourites.add(self.navigation.viewpoint, name)

    @Slot()
    def _follow(self) -> None:
        self.live_requested.emit(True)

    # --- ways to look ---

    @Slot()
    def _show_single(self) -> None:
        self.stage.set_mode(SINGLE)

    @Slot()
    def _show_grid(self) -> None:
        self.stage.set_mode(GRID)

    @Slot()
    def _show_path(self) -> None:
        self.stage.set_mode(PATH)

    @Slot(int)
    def _on_mode(self, mode: int) -> None:
        self.controls.name_saving(mode == GRID)
        if mode == GRID:
            self.stage.grid.start_from(self.controls.viewpoint())
            self.stage.grid.pictures.setFocus()
