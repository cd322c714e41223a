"""Finds families: every module of this folder is imported once, and its decorated class is remembered by name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import TypeVar

from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.base import Family

F = TypeVar("F", bound=type[Family])
_FAMILIES: dict[str, type[Family]] = {}
_CONTRACT_MODULES = {"base", "registry", "adversarial", "samplers"}


def register_family(name: str, *, title: str, summary: str) -> Callable[[F], F]:
    """Decorate a family. `name` is what files and the command line call it; `title` and `summary` are for people."""

    def register(cls: F) -> F:
        cls.name, cls.title, cls.summary = name, title, summary
        _FAMILIES[name] = cls
        return cls

    return register


def all_families() -> Mapping[str, type[Family]]:
    """Every family by name, in the order of their titles."""
    _import_families()
    return dict(sorted(_FAMILIES.items(), key=lambda item: item[1].title))


def family_class(name: str) -> type[Family]:
    """Raises SettingsError for a name that no family has."""
    families = all_families()
    if name not in families:
        raise SettingsError(f"There is no family called {name!r}.", f"Known are: {', '.join(families)}.")
    return families[name]


def _import_families() -> None:
    package = __name__.rpartition(".")[0]
    folder = importlib.import_module(package).__path__
    for module in pkgutil.iter_modules(folder):
        if module.name not in _CONTRACT_MODULES:
            importlib.import_module(f"{package}.{module.name}")
