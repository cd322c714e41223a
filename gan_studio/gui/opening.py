"""Several things dropped at once, and what cannot be opened as it is: decides what is meant, and puts it in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.run import find_run
from gan_studio.gui.quantities import whole
from gan_studio.gui.what_is import PathKind, what_is

_FIRST = (PathKind.RUN, PathKind.MODEL, PathKind.STATE, PathKind.DATASET, PathKind.PICTURE, PathKind.PHOTO)
"""What of several things is opened: rather a run than a picture that lies beside it."""


@dataclass(frozen=True)
class Choice:
    """What is to be opened, if anything, and what the user should be told about it."""

    path: Path | None
    message: str = ""
    advice: str = ""


def chosen(paths: Sequence[Path]) -> Choice:
    """What to open of what was dropped or asked for; `paths` holds one at least."""
    if len(paths) == 1:
        return _single(paths[0])
    kinds = {path: what_is(path) for path in paths}
    if all(kind in (PathKind.PICTURE, PathKind.PHOTO) for kind in kinds.values()):
        return _pictures(paths)
    first = min(paths, key=lambda path: _FIRST.index(kinds[path]))
    single = _single(first)
    if single.path is None:
        return single
    words = f"Of {whole(len(paths))} things dropped, {first.name} was opened."
    return Choice(single.path, words, "The window shows one at a time; drop the next when you want it.")


def _single(path: Path) -> Choice:
    match what_is(path):
        case PathKind.STATE:
            run = find_run(path)
            advice = "Open the folder of its run instead, or a .safetensors file."
            return (
                Choice(run.path) if run else Choice(None, f"{path.name} is a training state without its run.", advice)
            )
        case PathKind.PHOTO if path.exists():
            return Choice(
                None, f"{path.name} is a single picture.", "To train on pictures like it, drop the folder they lie in."
            )
    return Choice(path)


def _pictures(paths: Sequence[Path]) -> Choice:
    folders = {path.parent for path in paths}
    if len(folders) > 1:
        advice = "Put them into one folder, and drop that; folders inside it count as classes."
        return Choice(None, "These pictures lie in different folders.", advice)
    folder = folders.pop()
    advice = "All pictures in it are looked at. To train on some of them only, put those into a folder of their own."
    return Choice(folder, f"The folder “{folder.name}” was opened, in which these pictures lie.", advice)
