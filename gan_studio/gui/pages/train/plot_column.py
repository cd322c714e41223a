"""The plots of a training, with one cursor, one cross-hair and one window of steps: under one another, or as tabs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QSplitter, QTabBar, QVBoxLayout, QWidget

from gan_studio.gui.pages.train.coming_lines import ComingLines
from gan_studio.gui.pages.train.comparison_row import ComparisonRow
from gan_studio.gui.pages.train.plot_bar import STACKED, TABS, PlotBar
from gan_studio.gui.pages.train.plot_groups import GROUPS, PlotGroup, key_of, made_group, made_line
from gan_studio.gui.pages.train.plot_memory import PlotMemory
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views.scalars import FLOOR, ScalarTable, floors_in, newest
from gan_studio.gui.widgets.plot_line import Look
from gan_studio.gui.widgets.plots import LivePlot
from gan_studio.gui.widgets.step_view import TURN_MS, StepView


class PlotColumn(QWidget):
    """Losses, scores, gradient norms, throughput, and whatever else a run measures."""

    scrubbed = Signal(float)
    """The user dragged the cursor of any plot to this step."""
    menu_requested = Signal(object, QPoint)
    """A right click on this `LivePlot`, at this place on the screen."""
    comparison_closed = Signal()
    """The user closed the comparison; it is gone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps_view = StepView(self)
        self._groups: dict[str, PlotGroup] = {}
        self._plots: dict[str, LivePlot] = {}
        self._made_lines: dict[str, LivePlot] = {}
        """Lines of names that are not known, which go when another run comes."""
        self._references: Mapping[str, float] = {}
        self._floors: Mapping[str, float] = {}
        """What real pictures reach, by the name of the scalar that it is the level for."""
        self._history_end = -math.inf
        """The last step of what was loaded; steps behind it were added since."""
        self._other: ScalarTable | None = None
        self._memory = PlotMemory()
        self._coming = ComingLines(self)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(TURN_MS)
        self._build_widgets()
        self._build_layout()
        for group in GROUPS:
            self._add_plot(group)
        self._connect_signals()
        self._arrange()

    # --- a run ---

    def append(self, step: int, scalars: Mapping[str, float]) -> None:
        """Add a report. Scalars that no plot draws yet get a line, where need be a plot, in the next turns."""
        self._coming.take(step, scalars, self._known())
        if self._coming.waiting:
            # The layout takes several turns to settle, and each would paint every plot anew.
            self.setUpdatesEnabled(False)
        self._show_floors(floors_in(scalars))
        for plot in self.plots:
            plot.append(step, scalars)

    def load(self, table: ScalarTable) -> None:
        """Replace everything by what a run from disk measured, or by an overview of it."""
        self.clear()
        self._add_lines(table.columns)
        self._show_floors(floors_in({name: newest(column) for name, column in table.columns.items()}))
        for plot in self.plots:
            plot.load(table.steps, table.columns)
        self._history_end = float(table.steps[-1]) if len(table.steps) else -math.inf

    def fill(self, table: ScalarTable) -> None:
        """Put all that the run had measured in the place of its overview; what was added since stays."""
        self._add_lines(table.columns)
        self._show_floors(floors_in({name: newest(column) for name, column in table.columns.items()}))
        for plot in self.plots:
            plot.fill(table.steps, table.columns, self._history_end)

    def cut(self, step: int) -> None:
        """Forget what lies behind a step."""
        self._coming.clear()
        self._history_end = min(self._history_end, step)
        for plot in self.plots:
            plot.cut(step)

    def clear(self) -> None:
        """Forget the run. What it is compared with stays."""
        self._coming.clear()
        self._references, self._floors = {}, {}
        self._history_end = -math.inf
        self._remove_made()
        for plot in self.plots:
            plot.clear()

    def set_cursor(self, step: float | None) -> None:
        self.steps_view.set_cursor(step)

    def set_reference_lines(self, values: Mapping[str, float]) -> None:
        """Dotted level by scalar name."""
        self._references = dict(values)
        self._show_references()

    # --- another run behind it ---

    def set_comparison(self, title: str, table: ScalarTable) -> None:
        """Draw another run's smoothed lines behind, and name it in a row."""
        self._other = table
        for plot in self.plots:
            plot.compare(table.steps, table.columns)
        self.steps_view.include_other((float(table.steps[0]), float(table.steps[-1])) if len(table.steps) else None)
        self.comparison.show_run(title)

    @property
    def comparing(self) -> bool:
        """Whether another run is drawn."""
        return self._other is not None

    @Slot()
    def clear_comparison(self) -> None:
        """Show one run only; nothing happens where none is compared with."""
        if self._other is None:
            return
        self._other = None
        for plot in self.plots:
            plot.clear_comparison()
        self.steps_view.include_other(None)
        self.comparison.hide()
        self.comparison_closed.emit()

    # --- which plots there are ---

    @property
    def plots(self) -> tuple[LivePlot, ...]:
        """Every plot, whether it is in sight or not."""
        return tuple(self._plots.values())

    def plot(self, key: str) -> LivePlot:
        """The plot of the scalars whose names begin so: `loss`."""
        return self._plots[key]

    def shown_plots(self) -> tuple[LivePlot, ...]:
        """The plots that are in sight while the column is."""
        return tuple(plot for plot in self.plots if not plot.isHidden())

    @property
    def loss_plot(self) -> LivePlot:
        return self._plots["loss"]

    @property
    def score_plot(self) -> LivePlot:
        return self._plots["score"]

    @property
    def gradient_plot(self) -> LivePlot:
        return self._plots["grad"]

    def state(self) -> dict[str, Any]:
        """What the user chose, for `restore` after the next start."""
        self._remember_sizes()
        return self._memory.to_dict()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Arrange the plots as they were; what cannot be understood counts as not chosen."""
        self._memory = PlotMemory.of(state)
        self.bar.set_look(self._memory.look)
        self.steps_view.follow(self._memory.newest)
        for key, plot in self._plots.items():
            self._apply_memory(key, plot)
        self._arrange()

    # --- building ---

    def _build_widgets(self) -> None:
        self.bar = PlotBar(self.steps_view)
        self.comparison = ComparisonRow()
        self.tabs = QTabBar()
        self.tabs.setObjectName("plots_tabs")
        self.tabs.setAccessibleName("Plots")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName("plots_splitter")
        self.splitter.setProperty("own_memory", True)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(SPACING.s)
        # The cards have outlines of their own; the gap between them needs no line.
        self.splitter.setStyleSheet("QSplitter::handle { background: transparent; }")

    def _build_layout(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.s, 0, 0, 0)
        column.setSpacing(SPACING.xs)
        column.addWidget(self.bar)
        column.addWidget(self.comparison)
        column.addWidget(self.tabs)
        column.addWidget(self.splitter, 1)

    def _connect_signals(self) -> None:
        self.bar.arranged.connect(self._set_arrangement)
        self.bar.plot_ticked.connect(self._tick)
        self.bar.look_changed.connect(self._set_look)
        self.comparison.close_requested.connect(self.clear_comparison)
        self._coming.due.connect(self._make_coming)
        self._coming.all_made.connect(self._show_coming)
        self._settling.timeout.connect(self._paint_again)
        self.tabs.currentChanged.connect(self._turn)
        self.splitter.splitterMoved.connect(self._remember_sizes)
        self.steps_view.pointed.connect(self._show_step)
        self.steps_view.due.connect(self._show_step)
        self.steps_view.moved.connect(self._remember_window)

    def _add_plot(self, group: PlotGroup) -> LivePlot:
        plot = LivePlot(group.title, group.lines, self.steps_view)
        plot.setObjectName(group.name)
        verb = "appear" if group.title.endswith("s") else "appears"
        plot.set_hints(
            f"{group.title} {verb} here as soon as training reports.", f"This run holds no {group.title.lower()}."
        )
        plot.scrubbed.connect(self.scrubbed)
        plot.menu_requested.connect(self._ask_menu)
        plot.hidden_changed.connect(self._remember_lines)
        plot.logarithmic_changed.connect(self._remember_lines)
        self._groups[group.key], self._plots[group.key] = group, plot
        plot.hide()  # until it is arranged: shown, it would be laid out and drawn at once
        self.splitter.addWidget(plot)
        self._apply_memory(group.key, plot)
        return plot

    # --- scalars that nobody announced ---

    def _show_floors(self, floors: Mapping[str, float]) -> None:
        if floors and floors != self._floors:
            self._floors = {**self._floors, **floors}
            self._show_references()

    def _show_references(self) -> None:
        for plot in self.plots:
            plot.set_reference_lines({**self._references, **self._floors})

    def _known(self) -> set[str]:
        return {name for plot in self.plots for name in plot.names()}

    def _add_lines(self, names: Iterable[str]) -> None:
        known = self._known()
        for name in names:
            if name not in known and not name.startswith(FLOOR):
                self._add_line(name)

    @Slot(str)
    def _make_coming(self, name: str) -> None:
        if key_of(name) not in self._plots:
            self._add_plot(made_group(key_of(name)))  # its line comes in the next turn
            return
        if name not in self._made_lines:  # the whole of a run that was opened may have brought it meanwhile
            self._add_line(name)
        for step, value in self._coming.pop(name):
            self._made_lines[name].append(step, {name: value})

    @Slot()
    def _show_coming(self) -> None:
        self._arrange()
        self._settling.start()

    @Slot()
    def _paint_again(self) -> None:
        self.setUpdatesEnabled(not self._coming.waiting)

    def _add_line(self, name: str) -> None:
        key = key_of(name)
        plot = self._plots.get(key)
        if plot is None:
            plot = self._add_plot(made_group(key))
            self._arrange()
        plot.add_line(made_line(name, len(plot.names())))
        plot.set_reference_lines({**self._references, **self._floors})
        if self._other:
            plot.compare(self._other.steps, self._other.columns)
        self._made_lines[name] = plot

    def _remove_made(self) -> None:
        for name, plot in self._made_lines.items():
            plot.remove_line(name)
        self._made_lines = {}
        made = self._plots.keys() - {group.key for group in GROUPS}
        for key in made:
            plot = self._plots.pop(key)
            del self._groups[key]
            plot.hide()
            plot.setParent(None)
            plot.deleteLater()
        if made:
            self._arrange()

    # --- how they stand ---

    def _arrange(self) -> None:
        """Put the plots as the memory says."""
        memory = self._memory
        stacked = [key for key, group in self._groups.items() if memory.stacked.get(key, group.stacked)]
        self.bar.set_plots({key: group.title for key, group in self._groups.items()}, stacked)
        self.bar.set_arrangement(memory.arrangement)
        self._fill_tabs()
        self.tabs.setVisible(memory.arrangement == TABS)
        self._show_plots([self._tab()] if memory.arrangement == TABS else stacked)

    def _show_plots(self, keys: Sequence[str]) -> None:
        shown = [key for key in self._plots if key in keys]
        for key, plot in self._plots.items():
            plot.setVisible(key in shown)
            plot.set_steps_shown(key == shown[-1] if shown else False)
        sizes = [self._memory.sizes.get(key, 0) for key in self._plots]
        if all(self._memory.sizes.get(key) for key in shown):
            self.splitter.setSizes(sizes)

    def _fill_tabs(self) -> None:
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for place, (key, group) in enumerate(self._groups.items()):
            self.tabs.addTab(group.tab)
            self.tabs.setTabData(place, key)
            self.tabs.setTabToolTip(place, group.title)
            if key == self._memory.tab:
                self.tabs.setCurrentIndex(place)
        self.tabs.blockSignals(False)

    def _tab(self) -> str:
        return self.tabs.tabData(self.tabs.currentIndex())

    def _apply_memory(self, key: str, plot: LivePlot) -> None:
        plot.set_hidden(self._memory.hidden)
        plot.set_logarithmic(key in self._memory.logarithmic)
        plot.set_look(self._memory.look)

    # --- what the user does ---

    @Slot(int)
    def _set_arrangement(self, arrangement: int) -> None:
        self._memory.arrangement = arrangement
        self._arrange()

    @Slot(str, bool)
    def _tick(self, key: str, ticked: bool) -> None:
        self._memory.stacked[key] = ticked
        if self._memory.arrangement == STACKED:
            self._show_plots(
                [name for name, group in self._groups.items() if self._memory.stacked.get(name, group.stacked)]
            )

    @Slot(int)
    def _turn(self, place: int) -> None:
        self._memory.tab = self.tabs.tabData(place)
        self._show_plots([self._tab()])

    @Slot(object)
    def _set_look(self, look: Look) -> None:
        self._memory.look = look
        for plot in self.plots:
            plot.set_look(look)

    @Slot()
    def _ask_menu(self, place: QPoint) -> None:
        self.menu_requested.emit(self.sender(), place)

    @Slot()
    def _show_step(self) -> None:
        looked_at = self.steps_view.looked_at()
        self.bar.show_step(self.steps_view.last if looked_at is None else looked_at)

    @Slot()
    def _remember_window(self) -> None:
        self._memory.newest = self.steps_view.newest

    @Slot()
    def _remember_lines(self) -> None:
        self._memory.hidden = set().union(*(plot.hidden() for plot in self.plots))
        self._memory.logarithmic = {key for key, plot in self._plots.items() if plot.logarithmic}

    @Slot()
    def _remember_sizes(self) -> None:
        if self._memory.arrangement == STACKED and self.splitter.isVisible():
            self._memory.sizes |= {
                key: size for key, size in zip(self._plots, self.splitter.sizes(), strict=True) if size > 0
            }
