"""One number of many: a slim row of label, slider and value, drawn by itself so that hundreds stay light.

The slider covers a range; typed values may lie outside it, and are kept exactly.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QLineEdit, QSizePolicy, QWidget

from gan_studio.gui.theme import TYPE, colours

ROW_HEIGHT = 24
_VALUE_WIDTH = 54
_KNOB = 6.0
_PER_UNIT = 1000
"""Positions of the slider per unit of the value."""
_FINE = 0.1
"""How much slower the knob follows while Shift is held."""
_PAGES = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_TYPED = set("0123456789.,-−")


class LatentSlider(QAbstractSlider):
    """Drag, arrow keys, or type a number; a double click (or Delete) asks for a reset.

    The wheel works only with the focus, so that a list of these scrolls.
    """

    key_help = (
        ("← / →", "Slider: a little less or more"),
        ("0 … 9", "Slider: type a value"),
        ("Del", "Slider: back to the seed's own value"),
    )
    edited = Signal(float)
    """The user changed the value."""
    edit_finished = Signal()
    """The drag ended, a typed value was taken, or the focus left: the next change is another one to undo."""
    reset_requested = Signal()

    def __init__(
        self,
        label: str,
        low: float = -3.0,
        high: float = 3.0,
        label_width: int = 40,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label = label
        self._low, self._high = low, high
        self._label_width = label_width
        self._number = 0.0
        self._baseline: float | None = None
        self._grip = 0.0
        self._editor: QLineEdit | None = None
        self._build()
        self.valueChanged.connect(self._take_position)

    def _build(self) -> None:
        self.setOrientation(Qt.Orientation.Horizontal)
        self._apply_limits()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(self._label)

    def _apply_limits(self) -> None:
        self.setRange(round(self._low * _PER_UNIT), round(self._high * _PER_UNIT))
        span = self.maximum() - self.minimum()
        self.setSingleStep(max(1, span // 120))
        self.setPageStep(max(1, span // 12))

    def describe(self, label: str, low: float, high: float) -> None:
        """Stand for another number from now on; `show_number` says which value it has."""
        self._close_editor()
        self._label, self._low, self._high = label, low, high
        self.setAccessibleName(label)
        self.blockSignals(True)
        self._apply_limits()
        self.blockSignals(False)
        self.update()

    # --- values ---

    def number(self) -> float:
        """The value, a float32 exactly."""
        return self._number

    def set_number(self, number: float) -> None:
        """Show a value without telling anybody."""
        self._number = float(np.float32(number))
        self.blockSignals(True)
        self.setValue(self._position(self._number))
        self.blockSignals(False)
        self.update()

    def show_number(self, number: float, baseline: float) -> None:
        """Value and baseline at once, without telling anybody; nothing is painted where neither changed."""
        if (float(np.float32(number)), float(np.float32(baseline))) != (self._number, self._baseline):
            self._baseline = float(np.float32(baseline))
            self.set_number(number)

    def set_baseline(self, number: float | None) -> None:
        """Mark where a reset leads to."""
        self._baseline = None if number is None else float(np.float32(number))
        self.update()

    def baseline(self) -> float:
        """Where a reset leads to; 0 where nothing else was said."""
        return self._baseline or 0.0

    def is_changed(self) -> bool:
        """Whether the value left its baseline."""
        return self._baseline is not None and self._number != self._baseline

    def sizeHint(self) -> QSize:
        return QSize(280, ROW_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._label_width + _VALUE_WIDTH + 60, ROW_HEIGHT)

    @Slot(int)
    def _take_position(self, position: int) -> None:
        """Dragged, or moved by a key or the wheel."""
        self._change(position / _PER_UNIT)

    def _change(self, number: float) -> None:
        self._number = float(np.float32(number))
        self.update()
        self.edited.emit(self._number)

    def _position(self, number: float) -> int:
        return round(min(max(number, self._low), self._high) * _PER_UNIT)

    # --- geometry ---

    def track_rect(self) -> QRectF:
        """Where the knob's centre moves, in the widget's coordinates."""
        left = self._label_width + 6 + _KNOB
        return QRectF(left, 0, max(1.0, self.width() - left - _VALUE_WIDTH - _KNOB - 4), self.height())

    def value_rect(self) -> QRect:
        """Where the value stands, and is typed."""
        return QRect(self.width() - _VALUE_WIDTH, 0, _VALUE_WIDTH, self.height())

    def _x(self, number: float) -> float:
        track = self.track_rect()
        share = (min(max(number, self._low), self._high) - self._low) / (self._high - self._low)
        return track.left() + share * track.width()

    # --- mouse, keys, wheel ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        if self.value_rect().contains(event.position().toPoint()):
            self._open_editor(self._plain_text())
            return
        offset = event.position().x() - self._x(self._number)
        self._grip = offset if abs(offset) <= _KNOB + 2 else 0.0
        self.setSliderDown(True)
        self._drag(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderDown(False)
            self.edit_finished.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self.value_rect().contains(event.position().toPoint()):
            self.setSliderDown(False)
            self.reset_requested.emit()

    def event(self, event: QEvent) -> bool:
        """Page keys and what a number is typed with are meant for the slider, whatever they mean to the page around."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and (event.key() in _PAGES or event.text() in _TYPED):
                event.accept()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.reset_requested.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._open_editor(self._plain_text())
        elif event.text() and event.text() in _TYPED:
            self._open_editor(event.text(), select=False)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.edit_finished.emit()

    def _drag(self, event: QMouseEvent) -> None:
        track = self.track_rect()
        x = event.position().x() - self._grip
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            here = self._x(self._number)
            x = here + (x - here) * _FINE
        share = (x - track.left()) / track.width()
        self.setValue(self._position(self._low + share * (self._high - self._low)))

    # --- typing ---

    def _plain_text(self) -> str:
        return str(np.float32(self._number))

    def _open_editor(self, text: str, select: bool = True) -> None:
        if self._editor is None:
            self._editor = QLineEdit(self)
            self._editor.setObjectName("latent_value_edit")
            self._editor.setAccessibleName(f"Value of {self._label}")
            self._editor.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._editor.setStyleSheet("QLineEdit { padding: 0 3px; min-height: 0; }")
            self._editor.installEventFilter(self)
            self._editor.editingFinished.connect(self._take_typed)
        self._editor.setGeometry(self.value_rect().adjusted(-6, 0, 0, 0))
        self._editor.setText(text)
        self._editor.show()
        self._editor.setFocus()
        if select:
            self._editor.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._editor and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            # Claimed as soon as Qt asks, or a window's shortcut on Escape would take it.
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._close_editor()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _take_typed(self) -> None:
        if self._editor is None or self._editor.isHidden():
            return
        number = parse_number(self._editor.text())
        self._close_editor()
        if number is not None and number != self._number:
            self.set_number(number)
            self._change(number)
        self.edit_finished.emit()

    def _close_editor(self) -> None:
        if self._editor is not None:
            had_focus = self._editor.hasFocus()
            self._editor.hide()
            if had_focus:
                self.setFocus()

    # --- drawing ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_texts(painter)
        self._paint_track(painter)
        self._paint_knob(painter)
        painter.end()

    def _paint_texts(self, painter: QPainter) -> None:
        theme, middle = colours(), Qt.AlignmentFlag.AlignVCenter
        font = QFont(self.font())
        font.setPixelSize(TYPE.small)
        painter.setFont(font)
        painter.setPen(QColor(self._ink("text" if self.is_changed() else "muted")))
        label = painter.fontMetrics().elidedText(self._label, Qt.TextElideMode.ElideRight, self._label_width)
        painter.drawText(QRect(0, 0, self._label_width, self.height()), Qt.AlignmentFlag.AlignLeft | middle, label)
        painter.setPen(QColor(self._ink("text")))
        value = f"{self._number:.2f}" if abs(self._number) < 1000 else f"{self._number:.3g}"
        painter.drawText(
            self.value_rect().adjusted(0, 0, -4, 0), Qt.AlignmentFlag.AlignRight | middle, value.replace("-", "−")
        )
        if self.underMouse() and self.isEnabled():
            painter.setPen(QPen(QColor(theme.border_strong), 1))
            painter.drawRoundedRect(QRectF(self.value_rect()).adjusted(2.5, 2.5, -0.5, -2.5), 4, 4)

    def _paint_track(self, painter: QPainter) -> None:
        theme, track, middle = colours(), self.track_rect(), self.height() / 2
        painter.setPen(_round_pen(theme.border_strong))
        painter.drawLine(QPointF(track.left(), middle), QPointF(track.right(), middle))
        zero = self._x(0.0)
        painter.setPen(_round_pen(self._ink("accent")))
        if self._number:
            painter.drawLine(QPointF(zero, middle), QPointF(self._x(self._number), middle))
        painter.setPen(QPen(QColor(theme.border_strong), 1))
        painter.drawLine(QPointF(zero, middle - 5), QPointF(zero, middle + 5))
        if self._baseline is not None and self.is_changed():
            x = self._x(self._baseline)
            painter.setPen(QPen(QColor(theme.muted), 2))
            painter.drawLine(QPointF(x, middle - 5), QPointF(x, middle + 5))

    def _paint_knob(self, painter: QPainter) -> None:
        theme, centre = colours(), QPointF(self._x(self._number), self.height() / 2)
        outside = not self._low <= self._number <= self._high
        painter.setBrush(QColor(self._ink("accent") if outside or self.isSliderDown() else theme.on_accent))
        painter.setPen(QPen(QColor(self._ink("accent")), 1.5))
        painter.drawEllipse(centre, _KNOB - 0.5, _KNOB - 0.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.drawEllipse(centre, _KNOB + 2.5, _KNOB + 2.5)

    def _ink(self, role: str) -> str:
        return getattr(colours(), role if self.isEnabled() else "disabled")


def _round_pen(colour: str) -> QPen:
    return QPen(QColor(colour), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


def parse_number(text: str) -> float | None:
    """A typed number, with a point or a comma; None for what is none or does not fit a float32."""
    try:
        number = float(text.strip().replace("−", "-").replace(",", "."))
    except ValueError:
        return None
    with np.errstate(over="ignore"):
        rounded = float(np.float32(number))
    return rounded if math.isfinite(rounded) else None
