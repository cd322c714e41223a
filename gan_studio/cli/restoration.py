"""`gan-studio restoration`: how near enlarged pictures come to the true ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

import tyro

from gan_studio.cli.arguments import UsageError, parse
from gan_studio.cli.console import progress_bar, put, put_json


@dataclass(frozen=True)
class RestorationArguments:
    model: Annotated[Path, tyro.conf.Positional]
    """A run folder (its newest generator) or a .safetensors file."""
    data: Path
    """The true pictures, large and sharp."""
    pictures: str = ""
    """Names of pictures to measure, with commas; those that the run held out by name if not given."""
    json: bool = False
    """Print the figures as JSON."""


def run(arguments: Sequence[str]) -> int:
    description = "PSNR and SSIM of reduced pictures that the model enlarges again, beside bicubic enlargement."
    parsed = parse(RestorationArguments, "restoration", arguments, description)
    from gan_studio.engine.checkpoint import load_generator  # torch loads after the usage was found right
    from gan_studio.engine.metrics.restoration import restore
    from gan_studio.engine.run import generator_at

    names = [name.strip() for name in parsed.pictures.split(",") if name.strip()] or _held_out(parsed.model)
    loaded = load_generator(generator_at(parsed.model))
    with progress_bar("Enlarging") as update:
        found = restore(loaded, parsed.data, names, progress=update)
    means = _means(found)
    if parsed.json:
        put_json({"step": loaded.step, "pictures": [_finite(asdict(one)) for one in found], "mean": _finite(means)})
        return 0
    put(f"step {loaded.step:,}; PSNR in dB and SSIM on luma, the border left out")
    for one in found:
        put(_line(one.name, asdict(one)))
    put(_line("mean", means))
    put(f"better than bicubic by {means['result']['psnr'] - means['bicubic']['psnr']:+.2f} dB")
    return 0


def _held_out(model: Path) -> tuple[str, ...]:
    """The pictures that a run held out by name. Raises UsageError."""
    from gan_studio.engine.run import find_run

    run = find_run(model if model.is_dir() else model.parent)
    names = run.config().data.held_out_list if run else ()
    if not names:
        raise UsageError("Nobody says which pictures this model has not seen.", "Name them with --pictures.")
    return names


def _means(found: Sequence[Any]) -> dict[str, dict[str, float]]:
    return {
        which: {figure: fmean(getattr(getattr(one, which), figure) for one in found) for figure in ("psnr", "ssim")}
        for which in ("result", "bicubic")
    }


def _line(name: str, figures: dict[str, Any]) -> str:
    result, bicubic = figures["result"], figures["bicubic"]
    return (
        f"  {name:<24} {result['psnr']:6.2f} {result['ssim']:.4f}"
        f"   bicubic {bicubic['psnr']:6.2f} {bicubic['ssim']:.4f}"
    )


def _finite(values: Any) -> Any:
    """Infinities, which JSON has not, as None."""
    if isinstance(values, dict):
        return {key: _finite(value) for key, value in values.items()}
    return None if isinstance(values, float) and not math.isfinite(values) else values
