"""What families that train on points ask for instead of pictures: a shape in the plane."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.elided_combo import ElidedComboBox
from gan_studio.gui.widgets.wheel_guard import WheelGuard


class PointsChooser(QWidget):
    """A sentence and a list of shapes; hidden for families that take pictures."""

    chosen = Signal(Path)
    """A shape's name as a source: `points:ring`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._guard = WheelGuard(self)
        self.explanation = QLabel()
        self.explanation.setObjectName("points_explanation")
        self.explanation.setWordWrap(True)
        self.explanation.setProperty("role", "muted")
        self.combo = ElidedComboBox()
        self.combo.setObjectName("points_combo")
        self.combo.setAccessibleName("Shape of the points")
        self.combo.setMinimumContentsLength(4)
        self._guard.guard(self.combo)
        rows = QFormLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACING.s)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows.addRow(self.explanation)
        rows.addRow("Shape", self.combo)
        self.combo.activated.connect(self._choose)
        self.hide()

    def ask(self, explanation: str, shapes: Sequence[tuple[str, str]]) -> None:
        """Offer these shapes, each a source and its title; none hides the list."""
        self.explanation.setText(explanation)
        if [source for source, _ in shapes] != self._sources():
            self.combo.clear()
            for source, title in shapes:
                self.combo.addItem(title, source)
        self.setVisible(bool(shapes))

    def show_source(self, source: Path) -> None:
        """Another part of the program chose this shape."""
        self.combo.setCurrentIndex(max(0, self.combo.findData(source.name)))

    def source(self) -> Path:
        """The shape that is chosen."""
        return Path(self.combo.currentData())

    def _sources(self) -> list[str]:
        return [self.combo.itemData(index) for index in range(self.combo.count())]

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self.source())
