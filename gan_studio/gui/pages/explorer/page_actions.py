"""The explorer's actions: for keys while the focus is on its page, and for the window's menu."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QUndoStack
from PySide6.QtWidgets import QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.widgets.mnemonics import with_mnemonics

KEYS = {
    "previous_seed": ("Previous seed", "PgUp", "caret-left"),
    "next_seed": ("Next seed", "PgDown", "caret-right"),
    "random_seed": ("Random seed", "R", "dice-five"),
    "reset": ("Reset", "Home", "arrow-counter-clockwise"),
    "": ("", "", ""),
    "walk_left": ("Walk left (←)", "", ""),
    "walk_right": ("Walk right (→)", "", ""),
    "walk_up": ("Walk up (↑)", "", ""),
    "walk_down": ("Walk down (↓)", "", ""),
    " ": ("", "", ""),
    "single_view": ("Single picture", "S", "image"),
    "grid_view": ("Grid of seeds", "G", "grid-four"),
    "path_view": ("Path along favourites", "P", "flow-arrow"),
    "zoom_in": ("Zoom in", "+", "magnifying-glass-plus"),
    "zoom_out": ("Zoom out", "-", "magnifying-glass-minus"),
    "zoom_fit": ("Fit into the window", "0", "corners-out"),
    "  ": ("", "", ""),
    "add_favourite": ("Add to favourites", "F", "star"),
    "save_picture": ("Save picture…", "Ctrl+S", "floppy-disk"),
    "copy_picture": ("Copy picture", "Ctrl+Shift+C", "copy"),
    "paste_picture": ("Paste a picture to work on", "Ctrl+V", ""),
    "film": ("Film of the path…", "", "film-strip"),
    "evaluate_model": ("Evaluate…", "", "ruler"),
    "export_model": ("Export model…", "Ctrl+E", "export"),
}
"""Text, key and icon by name, in the order of the menu; names of blanks are lines."""
WHOLE_WINDOW = ("save_picture", "export_model")
"""No other page saves or exports anything by hand: these count wherever the focus is."""

OF_GIVEN_PICTURES = (
    "zoom_in",
    "zoom_out",
    "zoom_fit",
    "save_picture",
    "copy_picture",
    "paste_picture",
    "export_model",
)
"""What makes sense where a picture is given: nothing that has to do with seeds."""


class PageActions(QObject):
    """`actions["save_picture"]` and the others; all but undo and redo are greyed until there is a picture."""

    def __init__(self, page: QWidget, undo_stack: QUndoStack) -> None:
        super().__init__(page)
        self._page = page
        self._given = False
        undo = undo_stack.createUndoAction(page, "&Undo")
        redo = undo_stack.createRedoAction(page, "Re&do")
        self._add("undo", undo, "Ctrl+Z", "arrow-u-up-left")
        self._add("redo", redo, "Ctrl+Shift+Z", "arrow-u-up-right")
        redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self._add_line()
        self.actions: dict[str, QAction] = {}
        letters = with_mnemonics([text for text, _, _ in KEYS.values()], taken="ud")
        for text, (name, (_, keys, symbol)) in zip(letters, KEYS.items(), strict=True):
            if name.strip():
                self.actions[name] = QAction(text, page)
                self._add(name, self.actions[name], keys, symbol)
            else:
                self._add_line()
        for name in WHOLE_WINDOW:
            self.actions[name].setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.set_enabled(False)

    def set_enabled(self, enabled: bool) -> None:
        """Whether there is a picture to do all this with."""
        for name, action in self.actions.items():
            action.setEnabled(enabled and (name in OF_GIVEN_PICTURES if self._given else name != "paste_picture"))

    def set_given(self, given: bool) -> None:
        """Whether pictures are made from those that the user gives, and not from seeds."""
        self._given = given
        self.set_enabled(False)
        self.actions["paste_picture"].setEnabled(given)

    def _add(self, name: str, action: QAction, keys: str, symbol: str) -> None:
        action.setObjectName(f"action_{name}")
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if symbol:
            action.setIcon(icon(symbol))
        self._page.addAction(action)

    def _add_line(self) -> None:
        line = QAction(self._page)
        line.setSeparator(True)
        self._page.addAction(line)
