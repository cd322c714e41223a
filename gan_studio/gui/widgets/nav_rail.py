"""The vertical rail at the left of the window that chooses the page."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING

_WIDTH = 76
_ICON = 22


class NavRail(QFrame):
    """One button per page: icon above a small label, exclusive; Ctrl+1 … Ctrl+9 choose too.

    The buttons' objectNames are `nav_<name>`. `page_actions` are the same choices for a menu.
    """

    selected = Signal(int)
    """Index of the page chosen; not emitted when it is chosen already."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self.setAccessibleName("Pages")
        self.setFixedWidth(_WIDTH)
        self.page_actions: list[QAction] = []
        self._group, self._choices = QButtonGroup(self), QActionGroup(self)
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
        self._add_action(name, label, icon_name, button)
        if index == 0:
            button.setChecked(True)
            self.page_actions[0].setChecked(True)
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

    def _add_action(self, name: str, label: str, icon_name: str, button: QToolButton) -> None:
        number = len(self.page_actions) + 1
        action = QAction(icon(icon_name), f"&{number} {label}", self)
        action.setObjectName(f"action_page_{name}")
        action.setCheckable(True)
        action.setStatusTip(f"Go to {label}")
        self._choices.addAction(action)
        if number <= 9:
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(f"{label} ({keys})" if keys else label)
        # A page that is greyed in the rail is not to be reached by its key either
        action.triggered.connect(button.click)
        self.page_actions.append(action)
        self.addAction(action)

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
        self.page_actions[index].setChecked(True)
        if index != self._current:
            self._current = index
            self.selected.emit(index)

    def current_name(self) -> str:
        """`name` of the chosen page; empty while there is none."""
        button = self._group.checkedButton()
        return button.objectName().removeprefix("nav_") if button else ""

    def choose(self, name: str) -> None:
        """Choose a page by name; one that there is not, or not any more, is passed over."""
        for index, button in enumerate(self._group.buttons()):
            if button.objectName() == f"nav_{name}":
                self.set_current(index)

    def button(self, name: str) -> QToolButton:
        """The button of the page `name`, to disable it or to give it another tip. Raises KeyError."""
        for button in self._group.buttons():
            if isinstance(button, QToolButton) and button.objectName() == f"nav_{name}":
                return button
        raise KeyError(name)
