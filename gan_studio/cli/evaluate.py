"""`gan-studio evaluate`: how good a generator's pictures are, by every measure that applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from gan_studio.cli.arguments import UsageError, parse, usage_errors
from gan_studio.cli.console import progress_bar, put, put_json

if TYPE_CHECKING:
    from gan_studio.engine.metrics.evaluate import Evaluation, Result


@dataclass(frozen=True)
class EvaluateArguments:
    model: Annotated[Path, tyro.conf.Positional]
    """A run folder (its newest generator) or a .safetensors file."""
    data: Path
    """The real pictures to compare with."""
    data_b: Path | None = None
    """For models that translate between A and B: the pictures of B, if --data holds those of A alone."""
    domain_a: str = ""
    """For these models too: the class in --data that is A; as the model was trained if not given."""
    domain_b: str = ""
    """The class in --data that is B."""
    metrics: str = ""
    """Names of measures with commas between, such as sliced_wasserstein,precision; all that apply if not given."""
    weights: tyro.conf.UseAppendAction[tuple[Path, ...]] = ()
    """A file of weights that you have: Inception's for FID and KID, VGG-16's for LPIPS. May be given twice."""
    count: int = 1000
    """Samples to make; half of the real pictures at most."""
    seed: int = 0
    """Of the samples and of what the measures draw."""
    device: str = "auto"
    """auto takes the GPU where there is one; else cpu, cuda, mps."""
    json: bool = False
    """Print the figures as JSON."""


def run(arguments: Sequence[str]) -> int:
    parsed = parse(EvaluateArguments, "evaluate", arguments, "Measure samples beside real pictures.")
    if parsed.count < 1:
        raise UsageError(f"--count {parsed.count} leaves nothing to compare.", "Compare at least one picture.")
    evaluation = _evaluate(parsed)
    if parsed.json:
        put_json(evaluation.to_json())
    else:
        _print(evaluation)
    return 0


def _evaluate(parsed: EvaluateArguments) -> Evaluation:
    from gan_studio.engine.checkpoint import load_generator  # torch loads after the usage was found right
    from gan_studio.engine.metrics.evaluate import RealSource, evaluate, subject_of
    from gan_studio.engine.metrics.measure import measures_called
    from gan_studio.engine.metrics.weights import find_weights
    from gan_studio.engine.run import find_run, generator_at
    from gan_studio.engine.speed import choose_device

    names = tuple(filter(None, (name.strip() for name in parsed.metrics.split(","))))
    with usage_errors():
        measures = measures_called(names)
    path = generator_at(parsed.model)
    loaded, owner, weights = load_generator(path), find_run(path), find_weights(parsed.weights)
    source = RealSource(parsed.data, parsed.data_b, parsed.domain_a, parsed.domain_b)
    with progress_bar("Looking at the pictures") as update:
        subject = subject_of(
            loaded, source, config=owner.config() if owner else None, count=parsed.count, seed=parsed.seed,
            weights=weights, device=choose_device(parsed.device), progress=update,
        )  # fmt: skip
        assert subject.real_pictures
    with progress_bar("Measuring") as update:
        evaluation = evaluate(subject, measures, loaded.step, parsed.data, update)
    if owner:
        owner.append_evaluation(evaluation.to_json())
    return evaluation


def _print(evaluation: Evaluation) -> None:
    kind = "held-out reals" if evaluation.held_out else "reals"
    put(f"step {evaluation.step:,}: {evaluation.pictures:,} samples beside as many {kind}; seed {evaluation.seed}")
    put(f"{'':34}{'model':>10}{'beside':>10}   better")
    for result in evaluation.results:
        _print_result(result)
    for result in evaluation.results:
        if not result.measured:
            put(f"not measured: {result.measure.title}. {result.reason}")


def _print_result(result: Result) -> None:
    measured = result.measured
    if measured is None:
        return
    note = f"   ({measured.note})" if measured.note else ""
    floor = "–" if measured.floor is None else f"{_number(measured.floor)}"
    put(f"{result.measure.title:<34}{_number(measured.value):>10}{floor:>10}   {result.measure.better}{note}")
    for word, detail in measured.details.items():
        put(f"    {word}: {detail if isinstance(detail, str) else _number(detail)}")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.4g}"
