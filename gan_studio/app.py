"""Starts the window. Until everything that could be in the way is looked at, only the standard library is imported."""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from gan_studio import __version__
from gan_studio.quick_imports import leave_sources_unread
from gan_studio.startup_checks import start_problem


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and stay until it is closed.

    Args:
        argv: arguments without the program's name; those of the process where it is None.

    Returns:
        The exit code: 0 when the window was closed, 1 when none can open here (the reason is on stderr).
    """
    arguments = parse_arguments(argv)
    problem = start_problem()
    if problem:
        sys.stderr.write(problem + "\n")
        return 1
    return run_window(arguments.path)


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train GANs on your own pictures.")
    parser.add_argument(
        "path", nargs="?", type=Path, help="a folder or zip of pictures, a run, a generator file or a saved picture"
    )
    parser.add_argument("--version", action="version", version=f"GAN Studio {__version__}")
    return parser.parse_args(argv)


def run_window(path: Path | None) -> int:
    """The application's whole life: log, hooks, window, event loop."""
    from PySide6.QtWidgets import QApplication

    leave_sources_unread()
    from gan_studio.gui.error_reports import ErrorReports
    from gan_studio.logs import start_logging, stop_logging

    start_logging()
    scale_interface()
    application = QApplication(sys.argv[:1])
    name_application(application)
    reports = ErrorReports()
    reports.install()
    try:
        window = open_window(path)
        reports.watch(window)
        reports.report_wanted.connect(window.sheets.show_report)
        return application.exec()
    finally:
        reports.uninstall()
        stop_logging()


def scale_interface() -> None:
    """The size that was chosen in the preferences; Qt reads it when the application is made."""
    from gan_studio.gui.settings import UserSettings

    scale = UserSettings().scale
    if scale != 100:
        os.environ.setdefault("QT_SCALE_FACTOR", str(scale / 100))


def name_application(application) -> None:
    """What the desktop shows in its task bar and keeps settings under."""
    application.setApplicationName("GAN Studio")
    application.setApplicationDisplayName("GAN Studio")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("gan-studio")


def open_window(path: Path | None):
    """The main window, on the screen, with `path` opened in it where one was given.

    A garbage collection looks at every object there is. With torch they are 400,000, which takes 0.2 s, in which the
    window stands still; so there is none while modules are imported, and none looks at what they made.
    """
    gc.disable()
    atexit.register(_collect_everything)
    from gan_studio.engine.allocator import share_one_heap
    from gan_studio.gui.dialogs import application
    from gan_studio.gui.main_window import MainWindow
    from gan_studio.gui.settings import UserSettings
    from gan_studio.gui.theme import apply_theme, unstyled

    share_one_heap()  # before there are threads
    settings = UserSettings()
    apply_theme(application(), settings.scheme)
    with unstyled(application()):
        window = MainWindow(settings)
    window.wiring.catalogue.settled.connect(collect_what_comes)
    window.show()
    if path is not None:
        window.painted.connect(partial(window.open_path, path))
    return window


def collect_what_comes() -> None:
    """Collect garbage again, but only of objects that are made from now on."""
    gc.freeze()
    gc.enable()


def _collect_everything() -> None:
    """At the end of the process: native modules complain about what was not taken down."""
    gc.unfreeze()
    gc.enable()
