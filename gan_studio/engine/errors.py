"""Failures a person can act on: each says what happened, and what to do next."""

from __future__ import annotations


class StudioError(Exception):
    """Base of every failure that the program foresees.

    `message` names what happened and to which file or setting; `advice` says what to do next.
    `str(error)` is both on one line, as the command line prints it.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message, advice)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.advice) if part)


def first_line(error: BaseException, most: int = 200) -> str:
    """The beginning of what a library says, at most so many letters; the kind of error where it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:most]


class DatasetError(StudioError):
    """The pictures cannot be read, or there are none."""


class SettingsError(StudioError):
    """A setting, or a combination of settings, that cannot work."""


class CheckpointError(StudioError):
    """A checkpoint or generator file that is damaged, foreign or from the future."""


class RunError(StudioError):
    """A run folder that cannot be created, opened, locked or written."""


class RecipeError(StudioError):
    """A picture without a recipe, or one whose recipe does not hold together."""


class DependencyError(StudioError):
    """A package is needed that is not installed."""


class DeviceError(StudioError):
    """The asked-for device is absent, or out of memory."""


class TrainingDiverged(StudioError):
    """Losses or gradients stayed non-finite after every retry."""


class Cancelled(StudioError):
    """The user called a long job off; nothing is wrong."""

    def __init__(self, what: str = "Cancelled.") -> None:
        super().__init__(what)
