"""Sliders over every number of every latent: some at a time, in a list that scrolls, leafs and searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QToolButton, QVBoxLayout, QWidget

from gan_studio.engine.sampler_controls import ControlSpec
from gan_studio.gui.icons import icon
from gan_studio.gui.pages.explorer.latent_filter import CHANGED, matching
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.latent_slider import LatentSlider

PER_PAGE = 32
"""Sliders there are at most: hundreds of numbers share them, so that a model of any size opens at once."""
SEARCHED_FROM = 9
"""Latents with fewer numbers are seen at a glance and need no search."""


class LatentList(QWidget):
    """The numbers themselves, and one slider each for those on show: `latent_slider_0`, `latent_slider_1` …"""

    edited = Signal(str)
    """The user changed a number; the gesture's name, for undo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sliders: list[LatentSlider] = []
        self._gesture = 0
        self._page = 0
        self._build_search()
        self._build_list()
        self._build_pager()
        self._build_layout()
        self.set_specs(())

    def _build_search(self) -> None:
        self.search = QLineEdit()
        self.search.setObjectName("latent_search")
        self.search.setAccessibleName("Find numbers of the latent")
        self.search.setPlaceholderText("Find 37, 0-15, changed …")
        self.search.setToolTip("A number (37), several (0-15, 40), those of one latent (z 3), or all that were changed")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("magnifying-glass", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._search_again)

    def _build_list(self) -> None:
        self._inner = QWidget()
        self._inner.setProperty("role", "scrolled")
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, SPACING.s, 0)
        self._column.setSpacing(0)
        self._none = QLabel()
        self._none.setObjectName("latent_none")
        self._none.setProperty("role", "muted")
        self._none.setWordWrap(True)
        self._column.addWidget(self._none)
        self._column.addStretch(1)
        self._area = QScrollArea()
        self._area.setObjectName("latent_list")
        self._area.setAccessibleName("Latent sliders")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._inner)

    def _build_pager(self) -> None:
        self._pager = QWidget()
        self._before = _leaf("latent_page_before", "caret-left", "The numbers before these")
        self._after = _leaf("latent_page_after", "caret-right", "The numbers after these")
        self._where = QLabel()
        self._where.setObjectName("latent_page")
        self._where.setProperty("role", "small")
        self._where.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self._pager)
        row.setContentsMargins(0, 0, SPACING.s, 0)
        row.addWidget(self._before)
        row.addWidget(self._where, 1)
        row.addWidget(self._after)
        self._before.clicked.connect(self._leaf_back)
        self._after.clicked.connect(self._leaf_on)

    def _build_layout(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.xs)
        searching = QHBoxLayout()
        searching.setContentsMargins(0, 0, SPACING.s, 0)
        searching.addWidget(self.search)
        column.addLayout(searching)
        column.addWidget(self._area, 1)
        column.addWidget(self._pager)

    def set_specs(self, specs: Sequence[ControlSpec]) -> None:
        """Edit these latents in place of those there were."""
        self._specs = tuple(specs)
        sizes = [int(np.prod(spec.shape, dtype=int)) for spec in self._specs]
        self._owners = [spec for spec, size in zip(self._specs, sizes, strict=True) for _ in range(size)]
        self._numbers = np.concatenate([np.arange(size) for size in sizes] or [np.zeros(0, int)])
        self._values = np.zeros(len(self._owners), np.float32)
        self._baseline = np.zeros(len(self._owners), np.float32)
        self.search.setVisible(len(self._owners) >= SEARCHED_FROM)
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self._search_again()

    # --- values ---

    def arrays(self) -> dict[str, np.ndarray]:
        """The latents as they stand, float32 `[*spec.shape]` by name."""
        arrays, start = {}, 0
        for spec in self._specs:
            stop = start + int(np.prod(spec.shape, dtype=int))
            arrays[spec.name] = self._values[start:stop].reshape(spec.shape).copy()
            start = stop
        return arrays

    def set_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Show these numbers, without a signal."""
        self._values = self._flat(arrays)
        self._refresh()

    def set_baseline(self, arrays: Mapping[str, np.ndarray]) -> None:
        """What resets lead to."""
        self._baseline = self._flat(arrays)
        self._refresh()

    def is_changed(self) -> bool:
        """Whether any number left its baseline."""
        return not np.array_equal(self._values, self._baseline)

    @Slot()
    def reset(self) -> None:
        """All numbers to their baseline, by the user's wish."""
        if self.is_changed():
            self._values = self._baseline.copy()
            self._refresh()
            self.edited.emit("")

    def _flat(self, arrays: Mapping[str, np.ndarray]) -> np.ndarray:
        parts = [np.asarray(arrays[spec.name], np.float32).ravel() for spec in self._specs]
        return np.concatenate([*parts, np.zeros(0, np.float32)])

    # --- what is on show ---

    @Slot()
    def _search_again(self) -> None:
        self._page = 0
        self._find()

    @Slot()
    def _leaf_back(self) -> None:
        self._leaf(-1)

    @Slot()
    def _leaf_on(self) -> None:
        self._leaf(1)

    def _leaf(self, pages: int) -> None:
        self._page += pages
        self._lay_out()
        self._area.verticalScrollBar().setValue(0)

    def _refresh(self) -> None:
        """Values changed from outside."""
        if CHANGED[:2] in self.search.text().casefold():
            self._find()
        else:
            self._show_values()

    def _find(self) -> None:
        names = [spec.name for spec in self._owners]
        self._found = matching(self.search.text(), names, self._numbers, self._values != self._baseline)
        self._lay_out()

    def _lay_out(self) -> None:
        """Give the sliders the numbers of this page."""
        self._end_gesture()
        pages = max(1, -(-len(self._found) // PER_PAGE))
        self._page = min(max(self._page, 0), pages - 1)
        start = self._page * PER_PAGE
        self._shown = [int(index) for index in self._found[start : start + PER_PAGE]]
        while len(self._sliders) < len(self._shown):
            self._sliders.append(self._make_slider())
        for place, slider in enumerate(self._sliders):
            slider.setVisible(place < len(self._shown))
            slider.setObjectName("")
        for slider, index in zip(self._sliders, self._shown, strict=False):
            spec = self._owners[index]
            slider.setObjectName(f"latent_slider_{index}")
            slider.describe(f"{spec.name} {self._numbers[index]}", spec.low, spec.high)
        self._show_values()
        self._show_pager(start, pages)

    def _show_pager(self, start: int, pages: int) -> None:
        self._pager.setVisible(pages > 1)
        self._before.setEnabled(self._page > 0)
        self._after.setEnabled(self._page < pages - 1)
        self._where.setText(
            f"{start + 1}–{start + len(self._shown)} of {len(self._found)} · page {self._page + 1} of {pages}"
        )
        changed = CHANGED[:2] in self.search.text().casefold()
        self._none.setText("Nothing was changed yet." if changed else "No number is called that.")
        self._none.setVisible(bool(self._owners) and not self._shown)

    def _show_values(self) -> None:
        for slider, index in zip(self._sliders, self._shown, strict=False):
            slider.show_number(self._values[index], self._baseline[index])

    def _make_slider(self) -> LatentSlider:
        slider = LatentSlider("")
        slider.edited.connect(self._on_edited)
        slider.edit_finished.connect(self._end_gesture)
        slider.reset_requested.connect(self._reset_one)
        self._column.insertWidget(self._column.count() - 1, slider)
        return slider

    def _index(self) -> int | None:
        """Of the number whose slider sent a signal."""
        sender = self.sender()
        found = (index for slider, index in zip(self._sliders, self._shown, strict=False) if slider is sender)
        return next(found, None)

    @Slot(float)
    def _on_edited(self, number: float) -> None:
        index = self._index()
        if index is not None:
            self._values[index] = number
            self.edited.emit(f"latent {index} {self._gesture}")

    @Slot()
    def _end_gesture(self) -> None:
        self._gesture += 1

    @Slot()
    def _reset_one(self) -> None:
        index = self._index()
        if index is not None and self._values[index] != self._baseline[index]:
            self._values[index] = self._baseline[index]
            self._show_values()
            self.edited.emit(f"latent {index} {self._gesture}")
        self._end_gesture()


def _leaf(name: str, symbol: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setIcon(icon(symbol))
    button.setIconSize(QSize(16, 16))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
