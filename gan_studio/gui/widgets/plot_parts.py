"""Axes, pens and reference lines of a live plot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pyqtgraph as pg
from PySide6.QtGui import QColor, QPen

from gan_studio.gui import theme
from gan_studio.gui.quantities import scalar, short_count
from gan_studio.gui.widgets.plot_legend import PlotLine

_LABEL_START = 0.01
_NUMBER_SHARE, _WORDS_SHARE = 0.16, 0.34
"""How much of a plot's width one label takes, as a number or with words."""
_LABEL_BACK_ALPHA = 210


class StepAxis(pg.AxisItem):
    """Steps as "200", "1.5k", "20k"; no ticks between two steps."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [short_count(value) if float(value).is_integer() else "" for value in values]


class ValueAxis(pg.AxisItem):
    """Ticks in plain numbers; with `logarithmic`, positions are powers of ten."""

    logarithmic = False

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.logarithmic:
            return [f"{10.0**value:.3g}" for value in values]
        return [f"{value:.6g}" for value in values]


class ReferenceLines:
    """Dotted levels, one for each line of a plot that has one; equal levels are drawn once."""

    def __init__(self, lines: Sequence[PlotLine], box: pg.ViewBox) -> None:
        self.values: dict[str, float] = {}
        self._roles = {line.name: line.role for line in lines}
        self._items = {line.name: self._make_item() for line in lines}
        for item in self._items.values():
            box.addItem(item, ignoreBounds=True)

    def set(self, values: Mapping[str, float], to_axis: Callable[[float], float]) -> None:
        """Levels by scalar name; names without a line are passed over."""
        self.values = {name: value for name, value in values.items() if name in self._items}
        said: set[float] = set()
        for name, item in self._items.items():
            value = self.values.get(name)
            item.setVisible(value is not None and value not in said)
            if value is not None:
                said.add(value)
                item.setValue(to_axis(value))

    def label(self, *, in_words: bool) -> None:
        """Say the numbers, with or without what they mean; side by side, because levels may lie close together."""
        words = ": D cannot tell" if in_words else ""
        width = _WORDS_SHARE if in_words else _NUMBER_SHARE
        for place, (name, value) in enumerate(self.values.items()):
            label = self._items[name].label
            label.setFormat(f"{scalar(value)}{words}")
            label.setPosition(_LABEL_START + place * width)

    def restyle(self) -> None:
        """Take the colours of the theme."""
        back = QColor(theme.colours().surface)
        back.setAlpha(_LABEL_BACK_ALPHA)
        for name, item in self._items.items():
            colour = QColor(getattr(theme.colours(), self._roles[name]))
            item.setPen(make_pen(colour, 1, pattern=(2, 4)))
            item.label.setColor(colour)
            item.label.fill = pg.mkBrush(back)

    def visible(self) -> list[str]:
        """Names whose level is drawn."""
        return [name for name, item in self._items.items() if item.isVisible()]

    def _make_item(self) -> pg.InfiniteLine:
        # Left, where a run is oldest: the newest values must not be covered.
        item = pg.InfiniteLine(angle=0, label="", labelOpts={"position": _LABEL_START, "anchors": [(0, 1), (0, 1)]})
        item.setZValue(1)
        item.setVisible(False)
        return item


def make_pen(colour: QColor, width: float, pattern: Sequence[float] = ()) -> QPen:
    """A pen whose width and pattern are in pixels, whatever the axes show."""
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    if pattern:
        pen.setDashPattern(list(pattern))
    return pen


def place(line: pg.InfiniteLine, position: float | None) -> None:
    """Move a line, or hide it."""
    line.setVisible(position is not None)
    if position is not None:
        line.setValue(position)
