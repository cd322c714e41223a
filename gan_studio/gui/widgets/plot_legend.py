"""The head of a plot: its title, and for each line a sample of it, its name and the value under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from gan_studio.gui.quantities import scalar


@dataclass(frozen=True)
class PlotLine:
    """One scalar of a plot."""

    name: str
    """As in reports: `loss/D`."""
    label: str
    role: Literal["discriminator", "generator", "real"]
    """The theme's name for its colour."""
    dashed: bool = False
    """A second cue beside the colour."""


class LineSample(QWidget):
    """A short stroke in the colour and pattern of a line."""

    def __init__(self, dashed: bool) -> None:
        super().__init__()
        self._dashed = dashed
        self._colour = QColor()

    def set_colour(self, colour: QColor) -> None:
        self._colour = colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(20, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pen = QPen(self._colour, 2)
        if self._dashed:
            pen.setDashPattern([2.5, 1.75])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        middle = self.height() / 2
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))


class PlotLegend(QWidget):
    """Title at the left, line samples with their values at the right."""

    def __init__(self, title: str, lines: Sequence[PlotLine]) -> None:
        super().__init__()
        self._samples: dict[str, LineSample] = {}
        self._values: dict[str, QLabel] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self.title = QLabel(title)
        self.title.setProperty("role", "strong")
        self.title.setToolTip("Dotted lines: where the value stands when D cannot tell real from fake")
        self._row.addWidget(self.title)
        self._row.addStretch(1)
        for line in lines:
            self._add_line(line)

    def set_colour(self, name: str, colour: QColor) -> None:
        self._samples[name].set_colour(colour)

    def set_value(self, name: str, value: float | None) -> None:
        """None where the line has no point."""
        self._values[name].setText("–" if value is None else scalar(value))

    def value_text(self, name: str) -> str:
        return self._values[name].text()

    def add_widget(self, widget: QWidget) -> None:
        """Put something at the far right."""
        self._row.addWidget(widget)

    def _add_line(self, line: PlotLine) -> None:
        sample, label, value = LineSample(line.dashed), QLabel(line.label), QLabel("–")
        sample.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        value.setMinimumWidth(value.fontMetrics().horizontalAdvance("0.0000"))
        value.setAccessibleName(f"{line.label}: value under the cursor")
        for widget in (sample, label, value):
            self._row.addWidget(widget)
        self._row.addSpacing(6)
        self._samples[line.name], self._values[line.name] = sample, value
