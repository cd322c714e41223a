"""What can be asked of a training by hand: its speed, grids and checkpoints, and single steps while it is paused."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.wheel_guard import WheelGuard

SPEEDS = (
    ("Full speed", 0.0),
    ("10 steps/s", 0.1),
    ("2 steps/s", 0.5),
    ("1 step/s", 1.0),
    ("1 step in 3 s", 3.0),
)
"""What is said, and for how many seconds the trainer rests after each step."""
_NETWORKS = {"D": ("discriminator", "discriminator"), "G": ("generator", "generator")}
"""Colour and full name of the networks that everybody knows by a letter."""


class HandControls(QWidget):
    """Speed, grid and checkpoint in one line; above it, while paused, a whole step and the half steps."""

    step_requested = Signal()
    half_step_requested = Signal(str)
    sample_requested = Signal()
    checkpoint_requested = Signal()
    speed_changed = Signal(float)
    """Seconds of rest after each step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._half_steps: list[QPushButton] = []
        self._build_speed()
        self._build_buttons()
        self._build_layout()
        self._connect_signals()

    def set_paused(self, paused: bool) -> None:
        """Single steps are for a training that holds."""
        self.steps_row.setVisible(paused)

    def set_watching(self, watching: bool) -> None:
        """Slow motion and single steps are for a training of this window."""
        self.speed.setVisible(not watching)
        for button in (self.sample, self.checkpoint):
            wide = QSizePolicy.Policy.Expanding if watching else QSizePolicy.Policy.Preferred
            button.setSizePolicy(wide, QSizePolicy.Policy.Fixed)

    def set_asked(self, sample: bool, checkpoint: bool) -> None:
        """What a trainer elsewhere was asked for, and has not made yet."""
        for button, asked, text in ((self.sample, sample, "Grid"), (self.checkpoint, checkpoint, "Save")):
            button.setEnabled(not asked)
            button.setText("Asked…" if asked else text)

    def set_networks(self, networks: Sequence[str]) -> None:
        """One button for each network whose phases can be run once by hand."""
        for button in self._half_steps:
            self._steps_layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._half_steps = [self._half_step_button(name) for name in networks]
        for button in self._half_steps:
            self._steps_layout.addWidget(button, 1)

    def reset_speed(self) -> None:
        """Full speed, without telling anybody: a training that begins runs at it."""
        self.speed.blockSignals(True)
        self.speed.setCurrentIndex(0)
        self.speed.blockSignals(False)

    # --- building ---

    def _build_speed(self) -> None:
        self.speed = QComboBox()
        self.speed.setObjectName("speed_combo")
        self.speed.setAccessibleName("Speed of training")
        self.speed.setToolTip("Slow motion: rest after each step, so that the game can be followed")
        self.speed.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.speed.setMinimumContentsLength(6)
        for text, seconds in SPEEDS:
            self.speed.addItem(text, seconds)
        self._guard = WheelGuard(self)
        self._guard.guard(self.speed)

    def _build_buttons(self) -> None:
        self.step = QPushButton("St&ep")
        self.step.setObjectName("step_button")
        self.step.setToolTip("Run one whole step, all networks in turn, then hold again")
        self.sample = _tool_button("sample_now_button", "Grid", "camera", "Make a sample grid now")
        self.checkpoint = _tool_button("checkpoint_now_button", "Save", "floppy-disk", "Write a checkpoint now")

    def _build_layout(self) -> None:
        self.steps_row = QWidget()
        self._steps_layout = QHBoxLayout(self.steps_row)
        self._steps_layout.addWidget(self.step, 1)
        line = QHBoxLayout()
        line.addWidget(self.speed, 1)
        line.addWidget(self.sample)
        line.addWidget(self.checkpoint)
        column = QVBoxLayout(self)
        column.addWidget(self.steps_row)
        column.addLayout(line)
        for layout, gap in ((self._steps_layout, SPACING.s), (line, SPACING.xs), (column, SPACING.s)):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(gap)

    def _connect_signals(self) -> None:
        self.step.clicked.connect(self.step_requested)
        self.sample.clicked.connect(self.sample_requested)
        self.checkpoint.clicked.connect(self.checkpoint_requested)
        self.speed.currentIndexChanged.connect(self._tell_speed)

    def _half_step_button(self, network: str) -> QPushButton:
        colour, full_name = _NETWORKS.get(network, ("muted", "network"))
        button = QPushButton(f"Only {network}")
        button.setObjectName(f"step_{network.lower()}_button")
        button.setIcon(icon("circle-fill", colour))
        button.setIconSize(QSize(12, 12))
        tip = f"Update the {full_name} {network} alone, once; the other networks stay as they are"
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setProperty("network", network)
        button.clicked.connect(self._request_half_step)
        return button

    # --- reacting ---

    @Slot(int)
    def _tell_speed(self, index: int) -> None:
        self.speed_changed.emit(self.speed.itemData(index))

    @Slot()
    def _request_half_step(self) -> None:
        self.half_step_requested.emit(self.sender().property("network"))


def _tool_button(name: str, text: str, icon_name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setIcon(icon(icon_name))
    button.setIconSize(QSize(18, 18))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
