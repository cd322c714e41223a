"""Connects the gallery and the timeline with the reader of pictures, the marks of a run, and the jobs that export."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine.errors import StudioError
from gan_studio.engine.film_plan import FilmPlan
from gan_studio.engine.run import RunFolder
from gan_studio.gui.pages.gallery import GalleryPage
from gan_studio.gui.pages.train.page import TrainPage
from gan_studio.gui.quantities import whole
from gan_studio.gui.sessions.films import film_work, picture_work, pictures_work, suggest_path
from gan_studio.gui.sessions.jobs import JobsSession
from gan_studio.gui.sessions.pictures import PictureSession
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.views.films import FilmChoices

SIDE, WIPE = "gallery/side", "gallery/wipe"
SPEED, LOOPING = "timeline/speed", "timeline/looping"
FIRST_SIDE = 192


class GalleryWiring(QObject):
    """Owns no widget. Knows which steps of the run on show are marked."""

    train_page_wanted = Signal()

    def __init__(
        self,
        page: GalleryPage,
        train_page: TrainPage,
        exports: JobsSession,
        settings: UserSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._train_page, self._exports, self._settings = page, train_page, exports, settings
        self._favourites: frozenset[int] = frozenset()
        self.pictures = PictureSession(self)
        self._timelines = (train_page.monitor.timeline, page.viewer.timeline)
        self._connect_reading()
        self._connect_marks()
        self._connect_exports()
        self._restore()

    def shutdown(self) -> None:
        """End the thread that reads pictures."""
        self.pictures.shutdown()

    # --- wiring ---

    def _connect_reading(self) -> None:
        monitor = self._train_page.monitor
        self._page.pictures_wanted.connect(self.pictures.request)
        monitor.pictures.wanted.connect(self.pictures.request)
        self.pictures.read.connect(self._page.keep_picture)
        self.pictures.read.connect(monitor.pictures.keep)
        self.pictures.failed.connect(self._train_page.show_error)
        self._page.run_changed.connect(self._show_run)
        self._page.train_page_wanted.connect(self.train_page_wanted)

    def _connect_marks(self) -> None:
        self._page.favourites_wanted.connect(self._mark)
        self._train_page.monitor.timeline.favourite_wanted.connect(self._mark_one)
        self._page.favourite_requested.connect(self._toggle_what_is_in_sight)
        self._page.go_to_step_requested.connect(self._ask_for_step)
        for timeline in self._timelines:
            timeline.playback_changed.connect(self._keep_playback)

    def _connect_exports(self) -> None:
        page = self._page
        page.film_requested.connect(self._film)
        page.save_requested.connect(self._save)
        page.save_several_requested.connect(self._save_several)
        page.overview.size_changed.connect(self._keep_side)
        page.comparison.mode_changed.connect(self._keep_mode)

    def _restore(self) -> None:
        settings, page = self._settings, self._page
        page.suggest_path = self._suggest
        page.film_choices = read_choices(settings)
        page.overview.set_side(round(settings.number(SIDE, FIRST_SIDE)))
        page.comparison.set_mode(int(settings.flag(WIPE)))
        self._show_playback()

    # --- the run on show ---

    @Slot(Path)
    def _show_run(self, run: Path) -> None:
        """Its marks, and where the cells of its grids lie; both are small files."""
        self.pictures.forget()
        folder = RunFolder(run)
        try:
            size = folder.config().picture.size
        except StudioError:
            size = 0  # a grid that cannot be taken apart is still a picture
        self._page.set_picture_size(size)
        self._show_favourites(folder.favourites())

    def _show_favourites(self, steps: frozenset[int]) -> None:
        self._favourites = steps
        self._page.set_favourites(steps)
        self._train_page.monitor.timeline.set_favourites(steps)

    @Slot(object, bool)
    def _mark(self, steps: Sequence[int], marked: bool) -> None:
        if self._page.run is None:
            return
        self._show_favourites(self._favourites.union(steps) if marked else self._favourites.difference(steps))
        self.pictures.write_favourites(self._page.run, self._favourites)

    @Slot(int, bool)
    def _mark_one(self, step: int, marked: bool) -> None:
        self._mark([step], marked)

    @Slot()
    def _toggle_what_is_in_sight(self) -> None:
        if self._page.isVisible():
            self._page.toggle_favourites()
        elif self._train_page.monitor.isVisible():
            self._train_page.monitor.timeline.toggle_favourite()

    @Slot()
    def _ask_for_step(self) -> None:
        """On the timeline in sight; without one, on the training page's."""
        if self._page.isVisible() and self._page.model.rowCount():
            if not self._page.viewer.isVisible():
                self._page.open_step((self._page.shown_steps() or self._page.model.steps[-1:])[0])
            self._page.viewer.timeline.ask_for_step()
            return
        self.train_page_wanted.emit()
        self._train_page.shown.show_step(self._train_page.monitor.timeline.current_step or 0)
        self._train_page.monitor.timeline.ask_for_step()

    # --- exports ---

    @Slot(object, object)
    def _film(self, path: Path, plan: FilmPlan) -> None:
        self._settings.save_folder = path.parent
        write_choices(self._settings, self._page.film_choices)
        work = film_work(path, self._page.model.paths, self._page.picture_size, plan)
        self._exports.start(f"Film {path.name}", work)

    @Slot(object, int, object, int)
    def _save(self, path: Path, step: int, cell: int | None, zoom: int) -> None:
        self._settings.save_folder = path.parent
        work = picture_work(path, self._page.model.path_of(step), self._page.picture_size, cell, zoom)
        self._exports.start(f"Picture {path.name}", work)

    @Slot(object, object)
    def _save_several(self, folder: Path, steps: Sequence[int]) -> None:
        self._settings.save_folder = folder
        grids = {step: self._page.model.path_of(step) for step in steps}
        work = pictures_work(folder, grids, self._page.picture_size, None, 1)
        self._exports.start(f"{whole(len(grids))} grids into {folder.name}", work)

    def _suggest(self, title: str, suffix: str) -> Path:
        return suggest_path(self._settings.save_folder, title, suffix)

    # --- what is remembered ---

    @Slot(float, bool)
    def _keep_playback(self, speed: float, looping: bool) -> None:
        self._settings.set_number(SPEED, speed)
        self._settings.set_flag(LOOPING, looping)
        self._show_playback()

    def _show_playback(self) -> None:
        speed, looping = self._settings.number(SPEED, 1.0), self._settings.flag(LOOPING)
        for timeline in self._timelines:
            timeline.set_playback(speed if math.isfinite(speed) else 1.0, looping)

    @Slot(int)
    def _keep_side(self, side: int) -> None:
        self._settings.set_number(SIDE, side)

    @Slot(int)
    def _keep_mode(self, mode: int) -> None:
        self._settings.set_flag(WIPE, bool(mode))


def read_choices(settings: UserSettings) -> FilmChoices:
    """What was chosen for a film the last time."""
    first = FilmChoices()
    return FilmChoices(
        suffix=settings.text("film/suffix", first.suffix),
        by_seconds=settings.flag("film/by_seconds", first.by_seconds),
        fps=settings.number("film/fps", first.fps),
        seconds=settings.number("film/seconds", first.seconds),
        zoom=round(settings.number("film/zoom", first.zoom)),
        every=round(settings.number("film/every", first.every)),
        caption=settings.flag("film/caption", first.caption),
    )


def write_choices(settings: UserSettings, choices: FilmChoices) -> None:
    settings.set_text("film/suffix", choices.suffix)
    for name, value in (("by_seconds", choices.by_seconds), ("caption", choices.caption)):
        settings.set_flag(f"film/{name}", value)
    for name, number in (("fps", choices.fps), ("seconds", choices.seconds), ("zoom", choices.zoom)):
        settings.set_number(f"film/{name}", number)
    settings.set_number("film/every", choices.every)
