"""A row for models that make a picture from another one: open it, paste it, look at it as it was, call work off."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QToolButton, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views.explorer import PictureBegun

_MEBIBYTE = 2**20


class PictureBar(QWidget):
    """`picture_open`, `picture_paste`, `picture_before`; `picture_progress` and `picture_cancel` during the work."""

    open_requested = Signal()
    paste_requested = Signal()
    cancel_requested = Signal()
    before_wanted = Signal(bool)
    """While the button is held."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open = _button("picture_open", "Op&en picture…", "image", "Choose a picture of any size")
        self._paste = _button("picture_paste", "Paste", "copy", "Take the picture on the clipboard (Ctrl+V)")
        self._before = _button("picture_before", "Before", "swap", "Hold to compare with the picture as it was")
        self._about = QLabel()
        self._about.setObjectName("picture_about")
        self._about.setProperty("role", "small")
        self._progress = QProgressBar()
        self._progress.setObjectName("picture_progress")
        self._progress.setAccessibleName("Work on the picture")
        self._progress.setMaximumWidth(160)
        self._progress.setTextVisible(False)
        self._cancel = QToolButton()
        self._cancel.setObjectName("picture_cancel")
        self._cancel.setIcon(icon("x"))
        self._cancel.setToolTip("Give up the work on this picture")
        self._cancel.setAccessibleName("Cancel")
        self._build_layout()
        self._open.clicked.connect(self.open_requested)
        self._paste.clicked.connect(self.paste_requested)
        self._before.pressed.connect(self._show_before)
        self._before.released.connect(self._show_after)
        self._cancel.clicked.connect(self.cancel_requested)
        self.set_comparable(False)
        self.end()

    def _build_layout(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING.s)
        for widget in (self._open, self._paste, self._before):
            row.addWidget(widget)
        row.addWidget(self._about, 1)
        row.addWidget(self._progress)
        row.addWidget(self._cancel)

    def begin(self, begun: PictureBegun) -> None:
        """Say what is worked on, and what memory it takes."""
        width, height = begun.size
        memory = f" · about {begun.memory_bytes / _MEBIBYTE:,.0f} MiB of memory" if begun.memory_bytes else ""
        self._about.setText(f"{begun.name}, {width} × {height} px{memory}")
        self._progress.setRange(0, 0)
        self._set_busy(True)

    def progress(self, done: int, total: int) -> None:
        self._progress.setRange(0, total)
        self._progress.setValue(done)

    def end(self) -> None:
        """Nothing is worked on."""
        self._progress.setRange(0, 1)  # a bar without end would be drawn on and on
        self._set_busy(False)

    def set_comparable(self, comparable: bool) -> None:
        """Whether there is a picture to compare with."""
        self._before.setEnabled(comparable)

    def _set_busy(self, busy: bool) -> None:
        self._progress.setVisible(busy)
        self._cancel.setVisible(busy)

    @Slot()
    def _show_before(self) -> None:
        self.before_wanted.emit(True)

    @Slot()
    def _show_after(self) -> None:
        self.before_wanted.emit(False)


def _button(name: str, text: str, symbol: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setIcon(icon(symbol))
    button.setIconSize(QSize(16, 16))
    button.setToolTip(tip)
    return button
