"""Trains the small generator that comes with the program: `make example`. See `assets/README.md`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from gan_studio.engine.control import Control
from gan_studio.engine.data.demo import draw_demo
from gan_studio.engine.errors import StudioError
from gan_studio.engine.events import Failed, Report, TrainEvent
from gan_studio.engine.request import TrainingRequest
from gan_studio.engine.run import RunFolder
from gan_studio.engine.training import run_training

TARGET = Path(__file__).resolve().parent.parent / "assets" / "trained_example.safetensors"
IMAGES = 320_000
DCGAN = {"features": 32, "most_features": 256, "real_target": 0.9, "d_learning_rate": 1e-4}
TRAINING = {"images": IMAGES, "seed": 0, "threads": 1, "average_images": 10_000, "tensorboard": False}


def main() -> None:
    """Draw the demonstration pictures, train on them, and keep the last generator."""
    with tempfile.TemporaryDirectory() as folder:
        pictures, run = Path(folder) / "Demonstration pictures", Path(folder) / "run"
        draw_demo(pictures)
        run_training(TrainingRequest(pictures, family_settings=DCGAN, training=TRAINING, outdir=run), show, Control())
        shutil.copy(RunFolder.open(run).newest_generator(), TARGET)


def show(event: TrainEvent) -> None:
    """Progress on stderr. Raises StudioError when the training failed."""
    match event:
        case Report(step, images):
            sys.stderr.write(f"\rstep {step:,}, {images:,} of {IMAGES:,} images")
        case Failed(message, advice):
            raise StudioError(message, advice)


if __name__ == "__main__":
    main()
