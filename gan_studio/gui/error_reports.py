"""What nobody caught: into the log, and where a window is open into a dialog, one at a time.

Exceptions may come from any thread. A signal carries them to the GUI thread, the only one that may open a dialog.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, Slot, qInstallMessageHandler
from PySide6.QtWidgets import QWidget

from gan_studio.engine.errors import StudioError
from gan_studio.gui.dialogs.error import ErrorDialog

logger = logging.getLogger("gan_studio.unexpected")
qt_logger = logging.getLogger("gan_studio.qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class ErrorReports(QObject):
    """Takes over the hooks for exceptions and for Qt's messages; lives as long as the application."""

    report_wanted = Signal()
    """The user asks for a report to send to somebody."""
    _failed = Signal(str, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window: QWidget | None = None
        self._dialog: ErrorDialog | None = None
        self._previous: tuple[Any, Any] | None = None
        self._failed.connect(self._show)

    def install(self) -> None:
        self._previous = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(_log_qt_message)

    def uninstall(self) -> None:
        """Give the hooks back to whom they belonged."""
        if self._previous is not None:
            sys.excepthook, threading.excepthook = self._previous
            qInstallMessageHandler(None)
            self._previous = None

    def watch(self, window: QWidget) -> None:
        """From now on failures are also shown, over `window`."""
        self._window = window

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        logger.error("%s", details)
        self._failed.emit(*_in_words(kind, error), details)

    def _on_thread_exception(self, failure: threading.ExceptHookArgs) -> None:
        error = failure.exc_value
        if error is not None and not issubclass(failure.exc_type, SystemExit):
            self._on_exception(failure.exc_type, error, failure.exc_traceback)

    @Slot(str, str, str)
    def _show(self, message: str, advice: str, details: str) -> None:
        if self._window is None or self._dialog is not None:
            return
        dialog = ErrorDialog(message, advice, details, self._window)
        dialog.report_wanted.connect(self.report_wanted)
        dialog.finished.connect(self._forget_dialog)
        self._dialog = dialog
        dialog.open()

    @Slot(int)
    def _forget_dialog(self, _result: int) -> None:
        """It deletes itself."""
        self._dialog = None


def _in_words(kind: type[BaseException], error: BaseException) -> tuple[str, str]:
    if isinstance(error, StudioError):
        return error.message, error.advice
    message = f"Something went wrong that GAN Studio did not foresee: {kind.__name__}: {error}"
    return message, "You can go on working; the details are in the log."


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    qt_logger.log(
        _LEVELS.get(kind, logging.WARNING), "%s%s", f"{context.category}: " if context.category else "", message
    )
