"""What the folders of a source mean: class folders, or just folders. Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence

from gan_studio.engine.data.names import natural_key

UNLABELLED = -1


def find_classes(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Class names in natural order, and for each file the number of its class.

    Where every picture lies in one of several top folders these are the classes, however deep it lies in there; one
    folder around everything is looked through first. Otherwise there are no classes, and every label is -1.
    """
    paths = [name.split("/") for name in names]
    depth = _common_depth(paths)
    tops = {path[depth] for path in paths if len(path) > depth + 1}
    if len(tops) < 2 or any(len(path) <= depth + 1 for path in paths):
        return (), (UNLABELLED,) * len(names)
    classes = tuple(sorted(tops, key=natural_key))
    numbers = {name: number for number, name in enumerate(classes)}
    return classes, tuple(numbers[path[depth]] for path in paths)


def _common_depth(paths: Sequence[Sequence[str]]) -> int:
    """How many folders all paths begin with in common."""
    if not paths:
        return 0
    first, depth = paths[0], 0
    while depth < len(first) - 1 and all(len(path) > depth + 1 and path[depth] == first[depth] for path in paths):
        depth += 1
    return depth
