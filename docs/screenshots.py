"""Makes the screenshots: `make screenshots`, or `python docs/screenshots.py [--run RUN] [--minutes 3]`.

Opens the real window without a screen, on a run that exists or on one trained for a few minutes on the demonstration
pictures, and saves every page in both schemes and at two sizes to `out/screenshots/`. Those the README shows go to
`docs/images/`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from gan_studio.app import name_application
from gan_studio.assets import trained_example
from gan_studio.engine.control import Control
from gan_studio.engine.folders import HOME_VARIABLE, demo_folder
from gan_studio.engine.request import TrainingRequest
from gan_studio.gui.main_window import EXPLORER, GALLERY, TRAIN, MainWindow
from gan_studio.gui.pages.train.display import DATA, TRAINING
from gan_studio.gui.settings import UserSettings
from gan_studio.gui.theme import Scheme, apply_theme

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out" / "screenshots"
IN_README = ("train-dark-1366", "explore-dark-1366", "data-light-1366", "train-light-1366")
SIZES = ((1366, 768), (2560, 1440))
SCHEMES: tuple[Scheme, ...] = ("dark", "light")
PATIENCE_MS = 60_000


def main() -> None:
    """Take every picture."""
    options = parse_options()
    application = QApplication(sys.argv[:1])
    name_application(application)
    run = options.run or train(options.minutes)
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for scheme in SCHEMES:
            apply_theme(application, scheme)
            for size in SIZES:
                with opened_window(Path(folder) / "settings.ini", size) as window:
                    photograph(window, run, f"{scheme}-{size[0]}")
    copy_for_readme()


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make the screenshots of the window.")
    parser.add_argument("--run", type=Path, help="a run to show, instead of training one")
    parser.add_argument("--minutes", type=float, default=3.0, help="how long to train where no run is given")
    return parser.parse_args()


def train(minutes: float) -> Path:
    """A small training on the demonstration pictures; returns its folder."""
    from gan_studio.engine.data.demo import draw_demo
    from gan_studio.engine.training import run_training

    outdir = Path(tempfile.mkdtemp()) / "Demonstration pictures"
    settings = {"features": 32, "most_features": 256}
    request = TrainingRequest(
        draw_demo(demo_folder()), family_settings=settings, training={"minutes": minutes}, outdir=outdir
    )
    run_training(request, lambda event: None, Control())
    return outdir


@contextmanager
def opened_window(settings: Path, size: tuple[int, int]) -> Iterator[MainWindow]:
    window = MainWindow(UserSettings(settings))
    window.resize(*size)
    window.show()
    wait_for(lambda: window.train_page.settings.ready)
    yield window
    window.close()
    window.deleteLater()


def photograph(window: MainWindow, run: Path, suffix: str) -> None:
    """Every page of the window, first as it starts, then on a run."""
    save(window, f"empty-{suffix}")
    window.rail.set_current(EXPLORER)
    save(window, f"explore-empty-{suffix}")
    window.open_path(run)
    wait_for(lambda: window.train_page.run == run and window.train_page.dataset is not None)
    # No path of the machine that the picture was made on
    if window.train_page.dataset:
        window.train_page.data_card.edit.setText(f"Pictures/{window.train_page.dataset.title}")
    window.rail.set_current(TRAIN)
    for side, name in ((DATA, "data"), (TRAINING, "train")):
        window.train_page.display.show_side(side)
        save(window, f"{name}-{suffix}")
    window.rail.set_current(GALLERY)
    save(window, f"gallery-{suffix}")
    window.rail.set_current(EXPLORER)
    window.explorer.open_file(trained_example() or run)
    rest(1500)
    save(window, f"explore-{suffix}")


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


def save(window: MainWindow, name: str) -> None:
    rest(700)
    window.grab().save(str(OUT / f"{name}.png"))


def copy_for_readme() -> None:
    images = ROOT / "docs" / "images"
    images.mkdir(exist_ok=True)
    for name in IN_README:
        shutil.copy(OUT / f"{name}.png", images / f"{name}.png")


if __name__ == "__main__":
    os.environ.setdefault(HOME_VARIABLE, tempfile.mkdtemp())
    main()
