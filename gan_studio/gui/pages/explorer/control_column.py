"""The column beside the picture: model, place, sliders, saving."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gan_studio.engine.sampler_controls import ControlSpec
from gan_studio.gui.icons import icon
from gan_studio.gui.pages.explorer.latent_list import LatentList
from gan_studio.gui.pages.explorer.model_card import ModelCard
from gan_studio.gui.pages.explorer.other_controls import OtherControls
from gan_studio.gui.pages.explorer.position_card import PositionCard
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import Viewpoint

WIDTH = 340


class ControlColumn(QWidget):
    """Everything that is edited, as one `Viewpoint`."""

    edited = Signal(str)
    """Sliders or other controls changed by hand; the gesture's name, for undo."""

    def __init__(self, undo_stack: QUndoStack, example: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.model = ModelCard(example)
        self.position = PositionCard(undo_stack)
        self._build_sliders()
        self._build_saving()
        self._build_layout()
        self.set_specs(())

    def _build_sliders(self) -> None:
        self._heading = QLabel()
        self._heading.setProperty("role", "heading")
        self._nothing = QLabel("A slider for each number of the latent appears here.")
        self._nothing.setProperty("role", "muted")
        self._nothing.setWordWrap(True)
        self._reset = QToolButton()
        self._reset.setObjectName("reset_latents")
        self._reset.setIcon(icon("arrow-counter-clockwise", "muted"))
        self._reset.setIconSize(QSize(16, 16))
        self._reset.setToolTip("Take back what was changed in the latent, and nothing else")
        self._reset.setAccessibleName("Reset the latent")
        self._reset.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.others = OtherControls()
        self.latents = LatentList()
        self._reset.clicked.connect(self.latents.reset)
        self.others.edited.connect(self.edited)
        self.latents.edited.connect(self.edited)

    def _build_saving(self) -> None:
        self.save_button = QPushButton("Save &picture…")
        self.save_button.setObjectName("save_image_button")
        self.save_button.setProperty("role", "primary")
        self.save_button.setIcon(icon("floppy-disk", "on_accent"))
        self.save_button.setToolTip("Save as PNG with its recipe inside: drop it here later to return (Ctrl+S)")
        self.copy_button = QPushButton("&Copy")
        self.copy_button.setObjectName("copy_image_button")
        self.copy_button.setIcon(icon("copy"))
        self.copy_button.setToolTip("Copy the picture to the clipboard")

    def _build_layout(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(SPACING.m, SPACING.m, SPACING.xs, SPACING.s)
        inside.setSpacing(SPACING.s)
        inside.addWidget(self.others)
        heading = QHBoxLayout()
        heading.setContentsMargins(0, 0, SPACING.s, 0)
        heading.addWidget(self._heading, 1)
        heading.addWidget(self._reset)
        inside.addLayout(heading)
        inside.addWidget(self._nothing)
        inside.addWidget(self.latents, 1)
        saving = QHBoxLayout()
        saving.setSpacing(SPACING.s)
        saving.addWidget(self.save_button, 1)
        saving.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.m)
        column.addWidget(self.model)
        column.addWidget(self.position)
        column.addWidget(card, 1)
        column.addLayout(saving)

    def set_specs(self, specs: Sequence[ControlSpec]) -> None:
        """Build editors for these controls in place of those there are."""
        latents = tuple(spec for spec in specs if spec.kind == "latent")
        self.others.set_specs(specs)
        self.latents.set_specs(latents)
        count = sum(int(np.prod(spec.shape, dtype=int)) for spec in latents)
        self._heading.setText(f"Latent · {count} numbers" if count else "Latent")
        self._nothing.setVisible(not specs)
        self._reset.setVisible(bool(latents))
        for widget in (self.position, self.save_button, self.copy_button):
            widget.setEnabled(bool(specs))
        # A seed and a latent mean nothing where a picture is given
        takes_pictures = any(spec.kind == "picture" for spec in specs)
        self.position.setVisible(not takes_pictures)
        self._heading.setVisible(not takes_pictures)
        self.latents.setVisible(not takes_pictures)

    def name_saving(self, grid: bool) -> None:
        """What the buttons below take: the picture, or the grid."""
        self.save_button.setText("Save gr&id…" if grid else "Save &picture…")

    def viewpoint(self) -> Viewpoint:
        """All editors as they stand."""
        seed, row = self.position.position()
        return Viewpoint(seed, row, {**self.others.values(), **self.latents.arrays()})

    def show_viewpoint(self, viewpoint: Viewpoint) -> None:
        """Set all editors, without a signal."""
        self.position.set_position(viewpoint.seed, viewpoint.row)
        self.others.set_values(viewpoint.controls)
        self.latents.set_arrays(viewpoint.controls)

    def is_changed(self) -> bool:
        """Whether anything differs from what the seed alone gives."""
        return self.latents.is_changed() or self.others.is_changed()
