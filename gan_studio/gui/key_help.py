"""What every key does: read from the menus, from the pages' actions, and from the widgets that answer to keys.

A widget that handles keys itself says so beside its code, in a class attribute:

    key_help = (("← / →", "One grid back or on"),)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


@dataclass(frozen=True)
class KeyRow:
    """One line: the keys as people know them, and what they do."""

    keys: tuple[str, ...]
    what: str

    def matches(self, words: str) -> bool:
        """Whether every word stands in it, whatever the case."""
        said = f"{' '.join(self.keys)} {self.what}".lower()
        return all(word in said for word in words.lower().split())


@dataclass(frozen=True)
class KeyGroup:
    title: str
    rows: tuple[KeyRow, ...]


def all_keys(bar: QMenuBar, window: QWidget, pages: Sequence[tuple[str, QWidget]]) -> list[KeyGroup]:
    """One group a menu, then one a page with the keys that are in no menu; empty ones are left out.

    Args:
        window: its own keys count everywhere.
        pages: label and page, in the order of the pages.
    """
    groups = [KeyGroup(plain(action.text()), tuple(_menu_rows(_menu_of(action)))) for action in bar.actions()]
    groups.append(KeyGroup("Everywhere", tuple(_declared(window))))
    listed = {id(action) for action in _all_actions(bar.actions())}
    for label, page in pages:
        own = (row for action in page.actions() if id(action) not in listed for row in _action_rows(action))
        groups.append(KeyGroup(f"On the page {label}", (*own, *_declared_below(page))))
    return [group for group in groups if group.rows]


def _menu_rows(menu: QMenu | None) -> Iterator[KeyRow]:
    for action in menu.actions() if menu else ():
        below = _menu_of(action)
        yield from _menu_rows(below) if below else _action_rows(action)


def _action_rows(action: QAction) -> Iterator[KeyRow]:
    keys = [keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in action.shortcuts()]
    if keys:
        yield KeyRow(tuple(keys), plain(action.text()))


def _declared_below(page: QWidget) -> Iterator[KeyRow]:
    """Of each kind of widget once, in the order in which they were made."""
    seen: set[KeyRow] = set()
    for widget in (page, *page.findChildren(QWidget)):
        for row in _declared(widget):
            if row not in seen:
                seen.add(row)
                yield row


def _declared(widget: QWidget) -> Iterator[KeyRow]:
    for keys, what in getattr(widget, "key_help", ()):
        yield KeyRow((keys,), what)


def _all_actions(actions: Iterable[QAction]) -> Iterator[QAction]:
    for action in actions:
        yield action
        below = _menu_of(action)
        yield from _all_actions(below.actions()) if below else ()


def _menu_of(action: QAction) -> QMenu | None:
    menu = action.menu()
    return menu if isinstance(menu, QMenu) else None


def plain(text: str) -> str:
    """A menu's text without its underlined letter or number, its dots, and keys in brackets."""
    return re.sub(r"^&\d ", "", text).replace("&", "").rstrip("…").removesuffix(" (Space)")
