"""Where the user stands in the latent space: by seed, by slider, along a path, back in the history.

Each step becomes a request with a stamp; answers that came too late for where the user is by now are passed over.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from gan_studio.gui.pages.explorer.control_column import ControlColumn
from gan_studio.gui.pages.explorer.favourites_keeper import FavouritesKeeper
from gan_studio.gui.pages.explorer.history import History, Place
from gan_studio.gui.pages.explorer.picture_desk import PictureDesk
from gan_studio.gui.pages.explorer.stage import GRID, SINGLE, Stage
from gan_studio.gui.views import Viewpoint
from gan_studio.gui.views.explorer import PathPosition

SEEDS_PER_SIDE = 2.0
"""How many seeds a drag over the whole picture walks."""
WALK = 0.05
"""How far a walk by the menu goes, in sides of the picture."""


class Navigation(QObject):
    """Owns no widget: it moves what the control column shows, and asks for what the stage is to show."""

    picture_requested = Signal(int, object)
    """Stamp and Viewpoint."""
    seed_requested = Signal(int, object)
    """Stamp and a Viewpoint whose latents are to be drawn from its seed."""
    path_requested = Signal(int, object)
    """Stamp and PathPosition."""

    def __init__(self, stage: Stage, controls: ControlColumn, undo_stack: QUndoStack, parent: QObject) -> None:
        super().__init__(parent)
        self._stage, self._controls = stage, controls
        self.favourites = FavouritesKeeper(stage.favourites, undo_stack, self)
        self.pictures = PictureDesk(stage, self.next_stamp, controls.others.values, self)
        self._history = History(undo_stack, self._show_place)
        self._stamp = 0
        self._gestures: dict[int, str] = {}
        """What the user was doing, by the stamps of latents that are still under way."""
        self._path: PathPosition | None = None
        """Asked for last, if a path was."""
        self._paths = 0
        self._connect()

    def _connect(self) -> None:
        controls, stage, favourites = self._controls, self._stage, self.favourites
        controls.edited.connect(self._on_edited)
        controls.position.moved.connect(self._on_moved)
        stage.canvas.walked.connect(self.walk)
        stage.canvas.walk_finished.connect(controls.position.end_gesture)
        stage.grid.seed_chosen.connect(self._go_to_seed)
        stage.grid.seed_opened.connect(self._open_seed)
        stage.path.moved.connect(self._on_path)
        stage.path.held.connect(self._end_path)
        stage.favourites.strip.itemSelectionChanged.connect(self._count_path)
        favourites.chosen.connect(self._go_to)
        favourites.changed.connect(self._count_path)

    @property
    def stamp(self) -> int:
        """Of the newest request."""
        return self._stamp

    @property
    def settled(self) -> bool:
        """Whether no latents are under way."""
        return not self._gestures

    @property
    def viewpoint(self) -> Viewpoint:
        """Where the user stands."""
        return self._history.place.viewpoint

    def next_stamp(self) -> int:
        self._stamp += 1
        return self._stamp

    # --- going somewhere ---

    def begin(self) -> None:
        """Draw the seed that is set, and forget where the user was before."""
        self._draw_seed("")

    def begin_at(self, viewpoint: Viewpoint) -> None:
        """The same at the place of a saved picture, or of a saved grid."""
        self._show_place(Place(viewpoint, viewpoint.controls))
        self._history.start(Place(self._controls.viewpoint(), viewpoint.controls))
        if viewpoint.grid:
            self._stage.show_grid_of(*viewpoint.grid)
        elif self._stage.mode == GRID:
            self._stage.set_mode(SINGLE)

    def begin_with_picture(self) -> None:
        """The same for a model that makes something of pictures: its controls alone are gone back over."""
        self._history.start(Place(self._controls.viewpoint()))

    def forget_requests(self) -> None:
        """A model with other controls was opened."""
        self._gestures.clear()

    def refresh(self) -> None:
        """The model changed: ask again for what was asked for last."""
        if self._gestures and self._path:
            self._ask_path(self._path, self._gestures[max(self._gestures)])
        elif self._gestures:
            self._draw_seed(self._gestures[max(self._gestures)])
        else:
            self._request(self._controls.viewpoint())

    def reset(self) -> None:
        """Back to the seed's own picture; where that is shown already, to seed 0."""
        if not self._controls.is_changed():
            self._controls.position.set_position(0, 0)
        self._controls.others.set_values({})
        self._draw_seed("reset")

    @Slot(float, float)
    def walk(self, dx: float, dy: float) -> None:
        """Pull the picture along: what lies to the right comes into view when it is dragged to the left."""
        self._controls.position.walk(-dx * SEEDS_PER_SIDE, -dy * SEEDS_PER_SIDE)

    @Slot()
    def walk_left(self) -> None:
        self.walk(-WALK, 0)

    @Slot()
    def walk_right(self) -> None:
        self.walk(WALK, 0)

    @Slot()
    def walk_up(self) -> None:
        self.walk(0, -WALK)

    @Slot()
    def walk_down(self) -> None:
        self.walk(0, WALK)

    @Slot()
    def page_back(self) -> None:
        self._leaf(-1)

    @Slot()
    def page_on(self) -> None:
        self._leaf(1)

    def _leaf(self, way: int) -> None:
        """One seed, or one grid of them."""
        position = self._controls.position
        if self._stage.mode == GRID:
            seed, row = position.position()
            position.go(seed + way * self._stage.grid.count, row)
        else:
            (position.next if way > 0 else position.previous)()

    @Slot(float)
    def _go_to_seed(self, seed: float) -> None:
        self._controls.position.go(seed, self._controls.position.position()[1])

    @Slot(float)
    def _open_seed(self, seed: float) -> None:
        if self._controls.position.position()[0] != seed:
            self._go_to_seed(seed)
        self._stage.set_mode(SINGLE)
        self._stage.canvas.setFocus()

    @Slot(object)
    def _go_to(self, viewpoint: Viewpoint) -> None:
        """To a place that is known by its own latents: a favourite."""
        self._show_place(Place(viewpoint, viewpoint.controls))
        self._history.record(Place(self._controls.viewpoint(), viewpoint.controls), "")

    @Slot(str)
    def _on_edited(self, gesture: str) -> None:
        viewpoint = self._controls.viewpoint()
        self._history.record(Place(viewpoint, self._history.place.baseline), gesture)
        self._request(viewpoint)

    @Slot(float, float, str)
    def _on_moved(self, seed: float, row: float, gesture: str) -> None:
        self._draw_seed(gesture or f"move {self._stamp}")

    # --- paths ---

    @Slot()
    def _count_path(self) -> None:
        self._stage.path.set_places(len(self.favourites.on_path()))

    @Slot(float, bool)
    def _on_path(self, position: float, loop: bool) -> None:
        places = tuple(item.viewpoint for item in self.favourites.on_path())
        if len(places) > 1:
            self._ask_path(PathPosition(places, position, loop), f"path {self._paths}")

    @Slot()
    def _end_path(self) -> None:
        self._paths += 1

    # --- what the session answers ---

    @Slot(int, object)
    def show_place_on_path(self, stamp: int, viewpoint: Viewpoint) -> None:
        """Where a path led."""
        gesture = self._gesture_of(stamp)
        if gesture is not None:
            self._controls.show_viewpoint(viewpoint)
            self._controls.latents.set_baseline(viewpoint.controls)
            self._history.record(Place(viewpoint, viewpoint.controls), gesture)

    @Slot(int, object)
    def show_seed(self, stamp: int, viewpoint: Viewpoint) -> None:
        """The latents of a seed that was asked for; those that came after a slider was moved are too late."""
        gesture = self._gesture_of(stamp)
        if gesture is None:
            return
        self._controls.latents.set_arrays(viewpoint.controls)
        self._controls.latents.set_baseline(viewpoint.controls)
        place = Place(viewpoint, viewpoint.controls)
        if gesture:
            self._history.record(place, gesture)
        else:
            self._history.start(place)

    def _gesture_of(self, stamp: int) -> str | None:
        """What the user did when these latents were asked for; None where the user went elsewhere since."""
        gesture = self._gestures.get(stamp)
        if gesture is not None:
            self._gestures = {later: name for later, name in self._gestures.items() if later > stamp}
        return gesture

    # --- asking ---

    def _show_place(self, place: Place) -> None:
        self._controls.show_viewpoint(place.viewpoint)
        self._controls.latents.set_baseline(place.baseline)
        self._request(self._controls.viewpoint())

    def _request(self, viewpoint: Viewpoint) -> None:
        """Ask for a picture; seeds still under way no longer count."""
        if self.pictures.is_open:
            self.pictures.again()
            return
        self._path = None
        self._gestures.clear()
        self.picture_requested.emit(self.next_stamp(), viewpoint)
        self._stage.grid.show_place(viewpoint)

    def _draw_seed(self, gesture: str) -> None:
        """Ask for the latents of the place; `""` begins a new history there."""
        if self.pictures.is_open:
            self.pictures.again()
            return
        stamp = self.next_stamp()
        self._path = None
        self._gestures[stamp] = gesture
        seed, row = self._controls.position.position()
        viewpoint = Viewpoint(seed, row, self._controls.others.values())
        self.seed_requested.emit(stamp, viewpoint)
        self._stage.grid.show_place(viewpoint)

    def _ask_path(self, path: PathPosition, gesture: str) -> None:
        stamp = self.next_stamp()
        self._path = path
        self._gestures[stamp] = gesture
        self.path_requested.emit(stamp, path)
