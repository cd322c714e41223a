"""Generators as ONNX files, for programs that know nothing of GAN Studio and torch.

The exporter looks at and sets back the global random state of its process, and keeps the interpreter busy for
seconds. It therefore never runs in a process that trains: the window calls the command line for it.
"""

from __future__ import annotations

import importlib.util
import logging
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gan_studio.engine.checkpoint import LoadedGenerator
from gan_studio.engine.errors import CheckpointError, DependencyError, first_line
from gan_studio.engine.families.base import Sampler
from gan_studio.engine.files import atomic_write
from gan_studio.engine.latent.seeds import from_seeds

OPSET = 18
PACKAGES = ("onnx", "onnxscript")
BATCH = 2
"""Of the example that is traced; 1 would be taken for a constant."""


class Traced(nn.Module):
    """Latents in the order of the sampler's controls in, main picture `[N, C, H, W]` or points `[N, 2]` out."""

    def __init__(self, loaded: LoadedGenerator, fixed: Mapping[str, Any]) -> None:
        super().__init__()
        self.networks = nn.ModuleDict(loaded.networks)
        self._sampler: Sampler = loaded.sampler
        self._names = latent_names(loaded)
        self._fixed = dict(fixed)
        self._makes_points = type(loaded.family).data().kind == "points"

    @property
    def output(self) -> str:
        """What it is called in the file."""
        return "points" if self._makes_points else self._sampler.main_output

    def forward(self, *latents: Tensor) -> Tensor:
        controls = {**self._fixed, **dict(zip(self._names, latents, strict=True))}
        return self._sampler.points(controls) if self._makes_points else self._sampler(controls)[self.output]


def latent_names(loaded: LoadedGenerator) -> list[str]:
    """The inputs of the file."""
    return [spec.name for spec in loaded.sampler.controls if spec.kind == "latent"]


def require_onnx() -> None:
    """Raises DependencyError where what writes ONNX is not installed."""
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise DependencyError(
            f"ONNX files need {' and '.join(missing)}, which are not installed.",
            'Install them with: pip install "gan-studio[onnx]"',
        )


def export_onnx(loaded: LoadedGenerator, path: Path, fixed: Mapping[str, Any] | None = None) -> None:
    """Write the generator as one ONNX file: latents `[N, …]` in, pictures or points in the plane out, N free.

    `fixed` are values of controls that are no latents (a class, say); those that are not named take their defaults.
    The file's metadata say family, step and hash. Raises DependencyError, CheckpointError or RunError.
    """
    if not latent_names(loaded):
        raise CheckpointError(
            f"{loaded.family.title} takes pictures of any size; only models that draw from latents can become ONNX.",
            "Export it as .safetensors, and enlarge or translate pictures with gan-studio sample --picture.",
        )
    require_onnx()
    import onnx

    model = _trace(loaded, Traced(loaded, fixed or {}).eval())
    for name, value in _metadata(loaded).items():
        entry = model.metadata_props.add()
        entry.key, entry.value = name, value
    onnx.checker.check_model(model)
    with atomic_write(path) as file:
        file.write(model.SerializeToString())


def _trace(loaded: LoadedGenerator, module: Traced) -> Any:
    specs = [spec for spec in loaded.sampler.controls if spec.kind == "latent"]
    example = tuple(from_seeds(spec, list(range(BATCH))) for spec in specs)
    batch = torch.export.Dim("batch", min=1)
    _quieten()
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                module, example, None, dynamo=True, external_data=False, verbose=False, opset_version=OPSET,
                input_names=[spec.name for spec in specs], output_names=[module.output],
                dynamic_shapes=(tuple({0: batch} for _ in specs),),
            )  # fmt: skip
    except Exception as error:  # the exporter has many ways to say that it does not know an operation
        raise CheckpointError(
            f"{loaded.family.title} cannot be written as ONNX ({first_line(error.__cause__ or error)}).",
            "Export it as .safetensors.",
        ) from error
    return program.model_proto  # type: ignore[union-attr]


def _metadata(loaded: LoadedGenerator) -> dict[str, str]:
    return {
        "program": "GAN Studio",
        "family": loaded.config.family,
        "title": loaded.config.name,
        "step": str(loaded.step),
        "sha256": loaded.sha256,
        "range": "-1 to 1, channels first",
    }


def _quieten() -> None:
    """The exporter reports its own progress as warnings."""
    for name in ("torch.onnx", "onnxscript", "onnx_ir"):
        logging.getLogger(name).setLevel(logging.ERROR)
