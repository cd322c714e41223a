"""Many pictures: files scanned and decoded a second, memory meanwhile, and batches from a cache of a million.

Each part runs in a process of its own, so that its memory can be told.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import command
from tests.bench.load import OtherLoad
from tests.bench.results import Figure, Result, Round

AIM_RATIO = 0.9
AIM_OPEN_SECONDS = 1.0


def measure(options: argparse.Namespace) -> Result:
    with tempfile.TemporaryDirectory(prefix="gan-studio-bench-", ignore_cleanup_errors=True) as folder:
        files = _round(folder, "files", options.files)
        pictures = _round(folder, "pictures", options.pictures)
    figures = (
        Figure("files scanned", files.values["scanned_a_second"], "files/s"),
        Figure("files decoded", files.values["decoded_a_second"], "files/s"),
        Figure("cores busy while decoding", files.values["decoding_cores"]),
        Figure("memory before the scan", files.values["before_mib"], "MiB"),
        Figure("peak while scanning", files.values["scan_peak_mib"], "MiB"),
        Figure("peak while decoding", files.values["decode_peak_mib"], "MiB"),
        Figure("growth over the second half of decoding", files.values["decode_growth_mib"], "MiB"),
        Figure("cache opened again", files.values["reopened"], "s", AIM_OPEN_SECONDS),
        Figure("large cache opened", pictures.values["opened"], "s", AIM_OPEN_SECONDS),
        Figure("memory that the large cache takes", pictures.values["memory_mib"], "MiB"),
        Figure("batches from the large cache", pictures.values["large"], "pictures/s"),
        Figure("the same over those of a small one", pictures.values["ratio"], "", AIM_RATIO, at_least=True),
        Figure("longest batch where an epoch begins", pictures.values["epoch_ms"], "ms"),
    )
    what = (
        f"{options.files:,} files of 64 × 64 px, PNG and JPEG; a cache of {options.pictures:,} pictures of 32 × 32 px"
    )
    return Result("Many pictures", what, figures, (files, pictures))


def _round(folder: str, part: str, count: int) -> Round:
    load = OtherLoad()
    arguments = [sys.executable, "-m", "tests.bench.big_data_part", part, str(Path(folder) / part), str(count)]
    done = subprocess.run(arguments, stdout=subprocess.PIPE, text=True, check=True)
    return Round(json.loads(done.stdout.splitlines()[-1]), load.cores())


if __name__ == "__main__":
    command.run(measure, "Measure scanning, decoding and drawing of many pictures.", files=2_000, pictures=100_000)
