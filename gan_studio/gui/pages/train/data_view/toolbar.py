"""Above the pictures: which of them are shown, and what is done with those that are selected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.quantities import whole
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.wheel_guard import WheelGuard

ALL, KEPT, OUT, FIRST_CLASS = range(4)
"""What the filter's data says: from `FIRST_CLASS` on, the number of a class and that."""


class SheetToolbar(QWidget):
    """Knows nothing of pictures; it is told what can be done."""

    filter_changed = Signal()
    take_out = Signal()
    put_back = Signal()
    put_all_back = Signal()
    undo = Signal()
    redo = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._guard = WheelGuard(self)
        self._build_filter()
        self._build_buttons()
        self._build_layout()
        self._connect()

    def begin(self, classes: Sequence[str]) -> None:
        """Other pictures: all are shown."""
        for box in (self.filter, self.finder):
            box.blockSignals(True)
        self.filter.clear()
        for text, what in (("All pictures", ALL), ("To be trained on", KEPT), ("Taken out", OUT)):
            self.filter.addItem(text, what)
        if classes:
            self.filter.insertSeparator(self.filter.count())
        for number, name in enumerate(classes):
            self.filter.addItem(f"Class: {name}", FIRST_CLASS + number)
        self.finder.clear()
        for box in (self.filter, self.finder):
            box.blockSignals(False)

    def shown(self) -> int:
        """What the filter lets through."""
        what = self.filter.currentData()
        return ALL if what is None else what

    def show_class(self, number: int) -> None:
        self.filter.setCurrentIndex(self.filter.findData(FIRST_CLASS + number))

    def show_all(self) -> None:
        """Drop both filters."""
        self.finder.clear()
        self.filter.setCurrentIndex(0)

    def words(self) -> str:
        """What names must hold."""
        return self.finder.text().strip()

    def say_counts(self, kept: int, out: int) -> None:
        for what, text in ((ALL, f"All pictures ({whole(kept + out)})"), (KEPT, f"To be trained on ({whole(kept)})")):
            self.filter.setItemText(self.filter.findData(what), text)
        self.filter.setItemText(self.filter.findData(OUT), f"Taken out ({whole(out)})")
        self.all_back.setEnabled(out > 0)

    def offer(self, can_take_out: bool, can_put_back: bool, can_undo: bool, can_redo: bool) -> None:
        """What makes sense now."""
        self.out_button.setEnabled(can_take_out)
        self.back_button.setEnabled(can_put_back)
        self.undo_button.setEnabled(can_undo)
        self.redo_button.setEnabled(can_redo)

    def _build_filter(self) -> None:
        self.filter = QComboBox()
        self.filter.setObjectName("sheet_filter")
        self.filter.setAccessibleName("Which pictures are shown")
        self.filter.setToolTip("Which pictures are shown")
        self.filter.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.filter.setMinimumContentsLength(19)
        self._guard.guard(self.filter)
        self.finder = QLineEdit()
        self.finder.setObjectName("sheet_find")
        self.finder.setPlaceholderText("Find by name")
        self.finder.setAccessibleName("Find pictures by name")
        self.finder.setToolTip("Show only pictures whose names hold this")
        self.finder.setClearButtonEnabled(True)
        self.finder.setMaximumWidth(180)
        self.finder.setMinimumWidth(90)

    def _build_buttons(self) -> None:
        undo, redo = (QKeySequence(keys).toString() for keys in ("Ctrl+Z", "Ctrl+Shift+Z"))
        self.out_button = _button("sheet_take_out", "Take &out", "prohibit")
        self.out_button.setToolTip("Do not train on the selected pictures; nothing happens to their files (Delete)")
        self.back_button = _button("sheet_put_back", "Put &back", "arrow-counter-clockwise")
        self.back_button.setToolTip("Train on the selected pictures again (Insert)")
        self.all_back = QPushButton("Put a&ll back")
        self.all_back.setObjectName("sheet_put_all_back")
        self.all_back.setProperty("role", "quiet")
        self.all_back.setToolTip("Train on every picture again")
        self.undo_button = _tool("sheet_undo", "arrow-u-up-left", f"Undo ({undo})")
        self.redo_button = _tool("sheet_redo", "arrow-u-up-right", f"Redo ({redo})")

    def _build_layout(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING.s)
        row.addWidget(self.filter)
        row.addWidget(self.finder, 1)
        row.addStretch(1)
        for widget in (self.out_button, self.back_button, self.all_back, self.undo_button, self.redo_button):
            row.addWidget(widget)

    def _connect(self) -> None:
        self.filter.currentIndexChanged.connect(self._tell)
        self.finder.textChanged.connect(self._tell)
        self.out_button.clicked.connect(self.take_out)
        self.back_button.clicked.connect(self.put_back)
        self.all_back.clicked.connect(self.put_all_back)
        self.undo_button.clicked.connect(self.undo)
        self.redo_button.clicked.connect(self.redo)

    @Slot()
    def _tell(self) -> None:
        self.filter_changed.emit()


def _button(name: str, text: str, symbol: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setIcon(icon(symbol))
    return button


def _tool(name: str, symbol: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setIcon(icon(symbol))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def hint() -> QLabel:
    """What can be done with the pictures, in one line below them."""
    label = QLabel()
    label.setObjectName("sheet_hint")
    label.setProperty("role", "small")
    return label
