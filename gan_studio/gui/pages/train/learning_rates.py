"""Learning rates that can be changed while training goes on."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.number_edits import FloatSpinBox
from gan_studio.gui.widgets.wheel_guard import WheelGuard

_HIGHEST_RATE = 1.0


class RateSpinBox(FloatSpinBox):
    """The learning rate of one optimiser."""

    def __init__(self, optimizer: str) -> None:
        super().__init__(0.0, _HIGHEST_RATE)
        self.optimizer = optimizer
        self.setObjectName(f"learning_rate_{optimizer}")
        self.setAccessibleName(f"Learning rate of {optimizer}")
        self.setToolTip(f"Learning rate of {optimizer}, from the next step on")
        # A rate half typed is a rate nobody wants.
        self.setKeyboardTracking(False)


class LearningRates(QWidget):
    """One spin box per optimiser."""

    rate_changed = Signal(str, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: dict[str, RateSpinBox] = {}
        self._guard = WheelGuard(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACING.s)
        self.hide()

    def set_rates(self, rates: Mapping[str, float]) -> None:
        """Show boxes for these optimisers, with these rates."""
        if list(rates) != list(self._boxes):
            self._rebuild(rates)
        for name, rate in rates.items():
            self.set_rate(name, rate)

    def set_rate(self, optimizer: str, rate: float) -> None:
        """The trainer says what a rate is now; nothing is emitted."""
        box = self._boxes.get(optimizer)
        if box is not None and not box.hasFocus():
            box.blockSignals(True)
            box.setValue(rate)
            box.blockSignals(False)

    def box(self, optimizer: str) -> RateSpinBox:
        return self._boxes[optimizer]

    def _rebuild(self, names: Mapping[str, float]) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._boxes = {name: RateSpinBox(name) for name in names}
        for place, (name, box) in enumerate(self._boxes.items()):
            label = QLabel(f"Rate {name}" if place == 0 else name)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            label.setBuddy(box)
            self._row.addWidget(label)
            self._row.addWidget(box, 1)
            self._guard.guard(box)
            box.valueChanged.connect(self._emit_rate)

    @Slot(float)
    def _emit_rate(self, rate: float) -> None:
        box = self.sender()
        if isinstance(box, RateSpinBox):
            self.rate_changed.emit(box.optimizer, rate)
