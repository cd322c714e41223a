"""Names that runs can have on every system, and the renaming of a run's folder. Imports no torch."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from gan_studio.engine.errors import RunError
from gan_studio.engine.lock import RunLock
from gan_studio.engine.run import RunFolder

MOST_BYTES = 200
"""Most file systems take 255 bytes; what is put behind a name must fit too."""
FORBIDDEN = '/\\:*?"<>|'
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in "123456789")}
)
ADVICE = "Choose another name."


def checked_name(text: str) -> str:
    """The name as a folder can have it on any system: without spaces around it, in composed letters.

    Raises RunError, which says what is wrong with it.
    """
    name = unicodedata.normalize("NFC", text).strip()
    problem = _problem(name)
    if problem:
        raise RunError(problem, ADVICE)
    return name


def _problem(name: str) -> str:
    if not name:
        return "A run needs a name."
    odd = next((letter for letter in name if letter in FORBIDDEN or not _is_writable(letter)), "")
    if odd:
        return f"A name cannot hold {odd}" if odd in FORBIDDEN else "The name holds a letter that cannot be seen."
    if name.startswith("."):
        return "A name that begins with a dot would be hidden."
    if name.endswith("."):
        return "A name cannot end with a dot."
    if name.split(".")[0].strip().lower() in RESERVED:
        return f"Windows keeps the name {name.split('.')[0]} for itself."
    return f"The name is too long: {len(name)} letters." if len(name.encode()) > MOST_BYTES else ""


def _is_writable(letter: str) -> bool:
    """False for control characters, line breaks, halves of letters, and what Unicode has not given out."""
    joins_emoji = letter in "\u200d\ufe0f"
    return joins_emoji or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


def rename_run(path: Path, text: str) -> Path:
    """Give a run's folder another name, and its config too; returns where it lies now.

    Raises RunError: no name that a folder can have, a name that is taken, or a run that somebody trains.
    """
    name = checked_name(text)
    new = path.with_name(name)
    if new == path:
        return path
    if os.path.lexists(new) and not _same_folder(path, new):
        raise RunError(f"There is already something called {name} in {path.parent}.", ADVICE)
    run = RunFolder.open(path)
    with RunLock(path).held() as lock:
        config = run.config()
        move_run(path, new, lock)
        RunFolder(new).write_config(config.changed(name=name))
    return new


def move_run(path: Path, new: Path, lock: RunLock) -> None:
    """Move a run's folder within its disk, its lock with it. Raises RunError."""
    try:
        path.rename(new)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunError(f"Could not move {path}: {reason}.", "Close what has it open, and try again.") from error
    lock.follow(new)


def free_name(folder: Path, name: str) -> Path:
    """A path in `folder` that does not exist yet: `name`, `name (2)` …"""
    path, number = folder / name, 2
    while os.path.lexists(path):
        path, number = folder / f"{name} ({number})", number + 1
    return path


def _same_folder(path: Path, new: Path) -> bool:
    """A change of capitals alone, where the disk knows none."""
    try:
        return path.samefile(new)
    except OSError:
        return False
