"""Makes sure that Qt starts here: tests it, and where libraries are missing installs them or says how.

Usage: python .ci/qt_libraries.py offscreen|window

`offscreen` is what the tests need, and asks for a virtual screen besides where that can be had for nothing.
`window` is what a window on this machine's screen needs. Only root gets packages installed; nobody is made root.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gan_studio import qt_libraries

PROBE = """
from PySide6.QtGui import QFontDatabase, QGuiApplication
application = QGuiApplication([])
raise SystemExit(0 if QFontDatabase.families() else "Qt finds no fonts")
"""


def main(target: str) -> int:
    if target == "offscreen":
        return ensure("offscreen") or ensure_virtual_screen()
    platform = qt_libraries.platform_name()
    return ensure(platform) if platform else 0


def ensure(platform: str) -> int:
    """0 when Qt can start on `platform`, if need be after root has installed what is missing."""
    problem = start_problem(platform)
    if problem and may_install():
        install(qt_libraries.packages_for(platform))
        problem = start_problem(platform)
    if problem:
        tell(f"Qt cannot start on the platform {platform!r}: {problem}")
        tell(qt_libraries.advice(qt_libraries.packages_for(platform)))
    return 1 if problem else 0


def ensure_virtual_screen() -> int:
    """Never fails: the test that wants a virtual screen says why it is skipped."""
    ready = shutil.which("Xvfb") and not qt_libraries.missing_library("xcb")
    if sys.platform == "linux" and not ready and may_install():
        install(qt_libraries.SCREEN_PACKAGES + qt_libraries.VIRTUAL_SCREEN_PACKAGES)
    return 0


def start_problem(platform: str) -> str | None:
    """Why Qt cannot start on `platform`, in one line; None when it can.

    The plugin of `platform` is only loaded, because a screen that does not answer is no reason to install anything.
    """
    missing = qt_libraries.missing_library(platform)
    if missing:
        return missing
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", PROBE]
    probe = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    lines = [line for line in probe.stderr.splitlines() if line.strip()]
    return None if probe.returncode == 0 else (lines or [f"it ended with status {probe.returncode}"])[-1]


def may_install() -> bool:
    return qt_libraries.has_apt() and os.geteuid() == 0


def install(packages: tuple[str, ...]) -> None:
    tell(f"Installing what Qt needs: {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
    command = qt_libraries.apt_line(packages).split()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "window"))
