"""The timeline of a run: a slider over the steps of which there is a sample grid, and a button that plays them.

It follows the newest grid until the user goes back; going to the end, or pressing "Live", follows again.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gan_studio.gui.icons import icon
from gan_studio.gui.quantities import short_count, whole
from gan_studio.gui.theme import SPACING

_SLOWEST_FRAME_MS = 160
_FASTEST_FRAME_MS = 40
_FILM_MS = 8_000


class JumpSlider(QSlider):
    """A horizontal slider whose handle goes to where its groove is pressed, and can be dragged on from there."""

    key_help = (("← / →", "Timeline: one grid back or on"), ("Home / End", "Timeline: first or newest grid"))

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        if ev.button() == Qt.MouseButton.LeftButton:
            self.setSliderPosition(self._value_at(ev.position().x()))
        super().mousePressEvent(ev)

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        # Up and down mean nothing over time; leaving them to the page lets it scroll.
        if ev.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            ev.ignore()
        else:
            super().keyPressEvent(ev)

    def _value_at(self, x: float) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control = QStyle.ComplexControl.CC_Slider
        groove = self.style().subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
        handle = self.style().subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
        start, room = groove.x() + handle.width() / 2, groove.width() - handle.width()
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), round(x - start), max(1, room))


class Timeline(QWidget):
    """Chooses one of the steps that exist. Steps are kept ascending; `images_per_step` words the label."""

    step_changed = Signal(int)
    """Another step is shown now, whoever chose it."""
    following_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[int] = []
        self._following = True
        self._shown: int | None = None
        self.images_per_step = 0
        self._play_timer = QTimer(self)
        self._build_controls()
        self._build_layout()
        self._connect_signals()
        self._update_controls()

    # --- state ---

    @property
    def steps(self) -> list[int]:
        return list(self._steps)

    @property
    def current_step(self) -> int | None:
        return self._shown

    @property
    def following(self) -> bool:
        """True while the newest step is shown as soon as it exists."""
        return self._following

    @property
    def playing(self) -> bool:
        return self._play_timer.isActive()

    # --- what a page calls ---

    def set_steps(self, steps: Iterable[int]) -> None:
        """Replace all steps and show the last one."""
        self._steps = sorted(set(steps))
        self._play_timer.stop()
        self._set_following(True)
        self._refresh(len(self._steps) - 1)

    def add_step(self, step: int) -> None:
        """A grid came into being. It is shown when the timeline follows; else nothing moves.

        A step that is there already was made anew; if it is the one shown, `step_changed` says so again.
        """
        if step in self._steps:
            if step == self._shown:
                self.step_changed.emit(step)
            return
        index, place = self.slider.value(), bisect.bisect_left(self._steps, step)
        self._steps.insert(place, step)
        if place <= index and self._shown is not None:
            index += 1
        self._refresh(len(self._steps) - 1 if self._following else index)

    def cut(self, step: int) -> None:
        """Forget what lies behind `step`."""
        del self._steps[bisect.bisect_right(self._steps, step) :]
        last = len(self._steps) - 1
        self._refresh(last if self._following else min(self.slider.value(), last))

    def clear(self) -> None:
        self.set_steps(())

    @Slot(float)
    def go_to(self, step: float) -> None:
        """Show the step that exists nearest to `step`, as if the user had dragged the slider there."""
        if self._steps:
            self._choose(min(range(len(self._steps)), key=lambda index: abs(self._steps[index] - step)))

    @Slot()
    def go_live(self) -> None:
        """Show the newest step, and every newer one as it comes."""
        self._choose(len(self._steps) - 1)

    def move_by(self, places: int) -> None:
        """Go so many grids forward, or back when negative."""
        if self._steps:
            self._choose(min(max(self.slider.value() + places, 0), len(self._steps) - 1))

    @Slot(bool)
    def set_playing(self, playing: bool) -> None:
        """Show the grids one after the other, from the start when the end is shown now."""
        if playing and len(self._steps) > 1:
            if self.slider.value() == self.slider.maximum():
                self._choose(0)
            frame_ms = _FILM_MS // len(self._steps)
            self._play_timer.start(min(max(frame_ms, _FASTEST_FRAME_MS), _SLOWEST_FRAME_MS))
        else:
            self._play_timer.stop()
        self._update_controls()

    # --- building ---

    def _build_controls(self) -> None:
        self.slider = JumpSlider()
        self.slider.setObjectName("timeline_slider")
        self.slider.setAccessibleName("Timeline")
        self.slider.setToolTip("Go through the sample grids of this run (←/→)")
        self.play_button = QToolButton()
        self.play_button.setObjectName("timeline_play")
        self.play_button.setCheckable(True)
        self.play_button.setAutoRaise(True)
        self.play_button.setIconSize(QSize(18, 18))
        self.live_button = QToolButton()
        self.live_button.setObjectName("timeline_live")
        self.live_button.setText("Live")
        self.live_button.setCheckable(True)
        self.live_button.setAutoRaise(True)
        self.live_button.setToolTip("Show the newest grid, and each newer one as it comes")
        self.label = QLabel()
        self.label.setObjectName("timeline_label")
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def _build_layout(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING.s)
        for widget in (self.play_button, self.slider, self.live_button):
            top.addWidget(widget, 1 if widget is self.slider else 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.label)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _connect_signals(self) -> None:
        self.slider.valueChanged.connect(self._choose)
        self.play_button.clicked.connect(self.set_playing)
        self.live_button.clicked.connect(self.go_live)
        self._play_timer.timeout.connect(self._play_next)

    # --- moving ---

    @Slot(int)
    def _choose(self, index: int) -> None:
        """The user, the player or a plot wants this place."""
        self._set_following(index == len(self._steps) - 1 and not self.playing)
        self._refresh(index)

    @Slot()
    def _play_next(self) -> None:
        last = len(self._steps) - 1
        if self.slider.value() + 1 >= last:
            self._play_timer.stop()
        self._choose(min(self.slider.value() + 1, last))

    def _refresh(self, index: int) -> None:
        """Make slider, label and buttons agree with the steps and with `index` as the place shown."""
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(0, len(self._steps) - 1))
            self.slider.setValue(max(0, index))
        shown = self._steps[index] if self._steps else None
        changed = shown != self._shown
        self._shown = shown
        self._update_controls()
        if changed and shown is not None:
            self.step_changed.emit(shown)

    def _set_following(self, following: bool) -> None:
        if following != self._following:
            self._following = following
            self.following_changed.emit(following)

    def _update_controls(self) -> None:
        several = len(self._steps) > 1
        self.slider.setEnabled(several)
        self.slider.setPageStep(max(1, len(self._steps) // 10))
        self.play_button.setEnabled(several)
        self.play_button.setChecked(self.playing)
        self.play_button.setIcon(icon("pause" if self.playing else "play"))
        name = "Stop playing" if self.playing else "Play the film of learning"
        self.play_button.setToolTip(name)
        self.play_button.setAccessibleName(name)
        self.live_button.setEnabled(bool(self._steps))
        self.live_button.setChecked(self._following)
        self.label.setText(self._words())

    def _words(self) -> str:
        if self._shown is None:
            return "No sample grids yet"
        images = f" · {short_count(self._shown * self.images_per_step)} images" if self.images_per_step else ""
        return f"step {whole(self._shown)}{images}"
