"""The run on show: its course from disk, another run behind it, and the name it goes by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from gan_studio.gui.pages.train.control_column import ControlColumn
from gan_studio.gui.pages.train.display import TRAINING, Display
from gan_studio.gui.views.scalars import ScalarTable


class RunOnShow(QObject):
    """Owns no widget: it shows in the display and the control column what is told of runs on disk."""

    def __init__(self, display: Display, controls: ControlColumn, parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._controls = display, controls
        self._compared: Path | None = None
        """The run drawn behind the one on show, as far as it still is."""

    @property
    def folder(self) -> Path | None:
        return self._display.monitor.run

    def load_history(self, run: Path, scalars: ScalarTable, grids: Iterable[tuple[int, Path]]) -> None:
        """Show a run from disk: what it measured, or an overview of that, and its grids by step."""
        display = self._display
        display.monitor.load_history(run, scalars, grids)
        display.status.show_past(scalars.last)
        display.status.show_message("Opened")
        display.set_run_caption(run.name)
        display.show_side(TRAINING)
        self._controls.run_bar.set_continuable(run.name)

    @Slot(object, object)
    def fill_history(self, run: Path, scalars: ScalarTable) -> None:
        """All that a run has measured, of which an overview may be on show."""
        plots = self._display.monitor.plots
        if run == self.folder:
            plots.fill(scalars)
        elif run == self._compared and plots.comparing:
            plots.set_comparison(run.name, scalars)

    def show_reference_lines(self, run: Path, values: Mapping[str, float]) -> None:
        """Levels by scalar name, for a run from disk; passed over where another is on show by now."""
        if run == self.folder:
            self._display.monitor.plots.set_reference_lines(values)

    def show_comparison(self, run: Path, scalars: ScalarTable) -> None:
        """Draw another run behind the one on show, and go to the plots."""
        self._compared = run
        self._display.monitor.plots.set_comparison(run.name, scalars)
        self._display.show_side(TRAINING)

    @Slot()
    def clear_comparison(self) -> None:
        """Show one run only."""
        self._display.monitor.plots.clear_comparison()

    def move(self, before: Path, now: Path) -> None:
        """The folder of a run has another name; where it is on show, it stays."""
        if self._display.monitor.move_run(before, now):
            self._display.set_run_caption(now.name)
            self._controls.run_bar.set_continuable(now.name)
        chip = self._controls.start_chip
        if chip.start is not None and chip.start.path.is_relative_to(before):
            chip.show_start(replace(chip.start, path=now / chip.start.path.relative_to(before), title=now.name))

    @Slot(int)
    def show_step(self, step: int) -> None:
        """Go to the grid of a step, as when it was clicked in the gallery."""
        self._display.show_side(TRAINING)
        self._display.monitor.show_step(step)
