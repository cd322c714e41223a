"""What goes on beside the window, a row each: title, progress and Cancel, then what came of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QToolButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.quantities import memory, whole
from gan_studio.gui.stylesheet import set_role
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views.jobs import JobResult
from gan_studio.gui.widgets.elided_label import ElidedLabel

_BAR_WIDTH = 220
_BYTES_FROM = 4 * 2**20
_DONE_STAYS_MS = 30_000
"""How long a row that went well stays; one that failed stays until it is closed."""


class JobRow(QWidget):
    """One job."""

    cancel_requested = Signal(int)
    closed = Signal(int)

    def __init__(self, number: int, title: str) -> None:
        super().__init__()
        self._number, self._title = number, title
        self._path: Path | None = None
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.setInterval(_DONE_STAYS_MS)
        self._build_widgets(title)
        self._build_layout()
        self._connect()

    def show_progress(self, done: int, total: int) -> None:
        """`total` 0 means that the amount is not known."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.label.setText(
            f"{self._title} · {_amount(done, total)} of {_amount(total, total)}" if total else self._title
        )

    def show_done(self, result: JobResult) -> None:
        self._end(result.text)
        self._path = result.path
        self.show_button.setVisible(result.path is not None)
        self._leave.start()

    def show_failed(self, message: str, advice: str) -> None:
        self._end(f"{self._title} failed: {message} {advice}".strip(), "error")

    def _end(self, text: str, role: str = "") -> None:
        self.label.setText(text)
        if role:
            set_role(self.label, role)
        self.bar.hide()
        self.cancel.hide()
        self.close_button.show()

    def _build_widgets(self, title: str) -> None:
        self.label = ElidedLabel(title, Qt.TextElideMode.ElideMiddle)
        self.label.setObjectName("job_label")
        self.bar = QProgressBar()
        self.bar.setObjectName("job_progress")
        self.bar.setAccessibleName(f"Progress: {title}")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR_WIDTH)
        self.bar.setRange(0, 0)
        self.cancel = _quiet("job_cancel", "Cancel", f"Call it off: {title}")
        self.show_button = _quiet("job_show", "Show in folder", "Open the folder that it lies in")
        self.show_button.setIcon(icon("folder-open"))
        self.show_button.hide()
        self.close_button = QToolButton()
        self.close_button.setObjectName("job_close")
        self.close_button.setIcon(icon("x"))
        self.close_button.setToolTip("Close this line")
        self.close_button.setAccessibleName("Close this line")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.hide()

    def _build_layout(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING.m, SPACING.xs, SPACING.m, SPACING.xs)
        row.setSpacing(SPACING.s)
        row.addWidget(self.label, 1)
        for widget in (self.bar, self.cancel, self.show_button, self.close_button):
            row.addWidget(widget)

    def _connect(self) -> None:
        self.cancel.clicked.connect(self._ask_to_cancel)
        self.close_button.clicked.connect(self._close)
        self.show_button.clicked.connect(self._show_in_folder)
        self._leave.timeout.connect(self._close)

    @Slot()
    def _ask_to_cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.label.setText(f"{self._title} · cancelling…")
        self.cancel_requested.emit(self._number)

    @Slot()
    def _close(self) -> None:
        self._leave.stop()
        self.closed.emit(self._number)

    @Slot()
    def _show_in_folder(self) -> None:
        if self._path is not None:
            folder = self._path if self._path.is_dir() else self._path.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


class JobStrip(QFrame):
    """The rows of all jobs, newest below; hidden while there are none."""

    cancel_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("job_strip")
        self.setAccessibleName("Work in the background")
        self.setProperty("role", "strip")
        self._rows: dict[int, JobRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def row(self, number: int) -> JobRow:
        """Raises KeyError for a job that is not on show."""
        return self._rows[number]

    @Slot(int, str)
    def add(self, number: int, title: str) -> None:
        row = JobRow(number, title)
        row.cancel_requested.connect(self.cancel_requested)
        row.closed.connect(self.remove)
        self._rows[number] = row
        self._column.addWidget(row)
        self.show()

    @Slot(int, int, int)
    def show_progress(self, number: int, done: int, total: int) -> None:
        if number in self._rows:
            self._rows[number].show_progress(done, total)

    @Slot(int, object)
    def show_done(self, number: int, result: JobResult) -> None:
        if number in self._rows:
            self._rows[number].show_done(result)

    @Slot(int, str, str)
    def show_failed(self, number: int, message: str, advice: str) -> None:
        if number in self._rows:
            self._rows[number].show_failed(message, advice)

    @Slot(int)
    def remove(self, number: int) -> None:
        """Take a row away: it was closed, or its job was called off."""
        row = self._rows.pop(number, None)
        if row is not None:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.setVisible(bool(self._rows))


def _amount(number: int, total: int) -> str:
    """Nothing is counted by the millions but bytes."""
    return memory(number) if total >= _BYTES_FROM else whole(number)


def _quiet(name: str, text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("role", "quiet")
    button.setToolTip(tip)
    return button
