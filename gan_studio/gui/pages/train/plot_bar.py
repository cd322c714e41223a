"""The thin row over the plots: how they stand, which, the step that is looked at, the window of steps, the look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.quantities import whole
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.plot_line import SMOOTHINGS, Look, Smoothing
from gan_studio.gui.widgets.segmented import SegmentedControl
from gan_studio.gui.widgets.step_view import StepView

STACKED, TABS = range(2)
NEWEST: tuple[int | None, ...] = (None, 5000, 1000, 200)
_STEP_AIR = 4
"""Between the words of the step and what stands before them."""
_ICON = QSize(16, 16)


class StepLabel(QLabel):
    """A step with its word where there is room for it; a cut-off number would be a wrong one."""

    def __init__(self) -> None:
        super().__init__()
        self._step: float | None = None

    def say(self, step: float | None) -> None:
        """None says nothing."""
        self._step = step
        number = "" if step is None else whole(round(step))
        words = f"Step {number}" if number else ""
        room = self.contentsRect().width() - _STEP_AIR
        self.setText(words if self.fontMetrics().horizontalAdvance(words) <= room else number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.say(self._step)


class PlotBar(QWidget):
    """Says what the user wants; shows what the plots' `StepView` says."""

    arranged = Signal(int)
    """`STACKED` or `TABS`."""
    plot_ticked = Signal(str, bool)
    """Key of a plot that is to be among the stacked ones, or no longer."""
    look_changed = Signal(object)
    """A `Look`."""
    picture_wanted = Signal()
    table_wanted = Signal()

    def __init__(self, view: StepView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._build_arrangement()
        self._build_window()
        self._build_options()
        self._build_layout()
        self._connect_signals()
        self._show_window()

    # --- what is shown ---

    def set_plots(self, titles: Mapping[str, str], ticked: Sequence[str]) -> None:
        """The plots there are, by key, and which of them are stacked."""
        self.plots_menu.clear()
        for key, title in titles.items():
            action = self.plots_menu.addAction(title)
            action.setObjectName(f"plot_shown_{key}")
            action.setData(key)
            action.setCheckable(True)
            action.setChecked(key in ticked)
            action.toggled.connect(self._tick)

    def set_arrangement(self, arrangement: int) -> None:
        self.arrangement.set_current(arrangement)
        self.plots_button.setVisible(arrangement == STACKED)

    def look(self) -> Look:
        """What is ticked among the options."""
        chosen = self._smoothings.checkedAction()
        smoothing: Smoothing = chosen.data() if chosen else Look().smoothing
        return Look(smoothing, self._raw.isChecked())

    def set_look(self, look: Look) -> None:
        for action in self._smoothings.actions():
            action.setChecked(action.data() == look.smoothing)
        self._raw.setChecked(look.raw)

    def show_step(self, step: float | None) -> None:
        """The one place where the step that is looked at is said."""
        self.step.say(step)

    # --- building ---

    def _build_arrangement(self) -> None:
        self.arrangement = SegmentedControl(("", ""))
        self.arrangement.setObjectName("plots_arrangement")
        for place, (symbol, tip) in enumerate(
            (("rows", "Stacked: plots under one another"), ("browser", "Tabs: one plot at a time"))
        ):
            button = self.arrangement.button(place)
            button.setIcon(icon(symbol, "muted", "text"))
            button.setIconSize(_ICON)
            button.setProperty("compact", True)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        self.plots_button, self.plots_menu = _menu_button("plots_button", "Plots", "Which plots are stacked")
        self.plots_button.setText("Plots")

    def _build_window(self) -> None:
        self.step = StepLabel()
        self.step.setObjectName("plots_step")
        self.step.setAccessibleName("Step that the values belong to")
        self.step.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.step.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.window_button, menu = _menu_button("plots_window", "All steps", "Which steps are in view")
        self._windows = QActionGroup(self)
        for newest in NEWEST:
            action = menu.addAction(_window_text(newest))
            action.setObjectName(f"plots_window_{newest or 'all'}")
            action.setData(newest)
            action.setCheckable(True)
            self._windows.addAction(action)
        self.show_all = QToolButton()
        self.show_all.setObjectName("plots_show_all")
        self.show_all.setText("Show all")
        self.show_all.setIcon(icon("arrows-out-line-horizontal"))
        self.show_all.setIconSize(_ICON)
        self.show_all.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.show_all.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_all.setToolTip("Show all steps again (double click in a plot)")
        self.show_all.setAccessibleName("Show all steps again")

    def _build_options(self) -> None:
        self.options_button, menu = _menu_button("plots_options", "", "Smoothing, raw values, export")
        self.options_button.setIcon(icon("sliders-horizontal"))
        self.options_button.setAccessibleName("How lines are drawn, and export")
        menu.addSection("Smoothing")
        self._smoothings = QActionGroup(self)
        for smoothing in SMOOTHINGS:
            action = menu.addAction(f"{smoothing.capitalize()} smoothing" if smoothing != "none" else "No smoothing")
            action.setObjectName(f"plots_smoothing_{smoothing}")
            action.setData(smoothing)
            action.setCheckable(True)
            self._smoothings.addAction(action)
        menu.addSeparator()
        self._raw = menu.addAction("Raw values too")
        self._raw.setObjectName("plots_raw")
        self._raw.setCheckable(True)
        self.set_look(Look())
        menu.addSeparator()
        self._picture = menu.addAction(icon("image"), "Save plots as picture…")
        self._picture.setObjectName("plots_save_picture")
        self._table = menu.addAction(icon("table"), "Save visible scalars as CSV…")
        self._table.setObjectName("plots_save_table")

    def _build_layout(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING.xs)
        row.addWidget(self.arrangement)
        row.addWidget(self.plots_button)
        row.addWidget(self.step, 1)
        row.addWidget(self.show_all)
        row.addWidget(self.window_button)
        row.addWidget(self.options_button)

    def _connect_signals(self) -> None:
        self.arrangement.changed.connect(self.arranged)
        self._windows.triggered.connect(self._follow)
        self.show_all.clicked.connect(self._view.show_all)
        self._smoothings.triggered.connect(self._change_look)
        self._raw.toggled.connect(self._change_look)
        self._picture.triggered.connect(self.picture_wanted)
        self._table.triggered.connect(self.table_wanted)
        self._view.moved.connect(self._show_window)

    # --- reacting ---

    @Slot(bool)
    def _tick(self, ticked: bool) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self.plot_ticked.emit(action.data(), ticked)

    @Slot(QAction)
    def _follow(self, action: QAction) -> None:
        self._view.follow(action.data())

    @Slot()
    def _change_look(self) -> None:
        self.look_changed.emit(self.look())

    @Slot()
    def _show_window(self) -> None:
        """While steps are zoomed to, the way back stands in the place of the choice: there is room for one of them."""
        zoomed = self._view.window is not None
        self.show_all.setVisible(zoomed)
        self.window_button.setVisible(not zoomed)
        self.window_button.setText(_window_text(self._view.newest))
        for action in self._windows.actions():
            action.setChecked(action.data() == self._view.newest)


def _window_text(newest: int | None) -> str:
    return "All steps" if newest is None else f"Last {whole(newest)}"


def _menu_button(name: str, text: str, tip: str) -> tuple[QToolButton, QMenu]:
    """A button that opens a menu, with the arrow that says so where it has a text."""
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setToolTip(tip)
    button.setIconSize(_ICON)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    if text:
        button.setProperty("role", "menu")
    menu = QMenu(button)
    menu.setToolTipsVisible(True)
    button.setMenu(menu)
    return button, menu
