"""Sliders over every number of every latent, in a list that scrolls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gan_studio.engine.sampler_controls import ControlSpec
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.latent_slider import LatentSlider


class LatentList(QScrollArea):
    """One slider each, called `latent_slider_0`, `latent_slider_1` … through all latents."""

    edited = Signal(str)
    """The user changed a number; the gesture's name, for undo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("latent_list")
        self.setAccessibleName("Latent sliders")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._specs: tuple[ControlSpec, ...] = ()
        self._sliders: list[LatentSlider] = []
        self._gesture = 0
        self.set_specs(())

    def set_specs(self, specs: Sequence[ControlSpec]) -> None:
        """Build the sliders of these latents in place of those there are."""
        self._specs = tuple(specs)
        inner = QWidget()
        inner.setProperty("role", "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, SPACING.s, 0)
        column.setSpacing(0)
        self._sliders = []
        for spec in self._specs:
            for number in range(int(np.prod(spec.shape, dtype=int))):
                column.addWidget(self._make_slider(spec, number))
        column.addStretch(1)
        self.setWidget(inner)

    def arrays(self) -> dict[str, np.ndarray]:
        """The latents as they stand, float32 `[*spec.shape]` by name."""
        numbers = iter(self._sliders)
        return {
            spec.name: np.array(
                [next(numbers).number() for _ in range(int(np.prod(spec.shape, dtype=int)))], np.float32
            ).reshape(spec.shape)
            for spec in self._specs
        }

    def set_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Show these numbers, without a signal."""
        for slider, number in zip(self._sliders, self._flat(arrays), strict=True):
            slider.set_number(number)

    def set_baseline(self, arrays: Mapping[str, np.ndarray]) -> None:
        """What a reset of single sliders leads to."""
        for slider, number in zip(self._sliders, self._flat(arrays), strict=True):
            slider.set_baseline(number)

    def is_changed(self) -> bool:
        """Whether any slider left its baseline."""
        return any(slider.is_changed() for slider in self._sliders)

    def _flat(self, arrays: Mapping[str, np.ndarray]) -> list[float]:
        return [float(number) for spec in self._specs for number in np.asarray(arrays[spec.name]).ravel()]

    def _make_slider(self, spec: ControlSpec, number: int) -> LatentSlider:
        slider = LatentSlider(f"{spec.name} {number}", spec.low, spec.high)
        slider.setObjectName(f"latent_slider_{len(self._sliders)}")
        slider.edited.connect(self._on_edited)
        slider.edit_finished.connect(self._end_gesture)
        slider.reset_requested.connect(self._reset_one)
        self._sliders.append(slider)
        return slider

    @Slot(float)
    def _on_edited(self, number: float) -> None:
        self.edited.emit(f"{self.sender().objectName()} {self._gesture}")

    @Slot()
    def _end_gesture(self) -> None:
        self._gesture += 1

    @Slot()
    def _reset_one(self) -> None:
        slider = self.sender()
        if isinstance(slider, LatentSlider) and slider.is_changed():
            slider.set_number(slider.baseline())
            self.edited.emit(f"{slider.objectName()} {self._gesture}")
        self._end_gesture()
