"""Nothing grows with the number of steps."""

import gc

import torch

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.families.dcgan import DCGAN
from tests.engine.courses import new_run, play
from tests.engine.families.builds import build


def tensors() -> int:
    gc.collect()
    return sum(issubclass(type(thing), torch.Tensor) for thing in gc.get_objects())


def test_sixty_steps_leave_no_tensors_behind():
    built = build(DCGAN(DCGAN.tiny(), PictureSpec(size=16)))
    for step in range(5):
        built.stepper.step(step, 4 * step)
    before = tensors()
    for step in range(5, 65):
        built.stepper.step(step, 4 * step)
        if step % 10 == 0:
            built.statistics.read()
    built.stepper.step(65, 0)
    assert tensors() <= before


def test_grids_checkpoints_snapshots_and_retakes_leave_no_tensors_behind(tmp_path, pictures, monkeypatch):
    monkeypatch.setattr("gan_studio.engine.trainer.LONG_STEP_SECONDS", 0.0)
    counts = {}

    class Script(dict):
        def get(self, step, default):
            if step in (3, 8):
                counts[step] = tensors()
            return [("request_snapshot",), ("request_sample",), ("request_checkpoint",)]

    play(new_run(pictures, tmp_path / "r", tensorboard=True), 8, Script())
    assert counts[8] <= counts[3]
