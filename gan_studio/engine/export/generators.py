"""Generators to take home: one self-describing file, or ONNX."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from gan_studio.engine.checkpoint import LoadedGenerator, flat_tensors, save_generator

Format = Literal["safetensors", "onnx"]
SUFFIXES: Mapping[Format, str] = {"safetensors": ".safetensors", "onnx": ".onnx"}


def export_generator(
    loaded: LoadedGenerator, path: Path, format_: Format, fixed: Mapping[str, Any] | None = None
) -> None:
    """Write a generator. `fixed` are the values of a class and the like, which an ONNX file has inside.

    Raises DependencyError, CheckpointError or RunError.
    """
    if format_ == "safetensors":
        save_generator(path, loaded.config, loaded.step, flat_tensors(loaded.networks))
        return
    from gan_studio.engine.export.onnx import export_onnx  # what it needs may not be installed

    export_onnx(loaded, path, fixed)
