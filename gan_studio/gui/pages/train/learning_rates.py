"""Learning rates that can be changed while training goes on."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.number_edits import FloatSpinBox, plain_float
from gan_studio.gui.widgets.wheel_guard import WheelGuard

_HIGHEST_RATE = 1.0
_PER_LINE = 2


class RateSpinBox(FloatSpinBox):
    """The learning rate of one optimiser, and what it was at step 0."""

    def __init__(self, optimizer: str) -> None:
        super().__init__(0.0, _HIGHEST_RATE)
        self.optimizer = optimizer
        self.initial: float | None = None
        self.setObjectName(f"learning_rate_{optimizer}")
        self.setAccessibleName(f"Learning rate of {optimizer}")
        # A rate half typed is a rate nobody wants.
        self.setKeyboardTracking(False)

    def set_initial(self, rate: float | None) -> None:
        self.initial = rate
        begun = "" if rate is None else f"; the run began with {plain_float(rate)}"
        self.setToolTip(f"Learning rate of {self.optimizer}, from the next step on{begun}")

    def is_changed(self) -> bool:
        return self.initial is not None and self.value() != self.initial


class LearningRates(QWidget):
    """One spin box per optimiser, and a button that puts all back to where the run began."""

    rate_changed = Signal(str, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: dict[str, RateSpinBox] = {}
        self._guard = WheelGuard(self)
        self._build_reset()
        self._boxes_layout = QGridLayout()
        self._boxes_layout.setContentsMargins(0, 0, 0, 0)
        self._boxes_layout.setSpacing(SPACING.s)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING.xs)
        row.addLayout(self._boxes_layout, 1)
        row.addWidget(self.reset_button)
        self.hide()

    def set_rates(self, rates: Mapping[str, float], initial: Mapping[str, float]) -> None:
        """Show boxes for these optimisers, with the rates of now and those of step 0."""
        if list(rates) != list(self._boxes):
            self._rebuild(rates)
        for name, box in self._boxes.items():
            box.set_initial(initial.get(name))
            self.set_rate(name, rates[name])
        self._refresh_reset()

    def set_rate(self, optimizer: str, rate: float) -> None:
        """The trainer says what a rate is now; nothing is emitted."""
        box = self._boxes.get(optimizer)
        if box is not None and not box.hasFocus():
            box.blockSignals(True)
            box.setValue(rate)
            box.blockSignals(False)
        self._refresh_reset()

    def box(self, optimizer: str) -> RateSpinBox:
        return self._boxes[optimizer]

    def _build_reset(self) -> None:
        self.reset_button = QToolButton()
        self.reset_button.setObjectName("learning_rates_reset")
        self.reset_button.setIcon(icon("arrow-counter-clockwise", "muted"))
        self.reset_button.setIconSize(QSize(16, 16))
        self.reset_button.setAccessibleName("Back to the learning rates that the run began with")
        self.reset_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.reset_button.clicked.connect(self._reset)

    def _rebuild(self, names: Mapping[str, float]) -> None:
        while (item := self._boxes_layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._boxes = {name: RateSpinBox(name) for name in names}
        for place, (name, box) in enumerate(self._boxes.items()):
            line, column = place // _PER_LINE, 2 * (place % _PER_LINE)
            label = QLabel(f"Rate {name}" if column == 0 else name)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            label.setBuddy(box)
            self._boxes_layout.addWidget(label, line, column)
            self._boxes_layout.addWidget(box, line, column + 1)
            self._boxes_layout.setColumnStretch(column + 1, 1)
            self._guard.guard(box)
            box.valueChanged.connect(self._emit_rate)

    def _refresh_reset(self) -> None:
        initial = [
            f"{box.optimizer} {plain_float(box.initial)}" for box in self._boxes.values() if box.initial is not None
        ]
        self.reset_button.setToolTip(f"Back to the rates that the run began with: {', '.join(initial)}")
        self.reset_button.setEnabled(any(box.is_changed() for box in self._boxes.values()))

    @Slot(float)
    def _emit_rate(self, rate: float) -> None:
        box = self.sender()
        if isinstance(box, RateSpinBox):
            self.rate_changed.emit(box.optimizer, rate)
            self._refresh_reset()

    @Slot()
    def _reset(self) -> None:
        for box in self._boxes.values():
            if box.is_changed() and box.initial is not None:
                box.setValue(box.initial)
