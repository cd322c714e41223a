"""The textbook loop in a process of its own, that runs for as long as each line of stdin says, and rests in between.

Run by `tests.bench.training_speed`. The first line of stdin is `{"folder": …, "batch_size": …, "device": …,
"resident": …}`, the last one saying whether the pictures lie on the device already; each further one is
`{"seconds": …, "threads": …}`. It answers with a line when ready, and with the images per second of each stretch.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import torch

from gan_studio.cli.console import put
from tests.bench.textbook import TextbookDCGAN, batches, resident_batches


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    torch.manual_seed(0)
    folder, batch_size, device = Path(asked["folder"]), asked["batch_size"], asked["device"]
    training = TextbookDCGAN(device)
    reals = resident_batches(folder, batch_size, device) if asked["resident"] else batches(folder, batch_size)
    training.step(next(reals))
    put(json.dumps("textbook"))
    for line in sys.stdin:
        stretch = json.loads(line)
        torch.set_num_threads(stretch["threads"])
        images, start = 0, time.perf_counter()
        while time.perf_counter() < start + stretch["seconds"]:
            training.step(next(reals))
            images += asked["batch_size"]
        put(json.dumps(images / (time.perf_counter() - start)))


if __name__ == "__main__":
    main()
