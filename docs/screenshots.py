"""Makes the screenshots: `make screenshots`, or `python docs/screenshots.py [--run RUN] [--data PICTURES]`.

Opens the real window without a screen, on a run that exists or on one trained for a few minutes, and saves every page
and sheet in its main states, in both schemes and at two sizes, to `out/screenshots/`. Those the README shows go to
`docs/images/`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QWidget

from gan_studio.app import name_application
from gan_studio.assets import trained_example
from gan_studio.engine.control import Control
from gan_studio.engine.folders import HOME_VARIABLE, demo_folder
from gan_studio.engine.request import TrainingRequest
from gan_studio.gui.main_window import MainWindow
from gan_studio.gui.pages.train.display import DATA, TRAINING
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.theme import Scheme, apply_theme

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out" / "screenshots"
IN_README = ("train-dark-1366", "explore-dark-1366", "data-light-1366", "train-light-1366")
SIZES = ((1366, 768), (2560, 1440))
SCREEN = {"name": "screen", "x": 0, "y": 0, "width": 2560, "height": 1440, "logicalDpi": 96, "dpr": 1}
SCHEMES: tuple[Scheme, ...] = ("dark", "light")
SHEETS = ("preferences", "shortcuts", "log", "report", "about")
PATIENCE_MS = 240_000
TINY = {"features": 16, "most_features": 64}


def main() -> None:
    """Take every picture."""
    options = parse_options()
    make_screen()
    application = QApplication(sys.argv[:1])
    name_application(application)
    run = options.run or train(options.data or draw_demo_pictures(), options.minutes)
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for scheme in SCHEMES:
            apply_theme(application, scheme)
            for size in SIZES:
                with opened_window(Path(folder) / "settings.ini", size) as window:
                    Photographer(window, f"{scheme}-{size[0]}").take_all(run, options.data)
    copy_for_readme()


def make_screen() -> None:
    """A screen that exists in memory only and is as large as the largest picture."""
    path = Path(tempfile.mkdtemp()) / "screens.json"
    path.write_text(json.dumps({"screens": [SCREEN]}))
    os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={path}")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make the screenshots of the window.")
    parser.add_argument("--run", type=Path, help="a run to show, instead of training one")
    parser.add_argument("--data", type=Path, help="a folder or zip to train on, instead of the demonstration pictures")
    parser.add_argument("--minutes", type=float, default=3.0, help="how long to train where no run is given")
    return parser.parse_args()


def draw_demo_pictures() -> Path:
    from gan_studio.engine.data.demo import draw_demo

    return draw_demo(demo_folder())


def train(source: Path, minutes: float) -> Path:
    """A small training; returns its folder."""
    from gan_studio.engine.training import run_training

    outdir = Path(tempfile.mkdtemp()) / source.stem
    settings = {"features": 32, "most_features": 256}
    request = TrainingRequest(source, family_settings=settings, training={"minutes": minutes}, outdir=outdir)
    run_training(request, lambda event: None, Control())
    return outdir


@contextmanager
def opened_window(settings: Path, size: tuple[int, int]) -> Iterator[MainWindow]:
    """A window on its first page, as at the first start."""
    settings.unlink(missing_ok=True)
    window = MainWindow(UserSettings(settings))
    window.resize(*size)
    window.show()
    wait_for(lambda: window.train_page.settings.ready)
    yield window
    window.close()
    window.deleteLater()


class Photographer:
    """Takes one window through its states. Pages are found by name, so that one which is added is taken too."""

    def __init__(self, window: MainWindow, suffix: str) -> None:
        self._window, self._suffix = window, suffix
        self._names = [action.objectName().removeprefix("action_page_") for action in window.rail.page_actions]

    def take_all(self, run: Path, data: Path | None) -> None:
        for name in self._names:
            self._save_page(name, f"{name}-empty")
        self._take_run(run)
        self._take_gallery()
        self._take_explorer(run)
        self._take_others()
        self._take_sheets()
        self._take_training(data)

    def _take_run(self, run: Path) -> None:
        window = self._window
        window.open_path(run)
        wait_for(lambda: window.train_page.run == run and window.train_page.dataset is not None)
        for side, name in ((DATA, "data"), (TRAINING, "train")):
            window.train_page.display.show_side(side)
            self._save_page("train", name)

    def _take_gallery(self) -> None:
        """The grid of all steps; then one of them, and two beside one another."""
        gallery = self._window.gallery_page
        self._save_page("gallery", "gallery")
        gallery.open_step(gallery.model.steps[-1])
        self._save_page("gallery", "gallery-viewer")
        gallery.findChild(QAbstractButton, "gallery_back").click()
        gallery.findChild(QAbstractButton, "gallery_compare").click()
        self._save_page("gallery", "gallery-comparison")
        gallery.findChild(QAbstractButton, "compare_back").click()

    def _take_explorer(self, run: Path) -> None:
        self._window.rail.choose("explorer")
        self._window.explorer.open_file(trained_example() or run)
        rest(1500)
        self._save_page("explorer", "explore")
        modes = getattr(self._window.explorer_page.stage, "modes", None)
        for index, name in enumerate(("single", "grid", "path") if modes is not None else ()):
            modes.set_current(index)
            rest(1000)
            self._save_page("explorer", f"explore-{name}")

    def _take_others(self) -> None:
        """Pages that nothing else here knows."""
        for name in self._names:
            if name not in ("train", "gallery", "explorer"):
                self._save_page(name, name)

    def _take_sheets(self) -> None:
        self._window.rail.choose("train")
        for name in SHEETS:
            action = self._window.findChild(QAction, f"action_{name}")
            assert isinstance(action, QAction), name
            action.trigger()
            rest(300)
            for sheet in self._window.findChildren(QDialog):
                if sheet.isVisible():
                    save(sheet, f"{name}-{self._suffix}")
                    sheet.reject()
        rest(100)

    def _take_training(self, data: Path | None) -> None:
        """While it runs, on a small network."""
        window = self._window
        shown = window.train_page.run
        source = data or draw_demo_pictures()
        window.training.start(
            TrainingRequest(source, family_settings=TINY, outdir=Path(tempfile.mkdtemp()) / "new run")
        )
        wait_for(lambda: window.train_page.run != shown and len(window.train_page.monitor.timeline.steps) > 1)
        self._save_page("train", "training")
        window.training.stop()
        wait_for(lambda: not window.training.active)

    def _save_page(self, page: str, name: str) -> None:
        self._window.rail.choose(page)
        save(self._window, f"{name}-{self._suffix}")


def wait_for(condition: Callable[[], bool]) -> None:
    """Let the window work until it is so. Raises TimeoutError."""
    for _ in range(PATIENCE_MS // 50):
        if condition():
            return
        rest(50)
    raise TimeoutError("The window did not get there.")


def rest(milliseconds: int) -> None:
    """Let the event loop run. (`QTest.qWait` would hold the interpreter's lock, and every worker with it.)"""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def save(widget: QWidget, name: str) -> None:
    rest(700)
    hide_paths(widget)
    widget.grab().save(str(OUT / f"{name}.png"))


def hide_paths(widget: QWidget) -> None:
    """No path of the machine that the picture is made on: only the last part of each is shown."""
    for shown in (*widget.findChildren(QLineEdit), *widget.findChildren(QLabel)):
        text = shown.text()
        if text.startswith(("/", "\\")) or text[1:3] == ":\\":
            shown.blockSignals(True)
            shown.setText(f"~/{Path(text).name}")
            shown.blockSignals(False)


def copy_for_readme() -> None:
    images = ROOT / "docs" / "images"
    images.mkdir(exist_ok=True)
    for name in IN_README:
        shutil.copy(OUT / f"{name}.png", images / f"{name}.png")


if __name__ == "__main__":
    os.environ.setdefault(HOME_VARIABLE, tempfile.mkdtemp())
    main()
