"""The gallery's page: all grids, one large, or two compared; says what is to be kept, and starts nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QImageReader, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from gan_studio.engine.errors import StudioError
from gan_studio.engine.events import GridSaved, Started, TrainEvent
from gan_studio.engine.film_formats import film_format
from gan_studio.gui.icons import icon
from gan_studio.gui.pages.gallery.comparison import Comparison
from gan_studio.gui.pages.gallery.film_dialog import FilmDialog
from gan_studio.gui.pages.gallery.model import GridModel
from gan_studio.gui.pages.gallery.overview import Overview
from gan_studio.gui.pages.gallery.viewer import Viewer
from gan_studio.gui.quantities import whole
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views.films import FilmChoices, FilmMaterial
from gan_studio.gui.views.gallery import PictureRead
from gan_studio.gui.widgets.empty_state import EmptyState

EMPTY = (
    "No sample grids yet",
    "While a training runs, its sample grids gather here, step by step. Start one, or open a run with Ctrl+Shift+O.",
    "Go to the training page",
)
PNG_FILES = "PNG pictures (*.png)"
SuggestPath = Callable[[str, str], Path]


class GalleryPage(QWidget):
    """Follows a training, or shows a run from disk."""

    key_help = (("Esc", "Back from one picture to its grid, and from there to all grids"),)

    step_chosen = Signal(int)
    """This step is to be shown beside the plots of its training."""
    train_page_wanted = Signal()
    run_changed = Signal(Path)
    """Grids of another run, or of another course of this one, are on show: its marks and the size of its cells are
    wanted (`set_favourites`, `set_picture_size`)."""
    favourites_wanted = Signal(object, bool)
    """Steps that are to be marked, or no longer."""
    pictures_wanted = Signal(object)
    """A list of PictureWish; answered by `keep_picture`."""
    film_requested = Signal(object, object)
    """Path and FilmPlan."""
    save_requested = Signal(object, int, object, int)
    """Path, step, cell (None: the whole grid) and zoom of one picture."""
    save_several_requested = Signal(object, object)
    """Folder and steps."""
    go_to_step_requested = Signal()
    """The timeline in sight is to ask for a step."""
    favourite_requested = Signal()
    """What is in sight is to be marked, or no longer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gallery_page")
        self._run: Path | None = None
        self._picture_size = 0
        self.suggest_path: SuggestPath = lambda title, suffix: Path(f"{title}{suffix}")
        self.film_choices = FilmChoices()
        self.model = GridModel(self)
        self._build_views()
        self._build_actions()
        self._connect_views()
        self._refresh()

    @property
    def run(self) -> Path | None:
        """Folder of the run on show."""
        return self._run

    @property
    def picture_size(self) -> int:
        return self._picture_size

    # --- what the window calls ---

    def set_grids(self, run: Path, grids: Iterable[tuple[int, Path]]) -> None:
        """Show a run from disk."""
        self._set_run(run, list(grids))

    @Slot(object)
    def show_event(self, event: TrainEvent) -> None:
        """Follow a training; what does not concern grids is passed over."""
        match event:
            case Started(run, step):
                known = [(known, path) for known, path in self.model.paths.items() if known <= step]
                self._set_run(run, [(known, path) for known, path in known if path.is_relative_to(run)])
            case GridSaved(step, path):
                self.model.add(step, path)
                self.viewer.add_grid(step, path)
                if self._stack.currentWidget() is self.comparison:
                    self.comparison.set_grids(self.model.paths, self._picture_size)
                self._refresh()

    def set_favourites(self, steps: frozenset[int]) -> None:
        self.model.set_favourites(steps)
        self.viewer.timeline.set_favourites(steps)

    def set_picture_size(self, size: int) -> None:
        """Side of the cells of this run's grids, in pixels; 0 where it is not known."""
        self._picture_size = size
        self.viewer.set_picture_size(size)

    @Slot(object)
    def keep_picture(self, read: PictureRead) -> None:
        """A picture was read."""
        self.model.keep(read)
        self.viewer.pictures.keep(read)

    def shown_steps(self) -> list[int]:
        """The step on show, or those that are selected."""
        if self._stack.currentWidget() is self.viewer and self.viewer.step is not None:
            return [self.viewer.step]
        if self._stack.currentWidget() is self.overview:
            return self.overview.selected_steps()
        return []

    @Slot(int)
    def open_step(self, step: int, cell: int | None = None) -> None:
        """Show a step large."""
        self.viewer.timeline.go_to(step)  # first: what becomes visible is read
        self._stack.setCurrentWidget(self.viewer)
        self.viewer.show_step(step, cell)
        self._refresh_actions()

    # --- building ---

    def _build_views(self) -> None:
        self.empty = EmptyState("squares-four", *EMPTY)
        self.overview = Overview(self.model)
        self.view = self.overview.view
        self.viewer = Viewer()
        self.comparison = Comparison(self.viewer.pictures)
        self._stack = QStackedWidget()
        for widget in (self.empty, self.overview, self.viewer, self.comparison):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.l, SPACING.m, SPACING.l, SPACING.m)
        column.addWidget(self._stack)

    def _build_actions(self) -> None:
        """`actions()`, for keys and for the window's menu."""
        self.go_to_step = self._action("go_to_step", "&Go to step…", "Ctrl+G", "crosshair")
        self.favourite = self._action("favourite", "Mark or unmark &favourite", "B", "star")
        self.only_favourites = self._action("only_favourites", "&Only favourites", "", "star-fill")
        self.only_favourites.setCheckable(True)
        self.compare = self._action("compare_steps", "&Compare two steps", "", "columns")
        self.save = self._action("save_grid", "&Save grid as PNG…", "", "floppy-disk")
        self.copy = self._action("copy_grid", "Cop&y grid", "Ctrl+C", "copy")
        self.film = self._action("make_film", "&Make a film…", "Ctrl+Shift+M", "film-strip")
        for action in (self.go_to_step, self.film):
            # They mean the run on show, wherever the focus is
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)

    def _action(self, name: str, text: str, keys: str, symbol: str) -> QAction:
        action = QAction(text, self)
        action.setObjectName(f"action_{name}")
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setIcon(icon(symbol))
        self.addAction(action)
        return action

    def _connect_views(self) -> None:
        self.empty.action_triggered.connect(self.train_page_wanted)
        self.model.thumbnails_wanted.connect(self.pictures_wanted)
        self.viewer.pictures.wanted.connect(self.pictures_wanted)
        overview, viewer = self.overview, self.viewer
        overview.step_opened.connect(self.open_step)
        overview.favourite_wanted.connect(self._want_favourite)
        overview.selection_changed.connect(self._refresh_actions)
        overview.compare.clicked.connect(self.open_comparison)
        overview.save.clicked.connect(self.ask_to_save)
        overview.film.clicked.connect(self.ask_for_film)
        viewer.timeline.favourite_wanted.connect(self._want_favourite)
        viewer.left.connect(self._show_overview)
        viewer.save_wanted.connect(self.ask_to_save)
        viewer.compare_wanted.connect(self.open_comparison)
        viewer.train_wanted.connect(self._show_in_training)
        self.comparison.left.connect(self._show_overview)
        self._connect_actions()

    def _connect_actions(self) -> None:
        self.go_to_step.triggered.connect(self.go_to_step_requested)
        self.favourite.triggered.connect(self.favourite_requested)
        self.only_favourites.toggled.connect(self.overview.show_only_favourites)
        self.overview.only.toggled.connect(self.only_favourites.setChecked)
        self.compare.triggered.connect(self.open_comparison)
        self.save.triggered.connect(self.ask_to_save)
        self.copy.triggered.connect(self.copy_grid)
        self.film.triggered.connect(self.ask_for_film)

    # --- what the user does ---

    @Slot()
    def open_comparison(self) -> None:
        """Compare the two selected steps, or the step on show with the last one, or the first with the last."""
        steps = self.model.steps
        if len(steps) < 2:
            return
        shown = self.shown_steps()
        first = shown[0] if shown else steps[0]
        second = shown[-1] if len(shown) > 1 else steps[-1] if first != steps[-1] else steps[0]
        cell = self.viewer.cell if self._stack.currentWidget() is self.viewer else None
        self.viewer.timeline.set_playing(False)
        self.comparison.set_grids(self.model.paths, self._picture_size)
        self._stack.setCurrentWidget(self.comparison)
        self.comparison.show_steps(first, second, cell)
        self._refresh_actions()

    @Slot()
    def copy_grid(self) -> None:
        """Put the grid that is shown or selected on the clipboard."""
        steps = self.shown_steps()
        if self._stack.currentWidget() is not self.viewer and steps:
            self.viewer.copy_file(self.model.path_of(steps[0]))
        elif steps:
            self.viewer.copy()

    @Slot()
    def ask_to_save(self) -> None:
        """One picture under a name, several into a folder."""
        steps = self.shown_steps()
        if len(steps) > 1:
            folder = QFileDialog.getExistingDirectory(
                self, f"Save {whole(len(steps))} grids into a folder", str(self.suggest_path("grids", "").parent)
            )
            if folder:
                self.save_several_requested.emit(Path(folder), steps)
        elif steps:
            self._ask_to_save_one(steps[0])

    def _ask_to_save_one(self, step: int) -> None:
        large = self._stack.currentWidget() is self.viewer
        cell, zoom = (self.viewer.cell, max(1, int(self.viewer.stage.zoom()))) if large else (None, 1)
        title = f"{self._title()} step {step}" + ("" if cell is None else f" picture {cell + 1}")
        suggested = self.suggest_path(title, ".png")
        name, _ = QFileDialog.getSaveFileName(self, "Save as PNG", str(suggested), PNG_FILES)
        if name:
            path = Path(name)
            path = path if path.suffix.lower() == ".png" else path.with_name(f"{path.name}.png")
            self.save_requested.emit(path, step, cell, zoom if cell is not None else 1)

    @Slot()
    def ask_for_film(self) -> None:
        """Open the dialog that asks what a film shall show."""
        steps = self.model.steps
        if not steps or self.window().findChild(FilmDialog):
            return
        size = QImageReader(str(self.model.path_of(steps[-1]))).size()
        material = FilmMaterial(
            steps=steps,
            favourites=self.model.favourites,
            selected=self.shown_steps() if self._stack.currentWidget() is self.overview and self.isVisible() else (),
            width=max(1, size.width()),
            height=max(1, size.height()),
            picture_size=self._picture_size,
            cell=self.viewer.cell if self._stack.currentWidget() is self.viewer and self.isVisible() else None,
        )
        dialog = FilmDialog(material, self.film_choices, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._ask_where_to_film)
        dialog.open()

    @Slot()
    def _ask_where_to_film(self) -> None:
        dialog = self.sender()
        assert isinstance(dialog, FilmDialog)
        plan, kind = dialog.plan(), dialog.format()
        self.film_choices = dialog.choices()
        suggested = self.suggest_path(f"{self._title()} film", kind.suffix)
        name, _ = QFileDialog.getSaveFileName(
            self.window(), "Save the film", str(suggested), f"{kind.title} (*{kind.suffix})"
        )
        if name:
            self.film_requested.emit(_film_path(Path(name), kind.suffix), plan)

    def _title(self) -> str:
        return self._run.name if self._run else "run"

    # --- reacting ---

    def event(self, event: QEvent) -> bool:
        """Escape goes back inside the page; it stops a training only where there is nothing to go back to."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            inside = self._stack.currentWidget() in (self.viewer, self.comparison)
            if event.key() == Qt.Key.Key_Escape and inside:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stack.currentWidget() is self.viewer:
            self.viewer.leave_one()
        elif event.key() == Qt.Key.Key_Escape and self._stack.currentWidget() is self.comparison:
            self._show_overview()
        else:
            super().keyPressEvent(event)

    @Slot(int, bool)
    def _want_favourite(self, step: int, marked: bool) -> None:
        self.favourites_wanted.emit([step], marked)

    @Slot()
    def toggle_favourites(self) -> None:
        """Mark what is shown or selected; unmark it where all of it is marked."""
        steps = self.shown_steps()
        if steps:
            self.favourites_wanted.emit(steps, not self.model.favourites.issuperset(steps))

    @Slot()
    def _show_in_training(self) -> None:
        if self.viewer.step is not None:
            self.step_chosen.emit(self.viewer.step)

    @Slot()
    def _show_overview(self) -> None:
        step = self.viewer.step if self._stack.currentWidget() is self.viewer else None
        self._stack.setCurrentWidget(self.overview if self.model.rowCount() else self.empty)
        if step is not None:
            self.overview.show_step(step)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._refresh_actions()

    def _set_run(self, run: Path, grids: Sequence[tuple[int, Path]]) -> None:
        another = run != self._run
        self._run = run
        self.model.set_grids(grids)
        self.viewer.set_grids(dict(grids), self._picture_size)
        if another or not grids:
            self.viewer.show_cell(None)
            self._stack.setCurrentWidget(self.overview if grids else self.empty)
        elif self._stack.currentWidget() is self.comparison:
            self.comparison.set_grids(self.model.paths, self._picture_size)
        self.run_changed.emit(run)
        self._refresh()

    def _refresh(self) -> None:
        grids = self.model.rowCount()
        if self._stack.currentWidget() is self.empty and grids:
            self._stack.setCurrentWidget(self.overview)
        elif not grids:
            self._stack.setCurrentWidget(self.empty)
        self._refresh_actions()

    @Slot()
    def _refresh_actions(self) -> None:
        """Offer what can be done with what is in sight."""
        grids, shown = self.model.rowCount(), self.shown_steps()
        for action in (self.go_to_step, self.favourite, self.only_favourites, self.film):
            action.setEnabled(grids > 0)
        self.compare.setEnabled(grids > 1)
        for action in (self.save, self.copy):
            action.setEnabled(bool(shown))


def _film_path(path: Path, suffix: str) -> Path:
    """The name that was typed, with the format's own ending unless it names a film by itself."""
    try:
        film_format(path)
    except StudioError:
        return path.with_name(f"{path.name}{suffix}")
    return path
