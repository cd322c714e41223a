"""A training as it is watched: the sample grid of a step, the timeline, and the plots with their shared cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from gan_studio.engine.events import Report, Started
from gan_studio.gui.pages.train.plot_column import PlotColumn
from gan_studio.gui.pages.train.plot_export import PlotExport
from gan_studio.gui.pages.train.sample_view import AVERAGED, RAW, REAL, SampleView
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views.scalars import SPEED, ScalarTable
from gan_studio.gui.widgets.grid_pictures import GridPictures
from gan_studio.gui.widgets.timeline import Timeline
from gan_studio.gui.widgets.toggle_group import Toggle, ToggleGroup

REALS_NAME = "reals.png"
RAW_NAME = "raw"
"""The folder beside the averaged grids in which the raw ones have the same names."""
_KINDS = (
    Toggle(
        AVERAGED, "Averaged", "Pictures of the averaged generator: the running mean of its weights, calmer and better"
    ),
    Toggle(RAW, "Raw", "Pictures of the generator as it is at this step, from the same latents"),
    Toggle(REAL, "Real", "Real pictures, to compare with"),
)


class Monitor(QSplitter):
    """Keeps grid, timeline and plots at the same step."""

    key_help = (("B", "Mark the step on show as a favourite"),)

    grid_shown = Signal(int)
    """The grid of this step is on show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("monitor_splitter")
        self._grids: dict[int, Path] = {}
        self._coming: dict[Path, int] = {}
        """Steps of grids that are being read, to be shown then."""
        self._run: Path | None = None
        self.pictures = GridPictures(parent=self)
        self._build_widgets()
        self._build_layout()
        self._connect_signals()

    @property
    def run(self) -> Path | None:
        """Folder of the run on show."""
        return self._run

    @property
    def shown_step(self) -> int | None:
        return self.timeline.current_step

    # --- what the page calls ---

    def begin(self, started: Started) -> None:
        """Stepping begins: from scratch, or on from a checkpoint, behind which everything is forgotten."""
        if started.run == self._run and started.step > 0:
            self.plots.cut(started.step)
        else:
            self.plots.clear()
        self._run = started.run
        self._grids = {
            step: path
            for step, path in self._grids.items()
            if step <= started.step and path.is_relative_to(started.run)
        }
        self.timeline.images_per_step = started.batch_size
        self.plots.set_reference_lines(started.reference_lines)
        self._show_grids()
        self._show_reals(started.run / "samples" / REALS_NAME)

    def add_report(self, report: Report) -> None:
        self.plots.append(report.step, {**report.scalars, SPEED: report.images_per_second})

    def add_grid(self, step: int, path: Path) -> None:
        """A grid lies on disk; where the timeline follows, it is shown as soon as it is read, in the background."""
        self._grids[step] = path
        if self.timeline.following:
            self._coming[path] = step
            self.pictures.fetch(self._files(path))
        else:
            self.timeline.add_step(step)

    def show_coming(self) -> None:
        """Wait no longer for grids that are being read: the training is over."""
        coming, self._coming = self._coming, {}
        for step in coming.values():
            self.timeline.add_step(step)

    def load_history(self, run: Path, scalars: ScalarTable, grids: Iterable[tuple[int, Path]]) -> None:
        """Show a run from disk: what it measured, and its grids by step."""
        self._run = run
        self._grids = dict(grids)
        self.plots.load(scalars)
        last = scalars.last
        self.timeline.images_per_step = round(last.get("images", 0) / max(1, last.get("step", 1)))
        self._show_grids()
        self._show_reals(run / "samples" / REALS_NAME)

    def move_run(self, before: Path, now: Path) -> bool:
        """The folder of a run has another name; whether it is the one on show."""
        if self._run != before:
            return False
        self._run = now
        self._grids = {step: now / path.relative_to(before) for step, path in self._grids.items()}
        return True

    @Slot(int)
    def show_step(self, step: int) -> None:
        """Go to the grid nearest to `step`."""
        self.timeline.go_to(step)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """B marks the step on show, wherever the focus is in here."""
        if event.key() == Qt.Key.Key_B and not event.modifiers():
            self.timeline.toggle_favourite()
        else:
            super().keyPressEvent(event)

    # --- building ---

    def _build_widgets(self) -> None:
        self.sample_view = SampleView()
        self.timeline = Timeline()
        self.plots = PlotColumn()
        self.plot_export = PlotExport(self.plots)
        self.kinds = ToggleGroup(_KINDS)
        self.kinds.setObjectName("grid_kinds")
        self.kinds.setAccessibleName("Grids that are shown")

    def _build_layout(self) -> None:
        hero = QWidget()
        column = QVBoxLayout(hero)
        column.setContentsMargins(0, 0, SPACING.xs, 0)  # each pixel less may halve the zoom
        column.setSpacing(SPACING.xs)
        column.addWidget(self.kinds, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.sample_view, 1)
        row = QHBoxLayout()
        row.setSpacing(SPACING.s)
        row.addWidget(self.timeline, 1)
        column.addLayout(row)
        self.addWidget(hero)
        self.addWidget(self.plots)
        self.setChildrenCollapsible(False)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 1)
        self.setSizes([566, 364])

    def _connect_signals(self) -> None:
        self.timeline.step_changed.connect(self._show_grid)
        self.plots.scrubbed.connect(self.timeline.go_to)
        self.sample_view.moved.connect(self.timeline.move_by)
        self.pictures.fetched.connect(self._show_fetched)
        self.kinds.changed.connect(self._show_kinds)

    # --- showing ---

    def _show_grids(self) -> None:
        self.pictures.clear()
        self._coming.clear()
        self.timeline.set_steps(self._grids)
        if self.timeline.current_step is None:
            self.sample_view.set_samples(None, None)
            self.plots.set_cursor(None)

    @Slot(int)
    def _show_grid(self, step: int) -> None:
        self._show_samples(step)
        coming = (self._grids[step] for step in self.timeline.next_steps())
        self.pictures.prepare(file for path in coming for file in self._files(path))
        self.plots.set_cursor(step)
        self.grid_shown.emit(step)

    @Slot(Path)
    def _show_fetched(self, path: Path) -> None:
        if path in self._coming:
            self.timeline.add_step(self._coming.pop(path))

    @Slot(object)
    def _show_kinds(self, kinds: Sequence[str]) -> None:
        self.sample_view.show_kinds(kinds)
        if self.shown_step is not None:
            self._show_samples(self.shown_step)

    def _show_samples(self, step: int) -> None:
        averaged, *raw = (self.pictures.load(file) for file in self._files(self._grids[step]))
        self.sample_view.set_samples(averaged, raw[0] if raw else None)

    def _files(self, path: Path) -> tuple[Path, ...]:
        """What is read to show the grid at `path`: that of the raw generator only while it is in sight."""
        return (path, _raw(path)) if RAW in self.kinds.chosen() else (path,)

    def _show_reals(self, path: Path) -> None:
        self.sample_view.set_reals(self.pictures.load(path))


def _raw(path: Path) -> Path:
    """The grid of the raw generator that belongs to one of the averaged generator."""
    return path.parent / RAW_NAME / path.name
