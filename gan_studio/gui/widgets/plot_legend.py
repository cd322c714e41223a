"""The head of a plot: its title, and for each line a button with a sample of it, its name and the value looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from gan_studio.gui import theme
from gan_studio.gui.quantities import scalar
from gan_studio.gui.widgets.elided_label import ElidedLabel
from gan_studio.gui.widgets.flow_layout import FlowLayout
from gan_studio.gui.widgets.plot_line import COMPARED, PlotLine

_SAMPLE, _GAP, _PADDING = 16, 4, 3
_USUAL_VALUE = "00.00"
"""Room for a number of this width is kept free, so that the row does not tremble."""
_NO_VALUE = "–"


class LegendEntry(QAbstractButton):
    """A line's sample, name and value; a click, Space or Enter hides the line or shows it again.

    A line that is hidden is grey and struck through.
    """

    key_help = (("Enter / Space", "Legend of a plot: hide the line or show it"),)

    def __init__(self, line: PlotLine) -> None:
        super().__init__()
        self.line = line
        self._value, self._other = _NO_VALUE, ""
        self.setText(line.label)
        self.setObjectName(f"legend_{line.name.replace('/', '_')}")
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._describe)
        self._describe(True)

    @property
    def value(self) -> str:
        """The value shown, as text."""
        return self._value

    @property
    def other(self) -> str:
        """The value of the run that is compared with; empty without one."""
        return self._other

    def set_values(self, value: str, other: str) -> None:
        if (value, other) != (self._value, self._other):
            before = self.sizeHint()
            self._value, self._other = value, other
            self.setAccessibleDescription(f"{value}; compared: {other}" if other else value)
            if self.sizeHint() != before:
                self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = _SAMPLE + _GAP + metrics.horizontalAdvance(self.text()) + _GAP + self._room(self._value) + 2 * _PADDING
        if self._other:
            width += _GAP + _SAMPLE + _GAP + self._room(self._other)
        return QSize(width, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_back(painter)
        tokens, shown = theme.colours(), self.isChecked()
        colour = QColor(getattr(tokens, self.line.role) if shown else tokens.disabled)
        x = self._paint_sample(painter, _PADDING, QPen(colour, 2), self.line.pattern)
        x = self._paint_text(
            painter, x, self.text(), QColor(tokens.muted if shown else tokens.disabled), struck=not shown
        )
        if not shown:
            return
        self._paint_text(painter, x, self._value, QColor(tokens.text))
        if self._other:
            x = self._paint_sample(painter, x + self._room(self._value) + _GAP, QPen(colour, 1.2), COMPARED)
            self._paint_text(painter, x, self._other, QColor(tokens.muted))

    def _room(self, value: str) -> int:
        return max(self.fontMetrics().horizontalAdvance(text) for text in (value, _USUAL_VALUE))

    def _paint_back(self, painter: QPainter) -> None:
        tokens = theme.colours()
        box = self.rect().adjusted(1, 1, -1, -1)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(QColor(tokens.focus), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.hover) if self.underMouse() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 5, 5)

    def _paint_sample(self, painter: QPainter, x: int, pen: QPen, pattern: Sequence[float]) -> int:
        if pattern:
            pen.setDashPattern([length / pen.widthF() for length in pattern])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        middle = self.height() / 2
        painter.drawLine(QPointF(x, middle), QPointF(x + _SAMPLE, middle))
        return x + _SAMPLE + _GAP

    def _paint_text(self, painter: QPainter, x: int, text: str, colour: QColor, *, struck: bool = False) -> int:
        font = self.font()
        font.setStrikeOut(struck)
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(QRect(x, 0, self.width() - x, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        return x + self.fontMetrics().horizontalAdvance(text) + _GAP

    @Slot(bool)
    def _describe(self, shown: bool) -> None:
        self.setAccessibleName(f"{self.text()}, {'shown' if shown else 'hidden'}")
        self.setToolTip(f"{'Hide' if shown else 'Show'} {self.line.name}")


class PlotLegend(QWidget):
    """Title at the left, then an entry for each line, in as many rows as it takes; `log` at the far right."""

    toggled = Signal(str, bool)
    """Name of a line that the user hid (False) or showed again."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.entries: dict[str, LegendEntry] = {}
        self._build_widgets(title)
        self._build_layout()

    def add_line(self, line: PlotLine) -> None:
        entry = LegendEntry(line)
        entry.toggled.connect(self._tell)
        self.entries[line.name] = entry
        self._flow.addWidget(entry)

    def remove_line(self, name: str) -> None:
        entry = self.entries.pop(name)
        self._flow.removeWidget(entry)
        entry.hide()
        entry.deleteLater()

    def set_present(self, names: Collection[str]) -> None:
        """Show entries of these lines only; of all, where there is none."""
        for name, entry in self.entries.items():
            wanted = not names or name in names
            if entry.isHidden() is wanted:
                entry.setVisible(wanted)

    def set_values(self, name: str, value: float | None, other: float | None, *, compared: bool) -> None:
        """None where a line has no point."""
        texts = [_NO_VALUE if number is None else scalar(number) for number in (value, other)]
        self.entries[name].set_values(texts[0], texts[1] if compared else "")

    def value_text(self, name: str) -> str:
        return self.entries[name].value

    def _build_widgets(self, title: str) -> None:
        self.title = ElidedLabel(title, Qt.TextElideMode.ElideRight)
        self.title.setProperty("role", "strong")
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.title.setMinimumHeight(20)
        self.log_button = QToolButton()
        self.log_button.setText("log")
        self.log_button.setCheckable(True)
        self.log_button.setProperty("role", "small")
        self.log_button.setFixedHeight(20)
        self.log_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.log_button.setToolTip("Logarithmic axis")
        self.log_button.setAccessibleName(f"{title}: logarithmic axis")

    def _build_layout(self) -> None:
        entries = QWidget()
        self._flow = FlowLayout(entries, theme.SPACING.xs)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        entries.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACING.s)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self.title, 0, top)
        row.addWidget(entries, 1)
        row.addWidget(self.log_button, 0, top)

    @Slot(bool)
    def _tell(self, shown: bool) -> None:
        entry = self.sender()
        assert isinstance(entry, LegendEntry)
        self.toggled.emit(entry.line.name, shown)
