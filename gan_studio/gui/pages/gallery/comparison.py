"""Two steps compared: a slider for each, side by side or by a wipe, the whole grid or one cell of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gan_studio.engine.grid_layout import GridLayout
from gan_studio.gui.icons import icon
from gan_studio.gui.pages.gallery.compare_canvas import CompareCanvas
from gan_studio.gui.quantities import whole
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.grid_pictures import GridPictures
from gan_studio.gui.widgets.jump_slider import JumpSlider
from gan_studio.gui.widgets.number_edits import IntSpinBox
from gan_studio.gui.widgets.segmented import SegmentedControl
from gan_studio.gui.widgets.wheel_guard import WheelGuard


class Comparison(QWidget):
    """A on the left, B on the right."""

    left = Signal()
    """The user is done here."""
    mode_changed = Signal(int)

    def __init__(self, pictures: GridPictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._grids: Mapping[int, Path] = {}
        self._steps: list[int] = []
        self._picture_size = 0
        self._guard = WheelGuard(self)
        self._build_widgets()
        self._build_layout()
        self._connect()

    @property
    def steps(self) -> tuple[int, int]:
        """Of A and B. Raises IndexError while there are no grids."""
        return self._steps[self.first.value()], self._steps[self.second.value()]

    def set_grids(self, grids: Mapping[int, Path], picture_size: int) -> None:
        """The grids there are; A and B stay at their steps where those are still there."""
        kept = self.steps if self._steps else None
        self._grids, self._steps, self._picture_size = dict(grids), sorted(grids), picture_size
        self._adapt()
        if kept and self._steps:
            self._put(*kept)

    def show_steps(self, first: int, second: int, cell: int | None = None) -> None:
        """Compare these, the whole grids or one cell of both."""
        self._put(first, second)
        self.cell.setValue(0 if cell is None else cell + 1)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_mode(self, mode: int) -> None:
        """`SIDE_BY_SIDE` or `WIPE` of the canvas."""
        self.mode.set_current(mode)

    # --- building ---

    def _build_widgets(self) -> None:
        self.back = QPushButton("All gri&ds")
        self.back.setObjectName("compare_back")
        self.back.setIcon(icon("arrow-left"))
        self.back.setProperty("role", "quiet")
        self.back.setToolTip("Back to all grids (Esc)")
        self.mode = SegmentedControl(("Side by side", "Wipe"))
        self.mode.setObjectName("compare_mode")
        self.cell = IntSpinBox(0, 1)
        self.cell.setObjectName("compare_cell")
        self.cell.setSpecialValueText("Whole grid")
        self.cell.setPrefix("Picture ")
        self.cell.setAccessibleName("Picture of the grid that is compared")
        self.cell.setToolTip("Compare one picture of the grid, or all of them")
        self.swap = QPushButton("S&wap")
        self.swap.setObjectName("compare_swap")
        self.swap.setIcon(icon("swap"))
        self.swap.setToolTip("Put A in the place of B")
        self.canvas = CompareCanvas()
        self.first, self.second = JumpSlider(), JumpSlider()
        for slider, letter in ((self.first, "A"), (self.second, "B")):
            slider.setObjectName(f"compare_{letter.lower()}")
            slider.setAccessibleName(f"Step of {letter}")
            slider.setToolTip(f"The step that {letter} shows (←/→)")
        self._guard.guard(self.first, self.second, self.cell)
        self._words = (QLabel(), QLabel())

    def _build_layout(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(SPACING.s)
        bar.addWidget(self.back)
        bar.addStretch(1)
        for widget in (self.mode, self.cell, self.swap):
            bar.addWidget(widget)
        sliders = QGridLayout()
        sliders.setHorizontalSpacing(SPACING.s)
        sliders.setVerticalSpacing(SPACING.xs)
        for row, (slider, words) in enumerate(zip((self.first, self.second), self._words, strict=True)):
            words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
            words.setMinimumWidth(words.fontMetrics().horizontalAdvance("A  step 1,000,000"))
            sliders.addWidget(words, row, 0)
            sliders.addWidget(slider, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.s)
        column.addLayout(bar)
        column.addWidget(self.canvas, 1)
        column.addLayout(sliders)

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.mode.changed.connect(self.canvas.set_mode)
        self.mode.changed.connect(self.mode_changed)
        self.swap.clicked.connect(self._swap)
        for editor in (self.first, self.second, self.cell):
            editor.valueChanged.connect(self._show)

    # --- reacting ---

    def _adapt(self) -> None:
        for slider in (self.first, self.second):
            with QSignalBlocker(slider):
                slider.setRange(0, max(0, len(self._steps) - 1))
                slider.setPageStep(max(1, len(self._steps) // 10))

    def _put(self, first: int, second: int) -> None:
        """The nearest steps there are."""
        for slider, step in ((self.first, first), (self.second, second)):
            with QSignalBlocker(slider):
                slider.setValue(min(range(len(self._steps)), key=lambda index: abs(self._steps[index] - step)))
        self._show()

    @Slot()
    def _swap(self) -> None:
        if self._steps:
            first, second = self.steps
            self._put(second, first)

    @Slot()
    def _show(self) -> None:
        if not self._steps:
            return
        captions = []
        for letter, step, words in zip("AB", self.steps, self._words, strict=True):
            captions.append(f"{letter}  step {whole(step)}")
            words.setText(captions[-1])
        if self.isVisible():
            first, second = (self._part(self._pictures.load(self._grids[step])) for step in self.steps)
            self.canvas.show_pictures(first, second, (captions[0], captions[1]))

    def _part(self, pixmap: QPixmap | None) -> QPixmap | None:
        """The grid, or the cell that was asked for; how many there are is learnt from it."""
        if pixmap is None:
            return None
        layout = GridLayout.of(pixmap.width(), pixmap.height(), self._picture_size)
        with QSignalBlocker(self.cell):
            self.cell.setMaximum(layout.cells if layout.cells > 1 else 0)
        self.cell.setEnabled(layout.cells > 1)
        cell = self.cell.value() - 1
        return pixmap if cell < 0 else pixmap.copy(*layout.rect(cell))

    def showEvent(self, event: object) -> None:
        self._show()
