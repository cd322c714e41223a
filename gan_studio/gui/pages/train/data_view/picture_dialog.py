"""One picture large, and beside it what the networks are shown of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.images import to_qimage
from gan_studio.gui.stylesheet import set_role
from gan_studio.gui.theme import SPACING, colours
from gan_studio.gui.views.dataset import PictureView
from gan_studio.gui.widgets.elided_label import ElidedLabel

_SIDE = 380
_SIZE = QSize(860, 560)


class FittedPicture(QWidget):
    """A picture as large as fits; a small one by whole-number zoom with hard pixels."""

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setMinimumSize(160, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pixmap: QPixmap | None = None

    def set_picture(self, pixels: np.ndarray | None) -> None:
        """uint8 `[h, w, 3]`."""
        self._pixmap = None if pixels is None else QPixmap.fromImage(to_qimage(pixels))
        self.update()

    @property
    def picture_size(self) -> QSize:
        return self._pixmap.size() if self._pixmap else QSize()

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().hover))
        if self._pixmap is not None:
            size = self._pixmap.size()
            zoom = min(self.width() // size.width(), self.height() // size.height())
            shown = size * zoom if zoom >= 1 else size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(self.rect().topLeft(), shown)
            place.moveCenter(self.rect().center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < 1)
            painter.drawPixmap(place, self._pixmap)
        painter.end()


class PictureDialog(QDialog):
    """Steps through the pictures that the contact sheet shows. Asks for what it wants to show."""

    moved = Signal(int)
    """-1 for the picture before, +1 for the next one."""
    toggled = Signal()
    """Take the picture out, or put it back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("picture_dialog")
        self.setWindowTitle("Picture")
        self.resize(_SIZE)
        self.number = -1
        self._build_pictures()
        self._build_buttons()
        self._build_layout()

    def expect(self, number: int, name: str, out: bool, place: str) -> None:
        """Another picture is being read; `place` says which of how many it is."""
        self.number = number
        self.name.setText(name)
        self.place.setText(place)
        self.set_out(out)

    def show_picture(self, view: PictureView) -> None:
        """What was read; passed over where something else is expected by now."""
        if view.number != self.number:
            return
        self.original.set_picture(view.original)
        self.seen.set_picture(view.seen)
        set_role(self.facts, "muted")
        self.facts.setText(f"{view.size[0]} × {view.size[1]} px · {view.kind}")
        self.seen_facts.setText(f"{view.seen.shape[1]} × {view.seen.shape[0]} px, under the settings on the left")

    def show_problem(self, message: str) -> None:
        """It cannot be read, and why."""
        self.original.set_picture(None)
        self.seen.set_picture(None)
        set_role(self.facts, "error")
        self.facts.setText(message)
        self.seen_facts.setText("")

    def set_out(self, out: bool) -> None:
        self.toggle.setText("&Put back" if out else "&Take out")
        self.toggle.setIcon(icon("arrow-counter-clockwise" if out else "prohibit"))
        self.toggle.setToolTip(
            "Train on this picture again (Insert)" if out else "Do not train on this picture; its file stays (Delete)"
        )
        self.state.setText("Taken out: not trained on" if out else "")
        self.state.setVisible(out)

    def _build_pictures(self) -> None:
        self.name = ElidedLabel()
        self.name.setObjectName("picture_name")
        self.name.setProperty("role", "heading")
        self.place, self.facts, self.seen_facts, self.state = QLabel(), QLabel(), QLabel(), QLabel()
        for label in (self.place, self.facts, self.seen_facts):
            label.setProperty("role", "muted")
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setObjectName("picture_facts")
        self.facts.setWordWrap(True)
        self.seen_facts.setObjectName("picture_seen_facts")
        self.seen_facts.setWordWrap(True)
        self.state.setProperty("role", "warning")
        self.original = FittedPicture("picture_original", "The picture as it is")
        self.seen = FittedPicture("picture_seen", "The picture as the networks see it")

    def _build_buttons(self) -> None:
        self.previous, self.next = QPushButton("P&revious"), QPushButton("&Next")
        self.previous.setObjectName("picture_previous")
        self.previous.setIcon(icon("caret-left"))
        self.previous.setToolTip("The picture before (←)")
        self.next.setObjectName("picture_next")
        self.next.setIcon(icon("caret-right"))
        self.next.setToolTip("The next picture (→)")
        self.toggle = QPushButton()
        self.toggle.setObjectName("picture_toggle")
        self.close_button = QPushButton("&Close")
        self.close_button.setObjectName("picture_close")
        self.close_button.setToolTip("Back to all pictures (Esc)")
        for button in (self.previous, self.next, self.toggle, self.close_button):
            button.setAutoDefault(False)
        self.previous.clicked.connect(self._to_previous)
        self.next.clicked.connect(self._to_next)
        self.toggle.clicked.connect(self.toggled)
        self.close_button.clicked.connect(self.accept)

    def _build_layout(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        top.addWidget(self.place)
        pictures = QGridLayout()
        pictures.setHorizontalSpacing(SPACING.l)
        pictures.setVerticalSpacing(SPACING.xs)
        for column, (title, picture, facts) in enumerate(
            (("As it is", self.original, self.facts), ("As the networks see it", self.seen, self.seen_facts))
        ):
            pictures.addWidget(QLabel(title), 0, column)
            pictures.addWidget(picture, 1, column)
            pictures.addWidget(facts, 2, column)
            pictures.setColumnStretch(column, 1)
        pictures.setRowStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING.s)
        for widget in (self.previous, self.next, self.toggle, self.state):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.l, SPACING.m, SPACING.l, SPACING.l)
        column.setSpacing(SPACING.m)
        column.addLayout(top)
        column.addLayout(pictures, 1)
        column.addLayout(buttons)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_PageUp:
                self._to_previous()
            case Qt.Key.Key_Right | Qt.Key.Key_PageDown:
                self._to_next()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace | Qt.Key.Key_Insert:
                if (event.key() == Qt.Key.Key_Insert) == (not self.state.isHidden()):
                    self.toggled.emit()
            case _:
                super().keyPressEvent(event)

    @Slot()
    def _to_previous(self) -> None:
        self.moved.emit(-1)

    @Slot()
    def _to_next(self) -> None:
        self.moved.emit(1)
