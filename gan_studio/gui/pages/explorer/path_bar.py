"""A path along favourites: where one stands on it, playing it, and the film of it."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QSlider, QToolButton, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.elided_label import ElidedLabel
from gan_studio.gui.widgets.number_edits import FloatSpinBox
from gan_studio.gui.widgets.wheel_guard import WheelGuard

PER_STRETCH = 200
"""Positions of the slider from one favourite to the next."""
FRAME_MS = 33
NEEDS = "A path needs two favourites or more: press the star (F) at places you like."
ALONG = "Path along {count} favourites"


class PathBar(QFrame):
    """`path_play`, `path_slider`, `path_seconds`, `path_loop` and `path_film`."""

    moved = Signal(float, bool)
    """Position (0 is the first favourite, 1 the second) and whether the path leads back to its beginning."""
    held = Signal()
    """A drag or the playing ended."""
    film_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._places = 0
        self._build_play()
        self._build_editors()
        self._build_layout()
        self._connect()
        self.set_places(0)

    def _build_play(self) -> None:
        self.play = QToolButton()
        self.play.setObjectName("path_play")
        self.play.setCheckable(True)
        self.play.setIconSize(QSize(20, 20))
        self.play.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._clock = QElapsedTimer()
        self._show_playing(False)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("path_slider")
        self.slider.setAccessibleName("Place on the path")
        self.slider.setToolTip("Drag to walk from favourite to favourite")
        self.slider.setPageStep(PER_STRETCH)
        self.slider.setSingleStep(PER_STRETCH // 20)
        self.slider.setTickInterval(PER_STRETCH)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)

    def _build_editors(self) -> None:
        self.text = ElidedLabel("", Qt.TextElideMode.ElideRight)
        self.text.setObjectName("path_text")
        self.text.setProperty("role", "small")
        self.seconds = FloatSpinBox(0.2, 60.0, step=0.5)
        self.seconds.setObjectName("path_seconds")
        self.seconds.setValue(2.0)
        self.seconds.setSuffix(" s")
        self.seconds.setToolTip("How long the way from one favourite to the next takes")
        self._guard = WheelGuard(self)
        self._guard.guard(self.seconds)
        self.loop = QCheckBox("Ro&und trip")
        self.loop.setObjectName("path_loop")
        self.loop.setToolTip("Lead from the last favourite back to the first, and play on")
        self.film = QPushButton("F&ilm…")
        self.film.setObjectName("path_film")
        self.film.setIcon(icon("film-strip"))
        self.film.setToolTip("Write this path as MP4, WebP, APNG or GIF")

    def _build_layout(self) -> None:
        label = QLabel("Each s&tage")
        label.setToolTip(self.seconds.toolTip())
        label.setBuddy(self.seconds)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING.s, SPACING.s, SPACING.s, SPACING.s)
        row.setSpacing(SPACING.s)
        row.addWidget(self.play)
        row.addWidget(self.slider, 2)
        row.addWidget(self.text, 1)
        row.addWidget(label)
        row.addWidget(self.seconds)
        row.addWidget(self.loop)
        row.addWidget(self.film)

    def _connect(self) -> None:
        self.play.toggled.connect(self._play)
        self._timer.timeout.connect(self._advance)
        self.slider.valueChanged.connect(self._tell)
        self.slider.sliderReleased.connect(self.held)
        self.loop.toggled.connect(self._set_loop)
        self.film.clicked.connect(self.film_requested)

    @property
    def position(self) -> float:
        return self.slider.value() / PER_STRETCH

    def set_places(self, count: int) -> None:
        """How many favourites the path leads along."""
        self._places = count
        for widget in (self.play, self.slider, self.seconds, self.loop, self.film):
            widget.setEnabled(count > 1)
        self.text.setText(ALONG.format(count=count) if count > 1 else NEEDS)
        if count < 2:
            self.stop()
        self._set_range()

    @Slot()
    def stop(self) -> None:
        """Play no further."""
        self.play.setChecked(False)

    def _stretches(self) -> int:
        return max(0, self._places if self.loop.isChecked() and self._places > 1 else self._places - 1)

    def _set_range(self) -> None:
        self.slider.blockSignals(True)
        self.slider.setRange(0, self._stretches() * PER_STRETCH)
        self.slider.blockSignals(False)

    @Slot()
    def _set_loop(self) -> None:
        self._set_range()
        self._tell()

    @Slot()
    def _tell(self) -> None:
        if self._places > 1:
            self.moved.emit(self.position, self.loop.isChecked())

    @Slot(bool)
    def _play(self, playing: bool) -> None:
        self._show_playing(playing)
        if playing:
            if self.slider.value() == self.slider.maximum():
                self.slider.setValue(0)
            self._exact = float(self.slider.value())
            self._clock.start()
            self._timer.start()
        else:
            self._timer.stop()
            self.held.emit()

    def _show_playing(self, playing: bool) -> None:
        self.play.setIcon(icon("pause" if playing else "play"))
        self.play.setToolTip("Hold the walk" if playing else "Walk along the path")
        self.play.setAccessibleName(self.play.toolTip())

    @Slot()
    def _advance(self) -> None:
        """By the clock: a slow machine shows fewer pictures, never a slower walk."""
        if self.slider.isSliderDown():
            self._exact = float(self.slider.value())
            self._clock.restart()
            return
        self._exact += PER_STRETCH * self._clock.restart() / 1000 / self.seconds.value()
        end = self.slider.maximum()
        if self._exact >= end and not self.loop.isChecked():
            self.slider.setValue(end)
            self.stop()
            return
        self._exact %= max(1, end)
        self.slider.setValue(round(self._exact))
