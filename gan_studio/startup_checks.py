"""What can be in the way of a window before there is one, each said in one line. Imports the standard library only."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping

from gan_studio import qt_libraries

PACKAGES = ("PySide6", "pyqtgraph", "qtawesome", "torch", "torchvision", "numpy", "PIL", "pydantic")
"""What the window cannot do without, by the name it is imported under."""


def start_problem(environment: Mapping[str, str] = os.environ) -> str | None:
    """Why no window can open here and what to do about it; None when nothing is in the way."""
    return old_python() or missing_packages() or missing_screen(environment)


def old_python() -> str | None:
    if sys.version_info < (3, 11):  # noqa: UP036 -- main.py is started by whatever Python is at hand
        return f"GAN Studio needs Python 3.11 or newer, and this is {sys.version.split()[0]}."
    return None


def missing_packages() -> str | None:
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if not missing:
        return None
    return (
        f"GAN Studio's packages are not installed here ({', '.join(missing)} missing). "
        f"Install them with `{sys.executable} -m pip install .` in this folder, or let `make run` do it."
    )


def missing_screen(environment: Mapping[str, str] = os.environ) -> str | None:
    """No screen to show a window on, or no way to reach it. Qt itself would abort the process."""
    platform = qt_libraries.platform_name(environment)
    if platform is None:
        return (
            "There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set). "
            "Train without a window: gan-studio train --data PICTURES --outdir RUN"
        )
    missing = qt_libraries.missing_library(platform)
    if missing:
        return f"Qt cannot start: {missing}. {qt_libraries.advice(qt_libraries.packages_for(platform))}"
    display = environment.get("DISPLAY", "")
    if sys.platform == "linux" and platform == "xcb" and not qt_libraries.display_answers(display):
        return (
            f"The screen {display!r} (DISPLAY) does not answer. "
            "Train without a window: gan-studio train --data PICTURES --outdir RUN"
        )
    return None
