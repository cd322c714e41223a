"""Settings: declared once, validated, and described to forms and the command line. Imports no torch.

One declaration of a setting gives its form row, its command line flag, its place in `config.json` and its limits:

    smoothing: float = setting(1.0, label="Target for real", help="…", group="Objective", ge=0.5, le=1)

Forms and the command line read what they need through `describe`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, ClassVar, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from gan_studio.engine.errors import SettingsError

S = TypeVar("S", bound=BaseModel)


def setting(
    default: Any,
    *,
    label: str,
    help: str,
    group: str,
    unit: str = "",
    advanced: bool = False,
    step: float | None = None,
    choice_labels: dict[str, str] | None = None,
    widget: str = "",
    endings: tuple[str, ...] = (),
    **limits: Any,
) -> Any:
    """Declare one setting.

    Args:
        label: the form's label, in sentence case.
        help: the tooltip and the command line's help.
        group: the form's section.
        unit: shown behind the number.
        advanced: folded away at first.
        step: how far one click of a spin box goes.
        choice_labels: what a `Literal`'s values are called in the form; the value itself where missing.
        widget: `"colour"` where a string is a colour, `"file"` where it is the path of a file.
        endings: of a file, those that its picker offers: `.safetensors`.
        limits: `ge`, `gt`, `le`, `lt`, `pattern` as pydantic knows them.
    """
    extra = {
        "group": group,
        "unit": unit,
        "advanced": advanced,
        "step": step,
        "choice_labels": choice_labels or {},
        "widget": widget,
        "endings": endings,
    }
    return Field(default, title=label, description=help, json_schema_extra=extra, **limits)


def with_default(cls: type[BaseModel], name: str, default: Any) -> Any:
    """The same setting as in `cls` with another default, for a class that extends it."""
    info = next(info for info in describe(cls) if info.name == name)
    extra: Any = cls.model_fields[name].json_schema_extra
    words = {key: extra[key] for key in ("group", "unit", "advanced", "step", "choice_labels", "widget", "endings")}
    limits: Any = _limits(cls.model_fields[name])
    return setting(default, label=info.label, help=info.help, **words, **limits)


class Settings(BaseModel):
    """Base of every settings class: frozen, and a word that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    GROUPS: ClassVar[Mapping[str, str]] = {}
    """By group: what its settings do and when to change them, in two or three sentences."""

    @classmethod
    def group_help(cls, group: str) -> str:
        """What is said about a group, here or in a class that this one extends; empty where nothing is."""
        known = (vars(base).get("GROUPS", {}) for base in cls.__mro__)
        return next((groups[group] for groups in known if group in groups), "")

    def in_words(self, size: int, batch_size: int) -> Mapping[str, str]:
        """What settings come to that follow from others, by name, for pictures of `size` px and such a batch."""
        return {}

    def changed(self, **values: Any) -> Any:
        """A validated copy with some values replaced. Raises SettingsError."""
        return validated(type(self), {**self.model_dump(), **values})


def validated(cls: type[S], values: Any, where: str = "") -> S:
    """`cls` made from `values`; what does not fit is said in words. Raises SettingsError."""
    try:
        return cls.model_validate(values)
    except ValidationError as error:
        raise SettingsError(f"{where + ': ' if where else ''}{explain(cls, error)}") from error


def explain(cls: type[BaseModel], error: ValidationError) -> str:
    """A validation error as one sentence that uses the form's labels."""

    def one(problem: Any) -> str:
        name = str(problem["loc"][0]) if problem["loc"] else ""
        info = cls.model_fields.get(name)
        label = f"{info.title} ({name})" if info and info.title else ".".join(map(str, problem["loc"]))
        message = str(problem["msg"])
        if info and problem["type"] == "string_pattern_mismatch":
            message = f"{problem['input']!r} is not written like {info.default!r}"
        return f"{label}: {message}" if label else message

    return "; ".join(one(problem) for problem in error.errors())


def without_folders(cls: type[BaseModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of settings, of files their last names alone: where those lie is nobody else's business."""
    files = {info.name for info in describe(cls) if info.widget == "file"}
    return {name: PurePath(value).name if name in files else value for name, value in values.items()}


@dataclass(frozen=True)
class SettingInfo:
    """One setting as forms and flags need it."""

    name: str
    label: str
    help: str
    group: str
    unit: str
    advanced: bool
    kind: Literal["bool", "int", "float", "choice", "text"]
    default: Any
    minimum: float | None
    maximum: float | None
    step: float | None
    choices: tuple[Any, ...]
    choice_labels: dict[str, str]
    widget: str
    endings: tuple[str, ...]


def describe(cls: type[BaseModel]) -> Iterator[SettingInfo]:
    """The settings of a class that were declared with `setting`, in their order."""
    for name, info in cls.model_fields.items():
        if isinstance(info.json_schema_extra, dict) and "group" in info.json_schema_extra:
            yield _describe_one(name, info)


def _describe_one(name: str, info: FieldInfo) -> SettingInfo:
    extra: Any = info.json_schema_extra
    choices = get_args(info.annotation) if get_origin(info.annotation) is Literal else ()
    kinds: dict[Any, Any] = {bool: "bool", int: "int", float: "float", str: "text"}
    bounds = _limits(info)
    return SettingInfo(
        name=name,
        label=info.title or name,
        help=info.description or "",
        group=extra["group"],
        unit=extra["unit"],
        advanced=extra["advanced"],
        kind="choice" if choices else kinds[info.annotation],
        default=info.default,
        minimum=bounds.get("ge", bounds.get("gt")),
        maximum=bounds.get("le", bounds.get("lt")),
        step=extra["step"],
        choices=choices,
        choice_labels=extra["choice_labels"],
        widget=extra["widget"],
        endings=extra["endings"],
    )


def _limits(info: FieldInfo) -> dict[str, float]:
    return {key: getattr(rule, key) for rule in info.metadata for key in ("ge", "gt", "le", "lt") if hasattr(rule, key)}
