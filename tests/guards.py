"""What fails a test although its assertions held: leaked threads, timers and windows, and errors that nobody expected.

Neither guard imports Qt: tests that do without it stay quick.
"""

from __future__ import annotations

import gc
import logging
import re
import sys
import threading
import weakref
from typing import Any

JOIN_SECONDS = 5.0
"""How long a thread that was told to end may take."""


class LogGuard(logging.Handler):
    """Collects records of level ERROR and above from `gan_studio`; those that a test expects are allowed by pattern."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._records: list[logging.LogRecord] = []
        self._allowed: list[re.Pattern[str]] = []

    def allow(self, pattern: str) -> None:
        """Errors whose message contains a match of `pattern` are part of the test."""
        self._allowed.append(re.compile(pattern))

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)

    def unexpected(self) -> list[str]:
        messages = [record.getMessage() for record in self._records]
        return [message for message in messages if not any(known.search(message) for known in self._allowed)]


class ThreadGuard:
    """Python threads that were started during a test and still run after it."""

    def __init__(self) -> None:
        self._before = set(threading.enumerate())

    def leaks(self) -> list[str]:
        for thread in self._new():
            thread.join(JOIN_SECONDS)
        return [f"thread {thread.name!r} still runs" for thread in self._new()]

    def _new(self) -> list[threading.Thread]:
        # A QThread that runs Python code is listed as a dummy, also long after its end; QtGuard looks at those
        return [
            thread
            for thread in threading.enumerate()
            if thread not in self._before and not isinstance(thread, threading._DummyThread)
        ]


class QtGuard:
    """QThreads that run, QTimers that tick and windows that stand after a test. Made only where Qt is imported."""

    def __init__(self, monkeypatch: Any) -> None:
        from PySide6.QtCore import QThread, QTimer

        self._threads: list[QThread] = []
        self._timers: weakref.WeakSet[QTimer] = weakref.WeakSet()
        self._windows_before = set(_windows())
        _record_made(monkeypatch, QThread, self._threads.append)
        _record_made(monkeypatch, QTimer, self._timers.add)

    def leaks(self) -> list[str]:
        from PySide6.QtCore import QCoreApplication

        if QCoreApplication.instance() is None:
            return []
        destroy_what_is_to_go()  # also what is hidden: each style and scheme set later would be worked out for it
        if self._left():
            gc.collect()
            destroy_what_is_to_go()
        return [*self._end_threads(), *self._end_timers(), *self._end_windows()]

    def _end_threads(self) -> list[str]:
        leaks = []
        for thread in self._threads:
            if _alive(thread) and thread.isRunning():
                leaks.append(f"QThread {thread.objectName() or type(thread).__name__} still runs")
                # It would take the whole process down when it is dropped
                thread.requestInterruption()
                thread.quit()
                thread.wait(2000)
        return leaks

    def _end_timers(self) -> list[str]:
        ticking = self._ticking()
        leaks = [f"{type(timer).__name__} {timer.objectName()} of {timer.parent()} still ticks" for timer in ticking]
        for timer in ticking:
            timer.stop()
        return leaks

    def _end_windows(self) -> list[str]:
        standing = self._standing().values()
        leaks = [f"window {type(window).__name__} {window.objectName()} was left" for window in standing]
        for window in standing:
            window.close()
            window.deleteLater()
        return leaks

    def _left(self) -> bool:
        return bool(self._ticking() or self._standing())

    def _ticking(self) -> list[Any]:
        return [timer for timer in self._timers if _alive(timer) and timer.isActive()]

    def _standing(self) -> dict[int, Any]:
        return {address: window for address, window in _windows().items() if address not in self._windows_before}


def guard_qt(monkeypatch: Any) -> QtGuard | None:
    return QtGuard(monkeypatch) if "PySide6.QtCore" in sys.modules else None


def _alive(thing: Any) -> bool:
    from shiboken6 import isValid

    return isValid(thing)


def _record_made(monkeypatch: Any, cls: Any, remember: Any) -> None:
    original = cls.__init__

    def init(self: Any, *arguments: Any, **properties: Any) -> None:
        original(self, *arguments, **properties)
        remember(self)

    monkeypatch.setattr(cls, "__init__", init)


def _windows() -> dict[int, Any]:
    """Windows and dialogs by address, shown or not; menus and tool tips only while they are shown."""
    if "PySide6.QtWidgets" not in sys.modules:
        return {}
    from PySide6.QtWidgets import QApplication, QDialog, QMainWindow
    from shiboken6 import getCppPointer

    if not isinstance(QApplication.instance(), QApplication):
        return {}
    windows = [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.isVisible() or isinstance(widget, QMainWindow | QDialog)
    ]
    return {getCppPointer(window)[0]: window for window in windows}


def destroy_what_is_to_go() -> None:
    """Carry out what `deleteLater` put off; without an event loop of the application, nobody else does."""
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
