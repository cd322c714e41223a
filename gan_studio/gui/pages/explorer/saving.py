"""What is taken home from the explorer: pictures, grids, films and models. Asks where to; others write."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage

from gan_studio.gui.pages.explorer import save_dialogs
from gan_studio.gui.pages.explorer.control_column import ControlColumn
from gan_studio.gui.pages.explorer.film_dialog import FilmDialog
from gan_studio.gui.pages.explorer.navigation import Navigation
from gan_studio.gui.pages.explorer.save_dialogs import SuggestPath
from gan_studio.gui.pages.explorer.stage import GRID, PATH, Stage
from gan_studio.gui.views import ModelView
from gan_studio.gui.views.explorer import FilmRequest


class Saving(QObject):
    """Owns no widget but the dialogs that it opens.

    Args:
        suggest_path: a free file for a title and a suffix, where "Save picture" starts.
    """

    save_requested = Signal(object)
    """Path for the picture that is shown."""
    grid_save_requested = Signal(object)
    """Path for the grid that is shown."""
    film_requested = Signal(object)
    """FilmRequest."""
    evaluate_requested = Signal(object)
    """Path of the generator file that is open."""
    export_requested = Signal(object)
    """Path for the model; its suffix says the format."""

    def __init__(
        self,
        stage: Stage,
        controls: ControlColumn,
        navigation: Navigation,
        suggest_path: SuggestPath,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._stage, self._controls, self._navigation = stage, controls, navigation
        self._suggest_path = suggest_path
        self._view: ModelView | None = None
        controls.save_button.clicked.connect(self.save_picture)
        controls.copy_button.clicked.connect(self.copy_picture)
        controls.model.export_button.clicked.connect(self.export_model)
        stage.path.film_requested.connect(self.make_film)

    def set_model(self, view: ModelView) -> None:
        """The model that is open."""
        self._view = view

    @Slot()
    def save_picture(self) -> None:
        """Ask where to, then have the picture, or the grid, that is shown saved."""
        if self._view is None or self._stage.canvas.image() is None:
            return
        grid = self._stage.mode == GRID
        suggested = self._suggest_path(self._titled(self._what_is_shown(self._view)), ".png")
        question = "Save grid" if grid else "Save picture"
        path = save_dialogs.ask_picture(self._stage.window(), suggested, question)
        if path:
            (self.grid_save_requested if grid else self.save_requested).emit(path)

    def _what_is_shown(self, view: ModelView) -> str:
        if view.takes_pictures:
            return Path(self._navigation.pictures.name).stem
        if self._stage.mode == GRID:
            first = self._stage.grid.first
            return f"seeds {first}-{first + self._stage.grid.count - 1}"
        return f"seed {self._controls.position.seed_spin.text()}"

    @Slot()
    def copy_picture(self) -> None:
        """The picture or the grid, pixel for pixel, to the clipboard."""
        image = self._shown_image()
        if image is not None:
            QGuiApplication.clipboard().setImage(image)
            self._stage.say("Copied")

    @Slot()
    def make_film(self) -> None:
        """Ask what the film of the path is to be like and where to, then have it made beside the window."""
        places = tuple(item.viewpoint for item in self._navigation.favourites.on_path())
        if self._view is None or len(places) < 2:
            self._stage.set_mode(PATH)
            return
        bar, window = self._stage.path, self._stage.window()
        loop = bar.loop.isChecked()
        dialog = FilmDialog(len(places) - (not loop), bar.seconds.value(), self._view.size, loop, window)
        accepted, chosen = dialog.exec(), dialog.settings()
        dialog.deleteLater()
        if not accepted:
            return
        path = save_dialogs.ask_film(window, self._suggest_path(self._titled("path"), chosen.kind.suffix), chosen.kind)
        if path:
            self.film_requested.emit(FilmRequest(path, places, loop, chosen.frames, chosen.fps, chosen.zoom))

    @Slot()
    def export_model(self) -> None:
        """Ask where to and in which format, then have the model written beside the window."""
        if self._view is not None and self._stage.canvas.image() is not None:
            path = save_dialogs.ask_model(self._stage.window(), self._suggest_path(self._titled(""), ".safetensors"))
            if path:
                self.export_requested.emit(path)

    @Slot()
    def evaluate_model(self) -> None:
        """Ask what is to be measured of the model; one in training has no file yet."""
        if self._view is None:
            return
        if self._view.source is None:
            self._stage.say("The model in training has no file yet: evaluate its run once a checkpoint is written.")
        else:
            self.evaluate_requested.emit(self._view.source)

    def _titled(self, what: str) -> str:
        assert self._view is not None
        return f"{self._view.title} step {self._view.step} {what}".strip()

    def _shown_image(self) -> QImage | None:
        if self._stage.canvas.image() is None:
            return None
        return self._stage.grid.pictures.whole_image() if self._stage.mode == GRID else self._stage.canvas.image()
