"""The right side of the training page: the pictures that are trained on, or the training itself, and its status."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gan_studio.gui.pages.train.data_view import DataView
from gan_studio.gui.pages.train.status_strip import StatusStrip
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import DatasetView
from gan_studio.gui.widgets.banner import Banner
from gan_studio.gui.widgets.elided_label import ElidedLabel
from gan_studio.gui.widgets.empty_state import EmptyState
from gan_studio.gui.widgets.segmented import SegmentedControl
from gan_studio.gui.widgets.stack_places import fill_place
from gan_studio.quick_imports import without_cuda_bindings

if TYPE_CHECKING:
    from gan_studio.gui.pages.train.monitor import Monitor

DATA, TRAINING = 0, 1
_NO_DATA = (
    "Start with pictures",
    "Drop a folder or a zip of your own here, or let the program draw pictures to try it out with, and press Train. "
    "In a minute you see what a generator learns.",
    "Use demonstration pictures",
)
_EXAMPLE = "Explore the trained example"
_LOOKING = "Looking at the pictures…"


class Display(QWidget):
    """A switch between data and training, a banner, the chosen view and the status strip."""

    monitor_built = Signal(object)
    """The `Monitor`, once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build_widgets()
        self._build_layout()
        self.switch.changed.connect(self._turn)
        self.data_view.choice.changed.connect(self.refresh_caption)
        self.show_side(DATA)

    @cached_property
    def monitor(self) -> Monitor:
        """Made when it is first asked for: its plots, and the modules they need, take longest of all that is here."""
        with without_cuda_bindings():
            from gan_studio.gui.pages.train.monitor import Monitor
        monitor = Monitor()
        fill_place(self._stack, TRAINING, monitor)
        self.monitor_built.emit(monitor)
        return monitor

    def show_side(self, side: int) -> None:
        """`DATA` or `TRAINING`."""
        self.switch.set_current(side)
        self._turn(side)

    def side(self) -> int:
        return self.switch.current()

    def show_dataset(self, view: DatasetView) -> None:
        """Show all its pictures."""
        self.data_view.show_dataset(view)
        self._data_stack.setCurrentWidget(self.data_view)
        self.refresh_caption()

    @Slot()
    def refresh_caption(self) -> None:
        """Pictures were taken out or put back."""
        self._caption = self.data_view.caption()
        self._turn(self.side())

    def show_looking(self) -> None:
        """Files are being looked at; what was shown before stays until there is something to show."""
        if self._data_stack.currentWidget() is self.empty_state:
            self.empty_state.set_content(_LOOKING)

    def show_no_data(self) -> None:
        self._caption = ""
        self._invite()
        self._data_stack.setCurrentWidget(self.empty_state)
        self._turn(self.side())

    def offer_example(self) -> None:
        """There is a trained generator to play with: say so while there are no pictures."""
        self._example = _EXAMPLE
        self._invite()

    def _invite(self) -> None:
        self.empty_state.set_content(*_NO_DATA, second=self._example)

    def set_run_caption(self, text: str) -> None:
        """Name of the run, said above its pictures."""
        self._run_caption = text
        self._turn(self.side())

    def _build_widgets(self) -> None:
        self._caption, self._run_caption, self._example = "", "", ""
        self.switch = SegmentedControl(("Data", "Training"))
        self.switch.setObjectName("display_switch")
        self.caption = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.caption.setProperty("role", "muted")
        self.banner = Banner()
        self.banner.setObjectName("train_banner")
        self.data_view = DataView()
        self.empty_state = EmptyState("image", *_NO_DATA)
        self.status = StatusStrip()

    def _build_layout(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING.m)
        top.addWidget(self.switch)
        top.addWidget(self.caption, 1)
        self._data_stack = QStackedWidget()
        self._data_stack.addWidget(self.empty_state)
        self._data_stack.addWidget(self.data_view)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._data_stack)
        self._stack.addWidget(QWidget())
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.m, SPACING.s, SPACING.m, SPACING.s)
        column.setSpacing(SPACING.s)
        column.addLayout(top)
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)
        column.addWidget(self.status)

    @Slot(int)
    def _turn(self, side: int) -> None:
        self._stack.setCurrentIndex(side)
        self.caption.setText(self._run_caption if side == TRAINING else self._caption)
        self.status.setVisible(side == TRAINING)
