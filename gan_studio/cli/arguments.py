"""Command lines built from the settings' own declarations."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import field, make_dataclass
from typing import Annotated, Any, TypeVar

import tyro

from gan_studio.engine.errors import SettingsError, StudioError
from gan_studio.engine.settings import SettingInfo, Settings, describe

T = TypeVar("T")
BOX = "╭─╮│╰╯"


class UsageError(StudioError):
    """The command line was typed wrong."""


def parse(cls: type[T], command: str, arguments: Sequence[str], description: str) -> T:
    """Arguments as an instance of a dataclass. Raises UsageError, or SystemExit where help was asked for."""
    complaint = io.StringIO()
    try:
        with contextlib.redirect_stderr(complaint):
            return tyro.cli(
                cls,
                prog=f"gan-studio {command}",
                args=list(arguments),
                description=description,
                config=(tyro.conf.OmitArgPrefixes, tyro.conf.FlagCreatePairsOff),
            )
    except SystemExit as end:
        if end.code:
            raise UsageError(_gist(complaint.getvalue()), f"See gan-studio {command} --help.") from None
        raise


@contextlib.contextmanager
def usage_errors() -> Iterator[None]:
    """What was typed makes settings that cannot work: a SettingsError inside the block becomes a UsageError."""
    try:
        yield
    except SettingsError as error:
        raise UsageError(error.message, error.advice) from None


def flags_of(cls: type[Settings]) -> type:
    """A dataclass with a flag for each setting.

    Values are only checked by `validated`, together with those that nobody typed, so that one sentence with the form's
    own words says what is wrong.
    """
    fields = [
        (info.name, Annotated[cls.model_fields[info.name].annotation, tyro.conf.arg(help=_help(info))], info.default)
        for info in describe(cls)
    ]
    return make_dataclass(
        f"{cls.__name__}Flags", [(name, kind, field(default=default)) for name, kind, default in fields], frozen=True
    )


def _help(info: SettingInfo) -> str:
    """What a setting does; the flag of one that is on, `--no-…`, does the contrary."""
    return f"Turns this off: {info.help}" if info.default is True else info.help


def given_names(arguments: Sequence[str]) -> set[str]:
    """Names of the flags somebody typed: what was not typed may be decided by looking at the data."""
    flags = {word.split("=")[0].lstrip("-").replace("-", "_") for word in arguments if word.startswith("--")}
    return {flag.removeprefix("no_") for flag in flags}


def only_given(flags: Any, given: set[str]) -> dict[str, Any]:
    """The values whose flags were typed."""
    return {name: value for name, value in vars(flags).items() if name in given}


def _gist(complaint: str) -> str:
    """The first paragraph of a framed message, on one line."""
    paragraph: list[str] = []
    for line in complaint.splitlines()[1:]:
        text = line.strip(BOX + " ")
        if not text:
            break
        paragraph.append(text)
    gist = " ".join(paragraph).rstrip(".")
    return f"{gist}." if gist else "The command line cannot be understood."
