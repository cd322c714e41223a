"""What lies in the trash: put back, or deleted for good."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gan_studio.gui.icons import icon
from gan_studio.gui.pages.runs.words import counted, disk_use, when
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import TrashView
from gan_studio.gui.widgets.empty_state import EmptyState

_SIZE = (640, 380)
_DATA = Qt.ItemDataRole.UserRole


class TrashDialog(QDialog):
    """Shows what it is told; asks before anything is lost."""

    restore_requested = Signal(object)
    """A list of TrashedRun."""
    delete_requested = Signal(object)
    """The same, for good."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trash_dialog")
        self.setWindowTitle("Trash")
        self.resize(*_SIZE)
        self._build_list()
        self._build_buttons()
        self._build_layout()
        self._connect()
        self._refresh()

    def show_trash(self, runs: Sequence[TrashView]) -> None:
        """Thrown away last first."""
        self.list.clear()
        for view in runs:
            moment = view.run.thrown_away
            said = when(moment.timestamp()) if moment else "–"
            item = QTreeWidgetItem([view.run.was.name, said, disk_use(view.size_bytes), str(view.run.was.parent)])
            item.setData(0, _DATA, view)
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(3, str(view.run.was.parent))
            self.list.addTopLevelItem(item)
        if runs:
            self.list.setCurrentIndex(self.list.model().index(0, 0))
        self._refresh()

    def _build_list(self) -> None:
        self.list = QTreeWidget()
        self.list.setObjectName("trash_list")
        self.list.setAccessibleName("Runs in the trash")
        self.list.setHeaderLabels(["Run", "Thrown away", "On disk", "From"])
        self.list.setRootIsDecorated(False)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self.list.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for section in (1, 2):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        self.empty = EmptyState("trash", "The trash is empty", "Runs that you throw away wait here until you empty it.")

    def _build_buttons(self) -> None:
        self.total = QLabel()
        self.total.setObjectName("trash_total")
        self.total.setProperty("role", "muted")
        self.restore = _button("trash_restore", "&Put back", "arrow-u-up-left", "To where they were")
        self.delete = _button("trash_delete", "&Delete for good…", "trash", "Free their room; that cannot be undone")
        self.empty_button = _button("trash_empty", "&Empty the trash…", "", "Delete everything in it for good")
        self.close_button = _button("trash_close", "Close", "", "Close this window (Esc)")
        self.close_button.setDefault(True)

    def _build_layout(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.list)
        row = QHBoxLayout()
        row.setSpacing(SPACING.s)
        row.addWidget(self.restore)
        row.addWidget(self.delete)
        row.addWidget(self.empty_button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.l, SPACING.l, SPACING.l, SPACING.l)
        column.setSpacing(SPACING.m)
        column.addWidget(self._stack, 1)
        column.addWidget(self.total)
        column.addLayout(row)

    def _connect(self) -> None:
        self.list.itemSelectionChanged.connect(self._refresh)
        self.list.itemDoubleClicked.connect(self._restore)
        self.restore.clicked.connect(self._restore)
        self.delete.clicked.connect(self._delete_selected)
        self.empty_button.clicked.connect(self._delete_all)
        self.close_button.clicked.connect(self.reject)

    # --- reacting ---

    def _all(self) -> list[TrashView]:
        items = [self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount())]
        return [item.data(0, _DATA) for item in items if item is not None]

    def _selected(self) -> list[TrashView]:
        return [item.data(0, _DATA) for item in self.list.selectedItems()]

    @Slot()
    def _refresh(self) -> None:
        everything, selected = self._all(), self._selected()
        self._stack.setCurrentWidget(self.list if everything else self.empty)
        size = disk_use(sum(view.size_bytes for view in everything))
        self.total.setText(f"{counted(len(everything), 'run')}, {size}" if everything else "")
        self.empty_button.setEnabled(bool(everything))
        for button in (self.restore, self.delete):
            button.setEnabled(bool(selected))

    @Slot()
    def _restore(self) -> None:
        selected = self._selected()
        if selected:
            self.restore_requested.emit([view.run for view in selected])

    @Slot()
    def _delete_selected(self) -> None:
        self._ask_to_delete(self._selected())

    @Slot()
    def _delete_all(self) -> None:
        self._ask_to_delete(self._all())

    def _ask_to_delete(self, views: Sequence[TrashView]) -> None:
        box = QMessageBox(self)
        box.setObjectName("delete_dialog")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(f"Delete {counted(len(views), 'run')} for good?")
        freed = disk_use(sum(view.size_bytes for view in views))
        box.setInformativeText(f"{freed} become free. Pictures saved from these runs can no longer be explored on.")
        delete = box.addButton("&Delete", QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(cancel)
        box.setEscapeButton(cancel)
        box.exec()
        wanted = box.clickedButton() is delete
        box.deleteLater()
        if wanted:
            self.delete_requested.emit([view.run for view in views])


def _button(name: str, text: str, symbol: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    if symbol:
        button.setIcon(icon(symbol))
    return button
