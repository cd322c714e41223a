"""The small controls below the timeline: mark, step, jump, loop, speed. They know nothing of what they steer."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QIntValidator, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QSizePolicy, QToolButton, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.timeline_player import SPEEDS, speed_words

_ICON = QSize(16, 16)
_JUMP_WIDTH = 92


class JumpEdit(QLineEdit):
    """Takes a step number: Enter goes there, Escape leaves it."""

    key_help = (("Enter / Esc", "Go to step: go there, or empty the field"),)

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("timeline_jump")
        self.setAccessibleName("Go to step")
        self.setPlaceholderText("Go to step")
        self.setToolTip("Type a step number and press Enter: the nearest grid is shown (Ctrl+G)")
        self.setValidator(QIntValidator(0, 2_000_000_000, self))
        self.setFixedWidth(_JUMP_WIDTH)
        self.returnPressed.connect(self._ask)

    @Slot()
    def _ask(self) -> None:
        if self.text():
            self.wanted.emit(int(self.text()))
        self.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class TimelineBar(QWidget):
    """One row below the slider."""

    favourite_clicked = Signal(bool)
    jump_wanted = Signal(int)
    loop_clicked = Signal(bool)
    speed_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build_buttons()
        self._build_speed_menu()
        self._build_layout()
        self.favourite.clicked.connect(self.favourite_clicked)
        self.loop.clicked.connect(self.loop_clicked)
        self.jump.wanted.connect(self.jump_wanted)

    def show_state(self, words: str, favourite: bool, any_steps: bool, several: bool) -> None:
        """What is shown now, whether it is marked, and what can be done."""
        self.label.setText(words)
        self.favourite.setEnabled(any_steps)
        self.favourite.setChecked(favourite)
        self.favourite.setIcon(icon("star-fill" if favourite else "star", "warning" if favourite else "text"))
        tip = "Take the mark off this step (B)" if favourite else "Mark this step as a favourite (B)"
        self.favourite.setToolTip(tip)
        self.favourite.setAccessibleName(tip.removesuffix(" (B)"))
        for widget in (self.jump, self.loop, self.speed):
            widget.setEnabled(several)

    def show_looping(self, looping: bool) -> None:
        self.loop.setChecked(looping)

    def show_speed(self, speed: float) -> None:
        """Any of SPEEDS."""
        self.speed.setText(speed_words(speed))
        self.speed.setAccessibleName(f"Speed of the film: {speed_words(speed)}")
        self._speeds[speed].setChecked(True)

    def _build_buttons(self) -> None:
        self.favourite = _button("timeline_favourite", "star")
        self.favourite.setCheckable(True)
        self.label = QLabel()
        self.label.setObjectName("timeline_label")
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.jump = JumpEdit()
        self.loop = _button("timeline_loop", "repeat")
        self.loop.setCheckable(True)
        self.loop.setToolTip("Play the film again and again")
        self.loop.setAccessibleName("Play the film again and again")

    def _build_speed_menu(self) -> None:
        self.speed = _button("timeline_speed", "")
        self.speed.setToolTip("How fast the film is played")
        self.speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu, group = QMenu(self.speed), QActionGroup(self.speed)
        self._speeds: dict[float, QAction] = {}
        for speed in SPEEDS:
            action = menu.addAction(speed_words(speed) + (" – normal" if speed == 1 else ""))
            action.setCheckable(True)
            action.setData(speed)
            group.addAction(action)
            self._speeds[speed] = action
        menu.triggered.connect(self._choose_speed)
        self.speed.setMenu(menu)
        self.show_speed(1.0)

    def _build_layout(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING.xs)
        row.addWidget(self.favourite)
        row.addWidget(self.label, 1)
        for widget in (self.jump, self.loop, self.speed):
            row.addWidget(widget)

    @Slot(QAction)
    def _choose_speed(self, action: QAction) -> None:
        self.speed_chosen.emit(float(action.data()))


def _button(name: str, symbol: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAutoRaise(True)
    button.setIconSize(_ICON)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if symbol:
        button.setIcon(icon(symbol))
    return button
