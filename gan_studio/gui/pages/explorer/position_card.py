"""Where one stands on the plane of seeds, and the ways to another place."""

from __future__ import annotations

import random

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.number_edits import FloatSpinBox
from gan_studio.gui.widgets.wheel_guard import WheelGuard

LARGEST_SEED = 1_000_000_000
LARGEST_ROW = 1_000_000
RANDOM_BELOW = 1_000_000
"""Random seeds have at most six digits: they are read aloud and typed again."""
DECIMALS = 3
"""What of a seed's fraction is shown, and therefore kept."""


class PositionSpinBox(FloatSpinBox):
    """A seed with its fraction: `12`, `12.385`."""

    def textFromValue(self, value: float) -> str:  # noqa: N802 - Qt's name
        return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")


class PositionCard(QFrame):
    """Seed, row, and buttons."""

    moved = Signal(float, float, str)
    """Seed, row, and the gesture's name, for undo."""
    reset_requested = Signal()

    def __init__(self, undo_stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._gesture = 0
        self._build_spins()
        self._build_buttons(undo_stack)
        self._build_layout()
        self._connect()

    def _build_spins(self) -> None:
        self.seed_spin = PositionSpinBox(-LARGEST_SEED, LARGEST_SEED, step=1)
        self.seed_spin.setObjectName("seed_spin")
        self.seed_spin.setToolTip(
            "Each whole number is a picture of its own; fractions lie between two. Drag the picture sideways to walk."
        )
        self.row_spin = PositionSpinBox(-LARGEST_ROW, LARGEST_ROW, step=1)
        self.row_spin.setObjectName("row_spin")
        self.row_spin.setToolTip(
            "A second direction to walk in: row 1 begins at seed 1000, row 2 at 2000. Drag the picture up or down."
        )
        self._guard = WheelGuard(self)
        self._guard.guard(self.seed_spin, self.row_spin)

    def _build_buttons(self, undo_stack: QUndoStack) -> None:
        self.previous_button = _tool("previous_button", "caret-left", "Previous seed (Page Up)")
        self.next_button = _tool("next_button", "caret-right", "Next seed (Page Down)")
        self.snap_button = _tool("snap_button", "magnet", "Snap to the nearest whole seed and row")
        self.undo_button = _tool("undo_button", "arrow-u-up-left", "Undo (Ctrl+Z)")
        self.redo_button = _tool("redo_button", "arrow-u-up-right", "Redo (Ctrl+Shift+Z)")
        for button, signal in (
            (self.undo_button, undo_stack.canUndoChanged),
            (self.redo_button, undo_stack.canRedoChanged),
        ):
            button.setEnabled(False)
            signal.connect(button.setEnabled)
        self.undo_button.clicked.connect(undo_stack.undo)
        self.redo_button.clicked.connect(undo_stack.redo)
        self.randomize_button = QPushButton("Ra&ndom")
        self.randomize_button.setObjectName("randomize_button")
        self.randomize_button.setIcon(icon("dice-five"))
        self.randomize_button.setToolTip("Go to a seed chosen by chance (R)")
        self.reset_button = QPushButton("R&eset")
        self.reset_button.setObjectName("reset_button")
        self.reset_button.setIcon(icon("arrow-counter-clockwise"))
        self.reset_button.setToolTip(
            "Take back what was changed by hand and show the seed's own picture;\n"
            "where that is shown already, go to seed 0 (Home)"
        )

    def _build_layout(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACING.s)
        grid.setVerticalSpacing(SPACING.s)
        for line, (text, spin, buttons) in enumerate(
            (
                ("&Seed", self.seed_spin, (self.previous_button, self.next_button)),
                ("Ro&w", self.row_spin, (self.snap_button,)),
            )
        ):
            label = QLabel(text)
            label.setBuddy(spin)
            grid.addWidget(label, line, 0)
            grid.addWidget(spin, line, 1)
            for column, button in enumerate(buttons):
                grid.addWidget(button, line, 2 + column)
        grid.setColumnStretch(1, 1)
        bottom = QHBoxLayout()
        bottom.setSpacing(SPACING.s)
        bottom.addWidget(self.randomize_button, 1)
        bottom.addWidget(self.reset_button, 1)
        bottom.addWidget(self.undo_button)
        bottom.addWidget(self.redo_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.m, SPACING.m, SPACING.m, SPACING.m)
        column.setSpacing(SPACING.m)
        column.addLayout(grid)
        column.addLayout(bottom)

    def _connect(self) -> None:
        for spin in (self.seed_spin, self.row_spin):
            spin.valueChanged.connect(self._on_spun)
            spin.editingFinished.connect(self.end_gesture)
        self.previous_button.clicked.connect(self.previous)
        self.next_button.clicked.connect(self.next)
        self.snap_button.clicked.connect(self._snap)
        self.randomize_button.clicked.connect(self.randomise)
        self.reset_button.clicked.connect(self.reset_requested)

    def position(self) -> tuple[float, float]:
        """Seed and row."""
        return self.seed_spin.value(), self.row_spin.value()

    def set_position(self, seed: float, row: float) -> None:
        """Show a place, without a signal."""
        for spin, value in ((self.seed_spin, seed), (self.row_spin, row)):
            spin.blockSignals(True)
            spin.setValue(round(value, DECIMALS))
            spin.blockSignals(False)

    def go(self, seed: float, row: float, gesture: str = "") -> None:
        """Move there and say so."""
        self.set_position(seed, row)
        self.moved.emit(*self.position(), gesture)

    def walk(self, seeds: float, rows: float) -> None:
        """Move by so much; steps up to `end_gesture` are undone together."""
        seed, row = self.position()
        self.go(seed + seeds, row + rows, f"walk {self._gesture}")

    @Slot()
    def end_gesture(self) -> None:
        """What follows is undone by itself."""
        self._gesture += 1

    @Slot()
    def _on_spun(self) -> None:
        self.moved.emit(*self.position(), f"spin {self._gesture}")

    @Slot()
    def previous(self) -> None:
        """To the whole seed before."""
        seed, row = self.position()
        self.go(-(-seed // 1) - 1, row)

    @Slot()
    def next(self) -> None:
        """To the whole seed behind."""
        seed, row = self.position()
        self.go(seed // 1 + 1, row)

    @Slot()
    def _snap(self) -> None:
        seed, row = self.position()
        self.go(float(round(seed)), float(round(row)))

    @Slot()
    def randomise(self) -> None:
        """To a seed chosen by chance."""
        self.go(float(random.SystemRandom().randrange(RANDOM_BELOW)), 0.0)


def _tool(name: str, icon_name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setIcon(icon(icon_name))
    button.setIconSize(QSize(18, 18))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
