"""Asks what a film of the timeline shall show, and says at once how long and how large it will be."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gan_studio.engine.film_formats import FILM_FORMATS, LONGEST_SIDE, FilmFormat
from gan_studio.engine.film_plan import FilmPlan, film_steps, frame_size
from gan_studio.engine.grid_layout import GridLayout
from gan_studio.gui.quantities import whole
from gan_studio.gui.stylesheet import set_role
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views.films import ALL, FAVOURITES, SELECTED, FilmChoices, FilmMaterial
from gan_studio.gui.widgets.number_edits import FloatSpinBox, IntSpinBox
from gan_studio.gui.widgets.wheel_guard import WheelGuard

_WIDTH = 460
_EDITOR_WIDTH = 150
BY_FPS, BY_SECONDS = 0, 1


class FilmDialog(QDialog):
    """Once accepted, `plan` and `choices` hold what was chosen."""

    def __init__(self, material: FilmMaterial, choices: FilmChoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._material = material
        self._layout_of_grid = GridLayout.of(material.width, material.height, material.picture_size)
        self.setObjectName("film_dialog")
        self.setWindowTitle("Make a film")
        self._guard = WheelGuard(self)
        self._build_range()
        self._build_look()
        self._build_pace(choices)
        self._build_format(choices)
        self._build_layout()
        self.zoom.setValue(choices.zoom)
        self.every.setValue(choices.every)
        self.caption.setChecked(choices.caption)
        self._connect()
        self._refresh()

    def plan(self) -> FilmPlan:
        """What the editors say now."""
        steps = self._steps()
        fps = self.pace_value.value()
        if self.pace.currentIndex() == BY_SECONDS:
            fps = max(1, len(steps)) / self.pace_value.value()
        return FilmPlan(steps, fps, self.zoom.value(), self._cell(), self.caption.isChecked())

    def format(self) -> FilmFormat:
        return FILM_FORMATS[self.kind.currentIndex()]

    def choices(self) -> FilmChoices:
        """To be remembered."""
        return FilmChoices(
            suffix=self.format().suffix,
            by_seconds=self.pace.currentIndex() == BY_SECONDS,
            fps=self._values[BY_FPS],
            seconds=self._values[BY_SECONDS],
            zoom=self.zoom.value(),
            every=self.every.value(),
            caption=self.caption.isChecked(),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter ends the typing of a number; it starts a film only on the button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.make.hasFocus():
            event.accept()
        else:
            super().keyPressEvent(event)

    # --- building ---

    def _build_range(self) -> None:
        material = self._material
        self.grids = QComboBox()
        self.grids.setObjectName("film_grids")
        self.grids.addItem(f"All grids ({whole(len(material.steps))})", ALL)
        marked = material.favourites.intersection(material.steps)
        if marked:
            self.grids.addItem(f"Favourites ({whole(len(marked))})", FAVOURITES)
        if len(material.selected) > 1:
            self.grids.addItem(f"Selected in the gallery ({whole(len(material.selected))})", SELECTED)
            self.grids.setCurrentIndex(self.grids.count() - 1)
        low, high = material.steps[0], material.steps[-1]
        self.first, self.last = IntSpinBox(low, high), IntSpinBox(low, high)
        for spin, value, name, words in (
            (self.first, low, "first", "First step"),
            (self.last, high, "last", "Last step"),
        ):
            spin.setObjectName(f"film_{name}")
            spin.setAccessibleName(words)
            spin.setValue(value)
            spin.setGroupSeparatorShown(True)
        self.every = IntSpinBox(1, 9999)
        self.every.setObjectName("film_every")
        self.every.setToolTip("1 takes every grid, 5 each fifth one; the last is always there")

    def _build_look(self) -> None:
        self.what = QComboBox()
        self.what.setObjectName("film_what")
        self.what.addItem("The whole grid")
        cells = self._layout_of_grid.cells
        if cells > 1:
            self.what.addItem("One picture of it")
        self.cell = IntSpinBox(1, max(1, cells))
        self.cell.setObjectName("film_cell")
        self.cell.setPrefix("No. ")
        self.cell.setAccessibleName("Number of the picture, counted row by row")
        if self._material.cell is not None and cells > 1:
            self.what.setCurrentIndex(1)
            self.cell.setValue(self._material.cell + 1)
        self.zoom = IntSpinBox(1, 64)
        self.zoom.setObjectName("film_zoom")
        self.zoom.setSuffix(" ×")
        self.zoom.setToolTip("Every pixel becomes a square of this side, with hard edges")
        self.caption = QCheckBox("&Write the step below each picture")
        self.caption.setObjectName("film_caption")

    def _build_pace(self, choices: FilmChoices) -> None:
        self.pace = QComboBox()
        self.pace.setObjectName("film_pace")
        self.pace.addItems(["Frames per second", "Length in seconds"])
        self.pace.setCurrentIndex(BY_SECONDS if choices.by_seconds else BY_FPS)
        self.pace_value = FloatSpinBox(0.1, 3600, 1)
        self.pace_value.setObjectName("film_pace_value")
        self.pace_value.setAccessibleName("Frames per second, or seconds")
        self._values = [choices.fps, choices.seconds]
        self.pace_value.setValue(self._values[self.pace.currentIndex()])

    def _build_format(self, choices: FilmChoices) -> None:
        self.kind = QComboBox()
        self.kind.setObjectName("film_kind")
        for known in FILM_FORMATS:
            self.kind.addItem(f"{known.title} ({known.suffix})")
            if known.suffix == choices.suffix:
                self.kind.setCurrentIndex(self.kind.count() - 1)
        self.good_for = QLabel()
        self.good_for.setProperty("role", "small")
        self.good_for.setWordWrap(True)
        self.estimate = QLabel()
        self.estimate.setObjectName("film_estimate")
        self.estimate.setProperty("role", "heading")
        self.problem = QLabel()
        self.problem.setObjectName("film_problem")
        self.problem.setWordWrap(True)
        set_role(self.problem, "error")

    def _build_layout(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(SPACING.l)
        form.setVerticalSpacing(SPACING.s)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for words, content, editor in (
            ("&Grids", self.grids, self.grids),
            ("From &step", _row(self.first, QLabel("to"), self.last), self.first),
            ("&Every", _row(self.every, QLabel("grids")), self.every),
            ("S&how", _row(self.what, self.cell), self.what),
            ("&Zoom", _row(self.zoom), self.zoom),
            ("", self.caption, self.caption),
            ("&Pace", _row(self.pace, self.pace_value), self.pace),
            ("&Format", self.kind, self.kind),
            ("", self.good_for, self.kind),
        ):
            label = QLabel(words)
            if words:
                label.setBuddy(editor)
            form.addRow(label, content)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.make = QPushButton("&Make film…")
        self.make.setObjectName("film_make")
        self.make.setProperty("role", "primary")
        self.buttons.addButton(self.make, QDialogButtonBox.ButtonRole.AcceptRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.xl, SPACING.l, SPACING.xl, SPACING.l)
        column.setSpacing(SPACING.m)
        column.addLayout(form)
        column.addWidget(self.estimate)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)
        self.setMinimumWidth(_WIDTH)

    def _connect(self) -> None:
        spins = (self.first, self.last, self.every, self.cell, self.zoom)
        combos = (self.grids, self.what, self.kind)
        self._guard.guard(*spins, *combos, self.pace, self.pace_value)
        for spin in spins:
            spin.setFixedWidth(_EDITOR_WIDTH)
            spin.valueChanged.connect(self._refresh)
        self.pace_value.setFixedWidth(_EDITOR_WIDTH)
        for combo in combos:
            combo.currentIndexChanged.connect(self._refresh)
        self.caption.toggled.connect(self._refresh)
        self.pace.currentIndexChanged.connect(self._change_pace)
        self.pace_value.valueChanged.connect(self._keep_pace)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    # --- reacting ---

    @Slot(int)
    def _change_pace(self, index: int) -> None:
        self.pace_value.setValue(self._values[index])
        self._refresh()

    @Slot(float)
    def _keep_pace(self, value: float) -> None:
        self._values[self.pace.currentIndex()] = value
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        plan, kind = self.plan(), self.format()
        self.cell.setVisible(self._cell() is not None)
        self.good_for.setText(kind.good_for)
        width, height = self._frame_size(plan)
        frames = f"{whole(len(plan.steps))} {'frame' if len(plan.steps) == 1 else 'frames'}"
        pace = min(plan.fps, kind.most_fps)
        seconds = len(plan.steps) / pace
        self.estimate.setText(f"{frames} · {seconds:.1f} s at {pace:.3g} a second · {width} × {height} pixels")
        problem = self._problem(plan, max(width, height))
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.make.setEnabled(not problem)

    def _problem(self, plan: FilmPlan, side: int) -> str:
        if not plan.steps:
            return "No grid lies between these steps."
        if side > LONGEST_SIDE:
            return f"Hardly anything plays films beyond {LONGEST_SIDE:,} pixels. Choose a smaller zoom."
        return ""

    def _frame_size(self, plan: FilmPlan) -> tuple[int, int]:
        layout = self._layout_of_grid
        if plan.cell is None:
            return frame_size(self._material.width, self._material.height, plan.zoom, plan.caption)
        return frame_size(layout.cell_width, layout.cell_height, plan.zoom, plan.caption)

    def _steps(self) -> tuple[int, ...]:
        only = {FAVOURITES: self._material.favourites, SELECTED: frozenset(self._material.selected)}
        chosen = only.get(self.grids.currentData())
        return film_steps(self._material.steps, self.first.value(), self.last.value(), self.every.value(), chosen)

    def _cell(self) -> int | None:
        return self.cell.value() - 1 if self.what.currentIndex() == 1 else None


def _row(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACING.s)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return holder
