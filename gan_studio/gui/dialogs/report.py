"""Save a report: shows every file that would go into the zip, and its text, before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gan_studio.gui.dialogs.parts import fit_to_screen, heading, wrapped
from gan_studio.gui.sessions.report import ReportPart
from gan_studio.gui.theme import SPACING

SIZE = QSize(820, 560)
_LIST_WIDTH = 200
Parts = Callable[[bool], list[ReportPart]]


class ReportDialog(QDialog):
    """What goes in, and where to.

    Args:
        parts: what the report holds, with or without the run on show.
        has_run: whether there is one.
    """

    save_wanted = Signal(object, object)
    """Path and list of ReportPart."""

    def __init__(self, parts: Parts, has_run: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("report_dialog")
        self.setWindowTitle("Save a report")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._make = parts
        self._build_contents(has_run)
        self._build_buttons()
        self._build_layout()
        self.run.toggled.connect(self._list_parts)
        self.list.currentRowChanged.connect(self._show_part)
        self._list_parts()
        fit_to_screen(self, SIZE)

    def _build_contents(self, has_run: bool) -> None:
        self.list, self.text = QListWidget(), QPlainTextEdit()
        self.list.setObjectName("report_list")
        self.list.setAccessibleName("Files of the report")
        self.list.setFixedWidth(_LIST_WIDTH)
        self.text.setObjectName("report_text")
        self.text.setAccessibleName("What this file holds")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.document().setDocumentMargin(SPACING.s)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.run = QCheckBox("&Also the settings and the log of the run on show")
        self.run.setObjectName("report_run")
        self.run.setEnabled(has_run)
        self.run.setToolTip("" if has_run else "No run is on show")

    def _build_buttons(self) -> None:
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.save = QPushButton("&Save…")
        self.save.setObjectName("report_save")
        self.save.setProperty("role", "primary")
        self.buttons.addButton(self.save, QDialogButtonBox.ButtonRole.ActionRole)
        self.save.setDefault(True)
        self.save.clicked.connect(self._ask_where)
        self.buttons.rejected.connect(self.reject)

    def _build_layout(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACING.m)
        row.addWidget(self.list)
        row.addWidget(self.text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.xl, SPACING.l, SPACING.xl, SPACING.l)
        column.setSpacing(SPACING.s)
        column.addWidget(heading("What goes into the report"))
        column.addWidget(
            wrapped(
                "A zip to send to whoever helps you. It holds no pictures, and your home folder is written as ~. "
                "Nothing is sent from here; look through it first, if you like."
            )
        )
        column.addLayout(row, 1)
        column.addWidget(self.run)
        column.addWidget(self.buttons)

    @Slot()
    def _list_parts(self) -> None:
        self._parts = self._make(self.run.isChecked())
        self.list.clear()
        self.list.addItems([part.name for part in self._parts])
        self.list.setCurrentRow(0)

    @Slot(int)
    def _show_part(self, row: int) -> None:
        self.text.setPlainText(self._parts[row].read() if 0 <= row < len(self._parts) else "")

    @Slot()
    def _ask_where(self) -> None:
        name = f"GAN Studio report {datetime.now():%Y-%m-%d %H.%M}.zip"
        text, _ = QFileDialog.getSaveFileName(self, "Save the report", str(Path.home() / name), "Zip (*.zip)")
        if text:
            path = Path(text) if text.lower().endswith(".zip") else Path(f"{text}.zip")
            self.save_wanted.emit(path, self._parts)
            self.accept()
