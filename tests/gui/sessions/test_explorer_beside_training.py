"""The explorer's clicks never change a training run, not by a bit."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from gan_studio.engine.checkpoint import load_generator
from gan_studio.engine.control import Control
from gan_studio.engine.events import CheckpointSaved, TrainEvent
from gan_studio.engine.request import TrainingRequest
from gan_studio.engine.run import RunFolder
from gan_studio.engine.training import run_training
from gan_studio.gui.sessions import explorer_engine
from gan_studio.gui.views import Viewpoint

FAMILY = {"latent_size": 16, "features": 8, "most_features": 16, "first_layer": "linear", "d_dropout": 0.3}
TRAINING = {"steps": 6, "batch_size": 16, "threads": 2, "precision": "fp32", "tensorboard": False, "device": "cpu"}


class Visitor:
    """Opens the run's first generator in a thread of its own and samples until it is told to leave."""

    def __init__(self) -> None:
        self.pictures = 0
        self._at_work, self._leave = threading.Event(), threading.Event()
        self._run: Path | None = None
        self._thread = threading.Thread(target=self._explore)

    def see(self, event: TrainEvent) -> None:
        """In the training's thread, which waits for the first picture: from then on both are at work."""
        if isinstance(event, CheckpointSaved) and event.step == 0:
            self._run = event.path.parent.parent
            self._thread.start()
            assert self._at_work.wait(90)

    def end(self) -> None:
        self._leave.set()
        if self._run is not None:
            self._thread.join()

    def _explore(self) -> None:
        assert self._run is not None
        explorer_engine.use_one_thread()
        model = explorer_engine.open_model(self._run)
        while not self._leave.is_set():
            viewpoint = explorer_engine.draw_seed(model, Viewpoint(seed=float(self.pictures)))
            explorer_engine.render(model, viewpoint)
            self.pictures += 1
            self._at_work.set()


def write_noise(folder: Path) -> Path:
    folder.mkdir()
    random = np.random.default_rng(0)
    for number in range(20):
        Image.fromarray(random.integers(0, 255, (16, 16, 3), np.uint8)).save(folder / f"{number}.png")
    return folder


def trained(pictures: Path, outdir: Path, visitor: Visitor | None) -> str:
    """Hash of the generator that a training ends with."""
    request = TrainingRequest(
        pictures, family_settings=FAMILY, data={"image_size": 16, "flip": True}, training=TRAINING, outdir=outdir
    )
    run_training(request, visitor.see if visitor else lambda event: None, Control())
    return load_generator(RunFolder.open(outdir).newest_generator()).sha256


def test_a_training_ends_the_same_with_the_explorer_open(tmp_path):
    before = torch.get_num_threads()
    pictures, visitor = write_noise(tmp_path / "pictures"), Visitor()
    try:
        alone = trained(pictures, tmp_path / "alone", None)
        visited = trained(pictures, tmp_path / "visited", visitor)
    finally:
        visitor.end()
        torch.set_num_threads(before)
    assert visitor.pictures > 1
    assert visited == alone
