"""Gives labels their underlined letters."""

from __future__ import annotations

from collections.abc import Sequence


def with_mnemonics(labels: Sequence[str], taken: str = "fagxvhrtcd") -> list[str]:
    """The labels with `&` before a letter of each, no letter twice as long as there are free ones.

    `taken` are letters that mean something else in the window, such as its menus and the main buttons.
    """
    used = set(taken.lower())
    return [_marked(label, used) for label in labels]


def _marked(label: str, used: set[str]) -> str:
    starts = [index for index, letter in enumerate(label) if index == 0 or label[index - 1] == " "]
    order = [*starts, *(index for index in range(len(label)) if index not in starts)]
    for index in order:
        letter = label[index].lower()
        if letter.isascii() and letter.isalnum() and letter not in used:
            used.add(letter)
            return escaped(label[:index]) + "&" + escaped(label[index:])
    return escaped(label)


def escaped(text: str) -> str:
    """Text in which an ampersand is shown as itself."""
    return text.replace("&", "&&")
