"""The main path once in a window on a real X server, in a process of its own, as `python main.py` starts it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from gan_studio import qt_libraries
from tests.gui.studio import write_pictures

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def display() -> Iterator[str]:
    """The name of a virtual screen that is there for this test."""
    if shutil.which("Xvfb") is None:
        pytest.skip("wants a virtual screen: install xvfb")
    missing = qt_libraries.missing_library("xcb")
    if missing:
        pytest.skip(f"Qt cannot open windows on X here: {missing}")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(10)


def test_the_main_path_in_a_window_on_x(display, tmp_path, home):
    pictures = write_pictures(tmp_path / "pictures")
    kept, screenshot = tmp_path / "kept.png", tmp_path / "window.png"
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.gui.screen_path", str(pictures), str(kept), str(screenshot)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=150)
    assert done.stdout.splitlines()[-1:] == ["done"], done.stdout + done.stderr
    assert done.returncode == 0
    assert done.stderr == "", "neither Qt nor Python has anything to complain about"
    with Image.open(kept) as picture:
        assert picture.size == (16, 16)
    with Image.open(screenshot) as picture:
        assert picture.convert("RGB").getcolors(16) is None, "more than a few colours are on the screen"
    (run,) = (home / "runs").iterdir()
    assert max(file.name for file in (run / "checkpoints").glob("*.pt")) > "step-00000000.pt"
    assert not (run / "lock.json").exists()


def test_main_py_opens_a_window_and_ends_well_when_it_is_closed(display, tmp_path):
    """The window manager's part, asking the window to close, is played by the first paint."""
    start = (
        "import runpy, sys; from gan_studio import app;"
        "opened = app.open_window;"
        "app.open_window = lambda path: (window := opened(path), window.painted.connect(window.close))[0];"
        "sys.argv = ['main.py']; runpy.run_path('main.py', run_name='__main__')"
    )
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(
        [sys.executable, "-c", start], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=150
    )
    assert (done.returncode, done.stderr) == (0, "")
