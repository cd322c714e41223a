"""Spin boxes for numbers that Qt's own ones show badly: learning rates, and integers beyond 32 bits."""

from __future__ import annotations

import math
import re

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget

_ALL_DECIMALS = 323
"""Qt rounds every value to this many decimals; fewer would change small numbers, and these only those below 1e-300."""
_BEGUN = re.compile(r"[+-]?\d*[.,]?\d*(e[+-]?\d*)?", re.IGNORECASE)
_LARGEST = 1e300
LARGEST_WHOLE = 2**53
"""Every integer up to here is exact as a double."""


_TEXT_MARGIN = 6


class IntSpinBox(QSpinBox):
    """A 32-bit integer editor whose text stands where that of the other editors stands."""

    def __init__(self, minimum: int = 0, maximum: int = 99, step: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(minimum, maximum)
        self.setSingleStep(step)
        self.setAccelerated(True)
        set_text_margin(self)


class FloatSpinBox(QDoubleSpinBox):
    """Shows a float by its shortest exact text (`0.0002`, `1e-08`) and reads both notations, with point or comma.

    Args:
        step: how far a click goes; None goes by a tenth of the leading digit's power, so that 0.0002 steps by 0.00001.
    """

    def __init__(
        self,
        minimum: float | None = None,
        maximum: float | None = None,
        step: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._step = step
        self.setDecimals(_ALL_DECIMALS)
        self.setAccelerated(True)
        set_text_margin(self)
        self.setRange(-_LARGEST if minimum is None else minimum, _LARGEST if maximum is None else maximum)

    def textFromValue(self, value: float) -> str:  # noqa: N802 - Qt's name
        return plain_float(value)

    def valueFromText(self, text: str) -> float:  # noqa: N802 - Qt's name
        try:
            return float(self._bare(text).replace(",", "."))
        except ValueError:
            return self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        bare = self._bare(text)
        try:
            value = float(bare.replace(",", "."))
        except ValueError:
            state = QValidator.State.Intermediate if _BEGUN.fullmatch(bare) else QValidator.State.Invalid
            return state, text, position
        inside = math.isfinite(value) and self.minimum() <= value <= self.maximum()
        if not _BEGUN.fullmatch(bare):
            return QValidator.State.Invalid, text, position
        return QValidator.State.Acceptable if inside else QValidator.State.Intermediate, text, position

    def fixup(self, text: str) -> str:
        try:
            value = float(self._bare(text).replace(",", "."))
        except ValueError:
            return self.textFromValue(self.value())
        return self.textFromValue(min(max(value, self.minimum()), self.maximum()))

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's name
        step = self._step if self._step is not None else self._leading_step()
        # Twelve digits wipe out what binary fractions add: 0.1 + 0.2 is shown as 0.3.
        self.setValue(float(f"{self.value() + steps * step:.12g}"))
        self.selectAll()

    def _leading_step(self) -> float:
        value = abs(self.value())
        return 10.0 ** (math.floor(math.log10(value)) - 1) if value else 0.01

    def _bare(self, text: str) -> str:
        return text.removeprefix(self.prefix()).removesuffix(self.suffix()).strip()


class WholeSpinBox(QDoubleSpinBox):
    """An integer editor up to ±2^53, where `QSpinBox` ends at 2^31 - 1."""

    def __init__(
        self, minimum: float | None = None, maximum: float | None = None, step: float | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setDecimals(0)
        lowest = -LARGEST_WHOLE if minimum is None else minimum
        self.setRange(lowest, LARGEST_WHOLE if maximum is None else min(maximum, LARGEST_WHOLE))
        self.setSingleStep(step or 1)
        self.setAccelerated(True)
        set_text_margin(self)

    def textFromValue(self, value: float) -> str:  # noqa: N802 - Qt's name
        return str(round(value))


def set_text_margin(spin: QAbstractSpinBox) -> None:
    """Move the text off the left edge: a style sheet's left padding does not reach the editor inside a spin box."""
    spin.lineEdit().setTextMargins(_TEXT_MARGIN, 0, 0, 0)


def plain_float(value: float) -> str:
    """The shortest text that reads back as exactly this number; without exponent from 0.0001 upwards."""
    text = repr(float(value))
    return text.removesuffix(".0")
