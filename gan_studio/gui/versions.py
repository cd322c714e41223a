"""What runs here: versions, machine, screens, and the licences of what the program is made with."""

from __future__ import annotations

import platform
import re
import sys
from dataclasses import dataclass
from importlib import metadata

import psutil
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication, QScreen

from gan_studio import __version__
from gan_studio.gui.quantities import memory

PACKAGE = "gan-studio"
_LONGEST_LICENCE = 60


@dataclass(frozen=True)
class Package:
    """Something that the program is made with."""

    name: str
    version: str
    licence: str


def facts() -> list[tuple[str, str]]:
    """Program, Python, Qt, system, processor, memory, screens: name and value of each."""
    return [
        ("GAN Studio", __version__),
        ("Python", f"{platform.python_version()} ({platform.python_implementation()})"),
        ("Qt", f"{qVersion()} ({QGuiApplication.platformName()})"),
        ("System", platform.platform()),
        ("Processor", f"{_processor()} · {psutil.cpu_count(logical=False) or 1} cores, {psutil.cpu_count()} threads"),
        ("Memory", memory(psutil.virtual_memory().total)),
        *((f"Screen {number}", _screen(screen)) for number, screen in enumerate(QGuiApplication.screens(), start=1)),
    ]


def packages() -> list[Package]:
    """What the program asks for, as it is installed here, by name. Empty where it runs without being installed."""
    try:
        wanted = metadata.requires(PACKAGE) or []
    except metadata.PackageNotFoundError:
        return []
    names = {
        re.split(r"[^\w.-]", requirement, maxsplit=1)[0] for requirement in wanted if "extra ==" not in requirement
    }
    return [found for name in sorted(names, key=str.lower) if (found := _package(name))]


def as_text(rows: list[tuple[str, str]]) -> str:
    """One line each, for the clipboard and for reports."""
    return "".join(f"{name}: {value}\n" for name, value in rows)


def _package(name: str) -> Package | None:
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    return Package(found["Name"], found["Version"], _licence(found))


def _licence(found: metadata.PackageMetadata) -> str:
    """Its name; many packages put the whole text, or nothing, where the name belongs."""
    expression = _field(found, "License-Expression")
    classified = [
        line.rpartition("::")[2].strip()
        for line in found.get_all("Classifier") or ()
        if line.startswith("License ::") and line.count("::") > 1
    ]
    stated = _field(found, "License")
    short = stated if stated and "\n" not in stated and len(stated) <= _LONGEST_LICENCE else ""
    return expression or short or ", ".join(classified) or "see the package"


def _field(found: metadata.PackageMetadata, name: str) -> str:
    return (found[name] or "").strip() if name in found else ""


def _processor() -> str:
    """As the system calls it; Linux says it in a file only."""
    if sys.platform == "linux":
        try:
            with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 - a file of the kernel, read by line
                for line in file:
                    if line.startswith("model name"):
                        return line.partition(":")[2].strip()
        except OSError:
            pass
    return platform.processor() or platform.machine()


def _screen(screen: QScreen) -> str:
    size = screen.size()
    return f"{size.width()} × {size.height()} at {screen.devicePixelRatio():g}×, {screen.logicalDotsPerInch():.0f} dpi"
