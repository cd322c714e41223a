"""Train, continue, pause and stop; above them what can be changed while a training goes on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.pages.train.hand_controls import HandControls
from gan_studio.gui.pages.train.learning_rates import LearningRates
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.quantities import run_title
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views.watching import Word
from gan_studio.gui.widgets.elided_button import ElidedButton
from gan_studio.gui.widgets.mnemonics import escaped

_HEIGHT = 34


class RunBar(QWidget):
    """Train when nothing runs, and Continue below it for the run on show; Pause and Stop when something does."""

    train_requested = Signal()
    continue_requested = Signal()
    stop_requested = Signal()
    pause_requested = Signal(bool)
    leave_requested = Signal()
    """Watch a training elsewhere no longer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RunState.IDLE
        self._obstacle = ""
        self._continued_run = ""
        self._watching = False
        self._asked: frozenset[Word] = frozenset()
        self._build_buttons()
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
        self.resume_run.setVisible(idle and bool(self._continued_run))
        self.pause.setVisible(not idle)
        self.pause.setEnabled(state.stepping)
        self.pause.setText("Res&ume" if paused else "&Pause")
        self.pause.setIcon(icon("play" if paused else "pause"))
        self.stop.setVisible(not idle)
        self.stop.setEnabled(not idle and state is not RunState.STOPPING)
        self.stop.setText("Stopping…" if state is RunState.STOPPING else "&Stop")
        self.hand.setVisible(state.stepping)
        self.hand.set_paused(paused and not self._watching)
        self.rates.setVisible(state.stepping and not self._watching)
        self.leave.setVisible(self._watching and not idle)
        self._show_asked()
        # One above the other where the name of a run must be read, side by side where two words must
        self._main.setDirection(QBoxLayout.Direction.TopToBottom if idle else QBoxLayout.Direction.LeftToRight)
        self._show_obstacle()

    def set_watching(self, watching: bool, asked: frozenset[Word] = frozenset()) -> None:
        """Whether the training is one of another process, which takes its time to answer what it was `asked`."""
        if (watching, asked) != (self._watching, self._asked):
            self._watching, self._asked = watching, asked
            self.hand.set_watching(watching)
            self.set_state(self._state)

    def set_obstacle(self, reason: str) -> None:
        """Why training cannot start yet; empty when it can."""
        self._obstacle = reason
        self._show_obstacle()

    def set_continuable(self, run: str) -> None:
        """Name of the run on show, whose training can go on; empty where there is none."""
        self._continued_run = run
        self.resume_run.setText(f"&Continue “{escaped(run_title(run))}”")
        self.resume_run.setToolTip(f"Go on with the run “{run}” from its last checkpoint, on its own pictures")
        self.train.setText("&Train a new run" if run else "&Train")
        self.set_state(self._state)

    def set_phase_networks(self, networks: Sequence[str]) -> None:
        """One button for each network whose phases can be run once by hand."""
        self.hand.set_networks(networks)

    # --- building ---

    def _build_buttons(self) -> None:
        self.train = _button("train_button", "&Train", "play-fill", "Start training on these pictures (F5)", "primary")
        self.train.setIcon(icon("play-fill", "on_accent"))
        self.resume_run = _dressed(ElidedButton(), "continue_button", "arrow-clockwise")
        self.pause = _button("pause_button", "&Pause", "pause", "Hold after this step; the model can still be sampled")
        self.stop = _button("stop_button", "&Stop", "stop", "Stop and save a checkpoint (Esc)")
        self.leave = _button("leave_button", "Stop &watching", "eye-slash", "Look at something else; it trains on")
        self.obstacle = QLabel()
        self.obstacle.setObjectName("train_obstacle")
        self.obstacle.setWordWrap(True)
        self.obstacle.setProperty("role", "muted")

    def _build_layout(self) -> None:
        self._main = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._main.setSpacing(SPACING.s)
        for button in (self.train, self.resume_run, self.pause, self.stop):
            button.setMinimumHeight(_HEIGHT)
            self._main.addWidget(button, 1)
        self.hand, self.rates = HandControls(), LearningRates()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.s)
        column.addWidget(self.rates)
        column.addWidget(self.hand)
        column.addLayout(self._main)
        column.addWidget(self.leave)
        column.addWidget(self.obstacle)

    def _connect_signals(self) -> None:
        self.train.clicked.connect(self.train_requested)
        self.resume_run.clicked.connect(self.continue_requested)
        self.stop.clicked.connect(self.stop_requested)
        self.pause.clicked.connect(self._toggle_pause)
        self.leave.clicked.connect(self.leave_requested)

    # --- reacting ---

    @Slot()
    def _toggle_pause(self) -> None:
        self.pause_requested.emit(self._state is not RunState.PAUSED)

    def _show_asked(self) -> None:
        asked = self._asked
        self.hand.set_asked("sample" in asked, "checkpoint" in asked)
        if asked & {"pause", "resume"}:
            self.pause.setEnabled(False)
            self.pause.setText("Asked…")
        if "stop" in asked:
            self.stop.setText("Asked…")

    def _show_obstacle(self) -> None:
        idle = self._state is RunState.IDLE
        self.train.setEnabled(idle and not self._obstacle)
        self.obstacle.setText(self._obstacle)
        self.obstacle.setVisible(idle and bool(self._obstacle))


def _button(name: str, text: str, icon_name: str, tip: str, role: str = "") -> QPushButton:
    button = _dressed(QPushButton(text), name, icon_name)
    button.setToolTip(tip)
    if role:
        button.setProperty("role", role)
    return button


def _dressed(button: QPushButton, name: str, icon_name: str) -> QPushButton:
    button.setObjectName(name)
    button.setIcon(icon(icon_name))
    return button
