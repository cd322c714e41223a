"""The pages that are not seen at once, each with its wiring: made when somebody needs them, or in idle moments."""

from __future__ import annotations

from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from gan_studio.assets import trained_example
from gan_studio.gui.idle_work import IdleWork
from gan_studio.gui.widgets.stack_places import fill_place

if TYPE_CHECKING:
    from gan_studio.gui.main_window import MainWindow
    from gan_studio.gui.pages.explorer.page import ExplorerPage
    from gan_studio.gui.pages.gallery import GalleryPage
    from gan_studio.gui.pages.runs import RunsPage
    from gan_studio.gui.sessions.explorer import ExplorerSession

TRAIN, GALLERY, EXPLORER, RUNS = range(4)
"""Places of the pages in the window."""
MENUS = {GALLERY: "G&allery", EXPLORER: "E&xplorer", RUNS: "&Runs"}
"""Titles of the menus in which pages have their own actions."""
_NAMES = {GALLERY: "gallery", EXPLORER: "explorer", RUNS: "runs"}


class Ending(Protocol):
    """What has threads to be ended."""

    def shutdown(self) -> None: ...


class LatePages(QObject):
    """Each page is a `cached_property`: whoever needs it first, a click, a session or an idle moment, has it made."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.ending: list[Ending] = []
        """What came with the pages and has threads to be ended."""
        self._work = IdleWork(self._pieces(), self)
        window.painted.connect(self._work.start)
        self._work.finished.connect(self._load_engine)
        # It lists the keys of every page
        window.actions_.shortcuts.triggered.connect(self.finish)

    @property
    def complete(self) -> bool:
        """Whether every page is there."""
        return self._work.done

    @Slot()
    def finish(self) -> None:
        """Make at once what is not there yet."""
        self._work.finish()

    def make(self, index: int) -> None:
        """Have the page of this place made, unless it is there."""
        if index in _NAMES:
            getattr(self, _NAMES[index])

    @cached_property
    def gallery(self) -> GalleryPage:
        from gan_studio.gui.pages.gallery import GalleryPage
        from gan_studio.gui.wiring.gallery import GalleryWiring

        window, page = self._window, GalleryPage()
        wiring = GalleryWiring(page, window.train_page, window.jobs.exports, window.settings, window)
        wiring.train_page_wanted.connect(window.show_training_page)
        page.step_chosen.connect(window.wiring.show_step)
        for source in (window.training, window.watching):
            source.reported.connect(page.show_event)
        self.ending.append(wiring)
        self._put_in(GALLERY, page)
        return page

    @cached_property
    def explorer_session(self) -> ExplorerSession:
        from gan_studio.gui.sessions.explorer import ExplorerSession

        session = ExplorerSession(self._window)
        self.ending.append(session)
        return session

    @cached_property
    def explorer(self) -> ExplorerPage:
        from gan_studio.gui.pages.explorer.page import ExplorerPage
        from gan_studio.gui.wiring.explorer import ExplorerWiring

        window, session, example = self._window, self.explorer_session, trained_example()
        page = ExplorerPage(session.suggest_path, example)
        models = window.training, window.watching
        wiring = ExplorerWiring(page, session, *models, window.settings, example, window.jobs.exports, window)
        wiring.recent_changed.connect(window.recent_changed)
        window.recent_changed.connect(wiring.show_recent)
        window.sheets.folders_changed.connect(wiring.follow_folders)
        page.saving.evaluate_requested.connect(window.evaluation_wiring.ask)
        self._put_in(EXPLORER, page)
        return page

    @cached_property
    def runs(self) -> RunsPage:
        from gan_studio.gui.pages.runs import RunsPage
        from gan_studio.gui.wiring.runs import RunsWiring

        window, page = self._window, RunsPage()
        wiring = RunsWiring(page, window.wiring, self.explorer_session, window.settings, window)
        wiring.recent_changed.connect(window.recent_changed)
        page.open_requested.connect(window.open_path)
        page.explore_requested.connect(window.explore)
        page.evaluate_requested.connect(window.evaluation_wiring.ask)
        page.training_page_requested.connect(window.show_training_page)
        window.evaluation_wiring.measured.connect(page.look_again)
        self.ending.append(wiring)
        self._put_in(RUNS, page)
        return page

    def _pieces(self) -> tuple[partial[object], ...]:
        """Modules and pages by turns, what is likeliest to be wanted first."""
        pages = "gan_studio.gui.pages"
        return (
            partial(getattr, self._window.train_page, "monitor"),
            partial(import_module, f"{pages}.gallery"),
            partial(getattr, self, "gallery"),
            partial(import_module, f"{pages}.explorer"),
            partial(getattr, self, "explorer_session"),
            partial(getattr, self, "explorer"),
            partial(import_module, f"{pages}.runs"),
            partial(getattr, self, "runs"),
        )

    def _put_in(self, index: int, page: QWidget) -> None:
        """In the place that was kept for it, with its menu and its splitters as they were left."""
        window = self._window
        fill_place(window.pages, index, page)
        window.actions_.fill_page_menu(MENUS[index], page.actions())
        window.layout_memory.adopt(page)

    @Slot()
    def _load_engine(self) -> None:
        """Last, because it takes seconds."""
        if self._window.isVisible():  # else the window is going
            self._window.wiring.load_engine()
