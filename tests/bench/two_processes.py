"""One training in two processes over the same in one, on the processor of this machine, by turns.

Both have all cores: one process with as many threads, or two with half of them each. Speed says little about GPUs; it
says what the exchange of gradients costs where nothing can be gained by it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from gan_studio.engine.data.demo import draw_demo
from tests.bench import command
from tests.bench.home import temporary_home
from tests.bench.load import OtherLoad
from tests.bench.results import Figure, Result, Round, median, values_of

PICTURES = 500
ALONE = (sys.executable,)
TOGETHER = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")


def measure(options: argparse.Namespace) -> Result:
    with temporary_home() as home:
        words = _words(draw_demo(Path(home) / "pictures", PICTURES), options)
        plans = [
            _train(start, words, Path(home) / f"first {number}")[1] for number, start in enumerate((ALONE, TOGETHER))
        ]
        rounds = [_round(words, Path(home) / str(number), number % 2 == 0) for number in range(options.rounds)]
    figures = (
        Figure("two processes over one, median of ratios", median(values_of(rounds, "ratio"))),
        Figure("one process", median(values_of(rounds, "one")), "images/s"),
        Figure("two processes", median(values_of(rounds, "two")), "images/s"),
    )
    what = f"DCGAN 64 px, batch {options.batch}; {'; '.join(plans)}"
    return Result("Two processes on one processor, over one", what, figures, tuple(rounds))


def _words(folder: Path, options: argparse.Namespace) -> list[str]:
    return [
        "-m", "gan_studio", "train", "--data", str(folder), "--image-size", "64", "--batch-size", str(options.batch),
        "--speed", "default", "--device", "cpu", "--no-tensorboard", "--no-raw-grids", "--sample-steps", "1000000",
        "--checkpoint-steps", "1000000", "--minutes", str(options.seconds / 60), "--json",
    ]  # fmt: skip


def _round(words: list[str], folder: Path, two_first: bool) -> Round:
    load, paces = OtherLoad(), {}
    for name in ("two", "one") if two_first else ("one", "two"):
        paces[name], _ = _train(ALONE if name == "one" else TOGETHER, words, folder.with_name(f"{folder.name} {name}"))
    return Round({**paces, "ratio": paces["two"] / paces["one"]}, load.cores())


def _train(start: tuple[str, ...], words: list[str], outdir: Path) -> tuple[float, str]:
    """Images per second of its steps, and the plan in words."""
    done = subprocess.run([*start, *words, "--outdir", str(outdir)], capture_output=True, text=True, check=True)
    summary = json.loads(done.stdout)
    return summary["images"] / summary["seconds"], summary["plan"]


if __name__ == "__main__":
    command.run(measure, "Compare two processes with one.", seconds=20.0, rounds=3, batch=64)
