"""The vertical rail at the left of the window that chooses the page."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING

_WIDTH = 76
_ICON = 22


class NavRail(QFrame):
    """One button per page: icon above a small label, exclusive; Ctrl+1 … Ctrl+9 choose too.

    The buttons' objectNames are `nav_<name>`.
    """

    selected = Signal(int)
    """Index of the page chosen; not emitted when it is chosen already."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self.setAccessibleName("Pages")
        self.setFixedWidth(_WIDTH)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.set_current)
        self._current = -1
        self._build_column()

    def _build_column(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, SPACING.s, 6, SPACING.s)
        self._column.setSpacing(SPACING.xs)
        self._column.addStretch(1)

    def add_page(self, name: str, label: str, icon_name: str) -> int:
        """Add a button below the others; returns its index. The first one is chosen at once, silently."""
        index = len(self._group.buttons())
        button = self._build_button(name, label, icon_name)
        self._group.addButton(button, index)
        self._column.insertWidget(index, button)
        self._connect_shortcut(button, index, label)
        if index == 0:
            button.setChecked(True)
            self._current = 0
        return index

    def _build_button(self, name: str, label: str, icon_name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"nav_{name}")
        button.setText(label)
        button.setAccessibleName(label)
        button.setIcon(icon(icon_name, on_role="accent_text", role="muted"))
        button.setIconSize(QSize(_ICON, _ICON))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return button

    def _connect_shortcut(self, button: QToolButton, index: int, label: str) -> None:
        keys = QKeySequence(f"Ctrl+{index + 1}") if index < 9 else QKeySequence()
        button.setToolTip(f"{label} ({keys.toString(QKeySequence.SequenceFormat.NativeText)})" if index < 9 else label)
        shortcut = QShortcut(keys, self)
        shortcut.activated.connect(button.click)

    def current(self) -> int:
        """Index of the chosen page; -1 while there is none."""
        return self._current

    @Slot(int)
    def set_current(self, index: int) -> None:
        """Choose a page. Raises IndexError when there is none at `index`."""
        button = self._group.button(index)
        if button is None:
            raise IndexError(f"There is no page number {index}.")
        button.setChecked(True)
        if index != self._current:
            self._current = index
            self.selected.emit(index)

    def button(self, name: str) -> QToolButton:
        """The button of the page `name`, to disable it or to give it another tip. Raises KeyError."""
        for button in self._group.buttons():
            if isinstance(button, QToolButton) and button.objectName() == f"nav_{name}":
                return button
        raise KeyError(name)
