"""What nobody foresaw: in a sentence, with the details to unfold, to copy, or to put into a report."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from gan_studio.gui.dialogs.parts import bottom_buttons, small_button, wrapped
from gan_studio.gui.icons import icon, icon_pixmap
from gan_studio.gui.theme import SPACING

_ICON = 28
_WIDTH = 560
_DETAILS_HEIGHT = 220


class ErrorDialog(QDialog):
    """Message, advice, and the traceback behind a button."""

    report_wanted = Signal()

    def __init__(self, message: str, advice: str, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("error_dialog")
        self.setWindowTitle("GAN Studio")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build_texts(message, advice, details)
        self._build_buttons()
        self._build_layout()
        self._connect()

    def text(self) -> str:
        return self._message.text()

    def advice(self) -> str:
        return self._advice.text()

    def details(self) -> str:
        return self._details.toPlainText()

    def _build_texts(self, message: str, advice: str, details: str) -> None:
        self._message, self._advice = wrapped(message, "heading"), wrapped(advice)
        self._message.setObjectName("error_message")
        self._advice.setVisible(bool(advice))
        self._details = QPlainTextEdit(details)
        self._details.setObjectName("error_details")
        self._details.setAccessibleName("Details")
        self._details.setReadOnly(True)
        self._details.setTabChangesFocus(True)
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._details.document().setDocumentMargin(SPACING.s)
        self._details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._details.setMinimumHeight(_DETAILS_HEIGHT)
        self._details.hide()

    def _build_buttons(self) -> None:
        self.unfold = QPushButton("&Details")
        self.unfold.setObjectName("error_unfold")
        self.unfold.setProperty("role", "quiet")
        self.unfold.setCheckable(True)
        self.unfold.setAutoDefault(False)
        self.unfold.setIcon(icon("caret-right-bold", "muted"))
        self.copy = small_button("error_copy", "&Copy details", "copy", "Put message and details on the clipboard")
        self.report = small_button("error_report", "Save a &report…", "package", "Pack log and versions into a zip")

    def _build_layout(self) -> None:
        picture = QLabel()
        picture.setPixmap(icon_pixmap("warning-circle-fill", "error", _ICON, self.devicePixelRatioF()))
        words = QVBoxLayout()
        words.setSpacing(SPACING.s)
        words.addWidget(self._message)
        words.addWidget(self._advice)
        words.addWidget(self.unfold, 0, Qt.AlignmentFlag.AlignLeft)
        top = QHBoxLayout()
        top.setSpacing(SPACING.l)
        top.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.xl, SPACING.xl, SPACING.xl, SPACING.l)
        column.setSpacing(SPACING.m)
        column.addLayout(top)
        column.addWidget(self._details, 1)
        column.addWidget(bottom_buttons(self, self.copy, self.report))
        self.setMinimumWidth(_WIDTH)

    def _connect(self) -> None:
        self.unfold.toggled.connect(self._show_details)
        self.copy.clicked.connect(self._copy)
        self.report.clicked.connect(self.report_wanted)

    @Slot(bool)
    def _show_details(self, shown: bool) -> None:
        self._details.setVisible(shown)
        self.unfold.setIcon(icon("caret-down-bold" if shown else "caret-right-bold", "muted"))
        self.adjustSize()

    @Slot()
    def _copy(self) -> None:
        parts = (self.text(), self.advice(), self.details())
        QGuiApplication.clipboard().setText("\n".join(part for part in parts if part))
