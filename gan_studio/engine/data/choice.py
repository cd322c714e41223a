"""Which pictures of a source were taken out: remembered for each source, read from lists. Imports no torch.

Pictures are named as they are shown (`display_name`), with their folders inside the source. Nothing is ever changed in
the source itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from gan_studio.engine.errors import DatasetError, RunError
from gan_studio.engine.files import atomic_write, make_folder
from gan_studio.engine.folders import choices_folder

UNLABELLED = -1


def without_empty_classes(labels: Sequence[int], classes: tuple[str, ...]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Labels and classes, numbered anew where some class has no picture; where fewer than two are left, none."""
    kept = sorted({label for label in labels if label != UNLABELLED})
    if len(kept) < 2:
        return (UNLABELLED,) * len(labels), ()
    numbers = {before: number for number, before in enumerate(kept)}
    return tuple(numbers.get(label, UNLABELLED) for label in labels), tuple(classes[number] for number in kept)


def read_list(path: Path) -> tuple[str, ...]:
    """Names from a text file, one a line; empty lines and those that begin with # are passed over.

    Raises DatasetError.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(
            f"The list {path} cannot be read: {error}.", "Name a text file with the name of one picture on each line."
        ) from error
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def recall(source: Path, second: Path | None = None) -> tuple[str, ...]:
    """What was taken out of this source or pair, as far as it is remembered; a damaged memory counts as none."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        names = json.loads(_file_of(source, second).read_bytes())["taken_out"]
        return tuple(name for name in names if isinstance(name, str))
    return ()


def remember(source: Path, names: Iterable[str], second: Path | None = None) -> None:
    """Keep what was taken out of this source or pair for the next time. Raises DatasetError."""
    path, names = _file_of(source, second), list(names)
    try:
        if not names:
            path.unlink(missing_ok=True)
            return
        make_folder(path.parent)
        text = json.dumps({"source": str(source), "taken_out": names}, indent=1)
        with atomic_write(path) as file:
            file.write(text.encode())
    except (OSError, RunError) as error:
        raise DatasetError(
            f"Which pictures were taken out could not be remembered: {error}.",
            "They stay out until the program is closed. Make room on the disk.",
        ) from error


def _file_of(source: Path, second: Path | None) -> Path:
    text = "\n".join(str(Path(path).expanduser().resolve()) for path in (source, second) if path is not None)
    digest = hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
    return choices_folder() / f"{digest}.json"
