"""About: what this is, its versions to copy, and the licences of what it is made with."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFormLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gan_studio import __version__
from gan_studio.gui.dialogs.parts import bottom_buttons, fit_to_screen, small_button, wrapped
from gan_studio.gui.theme import SPACING
from gan_studio.gui.versions import Package, as_text, facts, packages

SIZE = QSize(620, 520)
WHAT = (
    "Train GANs on your own pictures, watch the game between generator and discriminator, and explore what was learned."
)


class AboutDialog(QDialog):
    """Two tabs: versions, and licences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about_dialog")
        self.setWindowTitle("About GAN Studio")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._facts, self._packages = facts(), packages()
        self._build_layout()
        self.copy.clicked.connect(self._copy)
        fit_to_screen(self, SIZE)

    def text(self) -> str:
        """What Copy puts on the clipboard."""
        made_with = [(package.name, package.version) for package in self._packages]
        return as_text([*self._facts, *made_with])

    def _build_layout(self) -> None:
        title = QLabel(f"GAN Studio {__version__}")
        title.setObjectName("about_title")
        title.setProperty("role", "title")
        self.copy = small_button("about_copy", "&Copy versions", "copy", "Put all versions on the clipboard")
        tabs = QTabWidget()
        tabs.setObjectName("about_tabs")
        tabs.addTab(_versions(self._facts), "&Versions")
        tabs.addTab(_licences(self._packages), "&Licences")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.xl, SPACING.l, SPACING.xl, SPACING.l)
        column.setSpacing(SPACING.s)
        column.addWidget(title)
        column.addWidget(wrapped(WHAT, ""))
        column.addWidget(wrapped("Free software under the MIT licence."))
        column.addWidget(tabs, 1)
        column.addWidget(bottom_buttons(self, self.copy))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())


def _versions(rows: list[tuple[str, str]]) -> QWidget:
    page = QWidget()
    form = QFormLayout(page)
    form.setContentsMargins(0, SPACING.m, 0, SPACING.m)
    form.setHorizontalSpacing(SPACING.l)
    form.setVerticalSpacing(SPACING.s)
    for name, value in rows:
        label, what = QLabel(name), wrapped(value, "")
        label.setProperty("role", "muted")
        what.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        form.addRow(label, what)
    return page


def _licences(made_with: list[Package]) -> QWidget:
    table = QTableWidget(len(made_with), 3)
    table.setObjectName("licence_list")
    table.setAccessibleName("Packages and their licences")
    table.setHorizontalHeaderLabels(["Package", "Version", "Licence"])
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column in (0, 1):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
    for row, package in enumerate(made_with):
        for column, text in enumerate((package.name, package.version, package.licence)):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            table.setItem(row, column, item)
    return table
