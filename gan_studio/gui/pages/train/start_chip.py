"""Says above Train that the next training begins with the weights of another run, and lets that be taken back."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from gan_studio.gui.icons import icon, icon_pixmap
from gan_studio.gui.quantities import whole
from gan_studio.gui.theme import SPACING, theme_changed
from gan_studio.gui.views import StartView
from gan_studio.gui.widgets.elided_label import ElidedLabel

_ICON = 16


class StartChip(QFrame):
    """Hidden while the next training begins with random weights."""

    removed = Signal()
    """The user no longer wants it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start_chip")
        self.setProperty("role", "card")
        self._start: StartView | None = None
        self._build()
        self.remove.clicked.connect(self._remove)
        theme_changed.connect(self._paint_icon)
        self._paint_icon()
        self.hide()

    @property
    def start(self) -> StartView | None:
        """What the next training begins with."""
        return self._start

    def show_start(self, start: StartView | None) -> None:
        self._start = start
        if start is not None:
            self.label.setText(f"Starts from “{start.title}” step {whole(start.step)}")
            self.setToolTip(f"The networks begin with the weights in {start.path}, the optimisers afresh.")
        self.setVisible(start is not None)

    def _build(self) -> None:
        self._icon = QLabel()
        self.label = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.label.setObjectName("start_text")
        self.remove = QToolButton()
        self.remove.setObjectName("start_remove")
        self.remove.setIcon(icon("x"))
        self.remove.setIconSize(QSize(14, 14))
        self.remove.setToolTip("Begin with random weights instead")
        self.remove.setAccessibleName("Begin with random weights instead")
        self.remove.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING.s, SPACING.xs, SPACING.xs, SPACING.xs)
        row.setSpacing(SPACING.s)
        row.addWidget(self._icon)
        row.addWidget(self.label, 1)
        row.addWidget(self.remove)

    @Slot()
    def _remove(self) -> None:
        self.show_start(None)
        self.removed.emit()

    @Slot()
    def _paint_icon(self) -> None:
        self._icon.setPixmap(icon_pixmap("git-branch", "accent_text", _ICON, self.devicePixelRatioF()))
