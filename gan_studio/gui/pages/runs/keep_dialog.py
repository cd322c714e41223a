"""Asks how many checkpoints of a run are to stay, and says what that frees."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from gan_studio.gui.pages.runs.words import counted, disk_use
from gan_studio.gui.quantities import whole
from gan_studio.gui.stylesheet import set_role
from gan_studio.gui.theme import SPACING

MOST = 10_000
_WIDTH = 420


class KeepDialog(QDialog):
    """Nothing is deleted before its button is pressed."""

    chosen = Signal(object, int)
    """Path of the run, and how many are to stay."""

    def __init__(
        self, path: Path, name: str, kept: int, sizes: Mapping[int, int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("keep_dialog")
        self.setWindowTitle("Keep checkpoints")
        self.setMinimumWidth(_WIDTH)
        self._path, self._sizes = path, dict(sizes)
        self._build_widgets(name, kept)
        self._build_layout()
        self.count.valueChanged.connect(self._say_what_happens)
        self.buttons.accepted.connect(self._choose)
        self.buttons.rejected.connect(self.reject)
        self._say_what_happens()

    def _build_widgets(self, name: str, kept: int) -> None:
        self.title = QLabel(f"How many checkpoints of “{name}” are kept?")
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        self.count = QSpinBox()
        self.count.setObjectName("keep_count")
        self.count.setAccessibleName("Checkpoints to keep")
        self.count.setRange(1, MOST)
        self.count.setValue(kept)
        self.consequence = QLabel()
        self.consequence.setObjectName("keep_consequence")
        self.consequence.setWordWrap(True)
        self.consequence.setProperty("role", "muted")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button = self.buttons.addButton("&Keep these", QDialogButtonBox.ButtonRole.AcceptRole)
        self.accept_button.setObjectName("keep_accept")

    def _build_layout(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACING.s)
        label = QLabel("The &newest")
        label.setBuddy(self.count)
        row.addWidget(label)
        row.addWidget(self.count)
        row.addWidget(
            QLabel(f"of {counted(len(self._sizes), 'checkpoint')}, {disk_use(sum(self._sizes.values()))} in all")
        )
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.xl, SPACING.l, SPACING.xl, SPACING.l)
        column.setSpacing(SPACING.m)
        column.addWidget(self.title)
        column.addLayout(row)
        column.addWidget(self.consequence)
        column.addWidget(self.buttons)

    @Slot()
    def _say_what_happens(self) -> None:
        gone = list(self._sizes)[: -self.count.value()]
        if gone:
            freed = disk_use(sum(self._sizes[step] for step in gone))
            steps = ", ".join(map(whole, gone))
            text = f"The checkpoints of step {steps} are deleted for good, which frees {freed}. Sample grids stay."
        else:
            text = "Nothing is deleted now. The number also holds when the run is continued."
        self.consequence.setText(text)
        self.accept_button.setText("&Delete the older ones" if gone else "&Keep these")
        set_role(self.accept_button, "danger" if gone else "primary")

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self._path, self.count.value())
        self.accept()
