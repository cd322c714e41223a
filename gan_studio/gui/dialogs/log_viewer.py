"""The log as it is written: the program's own, or that of the run on show."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication, QTextDocument
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gan_studio.gui.dialogs.parts import bottom_buttons, fit_to_screen, small_button
from gan_studio.gui.icons import icon
from gan_studio.gui.log_tail import LEVELS, LogLine, LogTail
from gan_studio.gui.theme import SPACING, TYPE
from gan_studio.gui.widgets.elided_label import ElidedLabel

SIZE = QSize(940, 600)
READ_MS = 400
MOST_LINES = 20_000
SHOWN = {"debug": "Everything", "info": "Notes and above", "warning": "Warnings and errors", "error": "Errors only"}


class LogViewer(QDialog):
    """Follows a file for as long as it is open; the window stays usable.

    Args:
        files: by title, the logs there are to look at; the first is shown.
    """

    def __init__(self, files: Mapping[str, Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("log_dialog")
        self.setWindowTitle("Log")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._files = dict(files)
        self._lines: deque[LogLine] = deque(maxlen=MOST_LINES)
        self._timer = QTimer(self)
        self._timer.setInterval(READ_MS)
        self._build_choices()
        self._build_text()
        self._build_layout()
        self._connect()
        fit_to_screen(self, SIZE)
        self._open(0)
        self._timer.start()

    def _build_choices(self) -> None:
        self.source, self.level = QComboBox(), QComboBox()
        self.source.setObjectName("log_source")
        self.source.addItems(list(self._files))
        self.level.setObjectName("log_level")
        for level in LEVELS:
            self.level.addItem(SHOWN[level], level)
        self.level.setCurrentIndex(LEVELS.index("info"))
        self.search = QLineEdit()
        self.search.setObjectName("log_search")
        self.search.setAccessibleName("Find in the log")
        self.search.setPlaceholderText("Find")
        self.search.setToolTip("Enter goes from the newest place to older ones")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("magnifying-glass", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.before = _arrow("log_before", "caret-up-bold", "Find the place before")
        self.after = _arrow("log_after", "caret-down-bold", "Find the place after")
        self.follow = QCheckBox("Follo&w")
        self.follow.setObjectName("log_follow")
        self.follow.setToolTip("Keep the newest line in sight")
        self.follow.setChecked(True)

    def _build_text(self) -> None:
        self.text = QPlainTextEdit()
        self.text.setObjectName("log_text")
        self.text.setAccessibleName("Log")
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(MOST_LINES)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.document().setDocumentMargin(SPACING.s)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(TYPE.body - 1)
        self.text.setFont(font)
        self.text.setPlaceholderText("Nothing was written yet that this shows.")
        self.where = ElidedLabel()
        self.where.setObjectName("log_path")
        self.where.setProperty("role", "small")

    def _build_layout(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING.s)
        for text, box in (("&Log", self.source), ("&Show", self.level)):
            label = QLabel(text)
            label.setBuddy(box)
            top.addWidget(label)
            top.addWidget(box)
        top.addSpacing(SPACING.s)
        top.addWidget(self.search, 1)
        top.addWidget(self.before)
        top.addWidget(self.after)
        top.addWidget(self.follow)
        self.copy = small_button(
            "log_copy", "&Copy", "copy", "Put what is selected, or everything shown, on the clipboard"
        )
        self.folder = small_button("log_folder", "&Open folder", "folder-open", "Show the folder that the log lies in")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.l, SPACING.l, SPACING.l, SPACING.m)
        column.setSpacing(SPACING.s)
        column.addLayout(top)
        column.addWidget(self.text, 1)
        column.addWidget(self.where)
        column.addWidget(bottom_buttons(self, self.copy, self.folder))

    def _connect(self) -> None:
        self._timer.timeout.connect(self._read)
        self.source.currentIndexChanged.connect(self._open)
        self.level.currentIndexChanged.connect(self._show_all)
        self.follow.toggled.connect(self._jump_to_end)
        self.search.textChanged.connect(self._find_from_start)
        self.search.returnPressed.connect(self._find_before)
        self.before.clicked.connect(self._find_before)
        self.after.clicked.connect(self._find_next)
        self.copy.clicked.connect(self._copy)
        self.folder.clicked.connect(self._open_folder)

    @Slot(int)
    def _open(self, index: int) -> None:
        path = list(self._files.values())[index]
        self._tail = LogTail(path)
        self.where.setText(str(path))
        self._lines.clear()
        self.text.clear()
        self._read()

    @Slot()
    def _read(self) -> None:
        new = self._tail.read()
        self._lines.extend(new)
        self._append(new)

    @Slot()
    def _show_all(self) -> None:
        self.text.clear()
        self._append(list(self._lines))

    def _append(self, lines: list[LogLine]) -> None:
        least = LEVELS.index(self.level.currentData())
        shown = [line.text for line in lines if LEVELS.index(line.level) >= least]
        if shown:
            self.text.appendPlainText("\n".join(shown))
            self._jump_to_end()

    @Slot()
    def _jump_to_end(self) -> None:
        if self.follow.isChecked():
            bar = self.text.verticalScrollBar()
            bar.setValue(bar.maximum())

    @Slot()
    def _find_from_start(self) -> None:
        """The newest place first: what somebody looks for happened lately."""
        self._put_cursor(at_end=True)
        self._find_before()

    @Slot()
    def _find_next(self) -> None:
        self._find(QTextDocument.FindFlag(0))

    @Slot()
    def _find_before(self) -> None:
        self._find(QTextDocument.FindFlag.FindBackward)

    def _find(self, how: QTextDocument.FindFlag) -> None:
        """Round the end and on. What was found must not scroll away."""
        words = self.search.text()
        if not words or self.text.find(words, how):
            self.follow.setChecked(self.follow.isChecked() and not words)
            return
        self._put_cursor(at_end=how == QTextDocument.FindFlag.FindBackward)
        self.text.find(words, how)

    def _put_cursor(self, at_end: bool) -> None:
        cursor = self.text.textCursor()
        cursor.movePosition(cursor.MoveOperation.End if at_end else cursor.MoveOperation.Start)
        self.text.setTextCursor(cursor)

    @Slot()
    def _copy(self) -> None:
        selected = self.text.textCursor().selection().toPlainText()
        QGuiApplication.clipboard().setText(selected or self.text.toPlainText())

    @Slot()
    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._tail.path.parent)))


def _arrow(name: str, symbol: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setIcon(icon(symbol))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
