"""Axes, pens and reference lines of a live plot."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPen

from gan_studio.gui import theme
from gan_studio.gui.quantities import scalar, short_count
from gan_studio.gui.widgets.plot_line import PlotLine
from gan_studio.gui.widgets.plot_ranges import decades

_LABEL_START = 0.01
_NUMBER_SHARE, _WORDS_SHARE = 0.16, 0.34
"""How much of a plot's width one label takes, as a number or with words."""
_LABEL_BACK_ALPHA = 210


class DirectAxis(pg.AxisItem):
    """Draws without the recorded `QPicture` of its base, whose playing looks up the font again at every paint."""

    def paint(self, p: QPainter, opt: Any, widget: Any) -> None:
        if self.picture is None:  # the base says so when anything has changed
            self.picture = self.generateDrawSpecs(p) or ()
        if self.picture:
            p.save()
            self.drawPicture(p, *self.picture)
            p.restore()


class StepAxis(DirectAxis):
    """Steps as "200", "1.5k", "20k"; no ticks between two steps."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [short_count(value) if float(value).is_integer() else "" for value in values]


class ValueAxis(DirectAxis):
    """Ticks in plain numbers; with `logarithmic`, positions are powers of ten."""

    logarithmic = False

    def tickValues(self, low: float, high: float, size: float) -> Any:  # noqa: N802 - pyqtgraph's name
        places = decades(low, high) if self.logarithmic else None
        return [(1.0, places)] if places else super().tickValues(low, high, size)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.logarithmic:
            return [tick_text(10.0**value) for value in values]
        return [tick_text(0.0 if abs(value) < 1e-6 * spacing else value) for value in values]


class ReferenceLines:
    """Dotted levels, one for each line of a plot that has one; equal levels are drawn once."""

    def __init__(self, box: pg.ViewBox) -> None:
        self._box = box
        self._values: dict[str, float] = {}
        self._lines: dict[str, PlotLine] = {}
        self._items: dict[str, pg.InfiniteLine] = {}

    def add_line(self, line: PlotLine) -> None:
        """Be ready for a level of this line."""
        self._lines[line.name], self._items[line.name] = line, self._make_item()
        self._box.addItem(self._items[line.name], ignoreBounds=True)
        self._restyle(line.name)

    def remove_line(self, name: str) -> None:
        self._values.pop(name, None)
        del self._lines[name]
        self._box.removeItem(self._items.pop(name))

    def set(self, values: Mapping[str, float]) -> None:
        """Levels by scalar name; names without a line are passed over."""
        self._values = dict(values)

    def shown(self, hidden: Collection[str]) -> dict[str, float]:
        """Levels by name, without those of hidden lines."""
        return {name: self._values[name] for name in self._items if name in self._values and name not in hidden}

    def place(self, hidden: Collection[str], to_axis: Callable[[float], float], *, in_words: bool) -> None:
        """Draw the levels, and say their numbers, with or without what they mean.

        Labels stand side by side, because levels may lie close together.
        """
        shown, said = self.shown(hidden), list[float]()
        width = _WORDS_SHARE if in_words else _NUMBER_SHARE
        for name, item in self._items.items():
            new = name in shown and shown[name] not in said
            item.setVisible(new)
            if new:
                item.setValue(to_axis(shown[name]))
                words = f": {self._lines[name].level_means}" if in_words else ""
                _label(item, f"{scalar(shown[name])}{words}", _LABEL_START + len(said) * width)
                said.append(shown[name])

    def restyle(self) -> None:
        """Take the colours of the theme."""
        for name in self._items:
            self._restyle(name)

    def visible(self) -> list[str]:
        """Names whose level is drawn."""
        return [name for name, item in self._items.items() if item.isVisible()]

    def _restyle(self, name: str) -> None:
        item, colour = self._items[name], QColor(getattr(theme.colours(), self._lines[name].role))
        back = QColor(theme.colours().surface)
        back.setAlpha(_LABEL_BACK_ALPHA)
        item.setPen(make_pen(colour, 1, pattern=(2, 4)))
        item.label.setColor(colour)
        item.label.fill = pg.mkBrush(back)

    def _make_item(self) -> pg.InfiniteLine:
        # Left, where a run is oldest: the newest values must not be covered.
        item = pg.InfiniteLine(angle=0, label="", labelOpts={"position": _LABEL_START, "anchors": [(0, 1), (0, 1)]})
        item.setZValue(1)
        item.setVisible(False)
        return item


def _label(line: pg.InfiniteLine, text: str, position: float) -> None:
    """Only where it changes: a label is laid out anew each time it is told what it says already."""
    if line.label.format != text:
        line.label.setFormat(text)
    if line.label.orthoPos != position:
        line.label.setPosition(position)


def tick_text(value: float) -> str:
    """A number in the room beside an axis: "0.25", "1500", "2e-4"."""
    if 0 < abs(value) < 1e-3:
        digits, power = f"{value:.1e}".split("e")
        return f"{digits.removesuffix('.0')}e{int(power)}"
    return f"{value:.6g}"


def make_pen(colour: QColor, width: float, pattern: Sequence[float] = ()) -> QPen:
    """A pen whose width and pattern are in device-independent pixels, whatever the axes show."""
    # Qt takes the width of a cosmetic pen for pixels of the screen: half as thick where there are twice as many.
    pen = QPen(colour, width * _pixel_ratio())
    pen.setCosmetic(True)
    if pattern:
        pen.setDashPattern(list(pattern))
    return pen


def _pixel_ratio() -> float:
    application = QGuiApplication.instance()
    return application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0


def place(line: pg.InfiniteLine, position: float | None) -> None:
    """Move a line, or hide it."""
    line.setVisible(position is not None)
    if position is not None:
        line.setValue(position)
