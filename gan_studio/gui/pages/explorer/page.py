"""The explorer page: turns what the user does into requests with stamps, and shows the answers."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gan_studio.gui.pages.explorer import save_dialogs
from gan_studio.gui.pages.explorer.control_column import ControlColumn
from gan_studio.gui.pages.explorer.favourites_keeper import FavouritesKeeper
from gan_studio.gui.pages.explorer.film_dialog import FilmDialog
from gan_studio.gui.pages.explorer.history import History, Place
from gan_studio.gui.pages.explorer.page_actions import PageActions
from gan_studio.gui.pages.explorer.picture_desk import PictureDesk
from gan_studio.gui.pages.explorer.save_dialogs import SuggestPath
from gan_studio.gui.pages.explorer.stage import GRID, PATH, SINGLE, Stage
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import ModelView, Picture, Viewpoint
from gan_studio.gui.views.explorer import BatchPictures, Checkpoints, Favourites, FilmRequest, PathPosition

SEEDS_PER_SIDE = 2.0
"""How many seeds a drag over the whole picture walks."""
WALK = 0.05
"""How far a walk by the menu goes, in sides of the picture."""


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
    picture_requested = Signal(int, object)
    """Stamp and Viewpoint."""
    seed_requested = Signal(int, object)
    """Stamp and a Viewpoint whose latents are to be drawn from its seed."""
    path_requested = Signal(int, object)
    """Stamp and PathPosition."""
    batch_requested = Signal(object)
    """Batch."""
    picture_given = Signal(object)
    """PictureRequest: a picture that the model is to make something of."""
    picture_cancelled = Signal()
    save_requested = Signal(object)
    """Path for the picture that is shown."""
    grid_save_requested = Signal(object)
    """Path for the grid that is shown."""
    favourites_save_requested = Signal(object)
    film_requested = Signal(object)
    """FilmRequest."""
    evaluate_requested = Signal(object)
    """Path of the generator file that is open."""
    export_requested = Signal(object)
    """Path for the model; its suffix says the format."""

    def __init__(self, suggest_path: SuggestPath, example: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("explorer_page")
        self._suggest_path = suggest_path
        self._view: ModelView | None = None
        self._stamp = 0
        self._gestures: dict[int, str] = {}
        self._path: PathPosition | None = None
        self._paths = 0
        self.undo_stack = QUndoStack(self)
        self._history = History(self.undo_stack, self._go_back)
        self._build_panels(example)
        self._connect_controls()
        self._connect_stage()
        self._connect_favourites()
        self._connect_actions()

    def _build_panels(self, example: Path | None) -> None:
        self.stage = Stage(example)
        self.controls = ControlColumn(self.undo_stack, example)
        self.favourites = FavouritesKeeper(self.stage.favourites, self.undo_stack, self)
        self._actions = PageActions(self, self.undo_stack)
        self.pictures = PictureDesk(self.stage, self._next_stamp, self.controls.others.values, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING.l, SPACING.l, SPACING.l, SPACING.m)
        row.setSpacing(SPACING.l)
        row.addWidget(self.stage, 1)
        row.addWidget(self.controls)

    def _connect_actions(self) -> None:
        canvas, position = self.stage.canvas, self.controls.position
        for name, slot in (
            ("previous_seed", self._page_back),
            ("next_seed", self._page_on),
            ("random_seed", position.randomise),
            ("reset", self.reset),
            ("walk_left", self._walk_left),
            ("walk_right", self._walk_right),
            ("walk_up", self._walk_up),
            ("walk_down", self._walk_down),
            ("single_view", self._show_single),
            ("grid_view", self._show_grid),
            ("path_view", self._show_path),
            ("zoom_in", canvas.zoom_in),
            ("zoom_out", canvas.zoom_out),
            ("zoom_fit", canvas.fit),
            ("add_favourite", self.add_favourite),
            ("save_picture", self.save_picture),
            ("copy_picture", self.copy_picture),
            ("paste_picture", self.pictures.paste),
            ("film", self.make_film),
            ("evaluate_model", self.evaluate_model),
            ("export_model", self.export_model),
        ):
            self._actions.actions[name].triggered.connect(slot)

    def _connect_controls(self) -> None:
        controls = self.controls
        controls.edited.connect(self._on_edited)
        controls.position.moved.connect(self._on_moved)
        controls.position.reset_requested.connect(self.reset)
        controls.save_button.clicked.connect(self.save_picture)
        controls.copy_button.clicked.connect(self.copy_picture)
        controls.model.open_requested.connect(self.open_path)
        controls.model.step_requested.connect(self.step_requested)
        controls.model.export_button.clicked.connect(self.export_model)
        controls.model.live_toggled.connect(self.live_requested)

    def _connect_stage(self) -> None:
        stage = self.stage
        stage.canvas.walked.connect(self._on_walked)
        stage.canvas.walk_finished.connect(self.controls.position.end_gesture)
        stage.model_provided.connect(self.model_provided)
        stage.mode_changed.connect(self._on_mode)
        stage.grid.wanted.connect(self.batch_requested)
        stage.grid.seed_chosen.connect(self._go_to_seed)
        stage.grid.seed_opened.connect(self._open_seed)
        stage.path.moved.connect(self._on_path)
        stage.path.held.connect(self._end_path)
        stage.path.film_requested.connect(self.make_film)
        stage.welcome.open_requested.connect(self.controls.model.menu.ask_for_run)
        stage.welcome.example_requested.connect(self.open_path)
        stage.welcome.follow_requested.connect(self._follow)

    def _connect_favourites(self) -> None:
        bar, keeper = self.stage.favourites, self.favourites
        bar.add_requested.connect(self.add_favourite)
        bar.strip.itemSelectionChanged.connect(self._count_path)
        keeper.chosen.connect(self._go_to)
        keeper.wanted.connect(self.batch_requested)
        keeper.save_requested.connect(self.favourites_save_requested)
        keeper.changed.connect(self._count_path)
        self.pictures.wanted.connect(self.picture_given)
        self.pictures.cancel_requested.connect(self.picture_cancelled)
        self.pictures.failed.connect(self.stage.show_failure)

    # --- what the session says ---

    @Slot(object, object)
    def show_model(self, view: ModelView, viewpoint: Viewpoint | None) -> None:
        """A model was opened. One with the same controls is shown from where the user stands, unless told otherwise."""
        known = self._view is not None and self._view.controls == view.controls
        self._view = view
        self.controls.model.show_model(view)
        self.stage.clear_messages()
        self.stage.grid.set_side(view.size)
        if not known:
            self._gestures.clear()
            self.controls.set_specs(view.controls)
            self._actions.set_given(view.takes_pictures)
        self.pictures.show_model(view.takes_pictures, viewpoint)
        if view.takes_pictures:
            self._start_with_picture(viewpoint, known)
            return
        self.favourites.refresh(now=not view.live)
        if viewpoint is not None:
            self._start_from(viewpoint)
        elif known:
            self._refresh()
        else:
            self._draw_seed("")
        self.stage.grid.refresh()

    def _start_with_picture(self, viewpoint: Viewpoint | None, known: bool) -> None:
        """Seeds, grids and favourites have no meaning here; the other controls have."""
        if viewpoint is not None:
            self.controls.others.set_values(viewpoint.controls)
        if viewpoint is not None or not known:
            self._history.start(Place(self.controls.viewpoint()))

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

    @Slot(int, object)
    def show_place_on_path(self, stamp: int, viewpoint: Viewpoint) -> None:
        """Where a path led; what came after the user went elsewhere is too late."""
        gesture = self._gestures.get(stamp)
        if gesture is not None:
            self._gestures = {later: name for later, name in self._gestures.items() if later > stamp}
            self.controls.show_viewpoint(viewpoint)
            self.controls.latents.set_baseline(viewpoint.controls)
            self._history.record(Place(viewpoint, viewpoint.controls), gesture)

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
        if self._view is None:
            return
        if not self.controls.is_changed():
            self.controls.position.set_position(0, 0)
        self.controls.others.set_values({})
        self._draw_seed("reset")

    @Slot()
    def save_picture(self) -> None:
        """Ask where to, then have the picture, or the grid, that is shown saved."""
        if self._view is None or self.stage.canvas.image() is None:
            return
        grid = self.stage.mode == GRID
        given = self._view.takes_pictures
        first = self.stage.grid.first
        seeds = f"seeds {first}-{first + self.stage.grid.count - 1}"
        seed = f"seed {self.controls.position.seed_spin.text()}"
        title = self._titled(Path(self.pictures.name).stem if given else seeds if grid else seed)
        question = "Save grid" if grid else "Save picture"
        path = save_dialogs.ask_picture(self.window(), self._suggest_path(title, ".png"), question)
        if path:
            (self.grid_save_requested if grid else self.save_requested).emit(path)

    @Slot()
    def copy_picture(self) -> None:
        """The picture or the grid, pixel for pixel, to the clipboard."""
        image = self._shown_image()
        if image is not None:
            QGuiApplication.clipboard().setImage(image)
            self.stage.say("Copied")

    @Slot()
    def add_favourite(self) -> None:
        """Keep this place."""
        if self._view is not None and self.stage.canvas.image() is not None:
            name = f"seed {self.controls.position.seed_spin.text()}"
            self.favourites.add(self._history.place.viewpoint, name)

    @Slot()
    def make_film(self) -> None:
        """Ask what the film of the path is to be like and where to, then have it made beside the window."""
        places = tuple(item.viewpoint for item in self.favourites.on_path())
        if self._view is None or len(places) < 2:
            self.stage.set_mode(PATH)
            return
        bar = self.stage.path
        loop = bar.loop.isChecked()
        dialog = FilmDialog(len(places) - (not loop), bar.seconds.value(), self._view.size, loop, self.window())
        accepted, chosen = dialog.exec(), dialog.settings()
        dialog.deleteLater()
        if not accepted:
            return
        path = save_dialogs.ask_film(
            self.window(), self._suggest_path(self._titled("path"), chosen.kind.suffix), chosen.kind
        )
        if path:
            self.film_requested.emit(FilmRequest(path, places, loop, chosen.frames, chosen.fps, chosen.zoom))

    @Slot()
    def export_model(self) -> None:
        """Ask where to and in which format, then have the model written beside the window."""
        if self._view is not None and self.stage.canvas.image() is not None:
            path = save_dialogs.ask_model(self.window(), self._suggest_path(self._titled(""), ".safetensors"))
            if path:
                self.export_requested.emit(path)

    @Slot()
    def evaluate_model(self) -> None:
        """Ask what is to be measured of the model; one in training has no file yet."""
        if self._view is None:
            return
        if self._view.source is None:
            self.stage.say("The model in training has no file yet: evaluate its run once a checkpoint is written.")
        else:
            self.evaluate_requested.emit(self._view.source)

    def _titled(self, what: str) -> str:
        assert self._view is not None
        return f"{self._view.title} step {self._view.step} {what}".strip()

    def _shown_image(self) -> QImage | None:
        if self.stage.canvas.image() is None:
            return None
        return self.stage.grid.pictures.whole_image() if self.stage.mode == GRID else self.stage.canvas.image()

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

    @Slot()
    def _walk_left(self) -> None:
        self._on_walked(-WALK, 0)

    @Slot()
    def _walk_right(self) -> None:
        self._on_walked(WALK, 0)

    @Slot()
    def _walk_up(self) -> None:
        self._on_walked(0, -WALK)

    @Slot()
    def _walk_down(self) -> None:
        self._on_walked(0, WALK)

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

    @Slot()
    def _page_back(self) -> None:
        self._leaf(-1)

    @Slot()
    def _page_on(self) -> None:
        self._leaf(1)

    def _leaf(self, way: int) -> None:
        """One seed, or one grid of them."""
        position = self.controls.position
        if self.stage.mode == GRID:
            seed, row = position.position()
            position.go(seed + way * self.stage.grid.count, row)
        else:
            (position.next if way > 0 else position.previous)()

    @Slot(float)
    def _go_to_seed(self, seed: float) -> None:
        self.controls.position.go(seed, self.controls.position.position()[1])

    @Slot(float)
    def _open_seed(self, seed: float) -> None:
        if self.controls.position.position()[0] != seed:
            self._go_to_seed(seed)
        self.stage.set_mode(SINGLE)
        self.stage.canvas.setFocus()

    # --- paths ---

    @Slot()
    def _count_path(self) -> None:
        self.stage.path.set_places(len(self.favourites.on_path()))

    @Slot(float, bool)
    def _on_path(self, position: float, loop: bool) -> None:
        places = tuple(item.viewpoint for item in self.favourites.on_path())
        if len(places) > 1:
            self._ask_path(PathPosition(places, position, loop), f"path {self._paths}")

    @Slot()
    def _end_path(self) -> None:
        self._paths += 1

    def _ask_path(self, path: PathPosition, gesture: str) -> None:
        self._stamp += 1
        self._path = path
        self._gestures[self._stamp] = gesture
        self.path_requested.emit(self._stamp, path)

    # --- places ---

    @Slot(object)
    def _go_to(self, viewpoint: Viewpoint) -> None:
        """To a place that is known by its own latents: a favourite."""
        self._show_place(Place(viewpoint, viewpoint.controls))
        self._history.record(Place(self.controls.viewpoint(), viewpoint.controls), "")

    def _start_from(self, viewpoint: Viewpoint) -> None:
        """A saved picture was opened, or a saved grid."""
        self._show_place(Place(viewpoint, viewpoint.controls))
        self._history.start(Place(self.controls.viewpoint(), viewpoint.controls))
        if viewpoint.grid:
            self.stage.show_grid_of(*viewpoint.grid)
        elif self.stage.mode == GRID:
            self.stage.set_mode(SINGLE)

    def _go_back(self, place: Place) -> None:
        self._show_place(place)

    def _show_place(self, place: Place) -> None:
        self.controls.show_viewpoint(place.viewpoint)
        self.controls.latents.set_baseline(place.baseline)
        self._request(self.controls.viewpoint())

    def _refresh(self) -> None:
        """The model changed: ask again for what was asked for last."""
        if self._gestures and self._path:
            self._ask_path(self._path, self._gestures[max(self._gestures)])
        elif self._gestures:
            self._draw_seed(self._gestures[max(self._gestures)])
        else:
            self._request(self.controls.viewpoint())

    def _next_stamp(self) -> int:
        self._stamp += 1
        return self._stamp

    def _request(self, viewpoint: Viewpoint) -> None:
        """Ask for a picture; seeds still under way no longer count."""
        if self.pictures.is_open:
            self.pictures.again()
            return
        self._stamp += 1
        self._path = None
        self._gestures.clear()
        self.picture_requested.emit(self._stamp, viewpoint)
        self.stage.grid.show_place(viewpoint)

    def _draw_seed(self, gesture: str) -> None:
        """Ask for the latents of the place; `""` begins a new history there."""
        if self.pictures.is_open:
            self.pictures.again()
            return
        self._stamp += 1
        self._path = None
        self._gestures[self._stamp] = gesture
        seed, row = self.controls.position.position()
        viewpoint = Viewpoint(seed, row, self.controls.others.values())
        self.seed_requested.emit(self._stamp, viewpoint)
        self.stage.grid.show_place(viewpoint)
