"""One line under the pictures: where training is, how fast, and what is left."""

from __future__ import annotations

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


class StatusStrip(QWidget):
    """A message at the left, facts at the right; a progress bar while the amount of work is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_strip")
        self._facts: dict[str, QLabel] = {}
        self._build_message()
        self._build_layout()

    def show_message(self, text: str) -> None:
        """Say what is going on; ends a progress display."""
        self.message.setText(text)
        self.progress.hide()

    def show_progress(self, what: str, done: int, total: int) -> None:
        """`total` 0 means that the amount is not known."""
        self.message.setText(f"{what} {whole(done)} of {whole(total)}" if total else what)
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress.show()

    def show_report(self, report: Report) -> None:
        self._set("step", whole(report.step))
        self._set("images", short_count(report.images))
        self._set("speed", f"{report.images_per_second:.0f}")
        self._set("elapsed", duration(report.seconds))
        self._set("left", "until stopped" if report.seconds_left is None else duration(report.seconds_left))
        self._set("memory", memory(report.memory_bytes))

    def show_past(self, metrics: Mapping[str, Any]) -> None:
        """Where a run that is not training ended: the last object of its metrics."""
        self.clear_facts()
        self._set("step", whole(metrics.get("step", 0)))
        self._set("images", short_count(metrics.get("images", 0)))
        self._set("elapsed", duration(metrics.get("seconds", 0.0)))

    def clear_facts(self) -> None:
        for label in self._facts.values():
            label.setText("–")

    def fact(self, name: str) -> str:
        """The text shown for `step`, `images`, `speed`, `elapsed`, `left` or `memory`."""
        return self._facts[name].text()

    def _set(self, name: str, text: str) -> None:
        self._facts[name].setText(text)

    def _build_message(self) -> None:
        self.message = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.message.setObjectName("run_message")
        self.message.setProperty("role", "muted")
        self.progress = QProgressBar()
        self.progress.setObjectName("run_progress")
        self.progress.setAccessibleName("Progress")
        self.progress.setTextVisible(False)
        self.progress.setMaximumWidth(160)
        self.progress.hide()

    def _build_layout(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING.xs)
        row.addWidget(self.message, 1)
        row.addWidget(self.progress)
        for name, title in _FACTS:
            caption, value = QLabel(title), QLabel("–")
            caption.setProperty("role", "small")
            value.setObjectName(f"status_{name}")
            value.setAccessibleName(title)
            value.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
            row.addSpacing(SPACING.s)
            row.addWidget(caption)
            row.addWidget(value)
            self._facts[name] = value
