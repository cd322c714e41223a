"""The guards of conftest.py catch what they are there to catch, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

CONFTEST = """
from tests import guards
from tests.conftest import *
from tests.conftest import _no_leaks, _seeds, _session_home

guards.JOIN_SECONDS = 0.2
"""
LEAKY_TESTS = """
import logging, threading
from PySide6.QtCore import QObject, QThread, QTimer
from PySide6.QtWidgets import QMainWindow

kept = []

def test_python_thread(qtbot):
    threading.Thread(target=threading.Event().wait, name="left over", daemon=True).start()

def test_qt_thread(qtbot):
    kept.append(QThread())
    kept[-1].start()

def test_timer(qtbot):
    kept.append(QTimer())
    kept[-1].start(1000)

def test_window(qtbot):
    kept.append(QMainWindow())

def test_error_in_the_log():
    logging.getLogger("gan_studio.engine").error("the disk is full")
"""
TIDY_TESTS = """
import logging, threading
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QMainWindow

def test_threads_that_end(qtbot):
    thread = threading.Thread(target=lambda: None)
    thread.start()
    worker = QThread()
    worker.start()
    worker.quit()
    assert worker.wait(5000)

def test_timer_that_dies_with_its_window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    QTimer(window).start(1000)

def test_window_that_nobody_keeps(qtbot):
    QMainWindow().show()

def test_expected_error(log_guard):
    log_guard.allow("disk is full")
    logging.getLogger("gan_studio.engine").error("the disk is full")

def test_home(home):
    import os
    from gan_studio.engine.folders import runs_folder
    assert runs_folder() == home / "runs"
"""


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project of its own that uses our conftest.py."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]))
    pytester.makeconftest(CONFTEST)
    pytester.makeini("[pytest]\nqt_api = pyside6")
    return pytester


def test_leaks_and_unexpected_errors_fail(inner: pytest.Pytester) -> None:
    inner.makepyfile(LEAKY_TESTS)
    result = inner.runpytest_subprocess("-q", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=5, errors=5)
    result.stdout.fnmatch_lines_random(
        [
            "*thread 'left over' still runs*",
            "*QThread*still runs*",
            "*QTimer*still ticks*",
            "*QMainWindow*was left*",
            "*the disk is full*",
        ]
    )


def test_tidy_tests_pass(inner: pytest.Pytester) -> None:
    inner.makepyfile(TIDY_TESTS)
    inner.runpytest_subprocess("-q", "-p", "no:cacheprovider").assert_outcomes(passed=5)


def test_tests_without_torch_do_not_import_it(inner: pytest.Pytester) -> None:
    inner.makepyfile("import sys\n\ndef test_torch(qtbot):\n    assert 'torch' not in sys.modules\n")
    inner.runpytest_subprocess("-q", "-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_real_data_takes_zips_and_folders(real_data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_STUDIO_TEST_DATA", str(tmp_path))
    (tmp_path / "folder").mkdir()
    (tmp_path / "packed.zip").touch()
    assert real_data("folder") == tmp_path / "folder"
    assert real_data("packed") == tmp_path / "packed.zip"
    with pytest.raises(pytest.skip.Exception, match="absent"):
        real_data("absent")
