"""Our training over the textbook loop: the same networks, pictures and batch, each in a process of its own, by turns.

With `--device cuda` both train there. Loading is part of both; `--resident 1` adds the textbook loop with its pictures
on the device already. Ours reads its cache, keeps averages and metrics, and takes the plan that the program chooses;
grids, checkpoints and event files, which the textbook does not have, are left out. The textbook gets the number of
threads with which it is fastest here.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gan_studio.engine.data.demo import draw_demo
from gan_studio.engine.request import TrainingRequest
from gan_studio.engine.speed import choose_device, usable_cores
from tests.bench import arithmetic, command
from tests.bench.home import temporary_home
from tests.bench.load import OtherLoad
from tests.bench.process import Process, headless, process
from tests.bench.results import Figure, Result, Round, median, values_of

AIM_RATIO = 3.0
PICTURES = 2000
WARM_UP_SECONDS = 3.0
OFTEN = 10_000


class Textbook:
    """The textbook loop at its best number of threads."""

    def __init__(self, training: Process, seconds: float) -> None:
        self._training = training
        choices = sorted({1, usable_cores()})
        paces = [(training.ask({"seconds": seconds, "threads": one}), one) for one in choices * 2]
        self.threads = max(paces)[1]

    def stretch(self, seconds: float) -> float:
        """Train for so long; images per second."""
        return self._training.ask({"seconds": seconds, "threads": self.threads})


def measure(options: argparse.Namespace) -> Result:
    with temporary_home() as home:
        folder = draw_demo(Path(home) / "pictures", PICTURES)
        device = choose_device(options.device)
        with both(folder, options.batch, device, options.graphs) as (textbook, ours, plan):
            ours.ask(WARM_UP_SECONDS)
            rounds = [_round(textbook, ours, options.seconds, number % 2 == 0) for number in range(options.rounds)]
        resident = _resident(folder, options.batch, device, options.seconds) if options.resident else 0.0
    what = f"DCGAN 64 px, batch {options.batch}, {plan}; textbook {textbook.threads} threads, fp32"
    figures = (
        Figure(
            "ours over textbook, median of ratios", median(values_of(rounds, "ratio")), "", AIM_RATIO, at_least=True
        ),
        Figure("ours", median(values_of(rounds, "ours")), "images/s"),
        Figure("textbook", median(values_of(rounds, "textbook")), "images/s"),
    )
    figures += (*_beside_loading(rounds, resident), _share_of_arithmetic(rounds, device, plan))
    return Result(f"Training over the textbook loop, {options.seconds:g} s each by turns", what, figures, tuple(rounds))


@contextmanager
def both(
    folder: Path, batch_size: int, device: str = "cpu", graphs: str = "auto"
) -> Iterator[tuple[Textbook, Process, str]]:
    """Both trainings, ready and resting, and our plan in words."""
    with (
        _textbook(folder, batch_size, device) as plain,
        headless(_request(folder, batch_size, device, graphs)) as (ours, plan),
    ):
        yield Textbook(plain, WARM_UP_SECONDS), ours, plan


@contextmanager
def _textbook(folder: Path, batch_size: int, device: str, resident: bool = False) -> Iterator[Process]:
    """With torch's threads as they are by themselves: how ours wait is part of our program."""
    first = {"folder": str(folder), "batch_size": batch_size, "device": device, "resident": resident}
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    with process("tests.bench.textbook_training", first, environment) as (training, _):
        yield training


def _resident(folder: Path, batch_size: int, device: str, seconds: float) -> float:
    """Images per second of the textbook loop without any loading, nothing else running."""
    with _textbook(folder, batch_size, device, resident=True) as plain:
        return Textbook(plain, WARM_UP_SECONDS).stretch(seconds)


def _beside_loading(rounds: list[Round], resident: float) -> tuple[Figure, ...]:
    if not resident:
        return ()
    ratio = median(values_of(rounds, "ours")) / resident
    return (
        Figure("textbook, pictures on the device", resident, "images/s"),
        Figure("ours over textbook with pictures on the device", ratio),
    )


def _share_of_arithmetic(rounds: list[Round], device: str, plan: str) -> Figure:
    precision = next(one for one in ("bf16", "tf32", "fp32") if one in plan)
    flops = arithmetic.reachable_flops(device, precision)
    name = f"ours, share of the {flops / 1e12:.3g} TFLOP/s that a {precision} matrix product reaches here"
    return Figure(name, 100 * arithmetic.share(median(values_of(rounds, "ours")), flops), "%")


def _request(folder: Path, batch_size: int, device: str, graphs: str) -> TrainingRequest:
    training = {
        "device": device,
        "cuda_graphs": graphs,
        "batch_size": batch_size,
        "tensorboard": False,
        "raw_grids": False,
        "sample_steps": OFTEN,
        "checkpoint_steps": OFTEN,
    }
    return TrainingRequest(folder, data={"image_size": 64, "channels": "colour"}, training=training)


def _round(textbook: Textbook, ours: Process, seconds: float, textbook_first: bool) -> Round:
    load = OtherLoad()
    plain = textbook.stretch(seconds) if textbook_first else 0.0
    fast = float(ours.ask(seconds))
    plain = plain or textbook.stretch(seconds)
    return Round({"ours": fast, "textbook": plain, "ratio": fast / plain}, load.cores())


if __name__ == "__main__":
    about = "Compare our training with the textbook loop."
    command.run(measure, about, seconds=8.0, rounds=5, batch=64, device="auto", graphs="auto", resident=0)
