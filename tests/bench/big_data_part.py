"""One part of `tests.bench.big_data`, in a process of its own. Prints one line of JSON."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil
from PIL import Image

from gan_studio.cli.console import put
from gan_studio.engine.config import DataSettings
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.cache_files import CacheWriter, open_cache
from gan_studio.engine.data.decode import Target
from gan_studio.engine.data.picture_files import PictureEntry, PictureFiles
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.report import ScanReport
from gan_studio.engine.data.scan import scan

if TYPE_CHECKING:
    from gan_studio.engine.data.batches import Batches

ENCODINGS, FILES_IN_A_FOLDER = 300, 1000
SIDE, SMALL, BATCH = 32, 2_000, 64
SECONDS = 15.0
"""About an epoch of a million pictures: the order of the next one then counts as often as it is made."""


class Memory:
    """Watches how much memory this process holds, at each call of a progress function."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, float]] = []

    def note(self, done: int, total: int) -> None:
        self.seen.append((done, memory_mib()))

    def peak(self) -> float:
        return max(mib for _, mib in self.seen)

    def growth_over_the_second_half(self) -> float:
        half = [mib for done, mib in self.seen if done >= self.seen[-1][0] / 2]
        return half[-1] - half[0]


def measure_files(folder: Path, count: int) -> dict[str, float]:
    """Scan and decode so many small files."""
    source, home = folder / "pictures", folder / "cache"
    write_files(source, count)
    before, scanning, decoding = memory_mib(), Memory(), Memory()
    report, scanned, _ = timed(lambda: scan(source, progress=scanning.note))
    settings = DataSettings(image_size=64)
    pictures, decoded, cores = timed(lambda: load_pictures(report, settings, cache_folder=home, progress=decoding.note))
    _, reopened, _ = timed(lambda: load_pictures(report, settings, cache_folder=home))
    return {
        "scanned_a_second": len(report.files) / scanned,
        "decoded_a_second": len(pictures) / decoded,
        "decoding_cores": cores,
        "before_mib": before,
        "scan_peak_mib": scanning.peak(),
        "decode_peak_mib": decoding.peak(),
        "decode_growth_mib": decoding.growth_over_the_second_half(),
        "reopened": reopened,
    }


def measure_pictures(folder: Path, count: int) -> dict[str, float]:
    """Open a cache of so many pictures, and draw batches from it and from a small one."""
    folder.mkdir(parents=True)
    target = Target(SIDE, 3)
    caches = {number: (folder / f"cache-{number}", report_of(folder, number)) for number in (SMALL, count)}
    for path, report in caches.values():
        write_cache(path, report, target)
    before, start = memory_mib(), time.perf_counter()
    path, report = caches[count]
    pictures = open_cache(path, report, target)
    opened, memory = time.perf_counter() - start, memory_mib() - before
    small = open_cache(*caches[SMALL], target)
    assert pictures is not None and small is not None
    batches = [drawing_from(one) for one in (pictures, small)]
    large_pace, small_pace = alternating(batches)
    return {
        "opened": opened,
        "memory_mib": memory,
        "large": large_pace,
        "ratio": large_pace / small_pace,
        "epoch_ms": epoch_ms(batches[0], count),
    }


def drawing_from(pictures: PictureSet) -> Batches:
    # Here, because it brings torch: the memory of a scan would not show beside it
    from gan_studio.engine.data.batches import Batches

    return Batches(pictures, np.arange(len(pictures)), batch_size=BATCH, seed=0, flip=True, device="cpu")


def alternating(batches: list[Batches]) -> list[float]:
    """Pictures a second of each, by turns."""
    drawn, seconds = [0.0] * len(batches), [0.0] * len(batches)
    for one in batches:
        one.next()
    for _ in range(5):
        for number, one in enumerate(batches):
            start = time.perf_counter()
            while time.perf_counter() - start < SECONDS / 5:
                drawn[number] += len(one.next().labels)
            seconds[number] += time.perf_counter() - start
    return [count / passed for count, passed in zip(drawn, seconds, strict=True)]


def epoch_ms(batches: Batches, count: int) -> float:
    """The longest of the batches around the beginning of the next epoch."""
    batches.drawn = (batches.drawn // count + 1) * count - 20 * BATCH
    passed = []
    for _ in range(40):
        start = time.perf_counter()
        batches.next()
        passed.append(1000 * (time.perf_counter() - start))
    return max(passed)


def write_files(folder: Path, count: int) -> None:
    """Small pictures of a few hundred kinds, a thousand in a folder."""
    chance, kinds = np.random.default_rng(0), []
    for number in range(ENCODINGS):
        picture = Image.fromarray(chance.integers(0, 256, (8, 8, 3), dtype=np.uint8))
        content, kind = io.BytesIO(), "PNG" if number % 3 == 0 else "JPEG"
        picture.resize((64, 64), Image.Resampling.BICUBIC).save(content, kind)
        kinds.append((content.getvalue(), kind.lower()))
    for number in range(count):
        place = folder / f"{number // FILES_IN_A_FOLDER:04d}"
        place.mkdir(parents=True, exist_ok=True)
        content, ending = kinds[number % ENCODINGS]
        (place / f"picture {number:07d}.{ending}").write_bytes(content)


def report_of(folder: Path, count: int) -> ScanReport:
    """As a scan of so many pictures would report them."""
    entries = (PictureEntry(f"{n // 1000:04d}/{n:07d}.png", -1, 3000, n, (SIDE, SIDE), "RGB") for n in range(count))
    return ScanReport(
        source=folder, files=PictureFiles(entries), skipped=(), classes=(), sizes=Counter(), modes=Counter(),
        has_transparency=False, is_grey=False,
    )  # fmt: skip


def write_cache(path: Path, report: ScanReport, target: Target) -> None:
    """By the writer that decoding uses."""
    writer, entry = CacheWriter(path, report, target), report.files[0]
    pixels = np.random.default_rng(0).integers(0, 256, (SMALL, SIDE, SIDE, 3), dtype=np.uint8)
    for number in range(len(report.files)):
        writer.add(entry, pixels[number % SMALL])
    writer.finish()


def timed(work: Callable) -> tuple:
    """What comes out, the seconds it took, and the processors that were busy with it."""
    start, busy = time.perf_counter(), processor_seconds()
    result = work()
    seconds = time.perf_counter() - start
    return result, seconds, (processor_seconds() - busy) / seconds


def processor_seconds() -> float:
    """Of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def memory_mib() -> float:
    """Of this process and of its children."""
    own = psutil.Process()
    return sum(resident_bytes(process) for process in (own, *own.children())) / 2**20


def resident_bytes(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def main() -> int:
    part, folder, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    values = (measure_files if part == "files" else measure_pictures)(folder, count)
    put(json.dumps(values))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
