"""The system libraries that Qt loads on Linux: whether they are there, and what to install. Imports no Qt.

A bare Debian or Ubuntu lacks most of them, and Qt itself then aborts the process with a message that often names the
wrong one. Here the plugin is opened the way Qt opens it, and the loader says which library is really missing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PICTURE_PACKAGES = (
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libdbus-1-3",
    "libfontconfig1",
    "libfreetype6",
    "libglib2.0-0",
    "fonts-dejavu-core",
)
"""What Qt needs to draw anything, also without a screen."""
SCREEN_PACKAGES = (
    "libx11-xcb1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-shm0",
    "libxcb-sync1",
    "libxcb-xfixes0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)
"""What a window on a real X screen needs besides."""
WAYLAND_PACKAGES = ("libwayland-client0", "libwayland-cursor0", "libwayland-egl1")
VIRTUAL_SCREEN_PACKAGES = ("xvfb", "xauth")


def platform_name(environment: Mapping[str, str] = os.environ) -> str | None:
    """The Qt platform that a window started here would use; None without any screen."""
    if sys.platform == "win32":
        default = "windows"
    elif sys.platform == "darwin":
        default = "cocoa"
    elif environment.get("WAYLAND_DISPLAY") and environment.get("XDG_SESSION_TYPE") == "wayland":
        default = "wayland"
    elif environment.get("DISPLAY"):
        default = "xcb"
    else:
        default = "wayland" if environment.get("WAYLAND_DISPLAY") else None
    chosen = environment.get("QT_QPA_PLATFORM", "").partition(";")[0].partition(":")[0]
    return chosen or default


def missing_library(platform: str) -> str | None:
    """What the loader says is missing for Qt's platform plugin `platform` (`offscreen`, `xcb`); None when all loads."""
    if sys.platform != "linux":
        return None
    plugins = _plugin_folder()
    if plugins is None:
        return None
    try:
        ctypes.CDLL(str(plugins / f"libq{platform}.so"))
    except OSError as error:
        return str(error)
    return None


def packages_for(platform: str) -> tuple[str, ...]:
    """The Debian packages that `platform` needs."""
    return PICTURE_PACKAGES + {"xcb": SCREEN_PACKAGES, "wayland": WAYLAND_PACKAGES}.get(platform, ())


def display_answers(display: str | None = None) -> bool:
    """Whether an X server answers; `display` as in the environment variable, which counts where it is None.

    Raises OSError where libxcb is missing.
    """
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode() if display else None, None))
    failed = xcb.xcb_connection_has_error(connection) != 0
    xcb.xcb_disconnect(connection)
    return not failed


def has_apt() -> bool:
    """Whether this is Debian, Ubuntu or a descendant."""
    return Path("/usr/bin/apt-get").exists()


def apt_line(packages: Sequence[str]) -> str:
    """The command that a person types to install `packages`."""
    return f"apt-get install -y --no-install-recommends {' '.join(packages)}"


def advice(packages: Sequence[str]) -> str:
    """What to do on this system when libraries are missing."""
    if has_apt():
        return f"Install what Qt needs, as root: {apt_line(packages)}"
    return f"Install your distribution's counterparts of Debian's {' '.join(packages)}."


def _plugin_folder() -> Path | None:
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        return None
    for package in map(Path, spec.submodule_search_locations):
        for plugins in (package / "Qt" / "plugins" / "platforms", package / "plugins" / "platforms"):
            if plugins.is_dir():
                return plugins
    return None
