"""The timeline of a run: a slider over the steps of which there is a sample grid, and a button that plays them.

It follows the newest grid until the user goes back; going to the end, or pressing "Live", follows again.
"""

from __future__ import annotations

import bisect
from collections.abc import Collection, Iterable

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.quantities import short_count, whole
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.jump_slider import JumpSlider
from gan_studio.gui.widgets.timeline_bar import TimelineBar
from gan_studio.gui.widgets.timeline_player import SPEEDS, TimelinePlayer


class Timeline(QWidget):
    """Chooses one of the steps that exist. Steps are kept ascending; `images_per_step` words the label."""

    step_changed = Signal(int)
    """Another step is shown now, whoever chose it."""
    following_changed = Signal(bool)
    favourite_wanted = Signal(int, bool)
    """The user wants this step marked, or no longer."""
    playback_changed = Signal(float, bool)
    """The user chose another speed, or whether the film loops."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[int] = []
        self._following = True
        self._shown: int | None = None
        self.images_per_step = 0
        self._favourites: frozenset[int] = frozenset()
        self._player = TimelinePlayer(self)
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
        return self._player.playing

    @property
    def favourites(self) -> frozenset[int]:
        """Steps that bear a mark, whether or not there is a grid."""
        return self._favourites

    def next_steps(self) -> list[int]:
        """What is shown next while it plays, soonest first; nothing while it stands."""
        if not self.playing:
            return []
        start, stride = self.slider.value(), self._player.stride()
        again = self._steps[:start] if self._player.looping else []
        return self._steps[start + stride :: stride] + again[::stride]

    # --- what a page calls ---

    def set_steps(self, steps: Iterable[int]) -> None:
        """Replace all steps and show the last one."""
        self._steps = sorted(set(steps))
        self._player.stop()
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

    def set_favourites(self, steps: Collection[int]) -> None:
        """Mark these steps, and no others."""
        self._favourites = frozenset(steps)
        self._update_marks()
        self._update_controls()

    def set_playback(self, speed: float, looping: bool) -> None:
        """How fast it plays, as near as there is a choice, and whether it begins again at the end."""
        self._player.looping = looping
        self._player.set_speed(min(SPEEDS, key=lambda known: abs(known - speed)))
        self.bar.show_speed(self._player.speed)
        self.bar.show_looping(looping)

    @Slot()
    def toggle_favourite(self) -> None:
        """Ask for a mark on the step shown, or for its removal."""
        if self._shown is not None:
            self.favourite_wanted.emit(self._shown, self._shown not in self._favourites)

    @Slot()
    def ask_for_step(self) -> None:
        """Put the cursor where a step number can be typed."""
        self.bar.jump.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(bool)
    def set_playing(self, playing: bool) -> None:
        """Show the grids one after the other, from the start when the end is shown now."""
        if playing and len(self._steps) > 1:
            self._player.start(len(self._steps))
            if self.slider.value() == self.slider.maximum():
                self._choose(0)
        else:
            self._player.stop()
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
        for button in (self.play_button, self.live_button):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.bar = TimelineBar()
        self.label = self.bar.label

    def _build_layout(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING.s)
        for widget in (self.play_button, self.slider, self.live_button):
            top.addWidget(widget, 1 if widget is self.slider else 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.bar)

    def _connect_signals(self) -> None:
        self.slider.valueChanged.connect(self._choose)
        self.play_button.clicked.connect(self.set_playing)
        self.live_button.clicked.connect(self.go_live)
        self._player.due.connect(self._play_on)
        self.bar.favourite_clicked.connect(self.toggle_favourite)
        self.bar.jump_wanted.connect(self._jump)
        self.bar.loop_clicked.connect(self._choose_looping)
        self.bar.speed_chosen.connect(self._choose_speed)

    # --- moving ---

    @Slot(int)
    def _choose(self, index: int) -> None:
        """The user, the player or a plot wants this place."""
        self._set_following(index == len(self._steps) - 1 and not self.playing)
        self._refresh(index)

    @Slot(int)
    def _jump(self, step: int) -> None:
        self.go_to(step)
        self.slider.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(float)
    def _choose_speed(self, speed: float) -> None:
        self.set_playback(speed, self._player.looping)
        self.playback_changed.emit(speed, self._player.looping)

    @Slot(bool)
    def _choose_looping(self, looping: bool) -> None:
        self.set_playback(self._player.speed, looping)
        self.playback_changed.emit(self._player.speed, looping)

    @Slot(int)
    def _play_on(self, places: int) -> None:
        last, index = len(self._steps) - 1, self.slider.value()
        if index >= last and self._player.looping:
            self._choose(0)
            return
        if index + places >= last and not self._player.looping:
            self._player.stop()
        self._choose(min(index + places, last))

    def _refresh(self, index: int) -> None:
        """Make slider, label and buttons agree with the steps and with `index` as the place shown."""
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(0, len(self._steps) - 1))
            self.slider.setValue(max(0, index))
        self._update_marks()
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

    def _update_marks(self) -> None:
        marked = self._favourites.intersection(self._steps) if self._favourites else ()
        self.slider.set_marks({bisect.bisect_left(self._steps, step) for step in marked})

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
        self.bar.show_state(self._words(), self._shown in self._favourites, bool(self._steps), several)

    def _words(self) -> str:
        if self._shown is None:
            return "No sample grids yet"
        images = f" · {short_count(self._shown * self.images_per_step)} images" if self.images_per_step else ""
        return f"step {whole(self._shown)}{images}"
