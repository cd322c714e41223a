"""Command lines built from the settings' own declarations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import tyro

T = TypeVar("T")


def parse(cls: type[T], command: str, arguments: Sequence[str], description: str) -> T:
    """Arguments as an instance of a dataclass; wrong ones end the program with exit code 2 and a usage line."""
    return tyro.cli(
        cls,
        prog=f"gan-studio {command}",
        args=list(arguments),
        description=description,
        config=(tyro.conf.OmitArgPrefixes, tyro.conf.FlagCreatePairsOff),
    )


def given_names(arguments: Sequence[str]) -> set[str]:
    """Names of the flags somebody typed: what was not typed may be decided by looking at the data."""
    flags = {word.split("=")[0].lstrip("-").replace("-", "_") for word in arguments if word.startswith("--")}
    return flags | {flag.removeprefix("no_") for flag in flags}


def only_given(settings: Any, given: set[str]) -> dict[str, Any]:
    """The values of a settings object whose flags were typed."""
    return {name: value for name, value in settings.model_dump().items() if name in given}
