"""Low resolution is what Pillow's BICUBIC makes of a picture."""

import numpy as np
import pytest
import torch
from PIL import Image

from gan_studio.engine.data.bicubic import enlarged, reduced
from gan_studio.engine.export.grids import to_pixels

PIXELS = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
PICTURE = torch.from_numpy(PIXELS).permute(2, 0, 1)[None] / 127.5 - 1


def by_pillow(width, height):
    return np.asarray(Image.fromarray(PIXELS).resize((width, height), Image.Resampling.BICUBIC)).astype(int)


@pytest.mark.parametrize("scale", [2, 4])
def test_reduced_and_enlarged_as_by_pillow_within_one_level(scale):
    smaller = by_pillow(64 // scale, 48 // scale) - to_pixels(reduced(PICTURE, scale))[0]
    larger = by_pillow(64 * scale, 48 * scale) - to_pixels(enlarged(PICTURE, scale))[0]
    for difference in (smaller, larger):
        assert abs(difference).max() <= 1
        assert (difference != 0).mean() < 0.02


def test_low_resolution_has_256_levels_and_whole_sides():
    low = reduced(PICTURE[:, :, :47, :63], 4)
    assert low.shape == (1, 3, 11, 15)
    levels = (low + 1) * 127.5
    assert torch.allclose(levels, levels.round(), atol=1e-4)
    assert low.abs().max() <= 1
