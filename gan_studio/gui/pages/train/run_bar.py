"""Train, pause, stop, and what can be asked of a training by hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.pages.train.learning_rates import LearningRates
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.theme import SPACING


class RunBar(QWidget):
    """Train alone when nothing runs; Pause and Stop when something does; single steps while it is paused."""

    train_requested = Signal()
    continue_requested = Signal()
    stop_requested = Signal()
    pause_requested = Signal(bool)
    step_requested = Signal()
    half_step_requested = Signal(str)
    sample_requested = Signal()
    checkpoint_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RunState.IDLE
        self._obstacle = ""
        self._continuable = False
        self._half_steps: list[QPushButton] = []
        self._build_main_buttons()
        self._build_hand_buttons()
        self._build_layout()
        self._connect_signals()
        self.set_state(RunState.IDLE)

    @property
    def state(self) -> RunState:
        return self._state

    def set_state(self, state: RunState) -> None:
        """Show the buttons that make sense now."""
        self._state = state
        idle, paused = state is RunState.IDLE, state is RunState.PAUSED
        self.train.setVisible(idle)
        self.resume_run.setVisible(idle and self._continuable)
        self.pause.setVisible(not idle)
        self.pause.setEnabled(state.stepping)
        self.pause.setText("&Resume" if paused else "&Pause")
        self.pause.setIcon(icon("play" if paused else "pause"))
        self.stop.setVisible(not idle)
        self.stop.setEnabled(not idle and state is not RunState.STOPPING)
        self.stop.setText("Stopping…" if state is RunState.STOPPING else "&Stop")
        self.hand_row.setVisible(state.stepping)
        self.rates.setVisible(state.stepping)
        for button in (self.step, *self._half_steps):
            button.setVisible(paused)
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if paused else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in (self.sample, self.checkpoint):
            button.setToolButtonStyle(style)
        self._show_obstacle()

    def set_obstacle(self, reason: str) -> None:
        """Why training cannot start yet; empty when it can."""
        self._obstacle = reason
        self._show_obstacle()

    def set_continuable(self, continuable: bool) -> None:
        """Whether a run is on show whose training can go on."""
        self._continuable = continuable
        self.set_state(self._state)

    def set_phase_networks(self, networks: Sequence[str]) -> None:
        """One button for each network whose phases can be run once by hand."""
        for button in self._half_steps:
            self._hand_layout.removeWidget(button)
            button.deleteLater()
        self._half_steps = [self._half_step_button(name) for name in networks]
        for place, button in enumerate(self._half_steps):
            self._hand_layout.insertWidget(1 + place, button)
        self.set_state(self._state)

    # --- building ---

    def _build_main_buttons(self) -> None:
        self.train = _button("train_button", "&Train", "play-fill", "Start training on these pictures (F5)", "primary")
        self.train.setIcon(icon("play-fill", "on_accent"))
        self.resume_run = _button(
            "continue_button", "&Continue", "arrow-clockwise", "Go on with this run from its last checkpoint"
        )
        self.pause = _button("pause_button", "&Pause", "pause", "Hold after this step; the model can still be sampled")
        self.stop = _button("stop_button", "&Stop", "stop", "Stop and save a checkpoint (Esc)")
        self.obstacle = QLabel()
        self.obstacle.setObjectName("train_obstacle")
        self.obstacle.setWordWrap(True)
        self.obstacle.setProperty("role", "muted")

    def _build_hand_buttons(self) -> None:
        self.step = _button("step_button", "St&ep", "", "Run one whole step, then hold again", "quiet")
        self.sample = _tool_button("sample_now_button", "Grid now", "camera", "Make a sample grid now")
        self.checkpoint = _tool_button("checkpoint_now_button", "Save now", "floppy-disk", "Write a checkpoint now")

    def _build_layout(self) -> None:
        main = QHBoxLayout()
        main.setSpacing(SPACING.s)
        for button in (self.train, self.resume_run, self.pause, self.stop):
            button.setMinimumHeight(34)
            main.addWidget(button, 1)
        self.hand_row = QWidget()
        self._hand_layout = QHBoxLayout(self.hand_row)
        self._hand_layout.setContentsMargins(0, 0, 0, 0)
        self._hand_layout.setSpacing(SPACING.xs)
        self._hand_layout.addWidget(self.step)
        self._hand_layout.addStretch(1)
        self._hand_layout.addWidget(self.sample)
        self._hand_layout.addWidget(self.checkpoint)
        self.rates = LearningRates()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.s)
        column.addWidget(self.rates)
        column.addWidget(self.hand_row)
        column.addLayout(main)
        column.addWidget(self.obstacle)

    def _connect_signals(self) -> None:
        self.train.clicked.connect(self.train_requested)
        self.resume_run.clicked.connect(self.continue_requested)
        self.stop.clicked.connect(self.stop_requested)
        self.pause.clicked.connect(self._toggle_pause)
        self.step.clicked.connect(self.step_requested)
        self.sample.clicked.connect(self.sample_requested)
        self.checkpoint.clicked.connect(self.checkpoint_requested)

    def _half_step_button(self, network: str) -> QPushButton:
        button = _button(
            f"step_{network.lower()}_button", f"Step {network}", "", f"Update {network} alone, once", "quiet"
        )
        button.setProperty("network", network)
        button.clicked.connect(self._request_half_step)
        return button

    # --- reacting ---

    @Slot()
    def _toggle_pause(self) -> None:
        self.pause_requested.emit(self._state is not RunState.PAUSED)

    @Slot()
    def _request_half_step(self) -> None:
        self.half_step_requested.emit(self.sender().property("network"))

    def _show_obstacle(self) -> None:
        idle = self._state is RunState.IDLE
        self.train.setEnabled(idle and not self._obstacle)
        self.obstacle.setText(self._obstacle)
        self.obstacle.setVisible(idle and bool(self._obstacle))


def _button(name: str, text: str, icon_name: str, tip: str, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    if icon_name:
        button.setIcon(icon(icon_name))
    if role:
        button.setProperty("role", role)
    return button


def _tool_button(name: str, text: str, icon_name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setIcon(icon(icon_name))
    button.setIconSize(QSize(18, 18))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
