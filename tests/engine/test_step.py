"""One step: what its losses are handed."""

import torch

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.families.base import Stage
from gan_studio.engine.families.dcgan import DCGAN
from tests.engine.families.builds import build


def test_a_stage_of_smaller_pictures_hands_out_reals_averaged_down_to_its_size():
    built = build(DCGAN(DCGAN.tiny(), PictureSpec(size=16)))
    whole = built.stepper.reals()
    built.stepper.stage = Stage(size=4)
    small = built.stepper.reals()
    assert small.shape == (*whole.shape[:2], 4, 4)
    torch.testing.assert_close(small[:, :, 0, 0], whole[:, :, :4, :4].mean(dim=(2, 3)))
