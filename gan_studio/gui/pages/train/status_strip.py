"""One line under the pictures: where training is, how fast, and what is left."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from gan_studio.engine.events import Report
from gan_studio.gui.quantities import duration, memory, short_count, whole
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.elided_label import ElidedLabel

_FACTS = (
    ("step", "Step"),
    ("images", "Images"),
    ("speed", "Images/s"),
    ("elapsed", "Elapsed"),
    ("left", "Left"),
    ("memory", "Memory"),
)
PASSING_SECONDS = 5.0
_BAR_WIDTH = 64
_PARTS = 1000
"""Of the bar: fine enough to be seen to move."""


class StatusStrip(QWidget):
    """A message at the left, facts at the right; progress between them while the amount of work is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_strip")
        self._facts: dict[str, QLabel] = {}
        self._captions: dict[str, QLabel] = {}
        self._lasting, self._passes_at = "", 0.0
        """What is said again once what is said now has passed."""
        self._share: float | None = None
        """How much of a training with a limit is done, from 0 to 1."""
        self._build_message()
        self._build_layout()

    def show_message(self, text: str) -> None:
        """Say what is going on; progress is then that of the training, if it has a limit."""
        self._lasting = ""
        self.message.setText(text)
        self._show_share()

    def show_lasting(self, text: str) -> None:
        """Say what goes on, as soon as what has just happened was said for long enough."""
        if self._lasting and time.monotonic() < self._passes_at:
            self._lasting = text
        else:
            self.show_message(text)

    def show_passing(self, text: str) -> None:
        """Say what has just happened; a report some seconds later brings back what was said before."""
        self._lasting = self._lasting or self.message.text()
        self._passes_at = time.monotonic() + PASSING_SECONDS
        self.message.setText(text)

    def show_progress(self, what: str, done: int, total: int) -> None:
        """`total` 0 means that the amount is not known."""
        self.message.setText(f"{what} {whole(done)} of {whole(total)}" if total else what)
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress.show()
        self.percent.hide()

    def show_report(self, report: Report) -> None:
        if self._lasting and time.monotonic() >= self._passes_at:
            self.show_message(self._lasting)
        self._set("step", whole(report.step))
        self._set("images", short_count(report.images))
        self._set("speed", f"{report.images_per_second:.0f}")
        self._set("elapsed", duration(report.seconds))
        self._set("left", "until stopped" if report.seconds_left is None else duration(report.seconds_left))
        self._set("memory", memory(report.memory_bytes))
        self._share = report.progress
        self._show_share()

    def show_past(self, metrics: Mapping[str, Any]) -> None:
        """Where a run that is not training ended: the last object of its metrics."""
        self.clear_facts()
        self.clear_progress()
        self._set("step", whole(metrics.get("step", 0)))
        self._set("images", short_count(metrics.get("images", 0)))
        self._set("elapsed", duration(metrics.get("seconds", 0.0)))

    def clear_progress(self) -> None:
        """Nothing is known of a limit."""
        self._share = None
        self._show_share()

    def clear_facts(self) -> None:
        for name in self._facts:
            self._set(name, "")

    def fact(self, name: str) -> str:
        """The text shown for `step`, `images`, `speed`, `elapsed`, `left` or `memory`."""
        return self._facts[name].text()

    def _show_share(self) -> None:
        """How much of what was asked for is done, where a limit was set."""
        limited = self._share is not None
        self.progress.setVisible(limited)
        self.percent.setVisible(limited)
        if self._share is not None:
            self.progress.setRange(0, _PARTS)
            self.progress.setValue(round(self._share * _PARTS))
            self.percent.setText(f"{int(self._share * 100)} %")

    def _set(self, name: str, text: str) -> None:
        """What is not known takes no room."""
        self._facts[name].setText(text)
        for label in (self._captions[name], self._facts[name]):
            label.setVisible(bool(text))

    def _build_message(self) -> None:
        self.message = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.message.setObjectName("run_message")
        self.message.setProperty("role", "muted")
        self.progress = QProgressBar()
        self.progress.setObjectName("run_progress")
        self.progress.setAccessibleName("Progress")
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(_BAR_WIDTH)
        self.percent = QLabel()
        self.percent.setObjectName("run_percent")
        self.percent.setAccessibleName("Done")
        self._show_share()

    def _build_layout(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING.xs)
        row.addWidget(self.message, 1)
        row.addWidget(self.progress)
        row.addWidget(self.percent)
        for name, title in _FACTS:
            caption, value = QLabel(title), QLabel()
            caption.setProperty("role", "small")
            value.setObjectName(f"status_{name}")
            value.setAccessibleName(title)
            value.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
            caption.setContentsMargins(SPACING.s, 0, 0, 0)
            row.addWidget(caption)
            row.addWidget(value)
            self._captions[name], self._facts[name] = caption, value
        self.clear_facts()
