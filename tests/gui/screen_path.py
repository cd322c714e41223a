"""Run by test_virtual_screen.py in a process of its own: `main.py`'s program, with hands on its window.

Arguments: a folder of pictures, where to save a picture, where to put a screenshot.
"""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QFileDialog
from pytestqt.qt_compat import qt_api
from pytestqt.qtbot import QtBot

from gan_studio import app
from gan_studio.gui.main_window import MainWindow
from gan_studio.gui.pages.train.run_state import RunState
from gan_studio.gui.widgets.latent_slider import LatentSlider
from tests.gui.studio import Studio

FOLDER, PICTURE, SCREENSHOT = map(Path, sys.argv[1:4])


def take_the_path(studio: Studio) -> None:
    """Folder, training, timeline, live explorer, saved picture, stop."""
    studio.train(FOLDER, grids=3)
    studio.find("timeline_slider").setFocus()
    studio.press(Qt.Key.Key_Home)
    assert studio.cursors == {0}
    studio.window.grab().save(str(SCREENSHOT))
    studio.click("nav_explorer")
    studio.click("explorer_live")
    studio.wait(lambda: studio.window.explorer_page.stage.canvas.image() is not None)
    studio.click("explorer_live")
    slider = studio.find("latent_slider_0", LatentSlider)
    studio.drag(slider, slider.track_rect().center().toPoint(), QPoint(40, 0))
    studio.settle()
    QFileDialog.getSaveFileName = lambda *_: (str(PICTURE), "")  # type: ignore[method-assign]
    studio.click("save_image_button")
    studio.wait(PICTURE.exists)
    studio.answer_next_question("Stop and save")
    studio.window.close()
    studio.wait(lambda: studio.state is RunState.IDLE)


def drive(window: MainWindow) -> None:
    qt_api.set_qt_api("pyside6")
    bot = QtBot(cast(Any, SimpleNamespace()))
    try:
        take_the_path(Studio(bot, window=window))
        sys.stdout.write("done\n")
    except BaseException as error:
        sys.stdout.write(f"failed: {type(error).__name__}: {error}\n")
        window.training.stop()
        raise SystemExit(1) from error
    finally:
        window.close()


def main() -> int:
    opened = app.open_window

    def open_and_drive(path: Path | None) -> MainWindow:
        window = opened(path)
        QTimer.singleShot(0, window, lambda: drive(window))
        return window

    app.open_window = open_and_drive
    return app.main([])


if __name__ == "__main__":
    sys.exit(main())
