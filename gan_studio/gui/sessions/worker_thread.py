"""A QThread for one worker object, ended in bounded time and never dropped while it runs."""

from __future__ import annotations

from PySide6.QtCore import QObject, QThread

_SHUTDOWN_MS = 10_000
_unfinished: list[tuple[QThread, QObject]] = []
"""Threads that outlived their shutdown; a QThread that is dropped while it runs takes the process with it."""


class WorkerThread:
    """Owns a thread and the worker that lives in it. Create, start and shut down from the GUI thread."""

    def __init__(self, name: str, worker: QObject) -> None:
        self._worker = worker
        self._thread = QThread()
        self._thread.setObjectName(name)
        worker.moveToThread(self._thread)
        self._closed = False

    def start(self) -> None:
        """Start the event loop of the thread; nothing happens when it runs already, or was shut down."""
        if not self._closed and not self._thread.isRunning():
            self._thread.start()

    def shutdown(self, patience_ms: int = _SHUTDOWN_MS) -> None:
        """End the loop after what the worker does at the moment; waits ten seconds at most, unless told otherwise."""
        if self._closed:
            return
        self._closed = True
        self._thread.quit()
        if not self._thread.wait(patience_ms):
            _unfinished.append((self._thread, self._worker))
