"""`gan-studio sample`: pictures from a run or a generator file, by seed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from gan_studio.cli.arguments import UsageError, parse
from gan_studio.cli.console import put, put_json
from gan_studio.engine.sampler_controls import ControlSpec

MOST_SEEDS = 100_000
CHUNK = 16


@dataclass(frozen=True)
class SampleArguments:
    model: Annotated[Path, tyro.conf.Positional]
    """A run folder (its newest generator) or a .safetensors file."""
    seeds: str = "0-15"
    """Numbers and ranges: 0-15 or 3,7,20-29. The explorer shows the same picture for the same seed."""
    out: Path = Path("samples.png")
    """The grid to write; a folder with --separate."""
    truncation: float = 1.0
    """Scales a normal z: 1 as it was drawn, nearer to 0 more alike; for models that have such a control."""
    class_: Annotated[str, tyro.conf.arg(name="class")] = ""
    """The class to make, by its name; for models that have classes."""
    control: tyro.conf.UseAppendAction[tuple[str, ...]] = ()
    """Any other control, as in --control noise=7 or --control "mixing=from 8 px on". May be given several times."""
    picture: Path | None = None
    """For models that make a picture from another one: that picture, of any size. --seeds then counts for nothing."""
    separate: bool = False
    """Write one PNG per seed, each with its recipe, instead of a grid."""
    columns: int = 0
    """Columns of the grid; 0 makes it about square."""
    json: bool = False
    """Print what was written as JSON."""


def run(arguments: Sequence[str]) -> int:
    parsed = parse(SampleArguments, "sample", arguments, "Make pictures with a trained generator.")
    if parsed.picture:
        return _make_from_picture(parsed, parsed.picture)
    seeds = parse_seeds(parsed.seeds)
    written = _write(parsed, seeds)
    if parsed.json:
        put_json({"files": [str(path) for path in written], "seeds": seeds})
    else:
        put("\n".join(str(path) for path in written))
    return 0


def parse_seeds(text: str) -> list[int]:
    """`0-3,9` → [0, 1, 2, 3, 9]. Raises UsageError."""
    seeds: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*([0-9]{1,18})(?:-([0-9]{1,18}))?\s*", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if last < first:
            raise UsageError(f"--seeds {text!r} is no list of seeds.", "Write numbers and ranges, such as 0-15,20.")
        if last - first >= MOST_SEEDS:
            raise UsageError(f"--seeds {text!r} asks for more than {MOST_SEEDS:,} pictures at once.")
        seeds += range(first, last + 1)
    return seeds


def _write(parsed: SampleArguments, seeds: list[int]) -> list[Path]:
    from gan_studio.engine.checkpoint import load_generator  # torch loads after the usage was found right
    from gan_studio.engine.export.grids import tile
    from gan_studio.engine.export.png import save_png
    from gan_studio.engine.files import make_folder
    from gan_studio.engine.run import generator_at

    path = generator_at(parsed.model)
    loaded = load_generator(path)
    others = _others(loaded.sampler.controls, parsed)
    if parsed.separate:
        return list(_write_separately(loaded, seeds, others, parsed.out, path))
    from numpy import concatenate

    pixels = concatenate([pixels for _, pixels in _pictures(loaded, seeds, others)])
    make_folder(parsed.out.parent)
    save_png(parsed.out, tile(pixels, parsed.columns or round(len(seeds) ** 0.5)))
    return [parsed.out]


def _make_from_picture(parsed: SampleArguments, picture: Path) -> int:
    """The picture through the model, at its full size, with its recipe."""
    from gan_studio.cli.console import progress_bar
    from gan_studio.engine.checkpoint import load_generator
    from gan_studio.engine.export.full_size import at_full_size, needed_bytes, read_input
    from gan_studio.engine.export.models import keep_model, recipe_of
    from gan_studio.engine.export.png import save_png
    from gan_studio.engine.files import make_folder
    from gan_studio.engine.run import find_run, generator_at

    path = generator_at(parsed.model)
    loaded, given = load_generator(path), read_input(picture)
    others = _others(loaded.sampler.controls, parsed)
    needed = needed_bytes(loaded, given)
    if needed and not parsed.json:
        put(f"about {needed / 2**20:,.0f} MiB of memory")
    with progress_bar("Making the picture") as update:
        made = at_full_size(loaded, given, others, progress=update)
    owner = find_run(path)
    if owner:
        keep_model(owner.path, loaded, path)
    make_folder(parsed.out.parent)
    recipe = recipe_of(loaded, others, title=loaded.config.name, seed=0.0, picture=given.in_recipe())
    save_png(parsed.out, made.result, recipe)
    if parsed.json:
        put_json({"files": [str(parsed.out)], "size": list(made.result.shape[1::-1])})
    else:
        put(str(parsed.out))
    return 0


def _others(specs: Sequence[ControlSpec], parsed: SampleArguments) -> dict[str, float]:
    """Controls that are no latents and not at their default. Raises UsageError."""
    asked = [_name_and_value(text) for text in parsed.control]
    if parsed.class_:
        asked.append(("class", parsed.class_))
    if parsed.truncation != 1:
        asked.append(("truncation", str(parsed.truncation)))
    known = {spec.name: spec for spec in specs if spec.kind in ("choice", "number", "seed")}
    values: dict[str, float] = {}
    for name, text in asked:
        if name not in known:
            has = ", ".join(known) or "none"
            raise UsageError(f"This model has no {name}.", f"Its controls beside the latent: {has}.")
        values[name] = _value(known[name], text)
    return values


def _name_and_value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--control {text!r} has no value.", "Write it as in --control class=sandal.")
    return name.strip(), value.strip()


def _value(spec: ControlSpec, text: str) -> float:
    """A choice by its name, anything else as a number. Raises UsageError."""
    if spec.kind == "choice":
        if text not in spec.choices:
            raise UsageError(f"There is no {spec.name} {text!r}.", f"There are: {', '.join(spec.choices)}.")
        return spec.choices.index(text)
    try:
        number = float(text)
    except ValueError:
        raise UsageError(f"{spec.name} {text!r} is no number.") from None
    if not math.isfinite(number) or (spec.kind == "seed" and number != int(number)):
        raise UsageError(f"{spec.name} {text!r} cannot be used.", "Give a whole number." if spec.kind == "seed" else "")
    return int(number) if spec.kind == "seed" else number


def _write_separately(loaded, seeds: list[int], others: dict[str, float], folder: Path, source: Path) -> Iterator[Path]:
    """Each picture with its recipe; the generator is kept in its run, so that the recipes stay good."""
    from gan_studio.engine.export.models import keep_model, recipe_of
    from gan_studio.engine.export.png import save_png
    from gan_studio.engine.files import make_folder
    from gan_studio.engine.run import find_run

    owner = find_run(source)
    if owner:
        keep_model(owner.path, loaded, source)
    make_folder(folder)
    for controls, pixels in _pictures(loaded, seeds, others):
        for index, picture in enumerate(pixels):
            seed = controls["seeds"][index]
            latents = {name: value[index].numpy() for name, value in controls["latents"].items()}
            path = folder / f"seed-{seed:06d}.png"
            save_png(
                path, picture, recipe_of(loaded, {**latents, **others}, title=loaded.config.name, seed=float(seed))
            )
            yield path


def _pictures(loaded, seeds: list[int], others: dict[str, float]):
    """Chunks of seeds with their latents, and pixels uint8 `[N, H, W, 3]`."""
    import torch

    from gan_studio.engine.export.grids import to_pixels
    from gan_studio.engine.latent.seeds import from_seeds

    sampler = loaded.sampler
    latents = [spec for spec in sampler.controls if spec.kind == "latent"]
    for start in range(0, len(seeds), CHUNK):
        chunk = seeds[start : start + CHUNK]
        controls = {spec.name: from_seeds(spec, chunk) for spec in latents}
        with torch.inference_mode():
            pixels = to_pixels(sampler({**controls, **others})[sampler.main_output])
        yield {"seeds": chunk, "latents": controls}, pixels
