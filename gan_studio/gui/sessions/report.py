"""What goes into the zip of a problem report, and the job that writes it. Nothing is sent anywhere.

Texts only, and the user's home folder is written as `~` in all of them.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.errors import RunError
from gan_studio.engine.files import atomic_write
from gan_studio.engine.folders import log_folder
from gan_studio.engine.progress import IsCancelled, Progress, check
from gan_studio.engine.run import RunFolder
from gan_studio.gui.quantities import memory
from gan_studio.gui.views.jobs import JobResult, Work

LOG_PATTERNS = ("gan-studio.log*", "crash.log")
MOST_BYTES = 4_000_000
"""Of each file the end counts; no log of ours grows larger."""


@dataclass(frozen=True)
class ReportPart:
    """One file of the report."""

    name: str
    read: Callable[[], str]


def report_parts(versions: str, settings: Mapping[str, str], run: Path | None = None) -> list[ReportPart]:
    """Versions, settings and the program's logs; config and log of a run where one is given."""
    parts = [
        ReportPart("versions.txt", lambda: without_home(versions + "".join(_devices()))),
        ReportPart("settings.json", lambda: without_home(json.dumps(settings, indent=2, ensure_ascii=False) + "\n")),
    ]
    logs = sorted(file for pattern in LOG_PATTERNS for file in log_folder().glob(pattern) if file.is_file())
    parts += [_file_part(f"log/{file.name}", file) for file in logs]
    if run is not None:
        files = RunFolder(run)
        wanted = (files.config_file, files.log_file)
        parts += [_file_part(f"run/{file.name}", file) for file in wanted if file.is_file()]
    return parts


def write_report(path: Path, parts: list[ReportPart]) -> Work:
    """The job that writes these parts to `path`."""

    def work(progress: Progress, cancelled: IsCancelled) -> JobResult:
        try:
            with atomic_write(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for number, part in enumerate(parts):
                    check(cancelled)
                    progress(number, len(parts))
                    archive.writestr(part.name, part.read())
            size = path.stat().st_size
        except OSError as error:
            raise RunError(f"{path} could not be written: {error.strerror}.", "Choose another folder.") from error
        return JobResult(f"Saved {path.name} ({len(parts)} files, {_size(size)})", path)

    return work


def without_home(text: str) -> str:
    """The text with `~` in the place of the user's home folder, however the path is written."""
    home = Path.home()
    for spelling in sorted({str(home), home.as_posix(), json.dumps(str(home))[1:-1]}, key=len, reverse=True):
        if len(spelling) > 1:
            text = text.replace(spelling, "~")
    return text


def _file_part(name: str, file: Path) -> ReportPart:
    return ReportPart(name, lambda: without_home(_tail(file)))


def _tail(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - MOST_BYTES))
            return opened.read(MOST_BYTES).decode("utf-8", "replace")
    except OSError as error:
        return f"This file could not be read: {error.strerror}.\n"


def _devices() -> list[str]:
    """What torch can compute on. It is asked only where it is loaded already: a report must not depend on it."""
    torch = sys.modules.get("torch")
    if torch is None or not hasattr(torch, "cuda"):
        return ["Devices: torch is not loaded\n"]
    lines = [f"Threads of torch: {torch.get_num_threads()}\n"]
    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        lines.append(f"GPU {index}: {torch.cuda.get_device_name(index)} · driver for CUDA {torch.version.cuda}\n")
    if torch.backends.mps.is_available():
        lines.append("GPU: Apple (MPS)\n")
    return lines if len(lines) > 1 else [*lines, "GPU: none that torch can use\n"]


def _size(size_bytes: int) -> str:
    return memory(size_bytes) if size_bytes >= 1024**2 else f"{max(1, size_bytes // 1024)} KiB"
