"""Beside the pictures: how many each class has, their sizes, shapes and kinds, and what is suggested and why."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from gan_studio.gui.pages.train.data_view.facts import (
    balance_warning,
    class_counts,
    shape_bars,
    side_bars,
    sizes_in_words,
)
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import DatasetView
from gan_studio.gui.widgets.bar_list import BarList

WIDTH = 264


class Overview(QScrollArea):
    """Sections that have nothing to say are not there."""

    class_chosen = Signal(int)
    """Number of a class whose pictures are to be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: DatasetView | None = None
        self._build_parts()
        self._build_layout()
        self.classes.chosen.connect(self.class_chosen)

    def show_dataset(self, view: DatasetView) -> None:
        self._view = view
        self.show_choice(np.zeros(view.picture_count, np.bool_))
        one_shape = len(np.unique(view.sizes, axis=0)) == 1
        self.kinds.set_bars(view.kinds)
        self.sides.setVisible(not one_shape)
        self.shapes.setVisible(not one_shape)
        self.reasons.setText("\n".join(f"• {reason}" for reason in view.reasons))
        self._class_part.setVisible(bool(view.classes))
        self._size_part.setVisible(len(view.sizes) > 0 and not view.points)
        self._kind_part.setVisible(bool(view.kinds) and not view.points)
        self._reason_part.setVisible(bool(view.reasons))

    def show_choice(self, out: np.ndarray) -> None:
        """Count those pictures only that are not taken out, bool `[N]`."""
        view = self._view
        if view is None:
            return
        counts = class_counts(view.classes, view.labels, out)
        self.classes.set_bars(counts, "Show only {name} ({count} to be trained on)")
        self.warning.setText(balance_warning(counts))
        self.warning.setVisible(bool(self.warning.text()))
        sizes = view.sizes[~out] if len(view.sizes) == len(out) else view.sizes
        self.size_words.setText(sizes_in_words(sizes))
        self.sides.set_bars(side_bars(sizes))
        self.shapes.set_bars(shape_bars(sizes))

    def select_class(self, number: int) -> None:
        """Mark the class that the filter shows; -1 for none."""
        self.classes.setCurrentRow(number)

    def _build_parts(self) -> None:
        self.setObjectName("data_overview")
        self.classes = BarList(choosing=True)
        self.classes.setObjectName("class_list")
        self.classes.setAccessibleName("Pictures of each class")
        self.warning = _words("class_warning", "warning")
        self.size_words = _words("size_words", "muted")
        self.sides, self.shapes, self.kinds = BarList(), BarList(), BarList()
        for bars, name, label in (
            (self.sides, "side_bars", "Pictures by their shorter side"),
            (self.shapes, "shape_bars", "Pictures by their shape"),
            (self.kinds, "kind_bars", "Pictures by their kind of colour"),
        ):
            bars.setObjectName(name)
            bars.setAccessibleName(label)
        self.reasons = _words("suggestion_reasons", "muted")

    def _build_layout(self) -> None:
        content = QWidget()
        content.setProperty("role", "scrolled")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, SPACING.s, 0)
        column.setSpacing(SPACING.l)
        self._class_part = _part("Classes", self.classes, self.warning)
        self._size_part = _part("Sizes (shorter side)", self.size_words, self.sides, self.shapes)
        self._kind_part = _part("Colour", self.kinds)
        self._reason_part = _part("Suggested, and why", self.reasons)
        for part in (self._class_part, self._size_part, self._kind_part, self._reason_part):
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFixedWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)


def _words(name: str, role: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setProperty("role", role)
    label.setWordWrap(True)
    # Class names come from folders: a name must never be read as markup.
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _part(title: str, *widgets: QWidget) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACING.xs)
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    column.addWidget(heading)
    for widget in widgets:
        column.addWidget(widget)
    return part
