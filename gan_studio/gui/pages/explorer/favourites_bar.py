"""The favourites of a model below its picture: a star to keep a place, thumbnails to return to one."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.thumbnail_strip import ThumbnailStrip

NOTHING = (
    "Favourites: press the star (F) to keep this place. They stay with the model, and paths and films lead along them."
)


class FavouritesBar(QFrame):
    """`favourite_add` and `favourites_view`."""

    add_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build_star()
        self._build_strip()
        self._build_layout()
        self.set_count(0)
        self.setEnabled(False)

    def _build_star(self) -> None:
        self.star = QToolButton()
        self.star.setObjectName("favourite_add")
        self.star.setIcon(icon("star"))
        self.star.setIconSize(QSize(22, 22))
        self.star.setToolTip("Keep this place among the favourites (F)")
        self.star.setAccessibleName("Add to the favourites")
        self.star.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.star.clicked.connect(self.add_requested)

    def _build_strip(self) -> None:
        self.strip = ThumbnailStrip()
        self.strip.setObjectName("favourites_view")
        self.strip.setAccessibleName("Favourites")
        self.strip.setAccessibleDescription("Enter goes there, F2 renames, Delete takes out, Alt and arrows reorder")
        self.strip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.strip.customContextMenuRequested.connect(self._show_menu)
        self._nothing = QLabel(NOTHING)
        self._nothing.setObjectName("favourites_none")
        self._nothing.setProperty("role", "muted")
        self._nothing.setWordWrap(True)

    def _build_layout(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING.s)
        row.addWidget(self.star)
        row.addWidget(self.strip, 1)
        row.addWidget(self._nothing, 1)

    def set_count(self, count: int) -> None:
        """Whether there are any."""
        self.strip.setVisible(count > 0)
        self._nothing.setVisible(count == 0)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        if self.strip.itemAt(place) is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("pencil-simple"), "&Rename (F2)").triggered.connect(self.strip.rename_selected)
        menu.addAction(icon("trash"), "&Delete (Del)").triggered.connect(self.strip.remove_selected)
        menu.addSeparator()
        menu.addAction(icon("arrow-left"), "Move &left (Alt+Left)").triggered.connect(self._move_left)
        menu.addAction(icon("arrow-right"), "Move r&ight (Alt+Right)").triggered.connect(self._move_right)
        menu.popup(self.strip.viewport().mapToGlobal(place))

    @Slot()
    def _move_left(self) -> None:
        self.strip.move_selected(-1)

    @Slot()
    def _move_right(self) -> None:
        self.strip.move_selected(1)
