"""From the start of the process to the first paint, and what happens to failures that nobody caught."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gan_studio import logs
from gan_studio.engine.errors import DatasetError
from gan_studio.gui.dialogs.error import ErrorDialog
from gan_studio.gui.error_reports import ErrorReports
from tests.guards import LogGuard

ROOT = Path(__file__).resolve().parent.parent
FIRST_PAINT = """
import json, os, sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from gan_studio import app

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print(json.dumps(sorted(sys.modules)), flush=True)
            os._exit(0)
        return False

first_paint = FirstPaint()
original = app.name_application
def watch(application):
    application.installEventFilter(first_paint)
    original(application)
app.name_application = watch
app.main([])
"""


def test_neither_torch_nor_plots_are_imported_before_the_first_paint(home: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", FIRST_PAINT]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "gan_studio.gui.main_window" in loaded
    assert loaded.isdisjoint({"torch", "torchvision", "tensorboard", "pyqtgraph"})


@pytest.mark.parametrize(("chosen", "expected"), [(None, "PASSIVE"), ("active", "ACTIVE")])
def test_threads_of_torch_rest_unless_the_user_wants_otherwise(chosen: str | None, expected: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    environment |= {"OMP_DISPLAY_ENV": "true"} | ({"OMP_WAIT_POLICY": chosen} if chosen else {})
    command = [sys.executable, "-c", "import gan_studio, torch"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    # OpenMP itself says what it goes by
    assert f"OMP_WAIT_POLICY='{expected}'" in done.stderr.replace(" ", "")


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def reports(window: QMainWindow) -> Iterator[ErrorReports]:
    reports = ErrorReports()
    reports.install()
    reports.watch(window)
    yield reports
    reports.uninstall()


def error_dialog(qtbot: QtBot, window: QMainWindow) -> ErrorDialog:
    qtbot.waitUntil(lambda: window.findChild(ErrorDialog, "error_dialog") is not None)
    return window.findChildren(ErrorDialog, "error_dialog")[0]


def fail(error: Exception) -> None:
    """Raise `error` where nobody catches it, as a slot does."""
    try:
        raise error
    except type(error):
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]


def test_an_unforeseen_failure_is_logged_and_shown(
    qtbot: QtBot, window: QMainWindow, reports: ErrorReports, log_guard: LogGuard, caplog: pytest.LogCaptureFixture
) -> None:
    log_guard.allow("ZeroDivisionError")
    fail(ZeroDivisionError("a rate of nothing"))
    dialog = error_dialog(qtbot, window)
    assert "a rate of nothing" in dialog.text()
    assert "Traceback" in dialog.details()
    assert "Traceback" in caplog.text


def test_a_foreseen_failure_is_shown_in_its_own_words(
    qtbot: QtBot, window: QMainWindow, reports: ErrorReports, log_guard: LogGuard
) -> None:
    log_guard.allow("DatasetError")
    fail(DatasetError("There are no pictures in /x.", "Choose another folder."))
    dialog = error_dialog(qtbot, window)
    assert dialog.text() == "There are no pictures in /x."
    assert dialog.advice() == "Choose another folder."


def test_failures_in_other_threads_are_shown_by_the_gui_thread(
    qtbot: QtBot, window: QMainWindow, reports: ErrorReports, log_guard: LogGuard
) -> None:
    log_guard.allow("in a thread")
    thread = threading.Thread(target=fail, args=[ValueError("in a thread")])
    thread.start()
    thread.join()
    assert window.findChild(ErrorDialog, "error_dialog") is None
    assert error_dialog(qtbot, window).thread() is window.thread()


def test_a_second_failure_opens_no_second_dialog_until_the_first_is_closed(
    qtbot: QtBot, window: QMainWindow, reports: ErrorReports, log_guard: LogGuard
) -> None:
    log_guard.allow("ValueError")
    fail(ValueError("first"))
    dialog = error_dialog(qtbot, window)
    fail(ValueError("second"))
    assert window.findChildren(ErrorDialog, "error_dialog") == [dialog]
    with qtbot.waitSignal(dialog.destroyed):
        dialog.accept()
    fail(ValueError("third"))
    assert "third" in error_dialog(qtbot, window).text()


def test_the_hooks_go_back_to_their_owners(qtbot: QtBot) -> None:
    before = sys.excepthook, threading.excepthook
    reports = ErrorReports()
    reports.install()
    assert sys.excepthook is not before[0]
    reports.uninstall()
    assert (sys.excepthook, threading.excepthook) == before


def test_messages_of_qt_go_to_the_log(reports: ErrorReports, caplog: pytest.LogCaptureFixture) -> None:
    qWarning("a pixmap outside of the GUI thread")
    assert ("gan_studio.qt", logging.WARNING) in [(record.name, record.levelno) for record in caplog.records]
    assert "a pixmap outside" in caplog.text


@pytest.fixture
def logging_stopped() -> Iterator[None]:
    level = logs.logger.level
    yield
    logs.stop_logging()
    logs.logger.setLevel(level)


def test_the_log_is_kept_in_the_home(home: Path, logging_stopped: None) -> None:
    path = logs.start_logging()
    logging.getLogger("gan_studio.engine").info("a run was opened")
    assert path is not None
    assert path == home / "log" / "gan-studio.log"
    assert "a run was opened" in path.read_text(encoding="utf-8")


def test_the_log_cannot_grow_without_end(home: Path, logging_stopped: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LOG_BYTES", 1000)
    path = logs.start_logging()
    assert path is not None
    for number in range(200):
        logging.getLogger("gan_studio").info("message %d", number)
    files = list(path.parent.glob("gan-studio.log*"))
    assert len(files) == 1 + logs.OLD_LOGS
    assert all(file.stat().st_size <= 1000 for file in files)


def test_a_log_that_cannot_be_written_is_no_reason_not_to_start(tmp_path: Path, logging_stopped: None) -> None:
    (tmp_path / "file").touch()
    assert logs.start_logging(tmp_path / "file") is None
