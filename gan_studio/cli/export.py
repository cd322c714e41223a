"""`gan-studio export`: a generator for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import tyro

from gan_studio.cli.arguments import UsageError, parse
from gan_studio.cli.console import put, put_json

FIXABLE = ("choice", "number", "seed")


@dataclass(frozen=True)
class ExportArguments:
    model: Annotated[Path, tyro.conf.Positional]
    """A run folder (its newest generator) or a .safetensors file."""
    out: Path
    """The file to write."""
    format: Literal["safetensors", "onnx"] = "safetensors"
    """safetensors is GAN Studio's own, self-describing; onnx is for other programs and needs gan-studio[onnx]."""
    step: int = -1
    """Of a run: the checkpoint of this step instead of the newest."""
    controls: str = "{}"
    """ONNX: values of controls that are no latents, as JSON, such as {"class": 3}; the others take their defaults."""
    json: bool = False
    """Print what was written as JSON."""


def run(arguments: Sequence[str]) -> int:
    parsed = parse(ExportArguments, "export", arguments, "Write a trained generator as one file.")
    fixed = _read_controls(parsed.controls)
    from gan_studio.engine.checkpoint import load_generator  # torch loads after the usage was found right
    from gan_studio.engine.export.generators import export_generator
    from gan_studio.engine.files import make_folder

    loaded = load_generator(_generator(parsed))
    _check_known(fixed, loaded.sampler.controls)
    make_folder(parsed.out.parent)
    export_generator(loaded, parsed.out, parsed.format, fixed)
    if parsed.json:
        put_json({"file": str(parsed.out), "format": parsed.format, "step": loaded.step, "sha256": loaded.sha256})
    else:
        put(str(parsed.out))
    return 0


def _generator(parsed: ExportArguments) -> Path:
    from gan_studio.engine.run import RunFolder, generator_at

    if parsed.step < 0:
        return generator_at(parsed.model)
    return RunFolder.open(parsed.model).generator_at_step(parsed.step)


def _read_controls(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    numbers = isinstance(values, dict) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in values.values()
    )
    if not numbers or values is None:
        raise UsageError(f"--controls {text!r} is no JSON object of numbers.", 'Write, for example, {"class": 3}.')
    return values


def _check_known(fixed: dict[str, Any], specs: Sequence[Any]) -> None:
    known = {spec.name for spec in specs if spec.kind in FIXABLE}
    unknown = sorted(fixed.keys() - known)
    if unknown:
        there_are = f"There are: {', '.join(sorted(known))}." if known else "This model has none."
        raise UsageError(f"The model has no control {unknown[0]!r}.", there_are)
